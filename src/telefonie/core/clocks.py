"""The only module that says what time it is for an account: pure functions of a clock and the wall."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil
from typing import Final

from telefonie.core.errors import Conflict

LATEST: Final = 32_503_680_000_000  # the year 3000: all that is planned from there still has a date


class Mode(StrEnum):
    """How an account's time passes."""

    REALTIME = "realtime"
    AUTO = "auto"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Clock:
    """`at` was the account's time when the wall stood at `wall` (both in milliseconds since 1970)."""

    account_id: str
    mode: Mode
    speed: float
    wall: int
    at: int

    @property
    def stands(self) -> bool:
        """Whether time moves only when somebody moves it."""
        return self.mode is not Mode.REALTIME


def now(clock: Clock, wall: int) -> int:
    """The account's time."""
    if clock.stands:
        return clock.at
    return clock.at + max(0, int((wall - clock.wall) * clock.speed))


def wall_of(clock: Clock, due: int) -> int | None:
    """The wall time at which a moment of the account comes; None while its clock stands."""
    if clock.stands:
        return None
    wall = clock.wall + ceil((due - clock.at) / clock.speed)
    # Rounded up, so that whoever wakes then finds the moment come; and once more if the float fell short.
    return wall if now(clock, wall) >= due else wall + 1


def move(clock: Clock, to: int) -> Clock:
    """A standing clock, moved forward."""
    return replace(clock, at=max(clock.at, to))


def change(clock: Clock, wall: int, mode: Mode | None, speed: float | None, to: int | None) -> Clock:
    """Another mode, speed or time. Time never goes back."""
    present = now(clock, wall)
    if to is not None and to < present:
        raise Conflict("clock_would_go_back", "The clock is past that moment; `now` can only move forward.")
    return replace(
        clock,
        mode=mode or clock.mode,
        speed=speed or clock.speed,
        wall=wall,
        at=present if to is None else to,
    )
