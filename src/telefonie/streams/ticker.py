"""The only module that says when frames are due: one timer for all lines, and no line drifts."""

import asyncio
import heapq
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

# A round is spread over so many beats: a frame never waits for more than a share of the others, and the
# loop wakes up once for a beat and not once for a frame.
_BEATS: Final = 10
# A timer counts in milliseconds and may ring before its time; to wait once more costs more than it is worth.
_EARLY: Final = 600_000
Tick = Callable[[], None]


class Clock(Protocol):
    """Time in nanoseconds, from wherever."""

    def now(self) -> int: ...

    def ring_at(self, moment: int, ring: Tick) -> Callable[[], None]:
        """Call it then, at once if that has passed; gives what takes it back."""
        ...


class LoopClock:
    """The time of the machine, and the timers of the running loop."""

    def now(self) -> int:
        return time.monotonic_ns()

    def ring_at(self, moment: int, ring: Tick) -> Callable[[], None]:
        seconds = max(0, moment - time.monotonic_ns()) / 1e9
        return asyncio.get_running_loop().call_later(seconds, ring).cancel


@dataclass(slots=True, eq=False)
class _Beat:
    """Lines whose frames are due at the same moments."""

    due: int
    period: int
    place: int  # of the round
    ticks: list[tuple[int, Tick]] = field(default_factory=list)  # with the moment since which they are here

    def __lt__(self, other: "_Beat") -> bool:
        return self.due < other.due


class Ticker:
    """Ticks for everyone who has joined, at moments that are counted from the first and never from the last.

    What is late is made up for at once, in its order; nothing is left out.
    """

    def __init__(self, clock: Clock, late: Callable[[float], None]) -> None:
        self._clock = clock
        self._late = late  # told of each frame how many seconds after its moment it has left
        self._beats: dict[tuple[int, int], _Beat] = {}
        self._heap: list[_Beat] = []
        self._stop: Callable[[], None] | None = None
        self._ringing = False

    def join(self, tick: Tick, period: int) -> Callable[[], None]:
        """Call it every so many nanoseconds, first within the first of them; gives what ends it."""
        now = self._clock.now()
        beat = self._beat(now, period)
        seat = now, tick
        beat.ticks.append(seat)
        self._arm(now)

        def leave() -> None:
            if seat in beat.ticks:
                beat.ticks.remove(seat)

        return leave

    def stop(self) -> None:
        """Tick no more."""
        if self._stop is not None:
            self._stop()
        self._stop = None
        self._heap.clear()
        self._beats.clear()

    def _beat(self, now: int, period: int) -> _Beat:
        """The beat with the fewest lines; of several the one that comes first."""
        round_began = now - now % period
        found: tuple[int, int, int] | None = None
        for place in range(_BEATS):
            due = round_began + place * period // _BEATS
            due += period if due <= now else 0
            there = self._beats.get((period, place))
            rank = (len(there.ticks) if there else 0, due, place)
            found = min(found or rank, rank)
        assert found is not None  # noqa: S101 - there are beats
        _, due, place = found
        beat = self._beats.get((period, place))
        if beat is None:
            beat = self._beats[period, place] = _Beat(due, period, place)
            heapq.heappush(self._heap, beat)
        return beat

    def _ring(self) -> None:
        """Everything that is due by now. What comes due meanwhile waits for the next ring: others wait, too."""
        self._stop = None
        self._ringing = True
        until = self._clock.now() + _EARLY
        while self._heap and self._heap[0].due <= until:
            beat = heapq.heappop(self._heap)
            if not beat.ticks:
                del self._beats[beat.period, beat.place]
                continue
            self._tick(beat)
            beat.due += beat.period
            if self._beats:  # not stopped meanwhile
                heapq.heappush(self._heap, beat)
        self._ringing = False
        self._arm(self._clock.now())

    def _tick(self, beat: _Beat) -> None:
        for since, tick in tuple(beat.ticks):
            if beat.due > since:  # else the beat is behind, and the line was not there yet
                tick()
                self._late((self._clock.now() - beat.due) / 1e9)

    def _arm(self, now: int) -> None:
        """The timer for the beat that comes next. A beat that nobody waits for any more rings once, and goes."""
        if self._ringing:
            return
        if self._stop is not None:
            self._stop()
            self._stop = None
        if self._heap:
            self._stop = self._clock.ring_at(max(now, self._heap[0].due), self._ring)
