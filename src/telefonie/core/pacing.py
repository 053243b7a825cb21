"""The only module that says which words of a sentence are out at which moment: characters follow each other evenly."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

Stretch: TypeAlias = tuple[int, int]  # of the characters of a text
_UNPARTED: Final = ("THAI", "LAO", "KHMER", "MYANMAR")  # scripts that write words without spaces


@dataclass(frozen=True, slots=True)
class Word:
    """A word, from when to when; moments count from where its sentence begins."""

    text: str
    start: int
    end: int


def heard(text: str, ms: int, since: int, until: int) -> str:
    """The whole words that are heard of a sentence which takes `ms`, if it is heard only between these moments."""
    stretch = _heard(text, ms, since, until)
    return text[stretch[0] : stretch[1]]


def words(text: str, ms: int, since: int, until: int) -> tuple[Word, ...]:
    """The same word by word. Where a script does not part words, wide characters stand for themselves."""
    first, last = _heard(text, ms, since, until)
    return tuple(
        Word(text[start:end], ms * start // len(text), _out(text, ms, end))
        for start, end in _shown(text, first, last)
    )


def resumes(text: str, ms: int, at: int) -> int:
    """How many characters are said and done when a sentence is cut at this moment: what follows was not out."""
    return next((start for start, end in _units(text) if _out(text, ms, end) > at), len(text))


def _heard(text: str, ms: int, since: int, until: int) -> Stretch:
    if since <= 0 and until >= ms:
        return 0, len(text)
    found = [
        each
        for each in _units(text)
        if ms * each[0] // len(text) >= since and _out(text, ms, each[1]) <= until
    ]
    return (found[0][0], found[-1][1]) if found else (0, 0)


def _out(text: str, ms: int, end: int) -> int:
    """When the first so many characters are out."""
    return -(-ms * end // len(text))


def _units(text: str) -> Iterator[Stretch]:
    """What is said whole or not at all."""
    for start, end in _between_spaces(text, 0, len(text)):
        if _parted(text[start:end]):
            yield start, end
        else:
            yield from ((each, each + 1) for each in range(start, end))


def _shown(text: str, first: int, last: int) -> Iterator[Stretch]:
    for start, end in _between_spaces(text, first, last):
        begins = [at for at in range(start, end) if at == start or _begins(text, at)]
        yield from zip(begins, [*begins[1:], end], strict=True)


def _begins(text: str, at: int) -> bool:
    """Whether a word begins here, in the middle of what stands between two spaces."""
    return text[at].isalnum() and (_wide(text[at]) or _wide(text[at - 1]))


def _between_spaces(text: str, first: int, last: int) -> Iterator[Stretch]:
    start = first
    for at in range(first, last + 1):
        if at == last or text[at].isspace():
            if at > start:
                yield start, at
            start = at + 1


def _parted(word: str) -> bool:
    """Whether this is one word, and not some of a script without spaces."""
    return not any(_wide(each) or unicodedata.name(each, "").startswith(_UNPARTED) for each in word)


def _wide(char: str) -> bool:
    return not char.isascii() and unicodedata.east_asian_width(char) in "WF"
