"""The only module that divides what is to be said into sentences, and says when each of them begins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final, TypeAlias

from telefonie.core.speaking import speaking_ms


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence, or what stands between two breaks. `start` counts from the beginning of the whole."""

    text: str
    start: int
    ms: int
    language: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Something to be said: its sentences with their times, and how long the whole takes."""

    pieces: tuple[Piece, ...]
    ms: int

    @property
    def text(self) -> str:
        """All the words."""
        return " ".join(each.text for each in self.pieces)


@dataclass(frozen=True, slots=True)
class Passage:
    """Text in one language at one rate; without a language in that of the whole. Spaces are as written."""

    text: str
    language: str | None = None
    rate: float = 1.0


@dataclass(frozen=True, slots=True)
class Break:
    """A silence. It ends a sentence, however short it is."""

    ms: int


Bit: TypeAlias = Passage | Break

_END: Final = re.compile(
    r"""[.!?\u2026\u061f\u06d4\u0964]+["')\]\u00bb\u201d\u2019]*(?=\s|$)
      | [\u3002\uff01\uff1f\uff0e\uff61]+["')\]\u300d\u300f\uff09\u201d\u2019]*""",
    re.VERBOSE,
)
# A full stop after one of these is no end: English, Dutch, German, French, Spanish.
# fmt: off
_SHORT: Final = frozenset({
    "approx", "bijv", "ca", "dept", "dhr", "dr", "drs", "evt", "excl", "gen", "gov", "hr", "incl", "jr",
    "mevr", "mme", "mlle", "mr", "mrs", "ms", "mt", "mw", "prof", "resp", "rev", "sgt", "sr", "sra",
    "srta", "st", "vgl", "vs",
})
# fmt: on
_SHORT_BEFORE_FIGURES: Final = frozenset(
    {"art", "ext", "fig", "no", "nos", "nr", "p", "pp", "sec", "tel", "vol"}
)
_INITIALS: Final = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")


def say(text: str, language: str, rate: float = 1.0) -> Plan:
    """Plain text."""
    return plan((Passage(text),), language, rate)


def plan(bits: Iterable[Bit], language: str, rate: float = 1.0) -> Plan:
    """What is said when. A passage goes on with the sentence of the one before, if they share a language."""
    pieces: list[Piece] = []
    now = 0

    def tongue_of(bit: Bit) -> str:
        return bit.language or language if isinstance(bit, Passage) else ""

    for tongue, group in groupby(bits, tongue_of):
        passages = []
        for bit in group:
            if isinstance(bit, Break):
                now += bit.ms
            else:
                passages.append(bit)
        for text, ms in _sentences(passages, tongue, rate):
            pieces.append(Piece(text, now, ms, tongue))
            now += ms
    return Plan(tuple(pieces), now)


def _sentences(passages: list[Passage], language: str, rate: float) -> Iterator[tuple[str, int]]:
    """What can be pronounced of it: sentences, and how long each takes."""
    text = "".join(each.text for each in passages)
    paces = iter(_paces(passages))
    stop, pace = next(paces, (len(text), 1.0))
    start = 0
    for end in _ends(text):
        ms, at = 0, start
        while at < end:
            if at == stop:
                stop, pace = next(paces)
            upto = min(stop, end)
            ms += speaking_ms(text[at:upto], language, rate * pace)
            at = upto
        if ms:
            yield " ".join(text[start:end].split()), ms
        start = end


def _paces(passages: list[Passage]) -> list[tuple[int, float]]:
    """Where in the joined text each rate ends."""
    paces: list[tuple[int, float]] = []
    offset = 0
    for each in passages:
        if not each.text:
            continue
        offset += len(each.text)
        if paces and paces[-1][1] == each.rate:
            paces.pop()
        paces.append((offset, each.rate))
    return paces


def _ends(text: str) -> Iterator[int]:
    """Where its sentences end; the last one ends with the text."""
    for found in _END.finditer(text):
        if found.end() < len(text) and not (found.group() == "." and _goes_on(text, found.start())):
            yield found.end()
    yield len(text)


def _goes_on(text: str, stop: int) -> bool:
    """Whether this full stop only ends an abbreviation."""
    after = text[stop + 1 : stop + 20].lstrip()[:1]
    words = text[max(stop - 20, 0) : stop].split()
    word = words[-1].lstrip("(\"'").lower() if words else ""
    if word in _SHORT_BEFORE_FIGURES:
        return after.isdigit()
    return word in _SHORT or _INITIALS.fullmatch(word) is not None
