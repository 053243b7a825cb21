"""The only module that claims, holds, finishes and promotes jobs: timers and outbox in one table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Connection,
    Row,
    Select,
    bindparam,
    case,
    func,
    literal,
    select,
    update,
)

from telefonie.store.bulk import Bulk
from telefonie.store.connect import among, listed, upsert
from telefonie.store.tables import attempts, calls, jobs


class Crew(IntEnum):
    """Who does it: the clockmaker (database only) or the postmen (who may be kept waiting)."""

    CLOCKMAKER = 0
    POSTMEN = 1
    COURIERS = 2  # messages to calls
    STEWARDS = 3  # messages to rooms and queues
    STREAMS = 4  # sockets at whose other end a program is


class State(IntEnum):
    """How far a job is. Alarms are only ever open; letters stay, as the record of what was sent."""

    OPEN = 0
    DELIVERED = 1
    FAILED = 2


def _alarm(dialect: str) -> Any:
    insert = upsert(dialect, jobs)
    new = insert.excluded
    return insert.values(
        {
            name: bindparam(name)
            for name in ("id", "account_id", "crew", "state", "subject", "due_at", "awaited_at", "run_at")
        }
    ).on_conflict_do_update(
        index_elements=["id"],
        set_={"due_at": new.due_at, "awaited_at": new.awaited_at, "run_at": new.run_at},
    )


_LETTER = (
    "id",
    "account_id",
    "crew",
    "state",
    "subject",
    "due_at",
    "awaited_at",
    "run_at",
    "gate",
    "attempts",
    "body",
)
ALARM: Final = Bulk(_alarm)
NO_ALARM: Final = Bulk(lambda _: jobs.delete().where(jobs.c.id == bindparam("b_id")))
MESSAGE: Final = Bulk(
    lambda _: jobs.insert().values({name: bindparam(name) for name in _LETTER if name != "gate"})
)
LETTER: Final = Bulk(lambda _: jobs.insert().values({name: bindparam(name) for name in _LETTER}))
SETTLE: Final = Bulk(
    lambda _: (
        update(jobs)
        .where(jobs.c.id == bindparam("b_id"))
        .values(
            state=bindparam("b_state"),
            due_at=bindparam("b_due_at"),
            awaited_at=bindparam("b_awaited_at"),
            run_at=bindparam("b_run_at"),
            attempts=bindparam("b_attempts"),
            held_until=None,
        )
    )
)
PROMOTE: Final = Bulk(
    lambda _: (
        update(jobs)
        .where(jobs.c.id == bindparam("b_id"), jobs.c.state == State.OPEN.value, jobs.c.due_at.is_(None))
        .values(due_at=bindparam("b_due_at"), awaited_at=bindparam("b_due_at"), run_at=bindparam("b_run_at"))
    )
)
ATTEMPT: Final = Bulk(
    lambda dialect: (
        upsert(dialect, attempts)
        .values({name: bindparam(name) for name in ("job_id", "ordinal", "at", "receipt")})
        .on_conflict_do_nothing()
    )
)


_RINGING: Final = (
    select(jobs.c.subject, jobs.c.account_id)
    .where(jobs.c.crew == Crew.CLOCKMAKER.value, jobs.c.run_at <= bindparam("wall"))
    .order_by(jobs.c.run_at)
    .limit(bindparam("most"))
)


def ringing_alarms(
    conn: Connection, wall: int, most: int, only: str | None = None
) -> Sequence[Row[Any, Any]]:
    """Calls whose alarm has gone off, and their accounts. Only a hint: they are read again under lock."""
    query = _RINGING if only is None else _RINGING.where(jobs.c.id == only)
    return conn.execute(query, {"wall": wall, "most": most}).all()


@lru_cache
def _due_calls(dialect: str, by_account: bool) -> Select[Any]:  # noqa: FBT001 - a cache key
    query: Select[Any] = select(calls).join_from(calls, jobs, jobs.c.id == calls.c.id)
    if by_account:
        query = query.where(
            jobs.c.account_id == bindparam("account_id"),
            jobs.c.crew == Crew.CLOCKMAKER.value,
            jobs.c.state == State.OPEN.value,
            jobs.c.due_at <= bindparam("now"),
        ).order_by(jobs.c.due_at, calls.c.number)
        return query.limit(bindparam("most")).with_for_update(of=[calls, jobs])
    ids = among(dialect, jobs.c.id, "ids")
    query = query.where(ids, jobs.c.run_at <= bindparam("wall")).order_by(calls.c.id)
    return query.with_for_update(of=[calls, jobs], skip_locked=True)


def lock_due(conn: Connection, ids: Iterable[str], wall: int) -> Sequence[Row[Any]]:
    """Those calls whose alarm has still gone off, locked with it. What another holds is passed over."""
    dialect = conn.dialect.name
    given = {"ids": listed(dialect, list(ids)), "wall": wall}
    return conn.execute(_due_calls(dialect, False), given).all()  # noqa: FBT003 - a cache key


def lock_due_of(conn: Connection, account_id: str, now: int, most: int) -> Sequence[Row[Any]]:
    """The calls of one account that are due, in the order of their moments."""
    given = {"account_id": account_id, "now": now, "most": most}
    return conn.execute(_due_calls(conn.dialect.name, True), given).all()  # noqa: FBT003 - a cache key


@lru_cache
def _open(dialect: str) -> Select[Any]:
    return select(jobs.c.id, jobs.c.held_until).where(
        among(dialect, jobs.c.id, "ids"), jobs.c.state == State.OPEN.value
    )


def still_open(conn: Connection, ids: Sequence[str]) -> set[str]:
    """Which of these jobs are not finished."""
    return set(leases(conn, ids))


def leases(conn: Connection, ids: Sequence[str]) -> dict[str, int | None]:
    """Until when those of these jobs that are not finished are held."""
    dialect = conn.dialect.name
    return {row.id: row.held_until for row in conn.execute(_open(dialect), {"ids": listed(dialect, ids)})}


def next_run(conn: Connection, crew: Crew) -> int | None:
    """The wall time of a crew's next job."""
    query = select(func.min(jobs.c.run_at)).where(jobs.c.crew == crew.value, jobs.c.run_at.is_not(None))
    return conn.execute(query).scalar()


def free_all(conn: Connection) -> None:
    """Nobody holds anything: said when the only process starts."""
    due = case((jobs.c.run_at.is_not(None), literal(0, BigInteger)), else_=None)
    held = jobs.c.held_until.is_not(None) & (jobs.c.state == State.OPEN.value)
    conn.execute(update(jobs).where(held).values(held_until=None, run_at=due))


def postpone(conn: Connection, job_id: str, until: int) -> None:
    """A job that cannot be done now is not tried again at once for ever."""
    conn.execute(update(jobs).where(jobs.c.id == job_id, jobs.c.run_at.is_not(None)).values(run_at=until))


def set_back(conn: Connection, job_id: str, due: int) -> None:
    """The same for an account whose clock stands."""
    conn.execute(update(jobs).where(jobs.c.id == job_id).values(due_at=due, awaited_at=None))
