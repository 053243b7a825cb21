"""The only module that removes calls and rooms with everything that hangs on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, delete, select, text

from telefonie.store import counters
from telefonie.store.counters import Cell
from telefonie.store.tables import attempts, calls, events, jobs


def strip(conn: Connection, ids: Sequence[str]) -> Counter[str]:
    """Remove the journals of these, the letters about them, and every attempt; how much of each."""
    if not ids:
        return Counter()
    letters = and_(text("jobs.crew = 1"), jobs.c.subject.in_(ids))
    tried = delete(attempts).where(attempts.c.job_id.in_(select(jobs.c.id).where(letters)))
    gone = {
        "attempts": tried,
        "deliveries": delete(jobs).where(letters),
        "events": delete(events).where(events.c.subject.in_(ids)),
    }
    return Counter({name: conn.execute(each).rowcount for name, each in gone.items()})


def remove(conn: Connection, table: Table, rows: Sequence[Row[Any]], slot: int) -> Counter[str]:
    """Remove these calls or rooms with all that belongs to them; totals follow."""
    ids = [row.id for row in rows]
    if not ids:
        return Counter()
    count = strip(conn, ids)
    count["calls" if table is calls else "conferences"] += len(rows)
    conn.execute(delete(table).where(table.c.id.in_(ids)))
    if table is calls:
        gone = Counter(Cell(row.account_id, row.face, row.direction, row.status) for row in rows)
        counters.add(conn, {cell: -each for cell, each in gone.items()}, slot)
    return count
