"""The only module that talks to SQLite: one file, one writer thread, and one process at a time."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, select

from telefonie.store.connect import Ear, Hint, Unavailable

R = TypeVar("R")
READERS: Final = 2
# Another program holds the file for long, or the disk is full, read-only, or broken.
_AWAY: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    }
)
_FAMILY: Final = 0xFF  # what is above tells the finer reason


class Lines:
    """One open connection for each thread: to take one from a pool and give it back costs as much as a read."""

    def __init__(self, url: str, begin: str, threads: int, name: str) -> None:
        self._engine = _sqlite_engine(url, begin)
        self._threads = ThreadPoolExecutor(threads, name)
        self._mine = threading.local()
        self._all: list[Connection] = []

    async def transact(self, work: Callable[[Connection], R]) -> R:
        """Run the work in one transaction, in one of the threads."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._transact, work)

    async def outside(self, statement: str) -> tuple[Any, ...]:
        """Run a statement that no transaction may hold, in one of the threads; its first row."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._outside, statement)

    async def close(self) -> None:
        """When the work under way is done."""
        await asyncio.to_thread(self._threads.shutdown, wait=True)
        for conn in self._all:
            conn.close()
        self._engine.dispose()

    def _outside(self, statement: str) -> tuple[Any, ...]:
        found: tuple[Any, ...] = self._line().connection.cursor().execute(statement).fetchone()
        return found

    def _line(self) -> Connection:
        conn: Connection | None = getattr(self._mine, "conn", None)
        if conn is None:
            conn = self._mine.conn = self._engine.connect()
            self._all.append(conn)
        return conn

    def _transact(self, work: Callable[[Connection], R]) -> R:
        conn = self._line()
        try:
            with conn.begin():
                return work(conn)
        except BaseException as failed:
            # Whatever it was, the next one finds no trace of it.
            self._mine.conn = None
            self._all.remove(conn)
            conn.close()
            if reason := _away(failed):
                raise Unavailable(reason) from failed
            raise


def _away(failed: BaseException) -> str:
    """Why nothing at all can be done at the moment; "" when it is the work that was wrong."""
    cause = getattr(failed, "orig", failed)
    return str(cause) if getattr(cause, "sqlite_errorcode", 0) & _FAMILY in _AWAY else ""


class SqliteStore:
    """One file, one writer thread, a few readers. SQLite lets one process at a time be the server."""

    shared = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.url = f"sqlite:///{folder / 'telefonie.sqlite3'}"
        self._writer = Lines(self.url, "BEGIN IMMEDIATE", 1, "sqlite-writer")
        self._readers = Lines(self.url, "BEGIN", READERS, "sqlite-reader")

    async def start(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        await self.write(lambda conn: conn.execute(select(1)))

    async def stop(self) -> None:
        await self._readers.close()
        await self._writer.close()

    async def write(self, work: Callable[[Connection], R]) -> R:
        return await self._writer.transact(work)

    async def read(self, work: Callable[[Connection], R]) -> R:
        return await self._readers.transact(work)

    async def scrub(self) -> bool:
        """Bring what was written back into the file, where what was deleted has been overwritten, and empty the
        journal beside it. Whoever reads at the moment may keep it from that."""
        busy, *_ = await self._writer.outside("PRAGMA wal_checkpoint(TRUNCATE)")
        return not busy

    async def tell(self, _hint: Hint) -> None:
        """There is nobody else."""

    def ear(self, _url: str, _heard: Callable[[Hint], None]) -> Ear | None:
        """Nor anything to hear."""
        return None


def _sqlite_engine(url: str, begin: str) -> Engine:
    engine = create_engine(
        url, hide_parameters=True, connect_args={"check_same_thread": False, "cached_statements": 256}
    )

    @event.listens_for(engine, "connect")
    def _prepare(dbapi: Any, _record: object) -> None:
        dbapi.isolation_level = None  # transactions begin where we say so, not where the driver guesses
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "temp_store=MEMORY"):
            dbapi.execute(f"PRAGMA {pragma}")
        # What is deleted is overwritten: of a number that was erased no byte may be left in the file.
        dbapi.execute("PRAGMA secure_delete=ON")
        dbapi.execute("PRAGMA cache_size=-16000")
        # In pages: the ends of tables and indexes change with every commit, and are copied once for many.
        dbapi.execute("PRAGMA wal_autocheckpoint=4000")

    @event.listens_for(engine, "begin")
    def _begin(conn: Connection) -> None:
        conn.connection.execute(begin)  # past SQLAlchemy, which would take ten times as long for it

    return engine
