"""A store comes to the schema of this code from nothing, and says whether code and schema fit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from telefonie.store import schema
from telefonie.store.connect import Store
from telefonie.store.opening import open_store
from telefonie.store.schema import Schema
from telefonie.store.tables import REVISION, metadata
from tests.store.shelf import rows
from tests.support.project import ROOT


@pytest.fixture(params=["sqlite", "postgres"])
async def empty(request: pytest.FixtureRequest, tmp_path: Path, postgres_url: str) -> AsyncIterator[Store]:
    """A store in which there is nothing."""
    store = open_store(tmp_path / "new" / "deep" if request.param == "sqlite" else postgres_url)
    await store.start()
    yield store
    await store.stop()


def drift(conn: Connection) -> list[Any]:
    """What alembic would write into a next migration."""
    found: list[Any] = compare_metadata(
        MigrationContext.configure(conn, opts={"compare_type": True}), metadata
    )
    return found


async def test_the_migrations_lead_from_nothing_to_the_tables_of_this_code(empty: Store) -> None:
    assert await empty.read(schema.read) == Schema(None, None)
    reached = await empty.write(schema.upgrade)
    assert reached == await empty.read(schema.read)
    assert reached.fits
    assert reached.revision == REVISION
    assert await empty.read(drift) == []


def at_revision(conn: Connection, revision: str) -> None:
    """Bring a store to an earlier version's schema."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["connection"] = conn
    command.upgrade(config, revision)


_CALL: Final = (
    'INSERT INTO calls (id, account_id, face, direction, status, caller, callee, created_at, "placing", state) '
    "VALUES (:id, 'a', 'plain', 'outbound', 'completed', '+1', '+2', 1, '{}', :state)"
)
_ROOM: Final = (
    "INSERT INTO meetings (id, account_id, face, kind, name, status, live, created_at, state) "
    "VALUES (:id, 'a', 'plain', 'room', 'lobby', 'ended', :live, 1, :state)"
)


async def test_what_was_over_before_is_found_by_when_it_was_over(empty: Store) -> None:
    """Retention goes by columns that calls and rooms of the version before did not have."""

    def fill(conn: Connection) -> None:
        at_revision(conn, "0002")
        for name, state in (("over", '{"touched_at":9,"ended_at":7}'), ("on", '{"touched_at":9}')):
            conn.execute(text(_CALL), {"id": name, "state": state})
        for name, live in (("over", None), ("on", 1)):
            conn.execute(text(_ROOM), {"id": name, "live": live, "state": '{"touched_at":8}'})

    await empty.write(fill)
    assert (await empty.write(schema.upgrade)).revision == REVISION
    assert await empty.read(drift) == []
    for table, column, expected in (("calls", "ended_at", 7), ("meetings", "over_at", 8)):
        query = f"SELECT id, {column}, bare FROM {table} ORDER BY id"  # noqa: S608 - ours
        found = await rows(empty, query)
        assert found == [("on", None, None), ("over", expected, None)]


async def test_calls_of_the_version_before_are_found_by_what_they_ended_of(empty: Store) -> None:
    def fill(conn: Connection) -> None:
        at_revision(conn, "0003")
        ends = (
            '{"touched_at":9}',
            '{"touched_at":9,"cause":"declined"}',
            '{"touched_at":9,"heard":"machine"}',
        )
        for number, state in enumerate(ends):
            conn.execute(text(_CALL), {"id": str(number), "state": state})

    await empty.write(fill)
    await empty.write(schema.upgrade)
    assert await empty.read(drift) == []
    query = "SELECT application_id, conversation, cause, heard FROM calls ORDER BY id"
    nothing = (None, None)
    assert await rows(empty, query) == [
        (*nothing, None, None),
        (*nothing, "declined", None),
        (*nothing, None, "machine"),
    ]


async def test_a_store_that_is_there_already_is_left_alone(store: Store) -> None:
    before = await store.read(schema.read)
    assert await store.write(schema.upgrade) == before


async def test_a_migration_that_fails_half_way_leaves_nothing_behind(empty: Store) -> None:
    def broken(conn: Connection) -> None:
        schema.upgrade(conn)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await empty.write(broken)
    assert await empty.read(lambda conn: inspect(conn).get_table_names()) == []


async def test_two_processes_that_start_at_once_migrate_once(postgres_url: str) -> None:
    stores = [open_store(postgres_url) for _ in range(2)]
    for each in stores:
        await each.start()
    reached = await asyncio.gather(*(each.write(schema.upgrade) for each in stores))
    assert [each.revision for each in reached] == [REVISION, REVISION]
    assert await stores[0].read(drift) == []
    for each in stores:
        await each.stop()


@pytest.mark.parametrize(
    ("revision", "oldest", "fits"),
    [
        (REVISION, REVISION, True),
        ("9999", REVISION, True),  # newer, and still fit for this code
        ("9999", "9998", False),  # newer, and no longer fit for it
        ("0000", "0000", False),  # older than this code
        (None, None, False),
        (REVISION, None, False),
    ],
)
def test_a_schema_fits_when_it_is_current_or_newer_and_compatible(
    revision: str | None,
    oldest: str | None,
    fits: bool,  # noqa: FBT001 - a table
) -> None:
    assert Schema(revision, oldest).fits is fits


async def test_a_store_that_is_ahead_is_not_touched_by_older_code(store: Store) -> None:
    await store.write(lambda conn: conn.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    assert await store.write(schema.upgrade) == Schema("9999", REVISION)


def test_whoever_meets_a_store_that_does_not_fit_is_told_what_to_do() -> None:
    assert "telefonie migrate" in str(schema.Unfitting(Schema("0000", "0000")))
    assert "empty" in str(schema.Unfitting(Schema(None, None)))
