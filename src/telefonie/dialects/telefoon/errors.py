"""The only module that knows the numbers and names of this API's errors."""

from __future__ import annotations

from typing import Final

from telefonie.core.call import Status
from telefonie.core.errors import Illegal
from telefonie.dialects.telefoon.wording import STATUS
from telefonie.web.envelope import OURS, Codes
from telefonie.web.problems import Problem, ProblemKind, Reason, problem_of

CODES: Final = Codes(
    kinds=OURS.kinds,
    slugs={"call_not_active": 21220},
    fields={
        ("to", Reason.MISSING): (21201, "to_missing"),
        ("to", Reason.MALFORMED): (21211, "to_invalid"),
        ("from", Reason.MISSING): (21213, "from_missing"),
        ("from", Reason.MALFORMED): (21212, "from_invalid"),
        ("from", Reason.NOT_ALLOWED): (21210, "from_not_owned"),
        ("url", Reason.MALFORMED): (21205, "url_invalid"),
        ("fallback_url", Reason.MALFORMED): (21205, "url_invalid"),
        ("status_callback", Reason.MALFORMED): (21609, "status_callback_invalid"),
        ("send_digits", Reason.MALFORMED): (21206, "send_digits_invalid"),
        ("timeout", Reason.MALFORMED): (21208, "timeout_invalid"),
        ("method", Reason.MALFORMED): (21209, "method_invalid"),
    },
)


def explain(error: Exception) -> Problem:
    """A problem in this API's terms: what a call's state forbids is told with the names of its statuses."""
    if not isinstance(error, Illegal) or error.what != "call":
        return problem_of(error)
    message = f"The call is {STATUS[Status(error.state)]}; it cannot {error.wish}."
    return Problem(ProblemKind.CONFLICT, "call_not_active", message)
