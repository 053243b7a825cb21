"""The only module that knows the numbers and names of this API's errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from telefonie.core import recordings
from telefonie.core.call import Status
from telefonie.core.calls import ENDED
from telefonie.core.errors import Illegal
from telefonie.core.room import Status as RoomStatus
from telefonie.core.rooms import FULL, LABEL_IN_USE
from telefonie.dialects.telefonie.conference_wording import STATUS as CONFERENCE_STATUS
from telefonie.dialects.telefonie.recording_wording import STATUS_DETAIL
from telefonie.dialects.telefonie.wording import STATUS
from telefonie.web.envelope import OURS, Codes
from telefonie.web.problems import Problem, ProblemKind, Reason, problem_of

NOT_ACTIVE: Final = 21220

CODES: Final = Codes(
    kinds=OURS.kinds,
    slugs={
        "call_not_active": NOT_ACTIVE,
        "call_not_answered": NOT_ACTIVE,
        "call_already_answered": NOT_ACTIVE,
        "conference_not_active": NOT_ACTIVE,
        "conference_full": FULL,
        "label_in_use": LABEL_IN_USE,
    },
    fields={
        ("to", Reason.MISSING): (21201, "to_missing"),
        ("to", Reason.MALFORMED): (21211, "to_invalid"),
        ("from", Reason.MISSING): (21213, "from_missing"),
        ("from", Reason.MALFORMED): (21212, "from_invalid"),
        ("from", Reason.NOT_ALLOWED): (21210, "from_not_owned"),
        ("url", Reason.MALFORMED): (21205, "url_invalid"),
        ("fallback_url", Reason.MALFORMED): (21205, "url_invalid"),
        ("announce_url", Reason.MALFORMED): (21205, "url_invalid"),
        ("status_callback", Reason.MALFORMED): (21609, "status_callback_invalid"),
        ("async_amd_status_callback", Reason.MALFORMED): (21609, "status_callback_invalid"),
        ("recording_status_callback", Reason.MALFORMED): (21609, "status_callback_invalid"),
        ("send_digits", Reason.MALFORMED): (21206, "send_digits_invalid"),
        ("timeout", Reason.MALFORMED): (21208, "timeout_invalid"),
        ("method", Reason.MALFORMED): (21209, "method_invalid"),
    },
)


def explain(error: Exception) -> Problem:
    """A problem in this API's terms: what a state forbids is told with the names of its statuses."""
    match error:
        case Illegal(what="call"):
            return _of_call(error)
        case Illegal(what="conference"):
            return _of_conference(error)
        case Illegal(what="recording"):
            return _of_recording(error)
        case _:
            return problem_of(error)


def _of_call(error: Illegal) -> Problem:
    status = Status(error.state)
    message = f"The call is {STATUS[status]}; it cannot {error.wish}."
    if status in ENDED:
        slug = "call_not_active"
    elif status is Status.TALKING:
        slug = "call_already_answered"
    else:
        slug = "call_not_answered"
    return Problem(ProblemKind.CONFLICT, slug, message)


def _of_conference(error: Illegal) -> Problem:
    status = CONFERENCE_STATUS[RoomStatus(error.state)]
    message = f"The conference is {status}; it cannot {error.wish}."
    return Problem(ProblemKind.CONFLICT, "conference_not_active", message)


_WHILE: Final[Mapping[recordings.Status, str]] = {
    recordings.Status.RUNNING: "recording_in_progress",
    recordings.Status.PAUSED: "recording_paused",
    recordings.Status.COMPLETED: "recording_not_active",
    recordings.Status.FAILED: "recording_not_active",
}


def _of_recording(error: Illegal) -> Problem:
    status = recordings.Status(error.state)
    message = f"The recording is {STATUS_DETAIL[status]}; it cannot {error.wish}."
    return Problem(ProblemKind.CONFLICT, _WHILE[status], message)
