"""The only module that says what a take is: a sound, and while it is heard, in time of the account's clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from telefonie.core.composing.spans import FOREVER, Spans, inside
from telefonie.core.score import Sound, Sounding
from telefonie.core.transcripts import Speaker


@dataclass(frozen=True, slots=True)
class Take:
    """A sound that begins `at`, of which is heard what lies between `start` and `end`."""

    at: int
    start: int
    end: int
    sound: Sound
    speaker: Speaker
    call_id: str


Takes: TypeAlias = tuple[Take, ...]


def heard_in(takes: Iterable[Take], spans: Spans) -> Takes:
    """What of them is heard, if nothing is heard but in these spans."""
    return tuple(
        replace(each, start=start, end=end)
        for each in takes
        for start, end in inside((each.start, each.end), spans)
    )


def by(takes: Iterable[Take], speaker: Speaker) -> Takes:
    """The same, said by this one."""
    return tuple(replace(each, speaker=speaker) for each in takes)


def settled(takes: Iterable[Take]) -> Takes:
    """In order; one of the network's sounds that begins while the same is heard already adds nothing to it."""
    found: list[Take] = []
    heard_until: dict[Sounding, int] = {}
    for take in sorted(takes, key=_order):
        start = take.start
        if isinstance(take.sound, Sounding):
            start = max(start, heard_until.get(take.sound, -FOREVER))
            heard_until[take.sound] = max(take.end, heard_until.get(take.sound, -FOREVER))
        if start < take.end:
            found.append(replace(take, start=start))
    return tuple(sorted(found, key=_order))


def _order(take: Take) -> tuple[int, int, str, str, str]:
    return take.start, take.at, take.speaker, take.call_id, repr(take.sound)
