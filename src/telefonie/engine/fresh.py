"""The only module that remembers answers of the store for seconds, so that not every request asks anew."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from time import monotonic
from typing import Any, Final, Generic, TypeVar

FRESH_SECONDS: Final = 2.0
REMEMBERED: Final = 10_000
T = TypeVar("T")


class Fresh(Generic[T]):
    """Remembers for seconds; bounded. When something has to be asked anew, one asks for all who want it."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, T]] = {}
        self._asking: dict[str, asyncio.Task[T | None]] = {}

    async def get(self, name: str, ask: Callable[[], Coroutine[Any, Any, T | None]]) -> T | None:
        """What is remembered, else what the asking brings. That nothing was found is not remembered."""
        found = self._kept.get(name)
        if found is not None and found[0] > monotonic():
            return found[1]
        asking = self._asking.get(name)
        if asking is None:
            asking = self._asking[name] = asyncio.create_task(self._ask(name, ask))
        # Shielded: whoever gives up waiting must not take the answer from the others.
        return await asyncio.shield(asking)

    async def _ask(self, name: str, ask: Callable[[], Coroutine[Any, Any, T | None]]) -> T | None:
        me = asyncio.current_task()
        try:
            value = await ask()
            # What was forgotten meanwhile may have changed after it was read.
            if value is not None and self._asking.get(name) is me:
                self._put(name, value)
            return value
        finally:
            if self._asking.get(name) is me:
                del self._asking[name]

    def _put(self, name: str, value: T) -> None:
        if len(self._kept) >= REMEMBERED:
            self._kept.clear()
        self._kept[name] = (monotonic() + FRESH_SECONDS, value)

    def forget(self) -> None:
        self._kept.clear()
        self._asking.clear()
