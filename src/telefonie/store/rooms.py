"""The only module that answers questions about rooms without changing anything, and reads their rows."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, func, select

from telefonie.core import room as rooms
from telefonie.core.attending import Participant, participant
from telefonie.core.call import Status as CallStatus
from telefonie.core.errors import Unknown
from telefonie.core.events import Actor
from telefonie.core.meeting import Kind, Meeting
from telefonie.core.queues import Asker, Queue, Waiter
from telefonie.core.room import Did, Fact, Room, Status
from telefonie.store.codec import dump, load
from telefonie.store.tables import calls, events, meetings

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RoomQuery:
    """Which rooms. `face` None: of every face. Times are the account's, both ends included."""

    face: str | None = None
    status: Status | None = None
    name: str | None = None
    created_from: int | None = None
    created_to: int | None = None
    page: int = 1
    size: int = 50


@dataclass(frozen=True, slots=True)
class RoomPage:
    """A page of rooms, newest first, and how many there are in all."""

    rooms: list[Meeting]
    total: int


def room(conn: Connection, account_id: str, room_id: str, face: str | None = None) -> Meeting:
    """One room, live or over. `face` None: whichever shows it."""
    row = conn.execute(select(meetings).where(meetings.c.id == room_id)).one_or_none()
    mine = row is not None and row.account_id == account_id and face in (None, row.face)
    if row is None or not mine or row.kind != Kind.ROOM.value:
        raise Unknown("conference", room_id)
    return load_meeting(row)


def page(conn: Connection, account_id: str, query: RoomQuery) -> RoomPage:
    """A page; it costs the matches."""
    mine = _matches(account_id, query)
    total = conn.execute(select(func.count()).select_from(meetings).where(*mine)).scalar_one()
    chosen = select(meetings).where(*mine).order_by(meetings.c.number.desc())
    rows = conn.execute(chosen.limit(query.size).offset((query.page - 1) * query.size)).all()
    return RoomPage(_readable(rows), total)


def _matches(account_id: str, query: RoomQuery) -> list[ColumnElement[bool]]:
    wanted = [meetings.c.account_id == account_id, meetings.c.kind == Kind.ROOM.value]
    if query.face is not None:
        wanted.append(meetings.c.face == query.face)
    if query.status is not None:
        wanted.append(meetings.c.status == query.status.value)
    if query.name is not None:
        wanted.append(meetings.c.name == query.name)
    if query.created_from is not None:
        wanted.append(meetings.c.created_at >= query.created_from)
    if query.created_to is not None:
        wanted.append(meetings.c.created_at <= query.created_to)
    return wanted


def _readable(rows: Sequence[Row[Any]]) -> list[Meeting]:
    found = []
    for row in rows:
        try:
            found.append(load_meeting(row))
        except Exception:  # noqa: BLE001 - whatever it is, it is this room's alone
            _log.exception("Conference %s cannot be read, so a list leaves it out", row.id)
    return found


def participants(conn: Connection, meeting: Meeting) -> list[Participant]:
    """Who is in a room or on the way into it, newest first by their calls."""
    state = meeting.state
    if not isinstance(state, Room):
        return []
    there = {each.call: (each, joined) for joined in (True, False) for each in _of(state, joined=joined)}
    query = select(calls.c.id, calls.c.status).where(calls.c.id.in_(there)).order_by(calls.c.number.desc())
    return [
        participant(meeting.id, there[row.id][0], CallStatus(row.status), joined=there[row.id][1])
        for row in conn.execute(query)
    ]


def _of(state: Room, *, joined: bool) -> tuple[rooms.Member, ...]:
    return state.members if joined else state.guests


def facts(conn: Connection, room_id: str) -> list[Fact]:
    """What happened in a room, in order."""
    query = select(events).where(events.c.subject == room_id).order_by(events.c.ordinal)
    return [fact_of(row) for row in conn.execute(query)]


def fact_of(row: Any) -> Fact:
    """A fact as it stands among the journals, or something that looks like it."""
    found = load(row.data)
    by, why, data = found.get("by", ""), found.get("why", ""), found.get("data", {})
    return Fact(Did(row.kind), row.at, by, why, data, row.ordinal, Actor(row.actor))


# -- rows --


def fact_row(room_id: str, fact: Fact) -> dict[str, Any]:
    """A fact as it stands among the journals."""
    told = {"by": fact.by, "why": fact.why, "data": dict(fact.data)}
    return {
        "subject": room_id,
        "ordinal": fact.ordinal,
        "at": fact.at,
        "kind": fact.did.value,
        "actor": fact.actor.value,
        "data": dump({name: value for name, value in told.items() if value}),
    }


def dump_state(meeting: Meeting) -> str:
    """What of a meeting changes and has no column of its own."""
    state = meeting.state
    found = rooms.packed(state) if isinstance(state, Room) else asdict(state)
    return dump({**found, "touched_at": meeting.touched_at})


def load_meeting(row: Row[Any]) -> Meeting:
    """A row of the meetings table as the domain knows it."""
    found = load(row.state)
    touched_at = found.pop("touched_at")
    state = rooms.unpacked(found) if row.kind == Kind.ROOM.value else _queue(found)
    return Meeting(row.id, row.account_id, row.face, row.name, row.created_at, touched_at, state)


def _queue(found: dict[str, Any]) -> Queue:
    waiters = tuple(Waiter(**each) for each in found.pop("waiters"))
    askers = tuple(Asker(**each) for each in found.pop("askers"))
    return Queue(waiters=waiters, askers=askers, **found)
