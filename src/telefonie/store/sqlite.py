"""The only module that talks to SQLite: one file, one writer thread, and one process at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, select

from telefonie.store.connect import Ear, Hint

R = TypeVar("R")
READERS: Final = 2


class SqliteStore:
    """One file, one writer thread, a few readers. SQLite lets one process at a time be the server."""

    shared = False

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'telefonie.sqlite3'}"
        self._engine = _sqlite_engine(self.url, "BEGIN IMMEDIATE")
        self._reading = _sqlite_engine(self.url, "BEGIN")
        self._writer = ThreadPoolExecutor(1, "sqlite-writer")
        self._readers = ThreadPoolExecutor(READERS, "sqlite-reader")

    async def start(self) -> None:
        Path(self._engine.url.database or "").parent.mkdir(parents=True, exist_ok=True)
        await self.write(lambda conn: conn.execute(select(1)))

    async def stop(self) -> None:
        loop = asyncio.get_running_loop()
        for pool, engine in ((self._readers, self._reading), (self._writer, self._engine)):
            await loop.run_in_executor(pool, engine.dispose)
            pool.shutdown(wait=True)

    async def write(self, work: Callable[[Connection], R]) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._writer, _transact, self._engine, work)

    async def read(self, work: Callable[[Connection], R]) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._readers, _transact, self._reading, work)

    async def tell(self, _hint: Hint) -> None:
        """There is nobody else."""

    def ear(self, _url: str, _heard: Callable[[Hint], None]) -> Ear | None:
        """Nor anything to hear."""
        return None


def _transact(engine: Engine, work: Callable[[Connection], R]) -> R:
    with engine.begin() as conn:
        return work(conn)


def _sqlite_engine(url: str, begin: str) -> Engine:
    engine = create_engine(
        url, hide_parameters=True, connect_args={"check_same_thread": False, "cached_statements": 256}
    )

    @event.listens_for(engine, "connect")
    def _prepare(dbapi: Any, _record: object) -> None:
        dbapi.isolation_level = None  # transactions begin where we say so, not where the driver guesses
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "temp_store=MEMORY"):
            dbapi.execute(f"PRAGMA {pragma}")
        dbapi.execute("PRAGMA cache_size=-16000")

    @event.listens_for(engine, "begin")
    def _begin(conn: Connection) -> None:
        conn.exec_driver_sql(begin)

    return engine
