"""The only module that keeps rooms and queues: those that a batch of messages needs, loaded and written together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, select, update

from telefonie.core.meetings import Kind, Meeting, Place
from telefonie.core.queues import Asker, Queue, Waiter
from telefonie.core.rooms import Member, Room, Status
from telefonie.store.bulk import Bulk
from telefonie.store.codec import dump, load
from telefonie.store.connect import among, for_change, listed
from telefonie.store.tables import meetings as table

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
def _live(dialect: str) -> Select[Any]:
    named = among(dialect, table.c.name, "names") | among(dialect, table.c.id, "ids")
    query = select(table).where(table.c.live == 1, among(dialect, table.c.account_id, "accounts"), named)
    return for_change(query.order_by(table.c.kind, table.c.name, table.c.account_id))


class Meetings:
    """The rooms and queues of one transaction. They are locked after calls, in the order of kind and name."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._held: dict[str, Meeting] = {}  # by id, as they are now
        self._kept: dict[str, Meeting] = {}  # as they were
        self._live: dict[tuple[str, Kind, str], str] = {}
        self._broken: dict[str, tuple[Place, Exception]] = {}

    def load(self, places: Iterable[Place]) -> None:
        """What is live at these places, locked; whoever calls has locked the places themselves."""
        wanted = set(places)
        if not wanted:
            return
        dialect = self._conn.dialect.name
        given = {
            "accounts": listed(dialect, sorted({each.account_id for each in wanted})),
            "names": listed(dialect, sorted({each.name for each in wanted if not each.id})),
            "ids": listed(dialect, sorted({each.id for each in wanted if each.id})),
        }
        for row in self._conn.execute(_live(dialect), given):
            if row.id not in self._held:
                self._read(row)

    def _read(self, row: Row[Any]) -> None:
        kind = Kind(row.kind)
        try:
            found = _meeting(row)
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is this meeting's alone
            self._broken[row.id] = (Place(row.account_id, kind, row.name), fault)
            return
        self._held[row.id] = self._kept[row.id] = found
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

    def save(self, meeting: Meeting) -> None:
        """A meeting as it is now."""
        self._held[meeting.id] = meeting
        key = (meeting.account_id, meeting.kind, meeting.name)
        if meeting.live:
            self._live[key] = meeting.id
        else:
            self._live.pop(key, None)

    def write(self) -> None:
        """Everything that was decided. What has ended makes room for what is new under its name."""
        changed = [each for each in self._held.values() if each is not self._kept.get(each.id)]
        _CHANGED.run(self._conn, [_change(each) for each in changed if each.id in self._kept])
        _NEW.run(self._conn, [_row(each) for each in changed if each.id not in self._kept])


def _change(meeting: Meeting) -> dict[str, Any]:
    return {
        "b_id": meeting.id,
        "b_status": meeting.status,
        "b_live": 1 if meeting.live else None,
        "b_state": _state(meeting),
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
        "state": _state(meeting),
        "over_at": _over_at(meeting),
    }


def _over_at(meeting: Meeting) -> int | None:
    return meeting.touched_at if meeting.over else None


def _state(meeting: Meeting) -> str:
    return dump({**asdict(meeting.state), "touched_at": meeting.touched_at})


def _meeting(row: Row[Any]) -> Meeting:
    found = load(row.state)
    touched_at = found.pop("touched_at")
    state = _room(found) if row.kind == Kind.ROOM.value else _queue(found)
    return Meeting(row.id, row.account_id, row.face, row.name, row.created_at, touched_at, state)


def _room(found: dict[str, Any]) -> Room:
    members = tuple(_member(each) for each in found.pop("members"))
    return Room(status=Status(found.pop("status")), members=members, **found)


def _member(found: dict[str, Any]) -> Member:
    bounds = {name: found[name] for name in ("heard_by", "hears")}
    return Member(
        **{**found, **{name: each if each is None else tuple(each) for name, each in bounds.items()}}
    )


def _queue(found: dict[str, Any]) -> Queue:
    waiters = tuple(Waiter(**each) for each in found.pop("waiters"))
    askers = tuple(Asker(**each) for each in found.pop("askers"))
    return Queue(waiters=waiters, askers=askers, **found)
