"""The only module that cuts short what takes too long."""

import asyncio
from types import TracebackType
from typing import Any, cast


class Deadline:
    """Lets every task that enters it have the same number of seconds, with one timer for all of them.

    As all may stay equally long, those that entered first are due first. A timer for each letter
    (asyncio.timeout, or the total of aiohttp) costs a tenth of what sending it costs.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        # When each task is due, in that order, and how often it had been cancelled when it entered.
        self._due: dict[asyncio.Task[Any], tuple[float, int]] = {}
        self._cut: set[asyncio.Task[Any]] = set()
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> None:
        task = _current()
        loop = task.get_loop()
        moment = loop.time() + self._seconds
        self._due[task] = moment, task.cancelling()
        if self._timer is None:
            self._timer = loop.call_at(moment, self._ring, loop)

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        task = _current()
        _, cancels = self._due.pop(task)
        if not self._cut or task not in self._cut:
            return
        self._cut.remove(task)
        # Cancelled by us alone it is a time-out; by somebody else, too, it stays a cancellation.
        if task.uncancel() <= cancels and kind is asyncio.CancelledError:
            raise TimeoutError from None

    def stop(self) -> None:
        """Cut nothing any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _ring(self, loop: asyncio.AbstractEventLoop) -> None:
        """Cut what is due, and wait for the next one; without any the timer rests."""
        self._timer = None
        now = loop.time()
        for task, (moment, _) in self._due.items():
            if moment > now:
                self._timer = loop.call_at(moment, self._ring, loop)
                return
            if task not in self._cut:
                self._cut.add(task)
                task.cancel()


class Deadlines:
    """A deadline for each number of seconds that is given: few, since customers choose from a short range."""

    def __init__(self) -> None:
        self._known: dict[float, Deadline] = {}

    def of(self, seconds: float) -> Deadline:
        """The one that lets everybody have so many seconds."""
        found = self._known.get(seconds)
        if found is None:
            found = self._known[seconds] = Deadline(seconds)
        return found

    def stop(self) -> None:
        """Cut nothing any more."""
        for each in self._known.values():
            each.stop()


def _current() -> asyncio.Task[Any]:
    return cast("asyncio.Task[Any]", asyncio.current_task())  # used in coroutines only, which have one
