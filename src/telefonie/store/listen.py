"""The only module that passes hints between processes on one Postgres; nothing depends on their arrival."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final

import asyncpg

from telefonie.store.connect import Hint

CHANNEL: Final = "telefonie"
AGAIN_SECONDS: Final = 1.0
_log = logging.getLogger(__name__)


class PostgresEar:
    """Listens on a connection of its own, so that a pooler may stand before all others."""

    def __init__(self, dsn: str, heard: Callable[[Hint], None]) -> None:
        self._dsn = dsn
        self._heard = heard
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to listen."""
        self._task = asyncio.create_task(self._listen(), name="ear")

    async def stop(self) -> None:
        """Listen no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _listen(self) -> None:
        while True:
            try:
                await self._once()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as lost:
                _log.warning("Hints of other processes are not heard; the poll goes on: %s", lost)
            await asyncio.sleep(AGAIN_SECONDS)

    async def _once(self) -> None:
        connection: Any = await asyncpg.connect(self._dsn, timeout=5)
        gone = asyncio.Event()
        connection.add_termination_listener(lambda _: gone.set())
        try:
            await connection.add_listener(CHANNEL, self._take)
            # What was said while nobody listened is made up for.
            for hint in Hint:
                self._heard(hint)
            await gone.wait()
        finally:
            connection.terminate()

    def _take(self, _connection: object, _pid: int, _channel: str, said: str) -> None:
        if said in set(Hint):
            self._heard(Hint(said))
