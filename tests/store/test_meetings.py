"""Rooms and queues are kept whole, one live one to a name."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, Final

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from telefonie.core.errors import Unknown
from telefonie.core.events import Actor
from telefonie.core.meetings import Change, Kind, Meeting, Place
from telefonie.core.queues import Asker, Queue, Waiter
from telefonie.core.recordings import News, Recording, Source
from telefonie.core.room import Did, Fact, Member, Room, Status, Terms
from telefonie.store.connect import Store
from telefonie.store.meetings import Meetings, RoomQuery, facts, page, room
from telefonie.store.unit import Unit
from tests.store.shelf import ANN, BOB, NOW, name, rows

MEMBERS: Final = (
    Member("c1", 3, NOW, "boss", starts=False, ends=True, muted=True, listens=True, beep="none"),
    Member("c2", 4, NOW + 5, heard_by=("c1",), hears=()),
)
ROOM: Final = Room(250, 2, Status.STARTED, MEMBERS, started_at=NOW + 5)
FULL: Final = Room(
    5,
    2,
    Status.STARTED,
    (Member("c1", 3, NOW, held=True, heard_by=("c2",)),),
    NOW + 5,
    guests=(Member("c3", 0, NOW, "late", muted=True),),
    terms=Terms(
        "https://a.test",
        "GET",
        (Did.JOINED,),
        record=True,
        channels=2,
        trim=True,
        recording_url="https://b.test",
        recording_method="GET",
        recording_on=(News.FAILED,),
    ),
    visited=True,
    recording=Recording("r1", ANN, "plain", "c1", Source.ROOM, NOW, "USD", "m1", gaps=((NOW, None),)),
    sound=(NOW, NOW + 9),
    events=7,
    reports=4,
    told=5,
)
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


@pytest.mark.parametrize("state", [ROOM, FULL, QUEUE, Room(2, 1), Queue()])
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


async def test_what_has_ended_is_found_by_its_id_where_that_matters(store: Store) -> None:
    over = meeting(1, replace(ROOM, status=Status.ENDED, members=(), ended_at=NOW + 9))
    await keep(store, over, meeting(2, QUEUE), meeting(3, ROOM, account_id=BOB))

    def read(conn: Connection) -> None:
        unit = Meetings(conn)
        unit.load((), [name(5, n) for n in (1, 2, 3)])
        assert unit.room(ANN, "plain", over.id) == unit.room(ANN, None, over.id) == over
        for other, face, number in (
            (BOB, "plain", 1),
            (ANN, "other", 1),
            (ANN, "plain", 2),
            (ANN, "plain", 3),
        ):
            with pytest.raises(Unknown):
                unit.room(other, face, name(5, number))

    await store.write(read)


async def test_a_lane_is_guarded_without_its_room_being_read(store: Store) -> None:
    await keep(store, meeting(1, ROOM), meeting(2, ROOM, "hall"))

    def read(conn: Connection) -> None:
        conn.exec_driver_sql("UPDATE meetings SET state = '{}' WHERE name = 'lobby'")
        unit = Meetings(conn)
        unit.load([Place(ANN, Kind.ROOM, "hall")], guarded=[name(5, 1), "no room at all"])
        assert unit.find(Place(ANN, Kind.ROOM, "hall")) is not None
        assert unit.find(Place(ANN, Kind.ROOM, "lobby")) is None
        unit.write()

    await store.write(read)


async def test_what_happened_in_a_room_comes_back_in_order(store: Store) -> None:
    happened = [
        Fact(Did.CREATED, NOW, ordinal=0, actor=Actor.CUSTOMER),
        Fact(Did.JOINED, NOW + 1, "c1", data={"muted": True, "heard_by": None}, ordinal=1),
        Fact(Did.LEFT, NOW + 2, "c1", "hung_up", {"beep": "both"}, 2),
    ]

    def write(conn: Connection) -> None:
        unit = Unit(conn, 0)
        unit.meetings.save(Change(meeting(1, ROOM), (), tuple(happened[:2])))
        unit.meetings.save(Change(meeting(1, ROOM), (), tuple(happened[2:])))
        unit.write()

    await store.write(write)
    assert await store.read(lambda conn: facts(conn, name(5, 1))) == happened
    assert await store.read(lambda conn: facts(conn, name(5, 2))) == []


async def test_rooms_are_listed_newest_first_by_status_name_and_moment(store: Store) -> None:
    over = replace(ROOM, status=Status.ENDED, members=(), ended_at=NOW + 9)
    kept = [meeting(n, ROOM, f"room {n}") for n in range(1, 6)]
    await keep(store, *kept, meeting(6, over), meeting(7, QUEUE), meeting(8, ROOM, account_id=BOB))

    async def names(**wanted: Any) -> tuple[list[str], int]:
        found = await store.read(lambda conn: page(conn, ANN, RoomQuery(**wanted)))
        return [each.name for each in found.rooms], found.total

    assert await names() == (["lobby", *(f"room {n}" for n in (5, 4, 3, 2, 1))], 6)
    assert await names(page=2, size=2) == (["room 4", "room 3"], 6)
    assert await names(status=Status.ENDED, face="plain") == (["lobby"], 1)
    assert await names(name="room 2") == (["room 2"], 1)
    assert await names(created_from=NOW + 1) == ([], 0)
    assert await names(created_to=NOW, size=1) == (["lobby"], 6)
    assert await names(face="other") == ([], 0)
    assert await store.read(lambda conn: room(conn, ANN, name(5, 6))) == meeting(6, over)
    for account_id, number in ((BOB, 6), (ANN, 7), (ANN, 9)):
        with pytest.raises(Unknown):
            await store.read(partial(room, account_id=account_id, room_id=name(5, number)))
