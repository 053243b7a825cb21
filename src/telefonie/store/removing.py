"""The only module that removes calls and rooms with everything that hangs on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, delete, select, text

from telefonie.store import counters
from telefonie.store.counters import Cell
from telefonie.store.tables import attempts, calls, events, jobs


def strip(conn: Connection, ids: Sequence[str]) -> None:
    """Remove the journals of these, the letters about them, and every attempt."""
    if not ids:
        return
    letters = and_(text("jobs.crew = 1"), jobs.c.subject.in_(ids))
    conn.execute(delete(attempts).where(attempts.c.job_id.in_(select(jobs.c.id).where(letters))))
    conn.execute(delete(jobs).where(letters))
    conn.execute(delete(events).where(events.c.subject.in_(ids)))


def remove(conn: Connection, table: Table, rows: Sequence[Row[Any]], slot: int) -> None:
    """Remove these calls or rooms with all that belongs to them; totals follow."""
    ids = [row.id for row in rows]
    if not ids:
        return
    strip(conn, ids)
    conn.execute(delete(table).where(table.c.id.in_(ids)))
    if table is calls:
        gone = Counter(Cell(row.account_id, row.face, row.direction, row.status) for row in rows)
        counters.add(conn, {cell: -count for cell, count in gone.items()}, slot)
