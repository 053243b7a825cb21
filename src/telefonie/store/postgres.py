"""The only module that talks to a Postgres: any number of equal processes may be at work on one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from telefonie.store.connect import Hint
from telefonie.store.listen import CHANNEL, PostgresEar

R = TypeVar("R")
LOCK_MS: Final = 2_000


class PostgresStore:
    """A shared server. Any number of equal processes may work on it."""

    shared = True

    def __init__(self, url: str, *, pooled: bool = False, connections: int = 10) -> None:
        self.url = driver_url(url, "postgresql+asyncpg")
        # Behind a transaction pooler no statement may outlive its transaction; the pooler does the pooling.
        extra: dict[str, Any] = {"pool_size": connections, "max_overflow": 0}
        # Whoever waits longer than this for a lock has met a mistake: the batch is then decided one by one.
        settings = {"lock_timeout": str(LOCK_MS), "application_name": "telefonie"}
        connect_args: dict[str, Any] = {"timeout": 5, "server_settings": settings}
        if pooled:
            extra = {"poolclass": NullPool}
            connect_args |= {"statement_cache_size": 0, "prepared_statement_cache_size": 0}
            connect_args["prepared_statement_name_func"] = lambda: ""
        self._engine: AsyncEngine = create_async_engine(self.url, connect_args=connect_args, **extra)

    async def start(self) -> None:
        await self.read(lambda conn: conn.execute(select(1)))

    async def stop(self) -> None:
        await self._engine.dispose()

    async def write(self, work: Callable[[Connection], R]) -> R:
        async with self._engine.begin() as conn:
            return await conn.run_sync(work)

    read = write

    async def tell(self, hint: Hint) -> None:
        """Say it to all processes."""
        await self.write(lambda conn: conn.execute(select(func.pg_notify(CHANNEL, hint.value))))

    def ear(self, url: str, heard: Callable[[Hint], None]) -> PostgresEar:
        """Hear what others say."""
        return PostgresEar(driver_url(url, "postgresql"), heard)


def driver_url(url: str, driver: str) -> str:
    """The same address for another driver."""
    return make_url(url).set(drivername=driver).render_as_string(hide_password=False)
