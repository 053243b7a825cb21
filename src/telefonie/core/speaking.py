"""The only module that knows how long a text takes to say. The estimate is the truth: voices are fitted to it.

Every character costs its time, from left to right and whatever follows, so a text is never shorter than its
beginning. Ordinary English prose comes to about 65 ms a character, pauses included.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

ENGLISH: Final = "en-US"
COMMA_MS: Final = 150
SENTENCE_MS: Final = 350  # the pause after a sentence; as long as saying 'dot' inside 3.5 or example.com
WORD_MS: Final = 350  # a digit, or a sign that is said as a word
SLOWEST: Final = 0.1
FASTEST: Final = 10.0

# Milliseconds for one letter, by language: how fast it is spoken, and how much its script writes down.
_LETTER: Final[Mapping[str, int]] = {
    "ar": 80,
    "bn": 95,
    "de": 63,
    "en": 60,
    "es": 56,
    "fr": 58,
    "he": 85,
    "hi": 95,
    "it": 57,
    "nl": 60,
    "pl": 63,
    "pt": 58,
    "ru": 64,
    "ta": 95,
    "te": 95,
    "th": 110,
    "tr": 60,
    "uk": 64,
    "vi": 75,
}
# The same for the wide characters of East Asia, each of which is a syllable or more.
_WIDE: Final[Mapping[str, int]] = {"cmn": 220, "ja": 150, "ko": 155, "wuu": 220, "yue": 220, "zh": 220}
_ELSEWHERE: Final = 200  # a wide character in a text of another language
_COMMAS: Final = frozenset(",;:\u2013\u2014\u2026\u3001\uff0c\uff1b\uff1a\u060c\u061b")
_ENDS: Final = frozenset(".!?\u3002\uff0e\uff01\uff1f\uff61\u0964\u061f\u06d4")
_SAID: Final = frozenset("%&@#*\u2030\u00b0\u00a7\uff05\uff06\uff20")
_GAP, _LETTERS, _WIDES, _WORDS, _PAUSE, _STOP, _SILENT = range(7)


def speaking_ms(text: str, language: str = ENGLISH, rate: float = 1.0) -> int:
    """How long it takes to say a text; at rate 2.0 half of it. Nothing to pronounce takes no time."""
    costs = _costs(language)
    total, last = 0, _SILENT  # before the first sound nothing takes time
    for char in text:
        kind = _kind(char)
        if kind == _SILENT or (kind in _QUIET and last in _WITHOUT_EFFECT[kind]):
            continue
        total += costs[kind]
        last = kind
    if last == _GAP:
        total -= costs[_GAP]  # what follows the last word is no part of it
    return round(total / min(max(rate, SLOWEST), FASTEST))


def primary(language: str) -> str:
    """The language of a tag, without region and script: `nl` for nl-BE."""
    return language.replace("_", "-").partition("-")[0].lower()


_QUIET: Final = frozenset({_GAP, _PAUSE, _STOP})
# Pauses run together: a space or a comma after a full stop makes none longer, nor do two full stops.
_WITHOUT_EFFECT: Final[Mapping[int, frozenset[int]]] = {
    _GAP: frozenset({_SILENT, _GAP, _PAUSE, _STOP}),
    _PAUSE: frozenset({_SILENT, _PAUSE, _STOP}),
    _STOP: frozenset({_SILENT, _STOP}),
}


@lru_cache(maxsize=256)
def _costs(language: str) -> tuple[int, ...]:
    """By kind of character."""
    tongue = primary(language)
    letter = _LETTER.get(tongue, 60)
    return (letter, letter, _WIDE.get(tongue, _ELSEWHERE), WORD_MS, COMMA_MS, SENTENCE_MS, 0)


@lru_cache(maxsize=8192)
def _kind(char: str) -> int:
    if char in _ENDS:
        return _STOP
    if char in _COMMAS:
        return _PAUSE
    if char.isspace():
        return _GAP
    category = unicodedata.category(char)
    if category[0] == "N" or category in {"Sc", "Sm"} or char in _SAID:
        return _WORDS
    if category[0] == "L":
        return _WIDES if unicodedata.east_asian_width(char) in "WF" else _LETTERS
    return _SILENT
