"""The only module that words recordings as this API does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from telefonie.core.recordings import News, Recording, Source, Status
from telefonie.web.fields import iso
from telefonie.web.links import Link

STATUS: Final[Mapping[Status, str]] = {
    Status.RUNNING: "in-progress",
    Status.PAUSED: "in-progress",
    Status.COMPLETED: "completed",
    Status.FAILED: "failed",
}
SOURCE: Final[Mapping[Source, str]] = {
    Source.CALL: "call",
    Source.NUMBER: "number",
    Source.ACCOUNT: "account",
    Source.RECORD_VERB: "record_verb",
    Source.RECORD_ACTION: "record_action",
    Source.START_VERB: "start_verb",
    Source.DIAL_VERB: "dial_verb",
    Source.ON_DEMAND: "on_demand",
    Source.ROOM: "conference",
}
EVENT: Final[Mapping[News, str]] = {
    News.STARTED: "recording.started",
    News.PAUSED: "recording.paused",
    News.RESUMED: "recording.resumed",
    News.COMPLETED: "recording.completed",
    News.FAILED: "recording.failed",
}


def recording_json(it: Recording, link: Link, now: int) -> dict[str, Any]:
    """A Recording as this API shows it; its address holds for a while from `now` on."""
    shown: dict[str, Any] = {
        "id": it.id,
        "call_id": it.call_id,
        "status": STATUS[it.status],
        "channels": it.channels,
        "source": SOURCE[it.source],
        "date_created": iso(it.since),
    }
    known = {"conference_id": it.room_id, "consent": it.consent}
    shown |= {name: value for name, value in known.items() if value is not None}
    if it.until is not None:
        shown["duration"] = it.seconds
    if it.price is not None:
        shown |= {"price": it.price, "price_unit": it.currency}
    if it.status is Status.COMPLETED:
        shown["media_url"] = link(it.id, now)
    return shown
