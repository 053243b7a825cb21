"""The only module that makes takes of what the platform sends to a far end: words, files, tones, music on hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from telefonie.core.composing.journals import Journal
from telefonie.core.composing.takes import Take, Takes
from telefonie.core.events import Actor, Event, Kind
from telefonie.core.phones import PAUSES, TONE_MS, keys_ms
from telefonie.core.score import TONES, File, Key, Sound, Sounding, Tone, Words
from telefonie.core.transcripts import Speaker


def sent(journal: Journal, *, interjected: bool = True) -> Takes:
    """What its documents say and play, until it is cut short; and what was said and played into the call."""
    over: list[Take] = []
    going: list[Take] = []
    for event in journal.events:
        if event.kind in (Kind.HUSHED, Kind.ENDED):
            over += _until(going, event.at)
            going = []
        elif event.actor is Actor.PLATFORM and (interjected or "interjected" not in event.data):
            going += (
                Take(
                    event.at + after - skip,
                    event.at + after,
                    event.at + after + ms,
                    sound,
                    Speaker.PLATFORM,
                    journal.id,
                )
                for skip in (_skipped(event),)
                for after, ms, sound in _sounds(event)
            )
    return (*over, *going)


def music(journal: Journal) -> Takes:
    """What it hears while it is held."""
    return tuple(
        Take(start, start, end, Sounding(Tone.MUSIC), Speaker.PLATFORM, journal.id)
        for start, end in journal.held
    )


def _skipped(event: Event) -> int:
    """How much of a file has been heard before, when it goes on after something else."""
    data: Any = event.data
    return int(data.get("skip", 0))


def _until(takes: list[Take], at: int) -> Iterator[Take]:
    for each in takes:
        if each.start < at:
            yield replace(each, end=min(each.end, at))


def _sounds(event: Event) -> Iterator[tuple[int, int, Sound]]:
    """How long after the event each sound begins, how long it takes, and what it is."""
    data: Any = event.data
    match event.kind:
        case Kind.SAID:
            yield from _words(data)
        case Kind.KEYS_SENT:
            yield from _keys(data["digits"])
        case Kind.PLAYED if "ms" in data:  # else it is music on hold, which lasts as long as that
            yield from _played(data)
        case _:
            pass


def _words(data: Any) -> Iterator[tuple[int, int, Sound]]:
    language, voice = data.get("language", ""), data.get("voice", "")
    for after, ms, text, spoken in data.get("pieces") or [[0, data["ms"], data["text"], language]]:
        if text:
            yield after, ms, Words(text, spoken, ms, voice)


def _keys(keys: str) -> Iterator[tuple[int, int, Sound]]:
    for done, key in enumerate(keys):
        if key not in PAUSES:
            yield keys_ms(keys[:done]), TONE_MS, Key(key)


def _played(data: Any) -> Iterator[tuple[int, int, Sound]]:
    """A file that nobody kept cannot be given back; it is silence of its length."""
    if data.get("sound"):
        yield 0, data["ms"], File(data["sound"])
    elif "url" not in data and data["what"] in TONES:
        yield 0, data["ms"], Sounding(TONES[data["what"]], data.get("tone", ""))
