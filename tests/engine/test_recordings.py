"""Recordings begin, are told and end with their calls, and a customer can start, steer, list and delete them."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Final

import pytest

from telefonie.core.accounts import Account, Number, Settings
from telefonie.core.call import Direction, Order
from telefonie.core.errors import Conflict, Illegal, Unknown
from telefonie.core.phones import Behaviour
from telefonie.core.recordings import Recording, Source, Status, Trigger, Wanted
from telefonie.engine.once import REPLAYED
from telefonie.engine.ports import Once, Reply, Reused
from telefonie.engine.recordings import RecordingQuery
from tests.support.customer import BROKEN, Answer
from tests.support.world import FACE, HUMAN, NEW_YEAR, World, word

HOST: Final = "https://customer.test"
STAYS: Final[dict[str, Any]] = {"phone": Behaviour(greeting=""), "document_url": f"{HOST}/stay"}
SOMEBODY: Final = "+31201234567"
ONCE: Final = Once("key", "fingerprint")
PAGES: Final[dict[str, str | Answer]] = {"/stay": "<Response><Pause length='10'/></Response>"}


def worded(it: Recording) -> Reply:
    return Reply(201, json.dumps({"id": it.id, "status": it.status, "reports": it.reports}))


async def talking(world: World, **order: Any) -> str:
    """A call that has just been answered, and goes on for ten seconds."""
    world.customer.pages(PAGES)
    call = await world.call(SOMEBODY, **{**STAYS, **order})
    await world.pass_time(3)
    return call


async def start(world: World, call: str, once: Once | None = None, face: str = FACE, **wanted: Any) -> Reply:
    recordings = world.engine.recordings
    return await recordings.start(world.account.id, face, call, Wanted(**wanted), worded, once)


async def steer(world: World, recording: str, trigger: Trigger, *, skips: bool = False) -> Reply:
    recordings = world.engine.recordings
    return await recordings.steer(world.account.id, FACE, recording, trigger, worded, skips=skips)


def lane(world: World, call: str) -> list[tuple[str, int]]:
    """What the customer was told of a call and its recordings, with the sequence that each counts."""
    told = [each for each in world.letters(call) if "purpose" not in each]
    return [
        (("recording " if "recording" in each else "") + each["status"], each["sequence"]) for each in told
    ]


# -- with the call --


async def test_what_becomes_of_it_is_told_in_order_with_what_becomes_of_its_call(world: World) -> None:
    call = await talking(world, record=True)
    await world.until_idle()
    assert lane(world, call) == [
        *(("queued", 0), ("ringing", 1), ("talking", 2)),
        ("recording running", 0),
        ("completed", 3),
        ("recording completed", 1),
    ]
    (it,) = await world.recordings(call)
    assert (it.since, it.until, it.ms) == (NEW_YEAR + 3_000, NEW_YEAR + 13_000, 10_000)
    assert ((await world.look(call)).recording, it.reports) == (it.id, 2)


async def test_a_letter_that_does_not_arrive_holds_up_all_behind_it(world: World) -> None:
    world.customer.pages(PAGES)
    fine = world.customer.mood
    call = await world.call(SOMEBODY, **STAYS, record=True)
    stuck: list[bool] = [True]
    world.customer.mood = lambda letter: (
        BROKEN if stuck[0] and json.loads(letter.body or "{}").get("recording") else fine(letter)
    )
    await world.pass_time(13)
    assert [status for status, _ in lane(world, call)][-1] == "recording running"
    stuck[0] = False
    await world.until_idle()
    assert [status for status, _ in dict.fromkeys(lane(world, call))] == [
        *("queued", "ringing", "talking", "recording running"),
        *("completed", "recording completed"),
    ]
    assert set(await world.states(call)) == {"delivered"}


async def test_a_recording_that_is_told_elsewhere_keeps_its_place(world: World) -> None:
    call = await talking(world, record=True, recording_url=f"{HOST}/tapes")
    await world.until_idle()
    told = [each for each in world.customer.got if each.url == f"{HOST}/tapes"]
    assert [json.loads(each.body)["status"] for each in told] == ["running", "completed"]
    assert len(lane(world, call)) == 6


async def test_a_number_may_be_recorded_and_an_account(world: World) -> None:
    world.customer.pages({"/talk": "<Response><Say>Hello</Say></Response>"})
    keen = await world.another(settings=Settings(record_calls=True))
    made: list[tuple[Account, str]] = []
    for account, record in ((world.account, True), (keen, True), (keen, False), (world.account, False)):
        number = f"+31970102{len(made):03}"
        owned = Number(account.id, number, voice_url=f"{HOST}/talk", face=FACE, record=record)
        await world.engine.registry.add_number(owned)
        order = Order(Direction.INBOUND, SOMEBODY, number, "0", "USD")
        call_id = f"{next(world.ids):08x}-0000-4000-8000-000000000000"
        await world.engine.switchboard.arrive(account, order, call_id, word)
        made.append((account, call_id))
    outbound = await world.call(account=keen)
    asked = await world.call(account=keen, record=True)
    for account in (world.account, keen):
        await world.until_idle(account)
    found = [[each.source for each in await world.recordings(call, account)] for account, call in made]
    assert found == [[Source.NUMBER], [Source.NUMBER], [Source.ACCOUNT], []]
    assert [each.source for each in await world.recordings(outbound, keen)] == [Source.ACCOUNT]
    assert [each.source for each in await world.recordings(asked, keen)] == [Source.CALL]


async def test_the_legs_of_a_call_are_not_recorded_by_the_accounts_setting(world: World) -> None:
    keen = await world.another(settings=Settings(record_calls=True))
    world.customer.pages({"/dial": f"<Response><Dial>{HUMAN}</Dial></Response>"})
    call = await world.call(SOMEBODY, keen, document_url=f"{HOST}/dial")
    await world.until_idle(keen)
    assert [each.call_id for each in await world.recordings(account=keen)] == [call]


async def test_where_a_document_has_it_told_may_be_relative(world: World) -> None:
    callback = "recordingStatusCallback='../tape' recordingStatusCallbackMethod='GET'"
    world.customer.pages(
        {"/a/b": f"<Response><Record {callback} playBeep='false' trim='do-not-trim'/></Response>"}
    )
    await world.call(
        SOMEBODY, document_url=f"{HOST}/a/b", phone=Behaviour(script=({"say": "Hello"},)), report_url=None
    )
    await world.pass_time(20)
    told = [each.url for each in world.customer.got if each.url.endswith("/tape")]
    assert told[0] == f"{HOST}/tape"
    assert {each.url for each in await world.recordings()} == {f"{HOST}/tape"}


# -- on demand --


async def test_starting_one_answers_with_it(world: World) -> None:
    call = await talking(world)
    reply = await start(world, call, channels=2)
    (it,) = await world.recordings(call)
    assert json.loads(reply.body) == {"id": it.id, "status": "running", "reports": 1}
    assert (it.source, it.channels, it.since) == (Source.ON_DEMAND, 2, NEW_YEAR + 3_000)
    await world.until_idle()
    assert lane(world, call)[-3:] == [
        ("recording running", 0),
        ("completed", 3),
        ("recording completed", 1),
    ]


async def test_the_same_request_starts_one(world: World) -> None:
    call = await talking(world)
    first, again = await start(world, call, ONCE), await start(world, call, ONCE)
    assert first.body == again.body
    assert REPLAYED in again.headers
    assert len(await world.recordings(call)) == 1
    with pytest.raises(Reused):
        await start(world, call, Once("key", "another"))
    await world.until_idle()
    assert (await start(world, call, ONCE)).body == first.body  # whatever has become of the call


async def test_of_ten_requests_with_one_key_one_is_carried_out(world: World) -> None:
    call = await talking(world)
    replies = await asyncio.gather(*(start(world, call, ONCE) for _ in range(10)), return_exceptions=True)
    assert all(isinstance(each, Reply | Conflict) for each in replies)
    assert len(await world.recordings(call)) == 1


async def test_a_call_that_is_not_under_way_or_not_ones_own_cannot_be_recorded(world: World) -> None:
    call = await world.call()
    with pytest.raises(Illegal):
        await start(world, call)
    with pytest.raises(Unknown):
        await start(world, call, face="other")
    with pytest.raises(Unknown):
        await start(world, "00000000-0000-4000-8000-00000000dead")
    assert await world.recordings() == []


async def test_it_is_paused_goes_on_and_is_over(world: World) -> None:
    call = await talking(world)
    it = json.loads((await start(world, call)).body)["id"]
    found = []
    for trigger in (Trigger.PAUSE, Trigger.RESUME, Trigger.FINISH):
        await world.pass_time(1)
        found.append(json.loads((await steer(world, it, trigger, skips=True)).body))
    assert [each["status"] for each in found] == ["paused", "running", "completed"]
    assert {each["id"] for each in found} == {it}
    kept = await world.engine.recordings.recording(world.account.id, FACE, it)
    assert (kept.ms, kept.until, kept.why) == (2_000, NEW_YEAR + 6_000, "stopped")
    for trigger in (Trigger.PAUSE, Trigger.RESUME, Trigger.FINISH):
        with pytest.raises(Illegal):
            await steer(world, it, trigger)
    with pytest.raises(Unknown):
        await steer(world, "00000000-0000-4000-8000-00000000dead", Trigger.PAUSE)


async def test_of_ten_who_stop_it_at_once_one_does(world: World) -> None:
    call = await talking(world)
    it = json.loads((await start(world, call)).body)["id"]
    await world.pass_time(1)
    asked = (steer(world, it, Trigger.FINISH) for _ in range(10))
    replies = await asyncio.gather(*asked, return_exceptions=True)
    assert sorted(type(each).__name__ for each in replies) == [*["Illegal"] * 9, "Reply"]


async def test_the_recording_of_a_room_is_steered_at_the_same_door(world: World) -> None:
    room = "<Response><Dial><Conference record='record-from-start'>lobby</Conference></Dial></Response>"
    world.customer.pages({"/room": room})
    for _ in range(2):
        await world.call(SOMEBODY, phone=Behaviour(greeting=""), document_url=f"{HOST}/room")
    await world.pass_time(5)
    (it,) = await world.recordings()
    assert it.room_id is not None
    assert json.loads((await steer(world, it.id, Trigger.PAUSE)).body)["status"] == "paused"
    await world.pass_time(2)
    assert json.loads((await steer(world, it.id, Trigger.RESUME)).body)["status"] == "running"
    with pytest.raises(Illegal):
        await steer(world, it.id, Trigger.FINISH)  # it ends with the room
    with pytest.raises(Illegal):
        await world.engine.recordings.delete(world.account.id, FACE, it.id)
    (it,) = await world.recordings()
    assert it.gaps == ((NEW_YEAR + 5_000, NEW_YEAR + 7_000),)


# -- reading and removing --


async def test_they_are_listed_newest_first(world: World) -> None:
    calls = [await talking(world, record=True) for _ in range(3)]
    await world.until_idle()
    found = await world.engine.recordings.page(world.account.id, RecordingQuery(size=2))
    assert ([each.call_id for each in found.recordings], found.total) == ([calls[2], calls[1]], 3)


async def test_one_that_is_over_can_be_deleted_and_one_that_goes_on_cannot(world: World) -> None:
    call = await talking(world, record=True)
    (it,) = await world.recordings(call)
    recordings = world.engine.recordings
    with pytest.raises(Illegal):
        await recordings.delete(world.account.id, FACE, it.id)
    await world.until_idle()
    await recordings.delete(world.account.id, FACE, it.id)
    for gone in (
        recordings.delete(world.account.id, FACE, it.id),
        recordings.recording(world.account.id, FACE, it.id),
    ):
        with pytest.raises(Unknown):
            await gone
    assert await world.recordings() == []


async def test_a_reset_leaves_none(world: World) -> None:
    await talking(world, record=True)
    await world.engine.switchboard.reset(world.account.id)
    assert await world.recordings() == []


async def test_a_process_that_is_killed_in_the_midst_of_it_loses_none_of_it(world: World) -> None:
    call = await talking(world, record=True)
    it = json.loads((await start(world, call)).body)["id"]
    await world.pass_time(1)
    await steer(world, it, Trigger.PAUSE)
    await world.die()
    await world.start()
    await world.pass_time(1)
    await steer(world, it, Trigger.RESUME)
    await world.die()
    await world.start()
    await world.until_idle()
    own, asked = await world.recordings(call)
    assert (own.ms, asked.ms) == (10_000, 10_000)
    assert asked.gaps == ((NEW_YEAR + 4_000, NEW_YEAR + 5_000),)
    assert {each.status for each in (own, asked)} == {Status.COMPLETED}
    assert [each for each, _ in lane(world, call)] == [
        *("queued", "ringing", "talking", "recording running", "recording running"),
        *("completed", "recording completed", "recording completed"),
    ]
