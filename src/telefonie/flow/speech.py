"""The only module that knows how long a text takes to say. The estimate is the truth: voices are fitted to it."""

from __future__ import annotations

from dataclasses import dataclass

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


def say(text: str, language: str, rate: float = 1.0) -> Plan:
    """A plain text, to be said in one language."""
    ms = speaking_ms(text, language, rate)
    return Plan((Piece(text, 0, ms, language),), ms)
