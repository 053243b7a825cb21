"""The only module that makes and drops databases on the test server: one for each test that wants it."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import asyncpg

_PREFIX: Final = "telefonie_test"
_TEMPLATE_LOCK: Final = 7_353_363  # any number: workers that want the same template wait here for the first


def at(server: str, database: str) -> str:
    """The address of another database on the same server."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{database}"))


@asynccontextmanager
async def fresh_database(server: str, *, template: str = "template0") -> AsyncIterator[str]:
    """A database of one's own for the length of a block; a copy of `template`, which by default is empty."""
    name = f"{_PREFIX}_{secrets.token_hex(8)}"
    await _order(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    try:
        yield at(server, name)
    finally:
        await _drop(server, name)


async def template_database(server: str, run: str, fill: Callable[[str], Awaitable[None]]) -> str:
    """The name of a database that `fill` has filled, once for all workers of a run, to be copied by tests.

    `run` is what tells one run from another, such as the fixture `testrun_uid` of pytest-xdist.
    """
    name = f"{_PREFIX}_{run}_template"
    connection = await asyncpg.connect(server)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _TEMPLATE_LOCK)
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            draft = f"{name}_draft"
            await connection.execute(f"DROP DATABASE IF EXISTS {draft} WITH (FORCE)")
            await connection.execute(f"CREATE DATABASE {draft} TEMPLATE template0")
            await fill(at(server, draft))
            await connection.execute(f"ALTER DATABASE {draft} RENAME TO {name}")
    finally:
        await connection.close()
    return name


async def drop_template(server: str, run: str) -> None:
    """For a server that outlives the run."""
    await _drop(server, f"{_PREFIX}_{run}_template")


async def _drop(server: str, name: str) -> None:
    await _order(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


async def _order(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
