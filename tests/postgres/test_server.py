"""The test server is a real Postgres, shared by the run, with a database for each test that wants one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import asyncpg
import pytest

from tests.support.databases import at, fresh_database, template_database
from tests.support.postgres import prepare, server_url

pytestmark = pytest.mark.postgres


async def _ask(url: str, question: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def test_it_is_a_postgres_of_our_time(postgres_server: str) -> None:
    version = await _ask(postgres_server, "SHOW server_version_num")
    assert int(str(version)) >= 150000


async def test_every_test_gets_an_empty_database(postgres_url: str, postgres_server: str) -> None:
    assert postgres_url != postgres_server
    assert await _ask(postgres_url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0


async def test_a_database_is_gone_after_its_block_even_with_connections_left(postgres_server: str) -> None:
    async with fresh_database(postgres_server) as url:
        forgotten = await asyncpg.connect(url)
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await asyncpg.connect(url)
    await forgotten.close()


async def test_a_template_is_filled_once_and_copied_with_what_it_holds(postgres_server: str) -> None:
    filled: list[str] = []

    async def fill(url: str) -> None:
        filled.append(url)
        await _ask(url, "CREATE TABLE calls (id integer)")
        await _ask(url, "INSERT INTO calls VALUES (1)")

    async with fresh_database(postgres_server) as own:
        run = own.rsplit("_", 1)[1]
    name = await template_database(postgres_server, run, fill)
    assert await template_database(postgres_server, run, fill) == name
    async with fresh_database(postgres_server, template=name) as copy:
        assert await _ask(copy, "SELECT count(*) FROM calls") == 1
    await _ask(postgres_server, f"DROP DATABASE {name}")
    assert len(filled) == 1


async def test_all_who_ask_at_once_get_the_same_server_and_its_door_is_shut_to_strangers() -> None:
    place = prepare()
    try:
        with ThreadPoolExecutor(3) as askers:
            urls = set(askers.map(server_url, [place.folder] * 3))
        assert len(urls) == 1
        url = urls.pop()
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(url.replace("telefonie:", "telefonie:not-"))
        assert await _ask(at(url, "template1"), "SHOW fsync") == "off"
    finally:
        place.close()
    assert not place.folder.exists()
    with pytest.raises(OSError, match="Connect call failed"):
        await asyncpg.connect(url)
