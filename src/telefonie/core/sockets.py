"""The only module that says what a socket is: the far end of a call that is a program, in place of a phone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

MOST_SHOWN: Final = 255  # characters of its address by which a call is listed and found
RATES: Final = (8_000, 16_000, 24_000)


@dataclass(frozen=True, slots=True)
class Socket:
    """Where the program listens, and what it is told first. `rate`: samples a second, both ways."""

    uri: str
    rate: int = 16_000
    headers: Mapping[str, Any] = field(default_factory=dict)
    authorization: Mapping[str, Any] | None = None  # as the customer gave it; the face knows what it means

    @property
    def callee(self) -> str:
        """By which name a call to it goes."""
        return self.uri[:MOST_SHOWN]
