"""The only module that keeps who read, downloaded, held, exported and deleted what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, func, insert, select

from telefonie.core import clocks as rules
from telefonie.store import clocks
from telefonie.store.bulk import Bulk
from telefonie.store.codec import dump, load
from telefonie.store.connect import wall
from telefonie.store.tables import audits as table

BITE: Final = 1_000  # entries that are forgotten in one transaction
DAY_MS: Final = 86_400_000
_NAMES: Final = tuple(each for each in table.c.keys() if each != "number")  # noqa: SIM118 - a collection of columns
_ADD: Final = Bulk(lambda _: insert(table).values({name: bindparam(name) for name in _NAMES}))


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody did to something. `kind` and `subject`: to what, `recording` and its id, say."""

    account_id: str
    actor: str
    action: str
    kind: str
    subject: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """A note as it stands in the trail: when it was made, by the account's time and by the wall's."""

    number: int
    at: int
    wall: int
    note: Note


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which entries. Times are the account's, both ends included."""

    action: str | None = None
    kind: str | None = None
    subject: str | None = None
    at_from: int | None = None
    at_to: int | None = None
    page: int = 1
    size: int = 50


def add(conn: Connection, notes: Sequence[Note]) -> None:
    """Notes, in their order. What concerns an account that is gone concerns nobody."""
    present = wall(conn)
    times: dict[str, int | None] = {}
    for account_id in {each.account_id for each in notes}:
        row = clocks.peek(conn, account_id)
        times[account_id] = None if row is None else rules.now(clocks.clock_of(row), present)
    rows = [
        {
            "account_id": each.account_id,
            "at": times[each.account_id],
            "wall": present,
            "actor": each.actor,
            "action": each.action,
            "kind": each.kind,
            "subject": each.subject,
            "data": dump(dict(each.data)),
        }
        for each in notes
    ]
    _ADD.run(conn, [each for each in rows if each["at"] is not None])


def page(conn: Connection, account_id: str, query: AuditQuery) -> tuple[list[Entry], int]:
    """A page of the trail, newest first, and how many entries match."""
    mine = [table.c.account_id == account_id, *_matches(query)]
    total = conn.execute(select(func.count()).select_from(table).where(*mine)).scalar_one()
    chosen = select(table).where(*mine).order_by(table.c.number.desc())
    rows = conn.execute(chosen.limit(query.size).offset((query.page - 1) * query.size))
    return [_entry(row) for row in rows], total


def stale(conn: Connection, account_id: str, days: int | None) -> bool:
    """Whether the oldest entry is older than so many days of wall time."""
    oldest = select(table.c.wall).where(table.c.account_id == account_id).order_by(table.c.number).limit(1)
    found = conn.execute(oldest).scalar()
    return days is not None and found is not None and found < wall(conn) - days * DAY_MS


def sweep(conn: Connection, account_id: str, days: int | None) -> int:
    """Forget what is older than so many days of wall time, at most a bite of it; how many entries."""
    if days is None:
        return 0
    mine = select(table.c.number).where(table.c.account_id == account_id)
    oldest = mine.order_by(table.c.number).limit(
        BITE
    )  # walls rise with numbers: nothing else need be looked at
    over = table.c.wall < wall(conn) - days * DAY_MS
    return conn.execute(delete(table).where(table.c.number.in_(oldest), over)).rowcount


def _matches(query: AuditQuery) -> list[ColumnElement[bool]]:
    same = {"action": query.action, "kind": query.kind, "subject": query.subject}
    wanted: list[ColumnElement[bool]] = [
        table.c[name] == value for name, value in same.items() if value is not None
    ]
    if query.at_from is not None:
        wanted.append(table.c.at >= query.at_from)
    if query.at_to is not None:
        wanted.append(table.c.at <= query.at_to)
    return wanted


def _entry(row: Row[Any]) -> Entry:
    note = Note(row.account_id, row.actor, row.action, row.kind, row.subject, load(row.data))
    return Entry(row.number, row.at, row.wall, note)
