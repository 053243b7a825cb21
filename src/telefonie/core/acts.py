"""The only module that names what a far end does: a closed union of plain values, each at its own moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any, Final, TypeAlias


@dataclass(frozen=True, slots=True)
class Says:
    """It begins to speak; this will take `ms`."""

    at: int
    text: str
    language: str
    confidence: float
    ms: int
    greeting: bool = False


@dataclass(frozen=True, slots=True)
class Finished:
    """It has said what it began to say `ms` ago."""

    at: int
    text: str
    language: str
    confidence: float
    ms: int
    greeting: bool = False


@dataclass(frozen=True, slots=True)
class Pressed:
    """A key's tone begins."""

    at: int
    digit: str


@dataclass(frozen=True, slots=True)
class Beeped:
    """The machine's beep begins."""

    at: int
    ms: int


@dataclass(frozen=True, slots=True)
class Holds:
    """It puts the line on hold, or takes it back."""

    at: int
    on: bool


@dataclass(frozen=True, slots=True)
class HangsUp:
    """It puts the phone down. Nothing follows; what it was saying is broken off."""

    at: int


@dataclass(frozen=True, slots=True)
class Heard:
    """What it was waiting for was said: the words or the pattern, and what was found of it."""

    at: int
    wanted: str
    text: str


@dataclass(frozen=True, slots=True)
class Missed:
    """Something else was said than it was waiting for."""

    at: int
    wanted: str


Act: TypeAlias = Says | Finished | Pressed | Beeped | Holds | HangsUp | Heard | Missed

_NAMES: Final[Mapping[str, type[Act]]] = {
    "say": Says,
    "end": Finished,
    "key": Pressed,
    "beep": Beeped,
    "hold": Holds,
    "bye": HangsUp,
    "heard": Heard,
    "missed": Missed,
}
_BY_TYPE: Final = {kind: name for name, kind in _NAMES.items()}


def packed_act(act: Act) -> list[Any]:
    """As plain JSON."""
    return [_BY_TYPE[type(act)], *astuple(act)]


def unpacked_act(found: Sequence[Any]) -> Act:
    """What `packed_act` made."""
    return _NAMES[found[0]](*found[1:])
