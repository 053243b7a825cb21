"""The only module that words recordings as this API does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from telefonie.core.recordings import News, Recording, Source, Status
from telefonie.engine.ports import Reply
from telefonie.web.answers import as_json
from telefonie.web.fields import iso
from telefonie.web.links import Link

STATUS: Final[Mapping[Status, str]] = {
    Status.RUNNING: "in-progress",
    Status.PAUSED: "in-progress",
    Status.COMPLETED: "completed",
    Status.FAILED: "failed",
}
# The contract has no word for a pause; `status_detail` tells it from a recording that goes on.
STATUS_DETAIL: Final[Mapping[Status, str]] = {
    Status.RUNNING: "in-progress",
    Status.PAUSED: "paused",
    Status.COMPLETED: "completed",
    Status.FAILED: "failed",
}
SOURCE: Final[Mapping[Source, str]] = {
    Source.CALL: "outbound_api",
    Source.NUMBER: "number",
    Source.ACCOUNT: "account",
    Source.RECORD_VERB: "record_verb",
    Source.RECORD_ACTION: "record_action",
    Source.START_VERB: "start_verb",
    Source.DIAL_VERB: "dial_verb",
    Source.ON_DEMAND: "start_recording_api",
    Source.ROOM: "conference",
}
EVENT: Final[Mapping[News, str]] = {
    News.STARTED: "recording.started",
    News.PAUSED: "recording.paused",
    News.RESUMED: "recording.resumed",
    News.COMPLETED: "recording.completed",
    News.FAILED: "recording.failed",
}


def recording_json(it: Recording, link: Link, now: int | None = None) -> dict[str, Any]:
    """A Recording as this API shows it. `now`: from when on its addresses hold; None: from its end."""
    shown: dict[str, Any] = {
        "id": it.id,
        "call_id": it.call_id,
        "status": STATUS[it.status],
        "status_detail": STATUS_DETAIL[it.status],
        "channels": it.channels,
        "track": it.track,
        "source": SOURCE[it.source],
        "date_created": iso(it.since),
        "start_time": iso(it.since),
    }
    if it.room_id is not None:
        shown["conference_id"] = it.room_id
    if it.consent is not None:
        shown["consent"] = it.consent
    if it.until is not None:
        _add_ending(shown, it, it.until)
    if it.status is Status.COMPLETED:
        moment = now if now is not None else it.until or it.since
        shown["media_url"] = link(it.id, moment)
        shown["media_url_mp3"] = link(it.id, moment, "mp3")
    return shown


def _add_ending(shown: dict[str, Any], it: Recording, until: int) -> None:
    shown["end_time"] = iso(until)
    shown["duration"] = it.seconds
    if it.why:
        shown["end_reason"] = it.why
    if it.price is not None:
        shown["price"] = it.price
        shown["price_unit"] = it.currency


def recording_reply(
    it: Recording, link: Link, status: int = 200, headers: tuple[tuple[str, str], ...] = ()
) -> Reply:
    """The answer to starting or changing a recording."""
    return Reply(status, as_json(recording_json(it, link)), headers)
