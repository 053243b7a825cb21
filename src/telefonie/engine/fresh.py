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
    """Remembers for seconds; bounded."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, T]] = {}
        self._under_way: dict[str, asyncio.Task[T]] = {}
        self.epoch = 0  # an answer to a question of an earlier epoch may be stale: it is not kept

    async def find(self, name: str, ask: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """What is remembered, else the answer to one question, however many want to know it at once."""
        kept = self.get(name)
        if kept is not None:
            return kept
        asked = self._under_way.get(name)
        if asked is None:
            asked = self._under_way[name] = asyncio.create_task(self._ask(name, ask))
        return await asyncio.shield(asked)

    async def _ask(self, name: str, ask: Callable[[], Coroutine[Any, Any, T]]) -> T:
        epoch = self.epoch
        try:
            value = await ask()
            self.put(name, value, epoch)
            return value
        finally:
            if epoch == self.epoch:
                del self._under_way[name]

    def get(self, name: str) -> T | None:
        found = self._kept.get(name)
        return found[1] if found and found[0] > monotonic() else None

    def put(self, name: str, value: T, epoch: int) -> None:
        if epoch != self.epoch:
            return
        if len(self._kept) >= REMEMBERED:
            self._kept.clear()
        self._kept[name] = (monotonic() + FRESH_SECONDS, value)

    def forget(self) -> None:
        self.epoch += 1
        self._kept.clear()
        self._under_way.clear()
