"""The only module that talks to a Postgres: any number of equal processes may be at work on one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from telefonie.store.connect import Hint, Unavailable
from telefonie.store.listen import CHANNEL, PostgresEar

R = TypeVar("R")
LOCK_MS: Final = 2_000


class _Lost(Exception):
    """The connection broke before anything was committed."""


class PostgresStore:
    """A shared server. Any number of equal processes may work on it."""

    shared = True

    def __init__(self, url: str, *, pooled: bool = False, connections: int = 10) -> None:
        self.url = driver_url(url, "postgresql+asyncpg")
        self._engine = _behind_pooler(self.url) if pooled else _direct(self.url, connections)
        # A read asks several questions about one moment; else a call that moves from one list to
        # another in between would be found in neither. (SQLite's reads are so by nature.)
        self._reading = self._engine.execution_options(isolation_level="REPEATABLE READ")
        self._pooled = pooled

    async def start(self) -> None:
        await self.read(lambda conn: conn.execute(select(1)))

    async def stop(self) -> None:
        await self._engine.dispose()

    async def write(self, work: Callable[[Connection], R]) -> R:
        """One transaction. When its connection dies before the commit, the work is done anew on another."""
        return await self._insist(self._engine, work)

    async def read(self, work: Callable[[Connection], R]) -> R:
        """The same, and everything it reads is of one moment."""
        return await self._insist(self._reading, work)

    async def _insist(self, engine: AsyncEngine, work: Callable[[Connection], R]) -> R:
        try:
            return await self._transact(engine, work)
        except _Lost:
            pass
        try:
            return await self._transact(engine, work)
        except _Lost as lost:
            raise Unavailable(str(lost.__cause__)) from lost

    async def _transact(self, engine: AsyncEngine, work: Callable[[Connection], R]) -> R:
        try:
            conn = await engine.connect()
        except (DBAPIError, OSError, TimeoutError, PoolTimeout) as failed:
            raise Unavailable(str(failed)) from failed
        try:
            return await self._commit(conn, work)
        finally:
            await conn.close()

    async def _commit(self, conn: AsyncConnection, work: Callable[[Connection], R]) -> R:
        try:
            if self._pooled:
                await conn.execute(text(f"SET LOCAL lock_timeout = {LOCK_MS}"))
            result = await conn.run_sync(work)
        except DBAPIError as failed:
            if failed.connection_invalidated:
                raise _Lost from failed
            raise
        try:
            await conn.commit()
        except DBAPIError as failed:  # whether it was committed nobody knows
            raise Unavailable(str(failed)) from failed
        return result

    async def scrub(self) -> bool:
        """Deleted rows are out of reach at once, and overwritten by the server's own (auto)vacuum later."""
        return True

    async def tell(self, hint: Hint) -> None:
        """Say it to all processes."""
        await self.write(lambda conn: conn.execute(select(func.pg_notify(CHANNEL, hint.value))))

    def ear(self, url: str, heard: Callable[[Hint], None]) -> PostgresEar:
        """Hear what others say."""
        return PostgresEar(driver_url(url, "postgresql"), heard)


def _direct(url: str, connections: int) -> AsyncEngine:
    # Whoever waits longer than this for a lock has met a mistake: the batch is then decided one by one.
    settings = {"lock_timeout": str(LOCK_MS), "application_name": "telefonie"}
    return create_async_engine(
        url,
        hide_parameters=True,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=10,
        connect_args={"timeout": 5, "server_settings": settings},
    )


def _behind_pooler(url: str) -> AsyncEngine:
    # No statement may outlive its transaction, and no setting its connection; the pooler does the pooling.
    arguments: dict[str, Any] = {
        "timeout": 5,
        "statement_cache_size": 0,
        "prepared_statement_cache_size": 0,
        "prepared_statement_name_func": lambda: "",
    }
    return create_async_engine(url, hide_parameters=True, poolclass=NullPool, connect_args=arguments)


def driver_url(url: str, driver: str) -> str:
    """The same address for another driver; SQLAlchemy's has its own name for the `sslmode` of libpq."""
    parsed = make_url(url).set(drivername=driver)
    mode = parsed.query.get("sslmode")
    if mode is not None and driver == "postgresql+asyncpg":
        parsed = parsed.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})
    return parsed.render_as_string(hide_password=False)
