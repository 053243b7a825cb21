"""The only module that turns what somebody hears by his journals into sound on a line, in time, and takes it back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from telefonie.core.composing import Take
from telefonie.core.score import Audio, Key, Sound, Words
from telefonie.engine.clips import Clips, length
from telefonie.engine.streaming import Line, Pace

# Of the wall's time; at twice the speed they are twice as much of the stream's.
LAG_MS: Final = 200  # on a line in real time all is heard so much later: there is time to make it
SAID_LAG_MS: Final = 1_500  # what another program says is known later still
LATE_MS: Final = 1_500  # what is later than that is not shifted any more: its beginning is missed
AHEAD_MS: Final = 12_000  # so long before they are heard
PIECE_MS: Final = 10_000  # music and files are made in such pieces

_Name: TypeAlias = tuple[int, int, Sound, str]


@dataclass(slots=True)
class _Going:
    """A sound that is heard, or will be. Moments are offsets of the stream as they were meant; what is heard there
    is `shift` later."""

    track: str
    sound: Sound
    zero: int  # where the sound itself begins
    done: int  # up to where it was asked for
    end: int
    shift: int


class Earshot:
    """What one program hears."""

    def __init__(self, line: Line, clips: Clips, rate: int, zero: int) -> None:
        self._line = line
        self._clips = clips
        self._rate = rate
        self._zero = zero  # the account's time at the beginning of the stream
        self._going: dict[_Name, _Going] = {}
        self._count = 0
        self._speed = 1.0
        self._lag = 0
        self._making: set[asyncio.Task[None]] = set()

    def follow(self, pace: Pace) -> None:
        """So the line moves from now on. By hand all is heard at its own moment, but for what is known later."""
        self._speed = max(1.0, pace.speed)
        self._lag = 0 if pace.by_hand else round(LAG_MS * self._speed)

    def update(self, takes: Iterable[Take]) -> None:
        """So it is now: what is new is added, what was cut short is cut."""
        found = {(each.at, each.start, each.sound, each.call_id): each for each in takes}
        for name in self._going.keys() - found.keys():
            going = self._going.pop(name)
            self._bound(going, self._line.at_ms - going.shift)
        for name, take in found.items():
            going_on = self._going.get(name)
            if going_on is None:
                self._add(name, take)
            else:
                self._bound(going_on, take.end - self._zero)

    def extend(self) -> None:
        """Ask for what is heard soon, and forget what is over."""
        now = self._line.at_ms
        for name, going in tuple(self._going.items()):
            while going.done < going.end and going.done + going.shift < now + self._scaled(AHEAD_MS):
                self._ask(going)
            if going.end + going.shift < now - self._scaled(LATE_MS):
                del self._going[name]

    async def ready(self) -> None:
        """Everything that was asked for has been made."""
        while self._making:
            await asyncio.wait(self._making)

    def close(self) -> None:
        """Nothing is heard any more."""
        for each in self._making:
            each.cancel()

    def _scaled(self, ms: int) -> int:
        return round(ms * self._speed)

    def _add(self, name: _Name, take: Take) -> None:
        start, end, now = take.start - self._zero, take.end - self._zero, self._line.at_ms
        lag = self._scaled(SAID_LAG_MS) if isinstance(take.sound, Audio) else self._lag
        if end + lag < now - self._scaled(LATE_MS):
            return
        late = max(0, now - start - lag)
        missed = late > self._scaled(LATE_MS)
        shift = lag if missed else lag + late
        first = now - lag if missed else start
        self._count += 1
        going = _Going(str(self._count), take.sound, take.at - self._zero, first, end, shift)
        if isinstance(take.sound, Key):
            going.done = end
            if not missed:
                self._line.key(start + shift, take.sound.digit, end - start)
        self._going[name] = going

    def _bound(self, going: _Going, end: int) -> None:
        """It ends then, and not when it was to end before."""
        if end < going.end and not isinstance(going.sound, Key):
            self._line.cut(end + going.shift, going.track)
            going.done = min(going.done, max(end, 0))
        going.end = end

    def _ask(self, going: _Going) -> None:
        start = going.done
        most = going.end if isinstance(going.sound, Words) else start + PIECE_MS
        going.done = min(going.end, most)
        making = asyncio.create_task(self._make(going, start, going.done))
        self._making.add(making)
        making.add_done_callback(self._making.discard)

    async def _make(self, going: _Going, start: int, end: int) -> None:
        pcm = await self._clips.pcm(going.sound, start - going.zero, end - start, self._rate)
        late = self._line.at_ms - start - going.shift
        if 0 < late <= self._scaled(LATE_MS):
            going.shift += late
        # It may have been cut short while it was made.
        heard = pcm[: length(max(0, min(end, going.end) - start), self._rate)]
        if heard:
            self._line.hear(start + going.shift, heard, going.track)
