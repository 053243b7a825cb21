"""The only module that finds words and patterns in what was said, in bounded time whoever wrote the pattern.

Somebody who listens acts as soon as there is a match: of a pattern the earliest end counts, at the end of a
word, so that `press .* one` does not wait for a second `one`.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

Span: TypeAlias = tuple[int, int]

# A pattern that repeats tries every way to share the text out, so the more it repeats, the less of the text it
# sees at a time: what it may cost at the very worst is about the same for all.
_SIGHT: Final = (2_000, 2_000, 120, 50, 24)
_REPEATS: Final = re.compile(r"[*+]|\{\d*,")
# `.*` between things of fixed length can be followed from one to the next, so such a pattern sees everything.
_GAP: Final = re.compile(r"(?<!\\)\.([*+])\??")
_FIXED: Final = re.compile(r"(?:[^\\()\[\]|$^*+?{}]|\\[dDsSwW]|\\[^\w\s]|\[[^\]\\\[^]+\])*")


def plain(text: str) -> str:
    """A text with single spaces, its accents written in one way."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def words(text: str, wanted: str) -> Iterator[Span]:
    """Where these words stand, whatever their capitals. Folding may make characters longer: ß is ss."""
    origin = [place for place, char in enumerate(text) for _ in char.casefold()]
    folded, looked_for = text.casefold(), plain(wanted).casefold()
    start = folded.find(looked_for)
    while start >= 0 and looked_for:
        end = start + len(looked_for)
        yield origin[start], origin[end - 1] + 1
        start = folded.find(looked_for, end)


def patterns(text: str, wanted: str) -> Iterator[Span]:
    """Where the pattern is found, whatever the capitals. That nothing was said is no match."""
    repeats = len(_REPEATS.findall(wanted))
    parts = _GAP.split(wanted.removeprefix("(?i)"))
    if repeats > 1 and any(parts[::2]) and all(_FIXED.fullmatch(each) for each in parts[::2]):
        return _followed(text, parts)
    return _searched(text, _compiled(wanted), _SIGHT[min(repeats, len(_SIGHT) - 1)])


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a doubtful set in a customer's pattern is no warning of ours
        return re.compile(pattern, re.IGNORECASE)


def _searched(text: str, pattern: re.Pattern[str], sight: int) -> Iterator[Span]:
    """In windows that overlap by half, so that nothing shorter than half of one is missed between two."""
    for start in range(0, max(len(text) - sight // 2, 1), sight // 2):
        for found in pattern.finditer(text, start, start + sight):
            if found.group():
                yield found.start(), _earliest(text, pattern, found)


def _earliest(text: str, pattern: re.Pattern[str], found: re.Match[str]) -> int:
    """The first end of a word with which there would have been a match already."""
    if "$" in pattern.pattern or r"\Z" in pattern.pattern:
        return found.end()  # it asks for the end of all that is said
    end = text.find(" ", found.start() + 1, found.end())
    while end >= 0:
        early = pattern.match(text, found.start(), end)
        if early and early.group():
            return early.end()
        end = text.find(" ", end + 1, found.end())
    return found.end()


def _followed(text: str, parts: Sequence[str]) -> Iterator[Span]:
    """From one part to the next; between them stand the gaps, `*` or `+`."""
    start = end = 0
    while end < len(text):
        place = end
        for number, part in enumerate(parts):
            if number % 2:
                end += part == "+"
                continue
            found = _compiled(part).search(text, end) if end <= len(text) else None
            if found is None:
                return
            start, end = (found.start() if number == 0 else start), found.end()
        if end == place:
            return
        yield start, end
