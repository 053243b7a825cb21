"""The only module that says what is written beside the sound of a recording when it is exported for compliance."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from telefonie.core.call import Call
from telefonie.core.composing import transcript
from telefonie.core.recordings import Recording
from telefonie.core.score import Score

SOUND: Final = "recording.wav"
TRANSCRIPT: Final = "transcript.json"
METADATA: Final = "metadata.json"


def write(desk: Path, it: Recording, call: Call | None, score: Score, rate: int) -> None:
    """The transcript and what is known of the recording and its call. The same recording is the same bytes."""
    said = [asdict(each) for each in transcript(score)]
    _write(desk / TRANSCRIPT, {"recording_id": it.id, "sentences": said})
    _write(desk / METADATA, {"recording": _about(it, rate), "call": None if call is None else _call(call)})


def _about(it: Recording, rate: int) -> dict[str, object]:
    return {
        "id": it.id,
        "account_id": it.account_id,
        "call_id": it.call_id,
        "conference_id": it.room_id,
        "source": it.source.value,
        "began_at": _iso(it.since),
        "ended_at": _iso(it.until),
        "milliseconds": it.ms,
        "channels": it.channels,
        "track": it.track,
        "sample_rate": rate,
        "ended_because": it.why,
        "consent": it.consent,
    }


def _call(call: Call) -> dict[str, object]:
    return {
        "id": call.id,
        "direction": call.order.direction.value,
        "from": call.order.caller,
        "to": call.order.callee,
        "created_at": _iso(call.created_at),
        "answered_at": _iso(call.answered_at),
        "ended_at": _iso(call.ended_at),
    }


def _iso(moment: int | None) -> str | None:
    if moment is None:
        return None
    return datetime.fromtimestamp(moment / 1000, UTC).isoformat(timespec="milliseconds")


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
