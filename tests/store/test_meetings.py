"""Rooms and queues are kept whole, one live one to a name."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from telefonie.core.meetings import Change, Kind, Meeting, Place
from telefonie.core.queues import Asker, Queue, Waiter
from telefonie.core.rooms import Member, Room, Status
from telefonie.store.connect import Store
from telefonie.store.meetings import Meetings
from tests.store.shelf import ANN, BOB, NOW, name, rows

MEMBERS: Final = (
    Member("c1", 3, NOW, "boss", starts=False, ends=True, muted=True, listens=True, beep="none"),
    Member("c2", 4, NOW + 5, heard_by=("c1",), hears=()),
)
ROOM: Final = Room(250, 2, Status.STARTED, MEMBERS, started_at=NOW + 5)
QUEUE: Final = Queue(7, (Waiter("c1", 3, NOW),), (Asker("c2", 4, "/w", "GET", "https://a.test"),), 2, 5_000)


def meeting(number: int, state: Room | Queue, title: str = "lobby", account_id: str = ANN) -> Meeting:
    return Meeting(name(5, number), account_id, "plain", title, NOW, NOW + number, state)


async def keep(store: Store, *kept: Meeting) -> None:
    def write(conn: Connection) -> None:
        unit = Meetings(conn)
        unit.load(Place(each.account_id, each.kind, each.name) for each in kept)
        for each in kept:
            unit.save(Change(each))
        unit.write()

    await store.write(write)


async def find(store: Store, place: Place) -> Meeting | None:
    def read(conn: Connection) -> Meeting | None:
        unit = Meetings(conn)
        unit.load([place])
        return unit.find(place)

    return await store.write(read)


@pytest.mark.parametrize("state", [ROOM, QUEUE, Room(2, 1), Queue()])
async def test_what_is_kept_comes_back_as_it_was(store: Store, state: Room | Queue) -> None:
    kept = meeting(1, state)
    await keep(store, kept)
    assert await find(store, Place(ANN, kept.kind, "lobby")) == kept


async def test_a_room_is_found_by_its_name_or_id_in_its_own_account_only(store: Store) -> None:
    kept = meeting(1, ROOM)
    await keep(store, kept, meeting(2, QUEUE), meeting(3, ROOM, account_id=BOB), meeting(4, ROOM, "hall"))
    assert await find(store, Place(ANN, Kind.ROOM, "lobby")) == kept
    assert await find(store, Place(ANN, Kind.ROOM, id=kept.id)) == kept
    assert await find(store, Place(BOB, Kind.ROOM, id=kept.id)) is None
    assert await find(store, Place(BOB, Kind.QUEUE, "lobby")) is None
    assert await find(store, Place(ANN, Kind.ROOM, "Lobby")) is None


async def test_what_has_ended_is_kept_and_not_found(store: Store) -> None:
    await keep(store, meeting(1, ROOM))
    await keep(store, meeting(1, replace(ROOM, status=Status.ENDED, members=(), ended_at=NOW + 9)))
    assert await find(store, Place(ANN, Kind.ROOM, "lobby")) is None
    assert await find(store, Place(ANN, Kind.ROOM, id=name(5, 1))) is None
    assert await rows(store, "SELECT id, status, live FROM meetings") == [(name(5, 1), "ended", None)]


async def test_one_may_end_and_others_begin_and_end_under_its_name_in_one_transaction(store: Store) -> None:
    await keep(store, meeting(1, ROOM))
    over = replace(ROOM, status=Status.ENDED, members=())
    await keep(store, meeting(1, over), meeting(2, ROOM), meeting(2, over), meeting(3, ROOM))
    assert await rows(store, "SELECT id, live FROM meetings ORDER BY id") == [
        (name(5, 1), None),
        (name(5, 2), None),
        (name(5, 3), 1),
    ]


async def test_the_database_lets_only_one_of_a_name_live(store: Store) -> None:
    await keep(store, meeting(1, ROOM), meeting(2, QUEUE))
    with pytest.raises(IntegrityError):
        await keep(store, meeting(3, ROOM))
    assert len(await rows(store, "SELECT id FROM meetings")) == 2


async def test_one_that_cannot_be_read_shows_when_it_is_wanted(store: Store) -> None:
    await keep(store, meeting(1, ROOM), meeting(2, ROOM, "hall"))

    def read(conn: Connection) -> None:
        conn.exec_driver_sql("UPDATE meetings SET state = '{}' WHERE name = 'lobby'")
        unit = Meetings(conn)
        unit.load([Place(ANN, Kind.ROOM, "lobby"), Place(ANN, Kind.ROOM, "hall")])
        assert unit.find(Place(ANN, Kind.ROOM, "hall")) == meeting(2, ROOM, "hall")
        for place in (Place(ANN, Kind.ROOM, "lobby"), Place(ANN, Kind.ROOM, id=name(5, 1))):
            with pytest.raises(KeyError):
                unit.find(place)

    await store.write(read)
