"""The only module that makes takes of what a far end does: its words, the keys that it presses, its beep."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from telefonie.core.composing.journals import Journal
from telefonie.core.composing.spans import common
from telefonie.core.composing.takes import Take, Takes, heard_in
from telefonie.core.events import Actor, Event, Kind
from telefonie.core.phones import TONE_MS
from telefonie.core.score import TONES, Key, Sound, Sounding, Words
from telefonie.core.transcripts import Speaker


def voice(journal: Journal) -> Takes:
    """All that can be heard of it, by whoever listens: nothing while it is muted, held, or itself holds the line."""
    takes = (
        Take(each.at, each.at, each.at + ms, sound, Speaker.FAR_END, journal.id)
        for each in journal.events
        if each.actor is Actor.FAR_END
        for ms, sound in _sounds(each)
    )
    return heard_in(takes, common(journal.audible, ((0, journal.end),)))


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
