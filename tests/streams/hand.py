"""A clock that a test moves by hand."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count

MS = 1_000_000


class HandClock:
    """Nothing rings until time is moved; then everything in its order, each at its moment or when it is told."""

    def __init__(self) -> None:
        self.moment = 1_000 * MS
        self.rung = 0
        self._alarms: list[tuple[int, int, Callable[[], None]]] = []
        self._number = count()

    def now(self) -> int:
        return self.moment

    def ring_at(self, moment: int, ring: Callable[[], None]) -> Callable[[], None]:
        alarm = (moment, next(self._number), ring)
        heapq.heappush(self._alarms, alarm)

        def take_back() -> None:
            if alarm in self._alarms:
                self._alarms.remove(alarm)
                heapq.heapify(self._alarms)

        return take_back

    @property
    def alarms(self) -> int:
        return len(self._alarms)

    def move(self, ms: float) -> None:
        """So far, and everything rings when it is due."""
        until = self.moment + round(ms * MS)
        while self._alarms and self._alarms[0][0] <= until:
            self.moment = max(self.moment, self._alarms[0][0])
            self._ring()
        self.moment = until

    def oversleep(self, ms: float) -> None:
        """So far in one go, as when the loop was busy: whatever was due rings only now."""
        self.moment += round(ms * MS)
        while self._alarms and self._alarms[0][0] <= self.moment:
            self._ring()

    def _ring(self) -> None:
        _, _, ring = heapq.heappop(self._alarms)
        self.rung += 1
        ring()
