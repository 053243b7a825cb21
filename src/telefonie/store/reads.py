"""The only module that answers questions about calls and letters without changing anything."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, false, func, or_, select, union_all

from telefonie.core.call import Call, Cause, Direction, Status
from telefonie.core.errors import Unknown
from telefonie.core.events import Actor, Event, Kind
from telefonie.core.phones import Heard
from telefonie.store import codec, counters
from telefonie.store.connect import moment_in
from telefonie.store.counters import Cell
from telefonie.store.jobs import Crew, State
from telefonie.store.tables import attempts, calls, events, jobs

_log: Final = logging.getLogger(__name__)
# What moves a call is read only where it is moved.
_SHOWN = [each for each in calls.c if each.name not in ("flow", "documents")]


@dataclass(frozen=True, slots=True)
class Standing:
    """Calls that stand so: None for any cause or verdict, and a None among them for calls without."""

    status: Status
    causes: frozenset[Cause | None] | None = None
    heard: frozenset[Heard | None] | None = None


@dataclass(frozen=True, slots=True)
class CallQuery:
    """Which calls. `face` None: of every face. Times are the account's, both ends included."""

    face: str | None = None
    status: Status | None = None
    direction: Direction | None = None
    caller: str | None = None
    callee: str | None = None
    created_from: int | None = None
    created_to: int | None = None
    page: int = 1
    size: int = 50
    parent_id: str | None = None  # the legs of this call
    application: str | None = None
    conversation: str | None = None
    standings: tuple[Standing, ...] | None = None  # any of these; none of them: no call at all
    answered_from: int | None = None
    answered_to: int | None = None
    oldest_first: bool = False
    ended_after: int | None = None  # or under way


@dataclass(frozen=True, slots=True)
class CallPage:
    """A page of calls, newest first unless the oldest were asked for, and how many there are in all."""

    calls: list[Call]
    total: int


def call(conn: Connection, account_id: str, face: str | None, call_id: str) -> Call:
    """One call."""
    row = conn.execute(select(*_SHOWN).where(calls.c.id == call_id)).one_or_none()
    if row is None or row.account_id != account_id or face not in (None, row.face):
        raise Unknown("call", call_id)
    return codec.load_call(row)


def known(conn: Connection, call_id: str) -> Call | None:
    """One call, if it is still there."""
    row = conn.execute(select(*_SHOWN).where(calls.c.id == call_id)).one_or_none()
    return None if row is None else codec.load_call(row)


def journal(conn: Connection, call_id: str) -> list[Event]:
    """What happened to a call, in order."""
    query = select(events).where(events.c.subject == call_id).order_by(events.c.ordinal)
    return [
        Event(row.ordinal, row.at, Kind(row.kind), Actor(row.actor), codec.load(row.data))
        for row in conn.execute(query)
    ]


def page(conn: Connection, account_id: str, query: CallQuery) -> CallPage:
    """A page. By status and direction it costs the page; by anything else, or the oldest first, the matches."""
    matches = _matches(conn.dialect.name, query)
    if matches or query.oldest_first:
        mine = [calls.c.account_id == account_id, *matches, *_plain(query)]
        total = conn.execute(select(func.count()).select_from(calls).where(*mine)).scalar_one()
        order = calls.c.number.asc() if query.oldest_first else calls.c.number.desc()
        chosen = select(*_SHOWN).where(*mine).order_by(order)
        rows = conn.execute(chosen.limit(query.size).offset((query.page - 1) * query.size)).all()
        return CallPage(_readable(rows), total)
    cells = {
        cell: count for cell, count in counters.totals(conn, account_id).items() if _counted(cell, query)
    }
    total = sum(cells.values())
    skip = (query.page - 1) * query.size
    if skip >= total:
        return CallPage([], total)
    rows = conn.execute(_newest(list(cells), skip, query.size, total)).all()
    return CallPage(_readable(rows), total)


def _readable(rows: Iterable[Any]) -> list[Call]:
    """Calls of which one that cannot be read (somebody meddled with the tables) does not hide the others."""
    found = []
    for row in rows:
        try:
            found.append(codec.load_call(row))
        except Exception:  # noqa: BLE001 - whatever it is, it is this call's alone
            _log.exception("Call %s cannot be read, so a list leaves it out", row.id)
    return found


def _counted(cell: Cell, query: CallQuery) -> bool:
    return (
        query.face in (None, cell.face)
        and (query.status is None or query.status.value == cell.status)
        and (query.direction is None or query.direction.value == cell.direction)
    )


def _newest(cells: Sequence[Cell], skip: int, size: int, total: int) -> Select[Any]:
    """A page of the cells' stretches of the index. Whatever lies before it is walked over, so it is counted
    from the nearer end; and nothing is sorted but what is shown and, with several cells, what lies before it.
    """
    take = min(size, total - skip)
    from_oldest = skip > total // 2
    before = total - skip - take if from_oldest else skip
    if len(cells) == 1:
        numbers = _of(cells[0], from_oldest).limit(take).offset(before)
    else:
        ends = [select(_of(cell, from_oldest).limit(before + take).subquery()) for cell in cells]
        merged = union_all(*ends).subquery()
        order = merged.c.number.asc() if from_oldest else merged.c.number.desc()
        numbers = select(merged.c.number).order_by(order).limit(take).offset(before)
    return select(*_SHOWN).where(calls.c.number.in_(numbers)).order_by(calls.c.number.desc())


def _of(cell: Cell, from_oldest: bool) -> Select[Any]:  # noqa: FBT001 - private, and named by its callers
    mine = (
        calls.c.account_id == cell.account_id,
        calls.c.face == cell.face,
        calls.c.direction == cell.direction,
        calls.c.status == cell.status,
    )
    order = calls.c.number.asc() if from_oldest else calls.c.number.desc()
    return select(calls.c.number).where(*mine).order_by(order)


def _matches(dialect: str, query: CallQuery) -> list[ColumnElement[bool]]:
    named = {
        calls.c.caller: query.caller,
        calls.c.callee: query.callee,
        calls.c.parent_id: query.parent_id,
        calls.c.application_id: query.application,
        calls.c.conversation: query.conversation,
    }
    wanted = [column == value for column, value in named.items() if value is not None]
    answered = moment_in(dialect, calls.c.state, "answered_at")
    wanted.extend(_within(calls.c.created_at, query.created_from, query.created_to))
    wanted.extend(_within(answered, query.answered_from, query.answered_to))
    if query.ended_after is not None:
        wanted.append(or_(calls.c.ended_at.is_(None), calls.c.ended_at > query.ended_after))
    if query.standings is not None:
        wanted.append(or_(false(), *(_stands(each) for each in query.standings)))
    return wanted


def _within(moment: ColumnElement[int], first: int | None, last: int | None) -> Iterable[ColumnElement[bool]]:
    if first is not None:
        yield moment >= first
    if last is not None:
        yield moment <= last


def _stands(standing: Standing) -> ColumnElement[bool]:
    wanted = [calls.c.status == standing.status.value]
    for column, values in ((calls.c.cause, standing.causes), (calls.c.heard, standing.heard)):
        if values is not None:
            known = column.in_(sorted(each.value for each in values if each is not None))
            wanted.append(or_(known, column.is_(None)) if None in values else known)
    return and_(*wanted)


def _plain(query: CallQuery) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if query.face is not None:
        wanted.append(calls.c.face == query.face)
    if query.status is not None:
        wanted.append(calls.c.status == query.status.value)
    if query.direction is not None:
        wanted.append(calls.c.direction == query.direction.value)
    return wanted


# -- letters, as customers know them: deliveries --


@dataclass(frozen=True, slots=True)
class DeliveryQuery:
    """Which deliveries."""

    call_id: str | None = None
    event: str | None = None
    state: State | None = None
    page: int = 1
    size: int = 50
    room_id: str | None = None


def letters(conn: Connection, account_id: str, query: DeliveryQuery) -> tuple[list[Row[Any]], int]:
    """Letters, newest first, and how many match."""
    mine = [jobs.c.account_id == account_id, jobs.c.crew == Crew.POSTMEN.value]
    if query.call_id is not None:
        mine.append(jobs.c.subject == query.call_id)
    if query.room_id is not None:
        mine.append(jobs.c.subject == query.room_id)
    if query.state is not None:
        mine.append(jobs.c.state == query.state.value)
    if query.event is not None:
        # The body begins with the event's name: see engine.post. (LIKE would take either case on SQLite.)
        start = '{"event":' + codec.dump(query.event) + ","
        mine.append(func.substr(jobs.c.body, 1, len(start)) == start)
    total = conn.execute(select(func.count()).select_from(jobs).where(*mine)).scalar_one()
    chosen = select(jobs).where(*mine).order_by(jobs.c.number.desc())
    rows = conn.execute(chosen.limit(query.size).offset((query.page - 1) * query.size)).all()
    return list(rows), total


def letter(conn: Connection, account_id: str, letter_id: str) -> Row[Any]:
    """One letter."""
    query = select(jobs).where(jobs.c.id == letter_id, jobs.c.crew == Crew.POSTMEN.value)
    row = conn.execute(query).one_or_none()
    if row is None or row.account_id != account_id:
        raise Unknown("delivery", letter_id)
    return row


def attempts_of(conn: Connection, letter_ids: Sequence[str]) -> dict[str, list[Row[Any]]]:
    """What was tried, by letter, in order."""
    found: dict[str, list[Row[Any]]] = {each: [] for each in letter_ids}
    query = select(attempts).where(attempts.c.job_id.in_(letter_ids)).order_by(attempts.c.ordinal)
    for row in conn.execute(query):
        found[row.job_id].append(row)
    return found
