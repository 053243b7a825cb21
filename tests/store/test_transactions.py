"""A write is all or nothing, and a read sees the store as it was at one moment."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.util import await_only

from telefonie.store.connect import Store, Unavailable, among, listed, wall
from telefonie.store.opening import open_store
from telefonie.store.tables import accounts
from tests.store.shelf import ANN, BOB, open_account, rows
from tests.support.targets import Target


async def test_a_write_that_fails_leaves_nothing(store: Store) -> None:
    def half(conn: Connection) -> None:
        conn.execute(text("INSERT INTO compatibility (oldest) VALUES ('x')"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await store.write(half)
    assert await rows(store, "SELECT * FROM compatibility WHERE oldest = 'x'") == []


async def test_a_full_disk_is_a_store_that_is_away(tmp_path: Path) -> None:
    """Then whoever asks is told to come back, and no call is set aside as if it were at fault."""
    store = open_store(tmp_path)
    await store.start()
    await store.write(lambda conn: conn.execute(text("CREATE TABLE things (name TEXT)")))
    await store.write(lambda conn: conn.execute(text("PRAGMA max_page_count = 1")))
    much = {"name": "x" * 100_000}
    with pytest.raises(Unavailable, match="full"):
        await store.write(lambda conn: conn.execute(text("INSERT INTO things VALUES (:name)"), much))
    await store.write(lambda conn: conn.execute(text("PRAGMA max_page_count = 1000000")))
    await store.write(lambda conn: conn.execute(text("INSERT INTO things VALUES (:name)"), much))
    await store.stop()


async def test_a_read_sees_one_moment_however_many_questions_it_asks(target: Target, store: Store) -> None:
    """Else a call that changes its status between two questions would be missing from both answers."""
    loop = asyncio.get_running_loop()
    asked, written = asyncio.Event(), asyncio.Event()

    async def write_meanwhile() -> None:
        await asked.wait()
        await open_account(other, BOB)
        written.set()

    other = open_store(target)
    await other.start()
    await open_account(store, ANN)
    seen = await asyncio.gather(_twice(store, loop, asked, written), write_meanwhile())
    assert seen[0] == (1, 1)
    assert await rows(store, "SELECT count(*) FROM accounts") == [(2,)]
    await other.stop()


async def _twice(
    store: Store, loop: asyncio.AbstractEventLoop, asked: asyncio.Event, written: asyncio.Event
) -> tuple[int, int]:
    count = text("SELECT count(*) FROM accounts")
    if not store.shared:
        done = threading.Event()
        written_in_thread = asyncio.create_task(_forward(written, done))

        def in_thread(conn: Connection) -> tuple[int, int]:
            first = conn.execute(count).scalar_one()
            loop.call_soon_threadsafe(asked.set)
            assert done.wait(10)
            return first, conn.execute(count).scalar_one()

        result = await store.read(in_thread)
        await written_in_thread
        return result

    def in_greenlet(conn: Connection) -> tuple[int, int]:
        first = conn.execute(count).scalar_one()
        asked.set()
        await_only(asyncio.wait_for(written.wait(), 10))
        return first, conn.execute(count).scalar_one()

    return await store.read(in_greenlet)


async def _forward(written: asyncio.Event, done: threading.Event) -> None:
    await written.wait()
    done.set()


async def test_the_wall_is_in_milliseconds_and_moves_on(store: Store) -> None:
    first = await store.read(wall)
    assert 1_600_000_000_000 < first <= await store.read(wall)


@pytest.mark.parametrize("wanted", [[], [ANN], [ANN, BOB, "nobody", "o'brien", '"', "{}", "a,b"]])
async def test_one_parameter_holds_a_list_of_any_length(store: Store, wanted: list[str]) -> None:
    for each in (ANN, BOB):
        await open_account(store, each)

    def ask(conn: Connection) -> set[str]:
        dialect = conn.dialect.name
        query = accounts.select().where(among(dialect, accounts.c.id, "ids"))
        return {row.id for row in conn.execute(query, {"ids": listed(dialect, wanted)})}

    assert await store.read(ask) == set(wanted) & {ANN, BOB}


async def test_sqlite_keeps_what_it_has_promised_through_a_power_cut(store: Store) -> None:
    if store.shared:
        assert store.url.startswith("postgresql+asyncpg://")  # there, durability is the operator's setting
        return
    [(synchronous,)] = await rows(store, "PRAGMA synchronous")
    [(journal,)] = await rows(store, "PRAGMA journal_mode")
    assert (synchronous, journal) == (2, "wal")
