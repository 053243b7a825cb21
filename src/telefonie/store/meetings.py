"""The only module that keeps rooms and queues: those that a batch needs, loaded and written together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, or_, select, update

from telefonie.core.errors import Unknown
from telefonie.core.meetings import Change, Kind, Meeting, Place
from telefonie.core.room import Fact
from telefonie.store.bulk import Bulk
from telefonie.store.connect import among, for_change, listed
from telefonie.store.rooms import RoomPage, RoomQuery, dump_state, fact_row, facts, load_meeting, page, room
from telefonie.store.tables import meetings as table

__all__ = ["Meetings", "RoomPage", "RoomQuery", "facts", "page", "room"]

_NEW: Final = Bulk(
    lambda _: table.insert().values(
        {name: bindparam(name) for name in table.c.keys() if name not in ("number", "bare")}  # noqa: SIM118 - a collection of columns
    )
)
_CHANGED: Final = Bulk(
    lambda _: (
        update(table)
        .where(table.c.id == bindparam("b_id"))
        .values({name: bindparam(f"b_{name}") for name in ("status", "live", "state", "over_at")})
    )
)


@lru_cache
def _wanted(dialect: str, *, named: bool, by_id: bool) -> Select[Any]:
    """Always in the same order, or two processes might wait for each other's locks."""
    ways: list[ColumnElement[bool]] = []
    if named:
        of_mine = among(dialect, table.c.account_id, "accounts")
        ways.append(and_(table.c.live == 1, of_mine, among(dialect, table.c.name, "names")))
    if by_id:
        ways.append(among(dialect, table.c.id, "ids"))
    return for_change(select(table).where(or_(*ways)).order_by(table.c.id))


class Meetings:
    """The rooms and queues of one transaction. They are locked after calls, all at once, in the order of their ids."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._held: dict[str, Meeting] = {}  # by id, as they are now
        self._kept: dict[str, Meeting] = {}  # as they were
        self._live: dict[tuple[str, Kind, str], str] = {}
        self._broken: dict[str, tuple[Place, Exception]] = {}
        self._facts: list[tuple[str, Fact]] = []

    def load(self, places: Iterable[Place], ids: Collection[str] = (), guarded: Collection[str] = ()) -> None:
        """What is live at these places, and the rooms with these ids, locked; whoever calls has locked the places.

        Of the guarded ones only the lock is wanted, by which the lane of their letters is kept.
        """
        named = {each for each in places if not each.id}
        read = {*ids, *(each.id for each in places if each.id)}
        by_id = read.union(guarded)
        if not named and not by_id:
            return
        dialect = self._conn.dialect.name
        given = {
            "accounts": listed(dialect, sorted({each.account_id for each in named})),
            "names": listed(dialect, sorted({each.name for each in named})),
            "ids": listed(dialect, sorted(by_id)),
        }
        query = _wanted(dialect, named=bool(named), by_id=bool(by_id))
        found: Sequence[Row[Any]] = self._conn.execute(query, _of(given, named, by_id)).all()
        names = {(each.account_id, each.kind.value, each.name) for each in named}
        for row in found:
            if row.id in read or (row.account_id, row.kind, row.name) in names:
                self._read(row)

    def _read(self, row: Row[Any]) -> None:
        kind = Kind(row.kind)
        if row.id in self._held:
            return
        try:
            found = load_meeting(row)
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is this meeting's alone
            self._broken[row.id] = (Place(row.account_id, kind, row.name), fault)
            return
        self._held[row.id] = self._kept[row.id] = found
        if found.live:
            self._live[row.account_id, kind, row.name] = row.id

    def find(self, place: Place) -> Meeting | None:
        """The live meeting at this place, among those that were loaded or made."""
        for found, (there, fault) in self._broken.items():
            if place.id == found or place == there:
                raise fault
        if place.id:
            held = self._held.get(place.id)
            return held if held is not None and held.account_id == place.account_id and held.live else None
        meeting_id = self._live.get((place.account_id, place.kind, place.name))
        return None if meeting_id is None else self._held[meeting_id]

    def room(self, account_id: str, face: str | None, room_id: str) -> Meeting:
        """The room with this id, live or over. `face` None: whichever face shows it."""
        place, fault = self._broken.get(room_id, (None, None))
        if place is not None and fault is not None and place.account_id == account_id:
            raise fault
        held = self._held.get(room_id)
        mine = held is not None and (held.account_id, held.kind) == (account_id, Kind.ROOM)
        if held is None or not mine or face not in (None, held.face):
            raise Unknown("conference", room_id)
        return held

    def save(self, change: Change) -> None:
        """A meeting as it is now, and what happened in it."""
        meeting = change.meeting
        if meeting is None:
            return
        self._held[meeting.id] = meeting
        self._facts.extend((meeting.id, each) for each in change.facts)
        key = (meeting.account_id, meeting.kind, meeting.name)
        if meeting.live:
            self._live[key] = meeting.id
        elif self._live.get(key) == meeting.id:
            del self._live[key]

    def journal(self) -> list[dict[str, Any]]:
        """What happened in rooms, as rows."""
        return [fact_row(room_id, each) for room_id, each in self._facts]

    def write(self) -> None:
        """Everything that was decided. What has ended makes room for what is new under its name."""
        changed = [each for each in self._held.values() if each is not self._kept.get(each.id)]
        _CHANGED.run(self._conn, [_change(each) for each in changed if each.id in self._kept])
        _NEW.run(self._conn, [_row(each) for each in changed if each.id not in self._kept])


def _of(given: dict[str, object], named: Collection[Place], by_id: Collection[str]) -> dict[str, object]:
    """The parameters that the query has."""
    left_out = (set() if named else {"accounts", "names"}) | (set() if by_id else {"ids"})
    return {name: value for name, value in given.items() if name not in left_out}


def _change(meeting: Meeting) -> dict[str, Any]:
    return {
        "b_id": meeting.id,
        "b_status": meeting.status,
        "b_live": 1 if meeting.live else None,
        "b_state": dump_state(meeting),
        "b_over_at": _over_at(meeting),
    }


def _row(meeting: Meeting) -> dict[str, Any]:
    return {
        "id": meeting.id,
        "account_id": meeting.account_id,
        "face": meeting.face,
        "kind": meeting.kind.value,
        "name": meeting.name,
        "status": meeting.status,
        "live": 1 if meeting.live else None,
        "created_at": meeting.created_at,
        "state": dump_state(meeting),
        "over_at": _over_at(meeting),
    }


def _over_at(meeting: Meeting) -> int | None:
    return meeting.touched_at if meeting.over else None
