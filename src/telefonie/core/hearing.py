"""The only module that says which words a far end has heard, when, and whether they are what it waits for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from telefonie.core import matching

MEMORY: Final = 2_000  # characters of what was said and did not match


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something said to the far end. Its characters follow each other evenly from `at` on, for `ms`."""

    at: int
    ms: int
    text: str

    @property
    def end(self) -> int:
        """When the last character has been spoken."""
        return self.at + self.ms

    def spoken(self, end: int) -> int:
        """When its first so many characters have been spoken."""
        return self.at + -(-self.ms * end // len(self.text))


Utterances: TypeAlias = tuple[Utterance, ...]


def utterance(at: int, ms: int, text: str) -> Utterance | None:
    """What was said, with single spaces; None when there was nothing to hear."""
    words = matching.plain(text)
    return Utterance(at, ms, words) if words and ms > 0 else None


def since(heard: Utterances, now: int) -> Utterances:
    """What is said from now on, from the next whole word of each."""
    return tuple(late for each in heard if (late := _from(each, now)))


def until(heard: Utterances, now: int) -> Utterances:
    """What was said before it was cut off: whole words."""
    return tuple(early for each in heard if (early := _to(each, now)))


def under_way(heard: Utterances, now: int) -> Utterances:
    """What is not over yet."""
    return tuple(each for each in heard if each.end > now)


def with_more(heard: Utterances, more: Utterance) -> Utterances:
    """One more utterance. What was over when it began runs together, and only the end of it is remembered."""
    over = [each for each in heard if each.end <= more.at]
    going = sorted([*under_way(heard, more.at), more], key=lambda each: each.at)
    if not over:
        return tuple(going)
    start, end = min(each.at for each in over), max(each.end for each in over)
    text = " ".join(each.text for each in over)[-MEMORY:]
    return (Utterance(start, end - start, text), *going)


def silence(heard: Utterances, patience: int) -> int | None:
    """When it has been silent for so long after something was said; None while nothing was."""
    return max(each.end for each in heard) + patience if heard else None


def first_match(heard: Utterances, wanted: str, *, pattern: bool) -> tuple[int, str] | None:
    """The earliest moment at which this has been said, and the words that did it."""
    text = " ".join(each.text for each in heard)
    spans = matching.patterns(text, wanted) if pattern else matching.words(text, wanted)
    found = [(_moment(heard, start, end), text[start:end]) for start, end in spans]
    return min(found, key=lambda each: each[0], default=None)


def _from(each: Utterance, now: int) -> Utterance | None:
    for start in _starts(each.text):
        begins = each.at + each.ms * start // len(each.text)
        if begins >= now:
            return Utterance(begins, each.end - begins, each.text[start:])
    return None


def _starts(text: str) -> Iterator[int]:
    yield 0
    for found in re.finditer(" ", text):
        yield found.end()


def _to(each: Utterance, now: int) -> Utterance | None:
    if each.end <= now:
        return each
    ends = [found.start() for found in re.finditer(" ", each.text) if each.spoken(found.start()) <= now]
    return replace(each, ms=each.spoken(ends[-1]) - each.at, text=each.text[: ends[-1]]) if ends else None


def _moment(heard: Utterances, start: int, end: int) -> int:
    """When the last of these characters of the joined text has been spoken."""
    latest, offset = 0, 0
    for each in heard:
        length = len(each.text)
        if offset < end and offset + length > start:
            latest = max(latest, each.spoken(min(end - offset, length)))
        offset += length + 1
    return latest
