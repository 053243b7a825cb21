"""The only module that keeps exact totals of calls, so that no list has to count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from telefonie.core.call import Call
from telefonie.store.bulk import Bulk
from telefonie.store.connect import upsert
from telefonie.store.tables import counters

SLOTS: Final = 16


class Cell(NamedTuple):
    """What is counted apart."""

    account_id: str
    face: str
    direction: str
    status: str


def cell(call: Call) -> Cell:
    """Where a call is counted."""
    return Cell(call.account_id, call.face, call.order.direction.value, call.status.value)


def _add(dialect: str) -> Any:
    insert = upsert(dialect, counters)
    names = ("account_id", "face", "direction", "status", "slot", "n")
    return insert.values({name: bindparam(name) for name in names}).on_conflict_do_update(
        index_elements=["account_id", "face", "direction", "status", "slot"],
        set_={"n": counters.c.n + insert.excluded.n},
    )


_ADD: Final = Bulk(_add)


def add(conn: Connection, deltas: Mapping[Cell, int], slot: int) -> None:
    """Add to the totals; always in one order, so that two processes never wait for each other in a ring."""
    changed = sorted((where, n) for where, n in deltas.items() if n)
    _ADD.run(conn, [where._asdict() | {"slot": slot, "n": n} for where, n in changed])


def totals(conn: Connection, account_id: str | None = None) -> dict[Cell, int]:
    """The calls of an account (or of all), by face, direction and status."""
    cells = (counters.c.account_id, counters.c.face, counters.c.direction, counters.c.status)
    query = select(*cells, func.sum(counters.c.n)).group_by(*cells)
    if account_id is not None:
        query = query.where(counters.c.account_id == account_id)
    return {Cell(*row[:4]): int(row[4]) for row in conn.execute(query) if row[4]}
