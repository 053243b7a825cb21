"""The only module that knows which database this is: every difference between the stores stands here."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    Engine,
    Select,
    String,
    bindparam,
    create_engine,
    event,
    func,
    select,
    text,
)
from sqlalchemy import Connection as Connection
from sqlalchemy import Row as Row
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from telefonie.store import codec

R = TypeVar("R")
READERS = 2
LOCK_MS = 2_000


class Store(Protocol):
    """A database. `write` and `read` run a plain function over a Core connection, in one transaction."""

    url: str
    shared: bool  # whether other processes may be at work on it

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def write(self, work: Callable[[Connection], R]) -> R: ...
    async def read(self, work: Callable[[Connection], R]) -> R: ...


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


class PostgresStore:
    """A shared server. Any number of equal processes may work on it."""

    shared = True

    def __init__(self, url: str, *, pooled: bool = False, connections: int = 10) -> None:
        self.url = url
        # Behind a transaction pooler no statement may outlive its transaction; the pooler does the pooling.
        extra: dict[str, Any] = {"pool_size": connections, "max_overflow": 0}
        # Whoever waits longer than this for a lock has met a mistake: the batch is then decided one by one.
        settings = {"lock_timeout": str(LOCK_MS), "application_name": "telefonie"}
        connect_args: dict[str, Any] = {"timeout": 5, "server_settings": settings}
        if pooled:
            extra = {"poolclass": NullPool}
            connect_args |= {"statement_cache_size": 0, "prepared_statement_cache_size": 0}
            connect_args["prepared_statement_name_func"] = lambda: ""
        # It brings the whole ORM along, a quarter of a second that a start on SQLite need not pay.
        from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415

        self._engine = create_async_engine(url, connect_args=connect_args, **extra)

    async def start(self) -> None:
        await self.read(lambda conn: conn.execute(select(1)))

    async def stop(self) -> None:
        await self._engine.dispose()

    async def write(self, work: Callable[[Connection], R]) -> R:
        async with self._engine.begin() as conn:
            return await conn.run_sync(work)

    read = write


def open_store(target: str | Path, *, pooled: bool = False) -> Store:
    """The store at a Postgres URL or in a folder."""
    if isinstance(target, Path):
        return SqliteStore(target)
    url = make_url(target).set(drivername="postgresql+asyncpg")
    mode = url.query.get("sslmode")
    if mode is not None:  # as the rest of the world writes it; this driver's argument has another name
        url = url.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})
    return PostgresStore(url.render_as_string(hide_password=False), pooled=pooled)


def _transact(engine: Engine, work: Callable[[Connection], R]) -> R:
    with engine.begin() as conn:
        return work(conn)


def _sqlite_engine(url: str, begin: str) -> Engine:
    engine = create_engine(url, connect_args={"check_same_thread": False, "cached_statements": 256})

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


_WALL = text("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)")


def wall(conn: Connection) -> int:
    """Wall time in milliseconds: that of the one process, or that of the shared server."""
    if conn.dialect.name == "sqlite":
        return time.time_ns() // 1_000_000
    return int(conn.execute(_WALL).scalar_one())


def among(dialect: str, column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """`column` is in a list that is one parameter, so that the statement is the same for any length."""
    if dialect == "sqlite":
        given: BindParameter[Any] = bindparam(name, type_=String)
        return column.in_(select(func.json_each(given).table_valued("value").c.value))
    return column == func.any(bindparam(name, type_=ARRAY(String)))


def listed(dialect: str, values: Sequence[str]) -> object:
    """The parameter of `among`."""
    return codec.dump(list(values)) if dialect == "sqlite" else list(values)


def for_change(statement: Select[Any], *, skip: bool = False) -> Select[Any]:
    """Lock what is read. SQLite ignores it: there, whoever writes is alone."""
    return statement.with_for_update(skip_locked=skip)


def upsert(dialect: str, table: Any) -> Any:
    """An insert that can say what to do when the row is there."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def lock_schema(conn: Connection) -> None:
    """One process at a time changes the schema; the lock ends with the transaction."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("SET LOCAL lock_timeout = 0"))  # another replica's migrations may take their time
        conn.execute(select(func.pg_advisory_xact_lock(0x7E1EF0)))
