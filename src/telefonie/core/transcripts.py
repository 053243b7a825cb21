"""The only module that makes of a call's facts who said what, from when to when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from telefonie.core import pacing
from telefonie.core.events import Actor, Event, Kind


class Speaker(StrEnum):
    """Who speaks on a call."""

    PLATFORM = "platform"
    FAR_END = "far_end"
    OTHER = "other"  # on a call that this one is connected with


@dataclass(frozen=True, slots=True)
class Line:
    """Something that was said. Moments are milliseconds of the account's clock."""

    speaker: Speaker
    text: str
    language: str
    start: int
    end: int
    call_id: str = ""  # of another speaker
    confidence: float | None = None  # of a recogniser, in what the far end said
    cut: bool = False  # more was to be said
    announcement: bool = False  # by the carrier, to a caller who was not put through


def transcript(events: Iterable[Event]) -> tuple[Line, ...]:
    """What was really said, in the order of its beginnings; words that were not spoken are left out."""
    lines: list[Line] = []
    for event in events:
        match event.kind:
            case Kind.SAID:
                lines += _platform(event) if event.actor is Actor.PLATFORM else [_far_end(event)]
            case Kind.OVERHEARD:
                lines.append(_other(event))
            case Kind.HUSHED | Kind.PARTED | Kind.DEAFENED | Kind.ENDED:
                lines = list(_after(lines, event))
            case _:
                pass
    return tuple(sorted(lines, key=lambda each: each.start))


def _platform(event: Event) -> list[Line]:
    """One line a sentence, each at its own moment."""
    data: Any = event.data
    language = str(data.get("language", ""))
    pieces = data.get("pieces") or [[0, data["ms"], data["text"], language]]
    announcement = bool(data.get("announcement"))
    return [
        Line(
            Speaker.PLATFORM,
            text,
            spoken,
            event.at + start,
            event.at + start + ms,
            announcement=announcement,
        )
        for start, ms, text, spoken in pieces
        if text
    ]


def _far_end(event: Event) -> Line:
    data: Any = event.data
    end = event.at + data["ms"]
    confidence = data.get("confidence")
    return Line(Speaker.FAR_END, data["text"], data.get("language", ""), event.at, end, confidence=confidence)


def _other(event: Event) -> Line:
    data: Any = event.data
    end = event.at + data["ms"]
    return Line(Speaker.OTHER, data["text"], data.get("language", ""), event.at, end, str(data["call_id"]))


def _after(lines: Iterable[Line], event: Event) -> Iterator[Line]:
    """What was being said at this moment ends with it, and what was about to be said is never said."""
    for line in lines:
        if line.end <= event.at or not _silenced(line, event):
            yield line
        elif text := _spoken(line, event.at):
            yield replace(line, text=text, end=event.at, cut=True)


def _silenced(line: Line, event: Event) -> bool:
    """Whether this takes the word from whoever says that."""
    if event.kind is Kind.HUSHED:
        return line.speaker is Speaker.PLATFORM
    if event.kind is Kind.DEAFENED:
        return line.speaker is Speaker.OTHER
    if event.kind is Kind.PARTED:
        return line.speaker is Speaker.OTHER and line.call_id == event.data.get("call_id")
    return not line.announcement


def _spoken(line: Line, at: int) -> str:
    """The whole words that were out by then."""
    return pacing.heard(line.text, line.end - line.start, 0, at - line.start)
