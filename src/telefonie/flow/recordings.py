"""The only module that says what is written down and told of a recording, whichever verb made it.

A recording is plain data here, since it is kept in a verb's memory or beside the documents. What it sounds like is
not known to documents: they only decide when it begins and ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from telefonie.core import prices
from telefonie.core.events import Kind
from telefonie.flow.asides import Aside
from telefonie.flow.deeds import Deed, Note, Tell

KIND: Final = "recording"
TRIM: Final = "trim-silence"
STATES: Final = {"in-progress": "in_progress", "completed": "completed", "absent": "absent"}


def recording(recording_id: str, source: str, **more: Any) -> dict[str, Any]:
    """A recording that begins. `url`, `method`, `on`: where its progress is told, and which states."""
    plain = {
        "channels": 1,
        "track": "both",
        "trim": False,
        "url": None,
        "method": "POST",
        "on": ["completed"],
    }
    return {"id": recording_id, "source": source, **plain, **more}


def started(it: Mapping[str, Any], now: int) -> tuple[Deed, ...]:
    """It has begun."""
    data = {"state": "started", "recording_id": it["id"], "source": it["source"]}
    channels = {"channels": it["channels"], "track": it["track"]}
    return Note(Kind.RECORDED, {**data, **channels}), *_told(it, "in_progress", {"recording_start_time": now})


def finished(it: Mapping[str, Any], since: int, kept: tuple[int, int], why: str) -> tuple[Deed, ...]:
    """It has ended. `kept`: from when to when it reaches, once silence was cut off; nothing kept: it is absent."""
    start, end = kept
    data = {"state": "finished" if end > start else "absent", "recording_id": it["id"], "ms": end - start}
    note = Note(Kind.RECORDED, {**data, "lead_ms": start - since, "why": why})
    if end <= start:
        return note, *_told(it, "absent", {"recording_start_time": since})
    duration = {"recording_start_time": since, "recording_duration": prices.seconds(start, end)}
    return note, *_told(it, "completed", duration)


def ended(aside: Aside, now: int, why: str) -> tuple[Deed, ...]:
    """One that went on beside the documents has ended."""
    return *finished(aside.data, aside.since, (aside.since, now), why), *_reported(aside, now)


def _told(it: Mapping[str, Any], status: str, more: Mapping[str, Any]) -> tuple[Deed, ...]:
    if it["url"] is None or status not in {STATES[each] for each in it["on"]}:
        return ()
    outcome = {
        "recording_id": it["id"],
        "recording_status": status,
        "recording_channels": it["channels"],
        "recording_source": it["source"],
        "recording_track": it["track"],
        **more,
    }
    return (Tell(it["url"], it["method"], "recording", outcome),)


def report(it: Mapping[str, Any], since: int, now: int) -> dict[str, Any]:
    """What an action says of its recording, once it is over."""
    return {
        "recording_id": it["id"],
        "recording_start_time": since,
        "recording_end_time": now,
        "recording_duration": prices.seconds(since, now),
        "recording_channels": it["channels"],
    }


def _reported(aside: Aside, now: int) -> tuple[Deed, ...]:
    """An action in the background is reported like any other: when it is over."""
    url = aside.data.get("report_url")
    if not url:
        return ()
    return (Tell(url, aside.data["report_method"], "record", report(aside.data, aside.since, now)),)
