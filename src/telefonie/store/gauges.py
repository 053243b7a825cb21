"""The only module that takes the store's own measure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from telefonie.store import counters
from telefonie.store.connect import wall
from telefonie.store.jobs import State
from telefonie.store.tables import jobs


@dataclass(frozen=True, slots=True)
class Gauges:
    """Calls by status; jobs that still have a moment; those whose moment is past, and by how much at most."""

    calls_by_status: dict[str, int]
    jobs_due: int
    jobs_late: int
    oldest_late_ms: int


def gauges(conn: Connection) -> Gauges:
    """The present figures, over all accounts."""
    now = wall(conn)
    calls: Counter[str] = Counter()
    for cell, count in counters.totals(conn).items():
        calls[cell.status] += count
    runnable = (jobs.c.run_at.is_not(None), jobs.c.state == State.OPEN.value)
    due = conn.execute(select(func.count()).select_from(jobs).where(*runnable)).scalar_one()
    late = select(func.count(), func.min(jobs.c.run_at)).where(*runnable, jobs.c.run_at < now)
    count, oldest = conn.execute(late).one()
    return Gauges(dict(calls), due, count, max(0, now - oldest) if oldest is not None else 0)
