"""The only module that keeps which sockets are open or wanted, and who holds them: a row each, held for a while."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, Row, Select, bindparam, case, delete, or_, select, update

from telefonie.core.clocks import Clock
from telefonie.core.derive import derived
from telefonie.store.bulk import Bulk
from telefonie.store.clocks import clock_of
from telefonie.store.connect import among, listed, upsert
from telefonie.store.jobs import Crew, State
from telefonie.store.tables import clocks, jobs

RunAt = Callable[[str, int], int | None]
STEP_MS: Final = 1_000  # of standing time; then all that was said so far has gone through every socket
ENDS: Final = 1  # in the place of attempts: the call is over, and its socket is let go
_SOCKETS: Final = (jobs.c.crew == Crew.STREAMS.value, jobs.c.state == State.OPEN.value)


def socket_id(call_id: str) -> str:
    """The row of a call's socket."""
    return derived(call_id, "socket")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The socket of a call is to be opened, or let go, at a moment of the account's time."""

    call_id: str
    account_id: str
    at: int
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A socket that this process has in hand."""

    id: str
    account_id: str
    call_id: str
    until: int  # wall time; by this its holder is known


@dataclass(frozen=True, slots=True)
class Standing:
    """How a held socket's row stands: until when it is held, what it is due for, and its account's clock."""

    until: int
    due: int
    ends: bool
    clock: Clock


def _opening(dialect: str) -> Any:
    names = ("id", "account_id", "crew", "state", "subject", "due_at", "awaited_at", "run_at")
    values: dict[str, Any] = {name: bindparam(name) for name in names}
    return upsert(dialect, jobs).values(values).on_conflict_do_nothing()


_OPENING: Final = Bulk(_opening)
# Whoever waits for time to pass waits until what was said before the end has gone through the socket.
_CLOSING: Final = Bulk(
    lambda _: (
        update(jobs)
        .where(jobs.c.id == bindparam("b_id"), *_SOCKETS)
        .values(due_at=bindparam("b_at"), awaited_at=bindparam("b_at"), attempts=ENDS)
    )
)


def write(conn: Connection, run_at: RunAt, wanted: Sequence[Wanted]) -> None:
    """What calls wish of their sockets."""
    _OPENING.run(
        conn,
        [
            {
                "id": socket_id(each.call_id),
                "account_id": each.account_id,
                "crew": Crew.STREAMS.value,
                "state": State.OPEN.value,
                "subject": each.call_id,
                "due_at": each.at,
                "awaited_at": each.at,
                "run_at": run_at(each.account_id, each.at),
            }
            for each in wanted
            if not each.ends
        ],
    )
    _CLOSING.run(conn, [{"b_id": socket_id(each.call_id), "b_at": each.at} for each in wanted if each.ends])


def _due() -> Select[Any]:
    """Those whose time has come and whom nobody holds; of accounts whose clock stands, by that clock."""
    wall = bindparam("wall", type_=BigInteger)
    free = or_(jobs.c.held_until.is_(None), jobs.c.held_until <= wall)
    standing = jobs.c.run_at.is_(None) & (jobs.c.due_at <= clocks.c.at)
    return (
        select(jobs.c.id)
        .join_from(jobs, clocks, clocks.c.account_id == jobs.c.account_id)
        .where(*_SOCKETS, or_(jobs.c.run_at <= wall, standing & free))
        .order_by(jobs.c.number)
        .limit(bindparam("most"))
    )


_WAITING: Final = _due()


@lru_cache
def _claim() -> Any:
    due = _due().with_for_update(of=jobs, skip_locked=True).scalar_subquery()
    until = bindparam("until", type_=BigInteger)
    held = {"held_until": until, "run_at": case((jobs.c.run_at.is_not(None), until), else_=None)}
    shown = (jobs.c.id, jobs.c.account_id, jobs.c.subject, jobs.c.held_until)
    return update(jobs).where(jobs.c.id.in_(due)).values(held).returning(*shown)


def claim(conn: Connection, wall: int, most: int, lease_ms: int) -> list[Held]:
    """Take in hand what nobody has: sockets to be opened, and those that a dead process has left."""
    given = {"wall": wall, "most": most, "until": wall + lease_ms}
    rows = conn.execute(_claim(), given).all()
    return [Held(row.id, row.account_id, row.subject, row.held_until) for row in rows]


def waiting(conn: Connection, wall: int) -> bool:
    """Whether there is anything to claim. Only a hint."""
    return conn.execute(_WAITING, {"wall": wall, "most": 1}).first() is not None


_RENEW: Final = Bulk(
    lambda _: (
        update(jobs)
        .where(jobs.c.id == bindparam("b_id"), jobs.c.held_until == bindparam("b_until"), *_SOCKETS)
        .values(
            held_until=bindparam("b_next"),
            run_at=case((jobs.c.run_at.is_not(None), bindparam("b_next_run", type_=BigInteger)), else_=None),
        )
    )
)


def renew(conn: Connection, held: Sequence[Held], until: int) -> None:
    """Hold on. Who has lost one meanwhile sees it by `standing`."""
    _RENEW.run(
        conn,
        [{"b_id": each.id, "b_until": each.until, "b_next": until, "b_next_run": until} for each in held],
    )


_PASS: Final = Bulk(
    lambda _: (
        update(jobs)
        .where(jobs.c.id == bindparam("b_id"), jobs.c.attempts != ENDS, *_SOCKETS)
        .values(due_at=bindparam("b_next"), awaited_at=None)
    )
)


def pass_on(conn: Connection, moved: Mapping[str, int]) -> None:
    """Time may go on: everything up to these moments has gone through these sockets."""
    _PASS.run(conn, [{"b_id": each, "b_next": at + STEP_MS} for each, at in moved.items()])


_HASTEN: Final = (
    update(jobs)
    .where(
        *_SOCKETS,
        jobs.c.account_id == bindparam("whose"),
        jobs.c.due_at > bindparam("now"),
        jobs.c.due_at < bindparam("now", type_=BigInteger) + STEP_MS,
    )
    .values(due_at=bindparam("now"))
)


def hasten(conn: Connection, account_id: str, now: int) -> bool:
    """Time comes to rest here: what has gone through the account's sockets shall reach so far. Whether any does not."""
    return bool(conn.execute(_HASTEN, {"whose": account_id, "now": now}).rowcount)


def let_go(conn: Connection, ids: Collection[str]) -> None:
    """These are done with."""
    conn.execute(delete(jobs).where(among(conn.dialect.name, jobs.c.id, "ids")), _ids(conn, ids))


@lru_cache
def _rows(dialect: str) -> Any:
    shown = (jobs.c.id, jobs.c.held_until, jobs.c.due_at, jobs.c.attempts)
    theirs = (clocks.c.account_id, clocks.c.mode, clocks.c.speed, clocks.c.wall, clocks.c.at)
    query = select(*shown, *theirs).join_from(jobs, clocks, clocks.c.account_id == jobs.c.account_id)
    return query.where(among(dialect, jobs.c.id, "ids"), *_SOCKETS)


def standing(conn: Connection, ids: Collection[str]) -> dict[str, Standing]:
    """How these rows stand; one that is gone is not among them."""
    rows: Sequence[Row[Any]] = conn.execute(_rows(conn.dialect.name), _ids(conn, ids)).all()
    return {
        row.id: Standing(row.held_until or 0, row.due_at or 0, row.attempts == ENDS, clock_of(row))
        for row in rows
    }


def under_way(conn: Connection, call_ids: Collection[str]) -> set[str]:
    """Of which of these calls sound may still come: their socket is open, or not yet let go."""
    query = select(jobs.c.subject).where(among(conn.dialect.name, jobs.c.id, "ids"), *_SOCKETS)
    rows = conn.execute(query, _ids(conn, [socket_id(each) for each in call_ids]))
    return set(rows.scalars())


def _ids(conn: Connection, ids: Collection[str]) -> dict[str, object]:
    return {"ids": listed(conn.dialect.name, sorted(ids))}
