"""The only module that cuts short what takes too long."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar, cast

_Result = TypeVar("_Result")


class Deadline:
    """Lets every piece of work have the same number of seconds, with one timer for all of them.

    As all wait equally long, those begun first are due first. A timer for each letter (asyncio.timeout,
    or the total of aiohttp) costs a tenth of what sending it costs.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._due: dict[asyncio.Task[Any], float] = {}  # in the order of their moments
        self._cut: set[asyncio.Task[Any]] = set()
        self._timer: asyncio.TimerHandle | None = None

    async def keep(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        """The result of the work, done in the calling task; TimeoutError when that takes too long."""
        loop = asyncio.get_running_loop()
        task = cast("asyncio.Task[Any]", asyncio.current_task())  # a coroutine always runs in one
        cancels = task.cancelling()
        self._due[task] = moment = loop.time() + self._seconds
        if self._timer is None:
            self._timer = loop.call_at(moment, self._ring, loop)
        try:
            return await work
        except asyncio.CancelledError:
            # Cancelled by us alone it is a time-out; by somebody else, too, it stays a cancellation.
            if task in self._cut and task.uncancel() <= cancels:
                raise TimeoutError from None
            raise
        finally:
            del self._due[task]
            if self._cut:
                self._cut.discard(task)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _ring(self, loop: asyncio.AbstractEventLoop) -> None:
        """Cut what is due, and wait for the next one; without any the timer rests."""
        self._timer = None
        now = loop.time()
        for task, moment in self._due.items():
            if moment > now:
                self._timer = loop.call_at(moment, self._ring, loop)
                return
            if task not in self._cut:
                self._cut.add(task)
                task.cancel()
