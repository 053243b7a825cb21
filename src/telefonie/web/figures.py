"""The only module that keeps figures of what happens: plain numbers, so that counting is cheap."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from typing import Final, TypeAlias

from telefonie.engine.meters import Meters

SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0)
SIZES: Final = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0)
Names: TypeAlias = tuple[str, ...]
Sketch: TypeAlias = tuple[list[int], float]
# What a process tells about itself: for each family and each of its label values, the counts and the sum.
Snapshot: TypeAlias = dict[str, list[tuple[list[str], list[int], float]]]


class Spread:
    """How values spread: the count up to each limit, one more for what lies above, and the sum."""

    __slots__ = ("counts", "limits", "total")

    def __init__(self, limits: tuple[float, ...]) -> None:
        self.limits = limits
        self.counts = [0] * (len(limits) + 1)
        self.total = 0.0

    def add(self, value: float) -> None:
        self.counts[bisect_left(self.limits, value)] += 1
        self.total += value

    def merge(self, counts: Iterable[int], total: float) -> None:
        """Add what another process counted."""
        self.counts = [mine + theirs for mine, theirs in zip(self.counts, counts, strict=True)]
        self.total += total


class Family:
    """Spreads of one thing, by the values of its labels."""

    __slots__ = ("_limits", "spreads")

    def __init__(self, limits: tuple[float, ...]) -> None:
        self._limits = limits
        self.spreads: dict[Names, Spread] = {}

    def add(self, names: Names, value: float) -> None:
        spread = self.spreads.get(names)
        if spread is None:
            spread = self.at(names)
        spread.add(value)

    def at(self, names: Names) -> Spread:
        """The spread for these label values, made when there is none."""
        return self.spreads.setdefault(names, Spread(self._limits))


class Figures(Meters):
    """The figures of one process. The engine and the watch write; whoever shows them reads."""

    def __init__(self) -> None:
        self.batches = Family(SIZES)
        self.attempts = Family(SECONDS)
        self.requests = Family(SECONDS)
        self.frames = Family(SECONDS)

    def batch(self, size: int) -> None:
        self.batches.add((), size)

    def attempt(self, outcome: str, seconds: float) -> None:
        self.attempts.add((outcome,), seconds)

    def request(self, method: str, route: str, status: str, seconds: float) -> None:
        self.requests.add((method, route, status), seconds)

    def frame(self, late: float) -> None:
        """A frame of sound left for a program, so many seconds after its moment."""
        self.frames.add((), late)

    @property
    def families(self) -> dict[str, Family]:
        return {
            "batches": self.batches,
            "attempts": self.attempts,
            "requests": self.requests,
            "frames": self.frames,
        }

    def snapshot(self) -> Snapshot:
        """All of it as JSON can carry it."""
        return {
            name: [(list(names), spread.counts, spread.total) for names, spread in family.spreads.items()]
            for name, family in self.families.items()
        }

    def merge(self, snapshot: Snapshot) -> None:
        """Add what another process counted."""
        for name, family in self.families.items():
            for names, counts, total in snapshot.get(name, ()):
                family.at(tuple(names)).merge(counts, total)
