"""Rooms from outside, on every store: opened, filled, steered and closed, and the customer hears of it in order."""

from __future__ import annotations

import json
from functools import partial
from typing import Final

import pytest

from telefonie.core.call import Cause, EndedBy, Status
from telefonie.core.commands import Redirect
from telefonie.core.errors import Conflict, Illegal, Unknown
from telefonie.core.events import Actor, Kind
from telefonie.core.recordings import Trigger
from telefonie.core.room import Did
from telefonie.engine.mailroom import DeliveryQuery
from telefonie.engine.ports import Once, Reused
from telefonie.store.rooms import RoomQuery
from tests.support.desk import Desk
from tests.support.world import World, phone

BUSY: Final = phone(2)
NOBODY: Final = phone(3)
APP: Final = "https://customer.test"
GO_IN: Final = '[{"action":"conversation","name":"standup"},{"action":"talk","text":"That was it"}]'


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world, world.account)


async def played(world: World, call: str) -> list[str]:
    """What was played to the far end, and what was hushed."""
    words = []
    for each in await world.journal(call):
        if each.kind is Kind.PLAYED:
            words.append(str(each.data["what"]))
        elif each.kind is Kind.HUSHED:
            words.append("hushed")
    return words


# -- rooms --


async def test_a_room_is_there_before_anybody_comes_and_lives_on_until_it_is_closed(desk: Desk) -> None:
    room = await desk.open("standup")
    assert (room["name"], room["status"], room["count"]) == ("standup", "waiting", 0)
    await desk.world.pass_time(86_400)
    assert (await desk.room(room["id"])).live
    closed = await desk.close(room["id"])
    assert closed["status"] == "ended"
    await desk.world.pass_time(0)
    assert desk.told(room["id"]) == ["created", "ended"]
    assert desk.letters(room["id"])[1]["why"] == "closed"
    with pytest.raises(Illegal):
        await desk.close(room["id"])


async def test_a_name_makes_one_live_room_and_a_room_without_one_goes_by_its_id(desk: Desk) -> None:
    first = await desk.open("standup")
    with pytest.raises(Conflict) as refused:
        await desk.open("standup")
    assert refused.value.slug == "conference_name_in_use"
    await desk.close(first["id"])
    assert (await desk.open("standup"))["id"] != first["id"]
    nameless = [await desk.open() for _ in range(2)]
    assert [each["name"] for each in nameless] == [each["id"] for each in nameless]


async def test_a_call_that_names_an_open_room_comes_into_it(desk: Desk) -> None:
    room = (await desk.open("standup"))["id"]
    call = await desk.world.call(document=GO_IN)
    await desk.world.pass_time(10)
    assert await desk.there(room) == {call: True}
    assert (await desk.room(room)).most == 250


async def test_rooms_are_listed_newest_first_with_an_exact_total(desk: Desk) -> None:
    made = [(await desk.open(f"room {n}"))["id"] for n in range(5)]
    await desk.close(made[1])
    await desk.world.call(document='[{"action":"conversation","name":"lobby"}]')
    await desk.world.pass_time(10)
    door, mine = desk.world.engine.conferences, desk.account.id
    page = await door.page(mine, RoomQuery("plain", size=2, page=2))
    assert ([each.name for each in page.rooms], page.total) == (["room 3", "room 2"], 6)
    ended = await door.page(mine, RoomQuery(status=(await desk.room(made[1])).status))
    assert ([each.id for each in ended.rooms], ended.total) == ([made[1]], 1)
    assert (await door.page(mine, RoomQuery("other"))).total == 0
    assert [each.name for each in (await door.page(mine, RoomQuery(name="lobby"))).rooms] == ["lobby"]


async def test_a_face_and_an_account_see_their_own_rooms_only(desk: Desk) -> None:
    room = (await desk.open())["id"]
    other = Desk(desk.world, await desk.world.another())
    for stranger in (other, Desk(desk.world, desk.account, "other")):
        for ask in (stranger.room, stranger.close, stranger.there, stranger.invite):
            with pytest.raises(Unknown):
                await ask(room)
    assert (await desk.room(room)).live


async def test_the_same_request_with_a_key_is_carried_out_once(desk: Desk) -> None:
    room = (await desk.open("standup", Once("k1", "a")))["id"]
    assert (await desk.open("standup", Once("k1", "a")))["id"] == room
    with pytest.raises(Reused):
        await desk.open("standup", Once("k1", "b"))
    calls = [await desk.invite(room, once=Once("k2", "a")) for _ in range(2)]
    assert calls[0] == calls[1]
    assert await desk.there(room) == {calls[0]: False}


# -- calling somebody in --


async def test_who_is_called_in_comes_in_when_he_answers_as_it_was_settled(desk: Desk) -> None:
    room = (await desk.open())["id"]
    call = await desk.invite(room, label="boss", muted=True, held=True, ends=True, beep="none")
    assert await desk.there(room) == {call: False}
    assert (await desk.world.look(call)).status is Status.QUEUED
    await desk.world.pass_time(10)
    [fact] = [each for each in await desk.facts(room) if each.did is Did.JOINED]
    assert fact.by == call
    wanted = {"muted": True, "held": True, "label": "boss", "beep": "none", "heard_by": None, "hears": None}
    assert fact.data == wanted
    shown = await desk.steer(room, call)
    assert (shown["joined"], shown["label"], shown["muted"], shown["ends"]) == (True, "boss", True, True)
    assert shown["status"] == Status.TALKING
    assert await played(desk.world, call) == ["music"]


async def test_a_place_is_kept_for_who_is_called_in(desk: Desk) -> None:
    room = (await desk.open(most=2))["id"]
    ann = await desk.invite(room, label="ann")
    for slug, label in (("label_in_use", "ann"), ("coach_not_in_conference", "bob")):
        with pytest.raises(Conflict) as refused:
            await desk.invite(room, label=label, coach="" if label == "ann" else "nobody")
        assert refused.value.slug == slug
    bob = await desk.invite(room, coach=ann)
    with pytest.raises(Conflict) as refused:
        await desk.invite(room)
    assert refused.value.slug == "conference_full"
    late = await desk.world.call(document=f'[{{"action":"conversation","name":"{room}"}}]')
    await desk.world.pass_time(10)
    assert await desk.there(room) == {bob: True, ann: True}
    assert [each.data["code"] for each in await desk.world.journal(late) if each.kind is Kind.WARNED] == [
        16020
    ]
    assert await desk.world.sql("SELECT count(*) FROM calls") == [(3,)]


@pytest.mark.parametrize(("number", "status"), [(BUSY, "busy"), (NOBODY, "unanswered")])
async def test_who_does_not_answer_gives_his_place_back(desk: Desk, number: str, status: str) -> None:
    room = (await desk.open(most=2))["id"]
    call = await desk.invite(room, number)
    await desk.world.until_idle()
    assert await desk.there(room) == {}
    [left] = [each for each in await desk.facts(room) if each.did is Did.LEFT]
    assert (left.by, left.why, left.data) == (call, "add_failed", {"joined": False, "status": status})
    assert (await desk.room(room)).live
    [letter] = [each for each in desk.letters(room) if each["did"] == "left"]
    assert (letter["of"], letter["why"], letter["count"]) == (call, "add_failed", 0)


async def test_nobody_is_called_into_a_room_that_is_over(desk: Desk) -> None:
    room = (await desk.open())["id"]
    await desk.close(room)
    with pytest.raises(Illegal):
        await desk.invite(room)
    with pytest.raises(Unknown):
        await desk.invite("00000000-0000-4000-8000-000000000000")
    assert await desk.world.sql("SELECT count(*) FROM calls") == [(0,)]


async def test_who_is_sent_elsewhere_before_he_came_in_gives_his_place_back(desk: Desk) -> None:
    room = (await desk.open())["id"]
    call = await desk.invite(room, phone(0), order={"detection": "first_verdict"})
    await desk.world.pass_time(3.5)
    assert await desk.there(room) == {call: False}
    await desk.world.tell(call, Redirect("", "POST", '[{"action":"talk","text":"Never mind"}]'))
    await desk.world.until_idle()
    assert await desk.did(room) == ["created", "left redirected"]
    assert (await desk.world.look(call)).status is Status.COMPLETED


# -- taking part --


async def test_who_is_held_hears_music_until_he_is_taken_back(desk: Desk) -> None:
    room = (await desk.open())["id"]
    ann, bob = [await desk.invite(room) for _ in range(2)]
    await desk.world.pass_time(10)
    for held in (True, True, False):
        assert (await desk.steer(room, ann, held=held))["held"] is held
        await desk.world.pass_time(1)
    assert await played(desk.world, ann) == ["music", "hushed", "beep", "music", "hushed"]
    assert await desk.did(room) == ["created", "joined", "joined", "started", "held", "unheld"]
    assert [each["by"] for each in desk.letters(room)[-2:]] == [ann, ann]
    assert (await desk.world.look(bob)).status is Status.TALKING


async def test_what_changes_is_told_once_and_what_does_not_is_not(desk: Desk) -> None:
    room = (await desk.open())["id"]
    ann, bob = [await desk.invite(room) for _ in range(2)]
    await desk.world.pass_time(10)
    for _ in range(2):
        shown = await desk.steer(room, ann, muted=True, coach=bob, ends=True)
        assert (shown["muted"], shown["coach"], shown["ends"]) == (True, bob, True)
    assert (await desk.steer(room, ann, coach=""))["coach"] == ""
    await desk.world.pass_time(0)
    assert desk.told(room)[-1] == "muted"
    facts = (await desk.facts(room))[-3:]
    assert [(each.did, each.by, each.actor) for each in facts] == [
        (Did.MUTED, ann, Actor.CUSTOMER),
        (Did.MODIFIED, ann, Actor.CUSTOMER),
        (Did.MODIFIED, ann, Actor.CUSTOMER),
    ]
    assert facts[1].data == {"heard_by": [bob], "hears": None, "ends": True}
    with pytest.raises(Conflict):
        await desk.steer(room, ann, coach=ann)
    with pytest.raises(Unknown):
        await desk.steer(room, "00000000-0000-4000-8000-000000000000", muted=True)


async def test_who_is_on_the_way_is_steered_for_when_he_comes(desk: Desk) -> None:
    room = (await desk.open())["id"]
    call = await desk.invite(room)
    assert (await desk.steer(room, call, muted=True, held=True))["joined"] is False
    with pytest.raises(Illegal):
        await desk.steer(room, call, announce_url=f"{APP}/hear")
    await desk.world.pass_time(10)
    assert await desk.did(room) == ["created", "joined"]
    assert await played(desk.world, call) == ["music"]


async def test_what_is_announced_is_heard_by_all_or_by_one(desk: Desk) -> None:
    world = desk.world
    world.customer.pages({"/hear": "<Response><Say>One minute left</Say></Response>"})
    room = (await desk.open())["id"]
    calls = [await desk.invite(room) for _ in range(3)]
    await world.pass_time(10)
    await desk.steer(room, calls[0], held=True)
    await desk.announce(room, f"{APP}/hear")
    await world.pass_time(5)
    await desk.steer(room, calls[1], announce_url=f"{APP}/hear")
    await world.pass_time(5)
    said = [[each for each in await world.journal(call) if each.kind is Kind.SAID] for call in calls]
    mine = [[each for each in said_to if each.actor is Actor.PLATFORM] for said_to in said]
    assert [len(each) for each in mine] == [1, 2, 1]
    assert (await played(world, calls[0]))[-3:] == ["music", "hushed", "music"]
    assert await desk.there(room) == dict.fromkeys(calls[::-1], True)
    assert "announced" not in desk.told(room)
    assert [each.data for each in await desk.facts(room) if each.did is Did.ANNOUNCED] == [
        {"url": f"{APP}/hear"}
    ] * 2


# -- going --


async def test_who_is_removed_leaves_and_hangs_up_or_goes_on_with_his_document(desk: Desk) -> None:
    room = (await desk.open("standup"))["id"]
    guest, caller = await desk.invite(room), await desk.world.call(document=GO_IN)
    rings = await desk.invite(room, NOBODY)
    await desk.world.pass_time(10)
    for each in (guest, caller, rings):
        await desk.remove(room, each)
        assert each not in await desk.there(room)
        with pytest.raises((Unknown, Illegal)):
            await desk.remove(room, each)
    await desk.world.until_idle()
    ended = [await desk.world.look(each) for each in (guest, caller, rings)]
    assert [(each.status, each.cause) for each in ended] == [
        (Status.COMPLETED, Cause.HUNG_UP),
        (Status.COMPLETED, Cause.HUNG_UP),
        (Status.CANCELED, Cause.CANCELED),
    ]
    said = [each.data["text"] for each in await desk.world.journal(caller) if each.kind is Kind.SAID]
    assert said[-1] == "That was it"
    assert (await desk.did(room))[-4:] == [
        "left removed",
        "left removed",
        "left removed",
        "ended last_removed",
    ]


async def test_a_room_that_is_closed_lets_all_go_and_calls_nobody_any_more(desk: Desk) -> None:
    room = (await desk.open("standup"))["id"]
    guest, caller = await desk.invite(room), await desk.world.call(document=GO_IN)
    rings = await desk.invite(room, NOBODY)
    await desk.world.pass_time(10)
    assert (await desk.close(room))["count"] == 0
    await desk.world.until_idle()
    ended = [await desk.world.look(each) for each in (guest, caller, rings)]
    assert [each.status for each in ended] == [Status.COMPLETED, Status.COMPLETED, Status.CANCELED]
    assert ended[2].ended_by is EndedBy.CUSTOMER
    assert (await desk.did(room))[-4:] == ["left closed"] * 3 + ["ended closed"]
    last = desk.letters(room)[-4:]
    assert [(each["did"], each["count"], each["status"]) for each in last] == [
        ("left", 1, "started"),
        ("left", 0, "started"),
        ("left", 0, "started"),
        ("ended", 0, "ended"),
    ]


async def test_the_room_waits_for_who_is_on_the_way(desk: Desk) -> None:
    room = (await desk.open())["id"]
    first, slow = await desk.invite(room), await desk.invite(room, phone(8))
    await desk.world.pass_time(10)
    await desk.world.hang_up(first)
    await desk.world.pass_time(5)
    assert (await desk.room(room)).live
    await desk.world.pass_time(20)
    assert await desk.there(room) == {slow: True}
    await desk.world.hang_up(slow)
    await desk.world.pass_time(0)
    assert (await desk.did(room))[-1] == "ended last_left"


# -- the recording --


async def test_a_room_is_recorded_from_its_start_to_its_end(desk: Desk) -> None:
    room = (await desk.open(record=True, channels=2))["id"]
    calls = [await desk.invite(room) for _ in range(2)]
    await desk.world.pass_time(10)
    [(recording, status)] = await desk.world.sql("SELECT id, status FROM recordings")
    assert status == "running"
    assert (await desk.record(room, recording, Trigger.PAUSE))["status"] == "paused"
    await desk.world.pass_time(5)
    assert (await desk.tape(recording, Trigger.RESUME))["status"] == "running"
    for steer in (partial(desk.record, room, recording), partial(desk.tape, recording)):
        with pytest.raises(Illegal):
            await steer(Trigger.FINISH)
    with pytest.raises(Unknown):
        await desk.record(room, room, Trigger.PAUSE)
    await desk.world.pass_time(5)
    await desk.close(room)
    await desk.world.pass_time(0)
    kept = await desk.world.engine.recordings.recording(desk.account.id, None, recording)
    started = next(each for each in await desk.facts(room) if each.did is Did.STARTED)
    assert (kept.since, kept.room_id, kept.call_id, kept.channels) == (started.at, room, started.by, 2)
    assert started.by == calls[1]
    assert (kept.status, kept.ms, len(kept.gaps)) == ("completed", 17_000, 1)
    assert desk.told(room) == [
        *("created", "joined", "joined", "started", "running"),
        *("left", "left", "ended", "completed"),
    ]
    [again] = await desk.world.sql("SELECT count(*) FROM recordings")
    assert again == (1,)


async def test_letters_of_a_room_are_kept_like_those_of_a_call(desk: Desk) -> None:
    room = (await desk.open())["id"]
    await desk.close(room)
    await desk.world.pass_time(0)
    found = await desk.world.deliveries(room)
    assert [(each.event, each.state.value) for each in found] == [
        ("room.created", "delivered"),
        ("room.ended", "delivered"),
    ]
    assert [json.loads(each.body)["sequence"] for each in found] == [0, 1]
    assert {(each.call_id, each.room_id) for each in found} == {(None, room)}
    query = DeliveryQuery(room_id=room)
    assert (await desk.world.engine.mailroom.deliveries(desk.account.id, query))[1] == 2
    await desk.world.engine.mailroom.replay(desk.account.id, found[0].id)
    await desk.world.pass_time(0)
    assert desk.told(room) == ["created", "ended", "created"]
