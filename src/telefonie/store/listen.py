"""The only module that passes hints between processes on one Postgres; nothing depends on their arrival."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from enum import StrEnum
from typing import Any, Final

import asyncpg
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from telefonie.store.connect import Store

CHANNEL: Final = "telefonie"
AGAIN_SECONDS: Final = 1.0
_log = logging.getLogger(__name__)


class Hint(StrEnum):
    """What may be of interest to others."""

    DUE = "due"  # there may be work
    ACCOUNTS = "accounts"  # what is remembered of accounts may be stale


class Ear:
    """Listens on a connection of its own, so that a pooler may stand before all others."""

    def __init__(self, url: str, heard: Callable[[Hint], None]) -> None:
        self._dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
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


async def tell(store: Store, hint: Hint) -> None:
    """Say it to all processes, if there may be any."""
    if store.shared:
        await store.write(lambda conn: conn.execute(select(func.pg_notify(CHANNEL, hint.value))))
