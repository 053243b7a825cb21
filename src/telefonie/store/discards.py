"""The only module that keeps which files are to be removed, until they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, delete, exists, select

from telefonie.store.tables import accounts
from telefonie.store.tables import discards as table

BITE: Final = 500


@dataclass(frozen=True, slots=True)
class Discard:
    """A file to be removed. `orphaned`: its account is gone, and nobody makes new files there."""

    key: str
    noted: int  # wall time
    orphaned: bool


def noted(conn: Connection, after: str, account_id: str | None) -> list[Discard]:
    """What is to be removed (of one account, or of all), in the order of keys."""
    query: Select[Any] = select(
        table, exists(select(accounts.c.id).where(accounts.c.id == table.c.account_id))
    )
    query = query.where(table.c.key > after).order_by(table.c.key).limit(BITE)
    if account_id is not None:
        query = query.where(table.c.account_id == account_id)
    return [Discard(row.key, row.noted, not row[-1]) for row in conn.execute(query)]


def done(conn: Connection, removed: list[Discard]) -> None:
    """These are gone; what was noted anew meanwhile is not."""
    for each in removed:
        conn.execute(delete(table).where(table.c.key == each.key, table.c.noted == each.noted))
