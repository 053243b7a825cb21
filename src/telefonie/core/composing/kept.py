"""The only module that says which moments of the account's clock a recording keeps, and where they come in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from telefonie.core.composing.spans import Spans, common, complement, inside, joined
from telefonie.core.composing.takes import Take
from telefonie.core.pacing import heard
from telefonie.core.recordings import Recording
from telefonie.core.score import Part, Words


@dataclass(frozen=True, slots=True)
class Kept:
    """What was recorded, without the pauses; and for each stretch where it comes in the recording."""

    spans: Spans
    places: tuple[int, ...]

    def parts(self, take: Take, channel: int) -> Iterator[Part]:
        """What is kept of a take."""
        for start, end in inside((take.start, take.end), self.spans):
            at = bisect_right(self.spans, start, key=lambda each: each[0]) - 1
            yield _part(take, channel, self.places[at] + start - self.spans[at][0], start, end)


def _part(take: Take, channel: int, at: int, start: int, end: int) -> Part:
    skip, ms, sound, said = start - take.at, end - start, take.sound, ""
    if isinstance(sound, Words) and (skip or ms < sound.ms):
        said = heard(sound.text, sound.ms, skip, skip + ms)
    return Part(channel, at, ms, sound, skip, take.speaker.value, take.call_id, said)


def kept(it: Recording) -> Kept:
    """All that was recorded. A pause is silence of its length, or leaves nothing behind."""
    if not it.ms or it.until is None:
        return Kept((), ())
    until = it.until
    pauses = joined((start, until if end is None else end) for start, end in it.gaps)
    spans = common(((it.since, until),), complement(pauses))
    places: list[int] = []
    ended, left_out = it.since, 0
    for start, end in spans:
        left_out += start - ended if it.skips else 0
        places.append(start - it.since - left_out)
        ended = end
    return Kept(spans, tuple(places))
