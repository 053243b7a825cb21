"""The only module that keeps accounts' clocks, and the wall times that follow from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Connection,
    Float,
    Row,
    Select,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    update,
)

from telefonie.core.clocks import Clock, Mode
from telefonie.store.codec import dump, load
from telefonie.store.connect import among, listed
from telefonie.store.jobs import Crew, State
from telefonie.store.tables import clocks, jobs

ORPHANED_MS: Final = 3_000
SOON: Final = 16  # jobs by which is told who has something to do next
ALL_CREWS: Final = frozenset(each.value for each in Crew)


@dataclass(frozen=True, slots=True)
class Drive:
    """An advance: where a standing clock is being taken, and what that has caused so far."""

    started_at: int
    until: int | None  # None: until nothing awaited is left
    fired: int = 0
    requests: int = 0
    done: bool = False


@lru_cache
def _several(dialect: str) -> Select[Any]:
    query = select(clocks).where(among(dialect, clocks.c.account_id, "ids")).order_by(clocks.c.account_id)
    return query.with_for_update(read=True, key_share=True)


def lock_shared(conn: Connection, account_ids: Sequence[str]) -> dict[str, Row[Any]]:
    """The clocks that a batch decides under: nobody may change them meanwhile."""
    dialect = conn.dialect.name
    rows = conn.execute(_several(dialect), {"ids": listed(dialect, sorted(account_ids))}).all()
    return {row.account_id: row for row in rows}


def lock_one(conn: Connection, account_id: str) -> Row[Any] | None:
    """One clock, to be changed."""
    query = select(clocks).where(clocks.c.account_id == account_id).with_for_update()
    return conn.execute(query).one_or_none()


def peek(conn: Connection, account_id: str) -> Row[Any] | None:
    """One clock, only to be read."""
    return conn.execute(select(clocks).where(clocks.c.account_id == account_id)).one_or_none()


def clock_of(row: Row[Any]) -> Clock:
    """A row as the domain knows it."""
    return Clock(row.account_id, Mode(row.mode), row.speed, row.wall, row.at)


def drive_of(row: Row[Any]) -> Drive | None:
    """The advance under way, or the last one's result."""
    if not row.drive:
        return None
    found = load(row.drive)
    return Drive(**{name: found[name] for name in Drive.__slots__ if name in found})


def save(conn: Connection, clock: Clock, drive: Drive | None, driven_at: int | None = None) -> None:
    """A clock as it now stands."""
    kept = None if drive is None else dump({name: getattr(drive, name) for name in Drive.__slots__})
    values = {"mode": clock.mode.value, "speed": clock.speed, "wall": clock.wall, "at": clock.at}
    mine = clocks.c.account_id == clock.account_id
    conn.execute(update(clocks).where(mine).values(drive=kept, driven_at=driven_at, **values))


def draw(conn: Connection, account_id: str, count: int) -> int:
    """Count names drawn from an account's seed; answers how many were drawn before."""
    query = (
        update(clocks)
        .where(clocks.c.account_id == account_id)
        .values(drawn=clocks.c.drawn + count)
        .returning(clocks.c.drawn)
    )
    return int(conn.execute(query).scalar_one()) - count


def rewrite(conn: Connection, clock: Clock, wall: int) -> None:
    """Derive anew when each open job of an account may run: one expression for all."""
    run_at: Any = null()
    if not clock.stands:
        exact = (jobs.c.due_at - clock.at) / literal(clock.speed, Float)
        # Rounded up as in the core; the cast itself rounds in one database and cuts in the other.
        whole = cast(exact, BigInteger)
        ahead = whole + case((whole < exact, 1), else_=0)
        # What is in a postman's hand comes up again when his lease runs out, should he have died with it.
        run_at = case(
            (jobs.c.held_until > wall, jobs.c.held_until),
            (jobs.c.due_at.is_not(None), clock.wall + ahead),
            else_=None,
        )
    mine = jobs.c.account_id == clock.account_id
    conn.execute(update(jobs).where(mine, jobs.c.state == State.OPEN.value).values(run_at=run_at))


_AWAITED = or_(jobs.c.awaited_at.is_not(None), jobs.c.crew == Crew.POSTMEN.value)


_PENDING: Final = select(func.count(), func.min(jobs.c.awaited_at)).where(
    _AWAITED, jobs.c.account_id == bindparam("account_id"), jobs.c.state == State.OPEN.value
)


def pending(conn: Connection, account_id: str) -> tuple[int, int | None]:
    """How many things will still happen that somebody may wait for, and when the next one does."""
    count, soonest = conn.execute(_PENDING, {"account_id": account_id}).one()
    return count, soonest


_SOON: Final = (
    select(jobs.c.due_at, jobs.c.crew)
    .where(
        jobs.c.account_id == bindparam("account_id"),
        jobs.c.state == State.OPEN.value,
        jobs.c.due_at.is_not(None),
    )
    .order_by(jobs.c.due_at)
    .limit(SOON)
)


def next_due(conn: Connection, account_id: str, now: int) -> tuple[int | None, frozenset[int]]:
    """When anything at all is due next, guards too, and which crews have something to do then (or now)."""
    rows = conn.execute(_SOON, {"account_id": account_id}).all()
    if not rows:
        return None, frozenset()
    due = [row for row in rows if row.due_at <= max(now, rows[0].due_at)]
    # Behind so many there may be anybody.
    return rows[0].due_at, ALL_CREWS if len(due) == SOON else frozenset(row.crew for row in due)


@lru_cache
def _beside(dialect: str) -> Select[Any]:
    mine = (jobs.c.account_id == bindparam("account_id"), jobs.c.state == State.OPEN.value)
    others = (jobs.c.due_at.is_not(None), ~among(dialect, jobs.c.id, "but"))
    return select(jobs.c.due_at).where(*mine, *others).order_by(jobs.c.due_at).limit(1)


def due_beside(conn: Connection, account_id: str, but: Sequence[str]) -> int | None:
    """When anything but these jobs is due next."""
    dialect = conn.dialect.name
    given = {"account_id": account_id, "but": listed(dialect, but)}
    return conn.execute(_beside(dialect), given).scalar()


def left_standing(conn: Connection, wall: int) -> list[str]:
    """Accounts whose standing clock has to be taken somewhere, but nobody does: their driver died."""
    busy = select(jobs.c.account_id).where(jobs.c.state == State.OPEN.value, _AWAITED)
    alone = or_(clocks.c.driven_at.is_(None), clocks.c.driven_at < wall - ORPHANED_MS)
    query = select(clocks.c.account_id).where(
        alone,
        or_(
            clocks.c.drive.contains('"done":false'),
            (clocks.c.mode == Mode.AUTO.value) & clocks.c.account_id.in_(busy),
        ),
    )
    return list(conn.execute(query).scalars())


def restore(conn: Connection, clock: Clock) -> None:
    """A clock as it was when the account was new, and its seed undrawn."""
    save(conn, clock, None)
    conn.execute(update(clocks).where(clocks.c.account_id == clock.account_id).values(drawn=0))
