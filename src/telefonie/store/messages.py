"""The only module that keeps what calls, rooms and queues tell each other until it is told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, delete, func, or_, select, update

from telefonie.core import messages
from telefonie.store import jobs
from telefonie.store.codec import dump, load
from telefonie.store.connect import among, listed
from telefonie.store.jobs import Crew
from telefonie.store.tables import jobs as table

RunAt = Callable[[str, int], int | None]
MOST: Final = 256  # of one batch
# The first bound is that of the index.
_MESSAGES: Final = (table.c.crew >= Crew.COURIERS.value, table.c.crew <= Crew.STEWARDS.value)


@dataclass(frozen=True, slots=True)
class Message:
    """Something that a call (or a room or queue, `to_meeting`) is told at a moment of its account's time."""

    id: str
    account_id: str
    subject: str  # the call's id, or the place where the meeting's messages are kept
    to_meeting: bool
    at: int
    content: messages.Message


@dataclass(frozen=True, slots=True)
class Told:
    """A message whose time has come, as it was stored."""

    id: str
    account_id: str
    subject: str
    to_meeting: bool
    at: int
    body: str

    @property
    def content(self) -> messages.Message:
        """What it says; raises when it cannot be read."""
        return messages.unpacked(load(self.body))


def write(
    conn: Connection, run_at: RunAt, sent: Sequence[Message], late: Sequence[tuple[Told, int]] = ()
) -> None:
    """New messages, in the order in which they are to be told; before them those that are put off."""
    again = [_row(each, each.body, until, None, run_at) for each, until in late]
    new = [_row(each, dump(messages.packed(each.content)), each.at, each.at, run_at) for each in sent]
    jobs.MESSAGE.run(conn, again + new)


def _row(each: Message | Told, body: str, due: int, awaited: int | None, run_at: RunAt) -> dict[str, Any]:
    return {
        "id": each.id,
        "account_id": each.account_id,
        "crew": (Crew.STEWARDS if each.to_meeting else Crew.COURIERS).value,
        "state": jobs.State.OPEN.value,
        "subject": each.subject,
        "due_at": due,
        "awaited_at": awaited,  # nobody waits for what was put off
        "run_at": run_at(each.account_id, due),
        "attempts": 0,
        "body": body,
    }


@dataclass(frozen=True, slots=True)
class Address:
    """Somebody for whom there are messages."""

    account_id: str
    subject: str
    is_meeting: bool


_DUE: Final = (
    select(table.c.account_id, table.c.subject, table.c.crew)
    .where(*_MESSAGES, table.c.run_at <= bindparam("wall"))
    .order_by(table.c.number)
    .limit(MOST)
)
_DUE_OF: Final = (
    select(table.c.account_id, table.c.subject, table.c.crew)
    .where(*_MESSAGES, table.c.account_id == bindparam("whose"), table.c.due_at <= bindparam("now"))
    .order_by(table.c.number)
    .limit(MOST)
)


def waiting(conn: Connection, wall: int, only: str | None = None) -> list[Address]:
    """For whom there are messages whose time has come. Only a hint: they are read again under lock."""
    query = _DUE if only is None else _DUE.where(table.c.subject == only)
    return _addresses(conn.execute(query, {"wall": wall}).all())


def waiting_of(conn: Connection, account_id: str, now: int) -> list[Address]:
    """The same for one account whose clock stands, by its own time."""
    return _addresses(conn.execute(_DUE_OF, {"whose": account_id, "now": now}).all())


def _addresses(rows: Sequence[Row[Any, Any, Any]]) -> list[Address]:
    found = (Address(row.account_id, row.subject, row.crew == Crew.STEWARDS) for row in rows)
    return list(dict.fromkeys(found))


@lru_cache
def _take(dialect: str) -> Any:
    mine = (*_MESSAGES, among(dialect, table.c.subject, "subjects"))
    due = or_(table.c.run_at <= bindparam("wall"), table.c.due_at <= bindparam("now"))
    shown = (table.c.number, table.c.id, table.c.account_id, table.c.subject, table.c.crew, table.c.due_at)
    return delete(table).where(*mine, due).returning(*shown, table.c.body)


def take(conn: Connection, subjects: Sequence[str], wall: int, now: int | None = None) -> list[Told]:
    """The messages for these, who must be locked: they are told now or, if this fails, all later."""
    if not subjects:
        return []
    dialect = conn.dialect.name
    # Wall time counts where clocks move by themselves, account time (`now`) where one stands.
    given = {"subjects": listed(dialect, sorted(subjects)), "wall": wall, "now": -1 if now is None else now}
    rows = sorted(conn.execute(_take(dialect), given).all(), key=lambda row: row.number)
    return [
        Told(row.id, row.account_id, row.subject, row.crew == Crew.STEWARDS, row.due_at, row.body)
        for row in rows
    ]


@lru_cache
def _put_off(dialect: str) -> Select[Any]:
    query = select(table.c.subject, func.max(table.c.due_at).label("until"))
    late = (*_MESSAGES, table.c.awaited_at.is_(None), among(dialect, table.c.subject, "subjects"))
    return query.where(*late).group_by(table.c.subject)


def put_off(conn: Connection, subjects: Collection[str]) -> dict[str, int]:
    """Which of these have messages that were put off, and until when: what comes after those waits, too."""
    if not subjects:
        return {}
    dialect = conn.dialect.name
    given = {"subjects": listed(dialect, sorted(subjects))}
    return {row.subject: row.until for row in conn.execute(_put_off(dialect), given)}


def put_all_off(conn: Connection, subject: str, due: int, run_at: int | None) -> None:
    """Nothing can be told to this one now."""
    mine = (*_MESSAGES, table.c.subject == subject)
    conn.execute(update(table).where(*mine).values(due_at=due, awaited_at=None, run_at=run_at))


def next_run(conn: Connection) -> int | None:
    """The wall time of the next message."""
    soonest: Select[Any] = (
        select(table.c.run_at)
        .where(*_MESSAGES, table.c.run_at.is_not(None))
        .order_by(table.c.run_at)
        .limit(1)
    )
    return conn.execute(soonest).scalar()
