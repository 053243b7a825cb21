"""The only module that keeps one open socket of this process together: its row, its line, what is heard both ways."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import Final

from telefonie.core.call import Call
from telefonie.core.clocks import Clock
from telefonie.engine.clips import Clips
from telefonie.engine.earshot import Earshot
from telefonie.engine.spool import Reel, Said
from telefonie.engine.streaming import BY_HAND, BYTES_PER_SAMPLE, Line, Pace
from telefonie.flow.commands import Sounds
from telefonie.store.streams import Held

_log: Final = logging.getLogger(__name__)


def pace_of(clock: Clock) -> Pace:
    """How a stream moves that goes by this clock."""
    return BY_HAND if clock.stands else Pace(clock.speed)


class Ears:
    """What is told by a line (`streaming.Listener`), until somebody asks for it."""

    def __init__(self, rate: int, wake: Callable[[], None]) -> None:
        self._rate = rate
        self._wake = wake
        self._said: list[tuple[int, bytearray, int]] = []  # from, sound, until
        self.gone: str | None = None  # why the program has gone

    def said(self, at_ms: int, pcm: bytes) -> None:
        """What follows on what was said before becomes one with it."""
        if self._said and self._said[-1][2] == at_ms:
            start, sound, _ = self._said[-1]
            sound += pcm
            self._said[-1] = (start, sound, at_ms + self._ms(pcm))
        else:
            self._said.append((at_ms, bytearray(pcm), at_ms + self._ms(pcm)))

    def dropped(self, at_ms: int) -> None:
        """What it said too far ahead is lost; the operator shall know."""
        _log.warning(
            "A program is too far ahead of what is heard at %d ms, and loses some of what it says", at_ms
        )

    def closed(self, at_ms: int, why: str) -> None:  # noqa: ARG002 - it is known when it is looked at
        """The program has gone."""
        self.gone = why
        self._wake()

    def _ms(self, pcm: bytes) -> int:
        return len(pcm) * 1000 // (self._rate * BYTES_PER_SAMPLE)

    def take(self) -> list[tuple[int, bytes]]:
        """What was said since the last time."""
        taken, self._said = self._said, []
        return [(start, bytes(sound)) for start, sound, _ in taken]


class Conversation:
    """A leg at whose far end a program is, from the answer on."""

    def __init__(self, held: Held, call: Call, rate: int, line: Line, ears: Ears, clips: Clips) -> None:
        self.held = held
        self.call = call
        self.line = line
        self.ears = ears
        self.zero = call.answered_at or 0
        self.earshot = Earshot(line, clips, rate, self.zero)
        self.reel = Reel(call.account_id, call.id, rate)
        self.reached = self.zero  # up to which moment of standing time the line was moved
        self.pace: Pace | None = None
        self.written = monotonic()  # when what is said here was written down last; each has its own turn
        self.lost = False  # told to be gone
        self.busy = False  # somebody moves it, or winds it up
        self.untold: tuple[Sounds, ...] = ()  # kept, but not yet written down

    @property
    def by_hand(self) -> bool:
        """Whether its stream moves only when it is moved."""
        return self.pace is None or self.pace.by_hand

    def follow(self, clock: Clock) -> None:
        """Go as the account's clock goes."""
        pace = pace_of(clock)
        if pace != self.pace:
            self.earshot.follow(pace)
            if self.pace is not None:
                self.line.set_pace(pace)
            self.pace = pace

    def said(self) -> list[Said]:
        """What the program was heard to say since the last time, by the account's clock."""
        return [(self.zero + at, pcm) for at, pcm in self.ears.take()]

    def renewed(self, until: int) -> None:
        """It is held for longer."""
        self.held = replace(self.held, until=until)
