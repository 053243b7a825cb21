"""The only module that words a transcript: as JSON, as lines of text, as WebVTT."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from telefonie.core.call import Call
from telefonie.core.transcripts import Line
from telefonie.web.fields import iso

Json = dict[str, object]


def as_json(it: Call, lines: Sequence[Line]) -> Json:
    """With moments and all that is known of each line."""
    entries = [_line(each, it.created_at) for each in lines]
    return {"call_id": it.id, "created_at": iso(it.created_at), "entries": entries, "total": len(entries)}


def _line(line: Line, start: int) -> Json:
    told: Json = {
        "speaker": line.speaker.value,
        "call_id": line.call_id or None,
        "text": line.text,
        "language": line.language,
        "start_ms": line.start - start,
        "end_ms": line.end - start,
        "at": iso(line.start),
        "confidence": line.confidence,
        "cut": line.cut,
    }
    return {name: value for name, value in told.items() if value is not None}


def as_text(it: Call, lines: Sequence[Line]) -> str:
    """One line each, to be read by people; what was cut short ends in a dash."""
    return "".join(
        f"[{_clock(each.start - it.created_at)}] {each.speaker}: {_on_one_line(each.text)}"
        f"{' -' if each.cut else ''}\n"
        for each in lines
    )


def as_vtt(it: Call, lines: Sequence[Line]) -> str:
    """Cues whose times count from the creation of the call, as those of the timeline do."""
    cues = [
        f"{_clock(each.start - it.created_at)} --> {_clock(each.end - it.created_at)}\n"
        f"<v {each.speaker}>{escape(_on_one_line(each.text), quote=False)}\n"
        for each in lines
    ]
    return "\n".join(["WEBVTT\n", *cues])


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _clock(ms: int) -> str:
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"
