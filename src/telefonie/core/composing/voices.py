"""The only module that makes takes of what a far end does: its words, the keys that it presses, its beep."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from telefonie.core.composing.journals import Journal
from telefonie.core.composing.spans import common
from telefonie.core.composing.takes import Take, Takes, heard_in
from telefonie.core.events import Actor, Event, Kind
from telefonie.core.phones import TONE_MS
from telefonie.core.score import TONES, Audio, Key, Sound, Sounding, Words
from telefonie.core.transcripts import Speaker


def voice(journal: Journal) -> Takes:
    """All that can be heard of it, by whoever listens: nothing while it is muted, held, or itself holds the line."""
    takes = (
        take for each in journal.events if each.actor is Actor.FAR_END for take in _takes(each, journal.id)
    )
    return heard_in(takes, common(journal.audible, ((0, journal.end),)))


def _takes(event: Event, call_id: str) -> Iterator[Take]:
    data: Any = event.data
    if "ago" in data:  # what a program says is written down when it has been heard
        start = event.at - data["ago"]
        audio = Audio(data["sound"], data["rate"])
        yield Take(start - data["skip"], start, start + data["ms"], audio, Speaker.FAR_END, call_id)
        return
    for ms, sound in _sounds(event):
        yield Take(event.at, event.at, event.at + ms, sound, Speaker.FAR_END, call_id)


def _sounds(event: Event) -> Iterator[tuple[int, Sound]]:
    data: Any = event.data
    match event.kind:
        case Kind.SAID:
            yield data["ms"], Words(data["text"], data.get("language", ""), data["ms"])
        case Kind.PRESSED:
            yield TONE_MS, Key(data["digits"])
        case Kind.PLAYED if data["what"] in TONES:
            yield data["ms"], Sounding(TONES[data["what"]])
        case _:
            pass
