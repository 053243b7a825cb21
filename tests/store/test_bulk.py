"""Many rows go with one prepared statement, and none go with none."""

from __future__ import annotations

from typing import Final

import pytest
from sqlalchemy import Connection, bindparam, update
from sqlalchemy.exc import DBAPIError

from telefonie.store.bulk import Bulk
from telefonie.store.connect import Store, upsert
from telefonie.store.tables import phones
from tests.store.shelf import rows

PUT: Final = Bulk(
    lambda dialect: (
        upsert(dialect, phones)
        .values({name: bindparam(name) for name in ("account_id", "number", "body")})
        .on_conflict_do_nothing()
    )
)
# The statement compares with a constant of its own, which no row brings.
CHANGE: Final = Bulk(
    lambda _: (
        update(phones)
        .where(phones.c.number == bindparam("b_number"), phones.c.account_id == "ann")
        .values(body=bindparam("b_body"))
    )
)


def phone(account_id: str, number: str, body: str = "{}") -> dict[str, str]:
    return {"body": body, "number": number, "account_id": account_id}  # not in the columns' order


async def everything(store: Store) -> list[tuple[str, str, str]]:
    found = await rows(store, "SELECT account_id, number, body FROM phones ORDER BY account_id, number")
    return [(account, number, body) for account, number, body in found]


async def test_no_rows_are_no_statement(store: Store) -> None:
    await store.write(lambda conn: PUT.run(conn, []))
    assert await everything(store) == []


async def test_each_row_gives_the_statement_its_own_values(store: Store) -> None:
    def work(conn: Connection) -> None:
        PUT.run(conn, [phone("ann", str(n)) for n in range(300)])
        PUT.run(conn, [phone("ann", "7"), phone("bob", "7")])
        CHANGE.run(conn, [{"b_number": str(n), "b_body": f"changed {n}"} for n in (7, 8)])

    await store.write(work)
    found = await everything(store)
    assert len(found) == 301
    assert {each for each in found if each[2] != "{}"} == {
        ("ann", "7", "changed 7"),
        ("ann", "8", "changed 8"),
    }


async def test_one_row_that_cannot_be_written_spoils_the_statement_and_its_transaction(store: Store) -> None:
    bad = phone("ann", "8")
    bad["number"] = None  # type: ignore[assignment]
    with pytest.raises(DBAPIError):
        await store.write(lambda conn: PUT.run(conn, [phone("ann", "7"), bad]))
    assert await everything(store) == []
