"""The only module that counts how late frames leave."""

from typing import Final

_STEP: Final = 0.0001  # seconds
_STEPS: Final = 1000  # what is later than a tenth of a second counts as that late


class Lateness:
    """How many frames were how late, since the count was begun."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Begin to count."""
        self.count = 0
        self.worst = 0.0  # seconds
        self._steps = [0] * (_STEPS + 1)

    def add(self, late: float) -> None:
        """A frame that left so many seconds after its moment (before it: negative)."""
        self.count += 1
        if late > self.worst:
            self.worst = late
        self._steps[min(int(max(late, 0.0) / _STEP), _STEPS)] += 1

    def quantile(self, share: float) -> float:
        """Such a share of the frames was at most so many milliseconds late, to a tenth of one."""
        wanted, found = share * self.count, 0
        for step, count in enumerate(self._steps):
            found += count
            if found >= wanted and found:
                return (step + 1) * _STEP * 1000
        return 0.0
