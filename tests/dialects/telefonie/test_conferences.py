"""Rooms and those who are in them, as a customer of this API sees them: over HTTP, on both stores."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

import httpx
import pytest
from standardwebhooks import Webhook

from telefonie.core.attending import Opening
from telefonie.engine.ports import Reply
from telefonie.web.ids import new_id
from tests.dialects.telefonie.rooms import (
    CONFERENCES,
    GUESTS,
    changed,
    closed,
    created,
    guest,
    guests_of,
    invite,
    listed,
    place,
    present,
    shown,
    steered,
)
from tests.dialects.telefonie.steps import BUSY, CALLER, NOBODY, SILENT, START, dial, look, refused, update
from tests.support.house import SECRET, House
from tests.support.shop import Shop, a_shop

PassTime = Callable[[float], Awaitable[None]]
XML: Final = "<Response><Dial><Conference>Monday</Conference></Dial></Response>"
JSON: Final = '[{"action": "conversation", "name": "Monday"}]'


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    """The customer's server."""
    async with a_shop() as shop:
        yield shop


def told(shop: Shop, path: str = "/room") -> list[dict[str, Any]]:
    """What the customer was told, each verified as a receiver does it."""
    letters = shop.asked(path)
    for each in letters:
        assert Webhook(SECRET).verify(each.body, dict(each.headers)) is not None
        assert (each.method, each.headers["webhook-id"]) == ("POST", each.json["event_id"])
    return [each.json for each in letters]


def events(shop: Shop) -> list[str]:
    return [each["event"] for each in told(shop)]


# -- making and finding rooms --


async def test_a_new_room_waits_for_people_and_shows_no_more_than_is_known(client: httpx.AsyncClient) -> None:
    room = await created(client)
    assert room == {
        "id": room["id"],
        "status": "init",
        "participant_count": 0,
        "max_participants": 250,
        "date_created": START,
    }
    assert await shown(client, room) == room
    assert await present(client, room) == []


async def test_a_room_is_made_as_it_is_wanted(client: httpx.AsyncClient) -> None:
    room = await created(
        client, friendly_name="  Monday ", max_participants=2, record=False, recording_channels=2
    )
    assert (room["friendly_name"], room["max_participants"]) == ("Monday", 2)


async def test_a_name_belongs_to_one_live_room(client: httpx.AsyncClient) -> None:
    room = await created(client, friendly_name="Monday")
    again = await client.post(CONFERENCES, json={"friendly_name": "Monday"})
    refused(again, 409, 20409, "conference_name_in_use")
    assert (await closed(client, room)).status_code == 204
    another = await created(client, friendly_name="Monday")
    assert another["id"] != room["id"]
    assert await listed(client, friendly_name="Monday") == [another["id"], room["id"]]


async def test_rooms_are_listed_newest_first_by_status_name_and_time(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    first = await created(client, friendly_name="Monday")
    await pass_time(60)
    second = await created(client)
    third = await created(client)
    await closed(client, third)
    ids = [third["id"], second["id"], first["id"]]
    for query, found in (
        ({}, ids),
        ({"status": "init"}, ids[1:]),
        ({"status": "completed"}, ids[:1]),
        ({"status": "in-progress"}, []),
        ({"friendly_name": "Monday"}, ids[2:]),
        ({"friendly_name": "monday"}, []),
        ({"date_from": "2030-01-01T00:01:00Z"}, ids[:2]),
        ({"date_to": "2030-01-01T00:00:59.999Z"}, ids[2:]),
        ({"date_to": "2030-01-01"}, ids),
        ({"date_from": "2030-01-02"}, []),
        ({"date_to": "2029-12-31"}, []),
    ):
        assert await listed(client, **query) == found, query


async def test_rooms_come_at_once_unless_pages_are_asked_for(client: httpx.AsyncClient) -> None:
    made = [(await created(client))["id"] for _ in range(5)][::-1]
    whole = (await client.get(CONFERENCES)).json()
    assert (whole["total"], whole["page"], whole["page_size"]) == (5, 1, 1_000)
    for page, rows in ((1, made[:2]), (2, made[2:4]), (3, made[4:]), (4, [])):
        answer = (await client.get(CONFERENCES, params={"page": page, "page_size": 2})).json()
        assert [each["id"] for each in answer["conferences"]] == rows
        assert (answer["total"], answer["page"], answer["page_size"]) == (5, page, 2)
    assert (await client.get(CONFERENCES, params={"page": 1})).json()["page_size"] == 50


# -- a whole conference --


async def test_a_conference_from_its_first_guest_to_its_end(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    room = await created(client, friendly_name="Monday", status_callback=shop.at("/room"))
    chair = await invite(client, room, GUESTS[0], label="chair", end_on_exit=True)
    assert chair == {
        "call_id": chair["call_id"],
        "conference_id": room["id"],
        "muted": False,
        "hold": False,
        "status": "queued",
        "label": "chair",
        "start_on_enter": True,
        "end_on_exit": True,
        "coaching": False,
    }
    await pass_time(3)  # one second to ring, two to answer
    assert await shown(client, room) == {**room, "participant_count": 1}
    second = await invite(client, room, GUESTS[1])
    third = await invite(client, room, GUESTS[2], muted=True)
    assert {each["status"] for each in await present(client, room)} == {"connected", "queued"}
    assert (await shown(client, room))["participant_count"] == 1
    await pass_time(3)
    started = await shown(client, room)
    assert started == {
        **room,
        "status": "in-progress",
        "participant_count": 3,
        "started_at": "2030-01-01T00:00:06.000Z",
    }
    assert [each["call_id"] for each in await present(client, room)] == [
        third["call_id"],
        second["call_id"],
        chair["call_id"],
    ]
    await pass_time(1)
    assert (await steered(client, room, second, muted=True))["muted"] is True
    assert (await steered(client, room, second, muted=True))["muted"] is True  # which it was
    assert (await steered(client, room, third, muted=False, hold=True))["hold"] is True
    await pass_time(1)
    assert (await steered(client, room, second, muted=False))["muted"] is False
    assert (await steered(client, room, third, hold=False))["hold"] is False
    assert (await client.delete(place(room, third))).status_code == 204
    await pass_time(1)
    assert (await shown(client, room))["participant_count"] == 2
    assert (await client.delete(f"/v1/voice/calls/{chair['call_id']}")).status_code == 204
    await pass_time(1)
    over = await shown(client, room)
    assert over == {
        **started,
        "status": "completed",
        "participant_count": 0,
        "ended_at": "2030-01-01T00:00:09.000Z",
        "reason_conference_ended": "participant-with-end-conference-on-exit-left",
        "call_id_ending_conference": chair["call_id"],
    }
    assert await present(client, room) == []
    await _check_story(client, told(shop), room, chair, second, third)


async def _check_story(
    client: httpx.AsyncClient,
    letters: list[dict[str, Any]],
    room: dict[str, Any],
    chair: dict[str, Any],
    second: dict[str, Any],
    third: dict[str, Any],
) -> None:
    names = {chair["call_id"]: "chair", second["call_id"]: "second", third["call_id"]: "third"}
    story = [(each["event"], names.get(each.get("call_id", ""))) for each in letters]
    assert story == [
        ("conference.created", None),
        ("participant.joined", "chair"),
        ("participant.joined", "second"),
        ("conference.started", None),
        ("participant.joined", "third"),
        ("participant.muted", "second"),
        ("participant.unmuted", "third"),
        ("participant.held", "third"),
        ("participant.unmuted", "second"),
        ("participant.unheld", "third"),
        ("participant.left", "third"),
        ("participant.left", "chair"),
        ("participant.left", "second"),
        ("conference.ended", None),
    ]
    assert [each["sequence_number"] for each in letters] == list(range(len(letters)))
    assert len({each["event_id"] for each in letters}) == len(letters)
    assert letters[0] == {
        "event": "conference.created",
        "event_id": letters[0]["event_id"],
        "timestamp": START,
        "sequence_number": 0,
        "account_id": letters[0]["account_id"],
        "api_version": "v1",
        "conference_id": room["id"],
        "conference": room,
    }
    assert letters[1] == {
        "event": "participant.joined",
        "event_id": letters[1]["event_id"],
        "timestamp": "2030-01-01T00:00:03.000Z",
        "sequence_number": 1,
        "account_id": letters[0]["account_id"],
        "api_version": "v1",
        "conference_id": room["id"],
        "call_id": chair["call_id"],
        "conference": {**room, "participant_count": 1},
        "participant": {**chair, "status": "connected"},
    }
    reasons = [each.get("reason_participant_left") for each in letters[10:]]
    assert reasons == [
        "participant_updated_via_api",
        "participant_hung_up",
        "moderator_ended_conference",
        None,
    ]
    ended = letters[13]
    assert ended["reason_conference_ended"] == "participant-with-end-conference-on-exit-left"
    assert ended["call_id_ending_conference"] == chair["call_id"]
    assert ended["conference"] == await shown(client, room)
    assert letters[10]["participant"] == {**third, "muted": False, "status": "complete"}


async def test_ending_a_room_sends_everybody_away(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    room = await created(client, status_callback=shop.at("/room"))
    both = [await invite(client, room, to) for to in GUESTS[:2]]
    ringing = await invite(client, room, SILENT)
    await pass_time(4)
    answer = await changed(client, room, status="completed")
    assert (answer.status_code, answer.json()["status"]) == (200, "completed")
    assert answer.json()["reason_conference_ended"] == "conference-ended-via-api"
    assert "call_id_ending_conference" not in answer.json()
    await pass_time(1)
    assert await present(client, room) == []
    for each in (*both, ringing):
        assert (await look(client, {"id": each["call_id"]}))["status"] in ("completed", "canceled")
    ended = next(each for each in told(shop) if each["event"] == "conference.ended")
    assert (ended["reason_conference_ended"], ended["conference"]["status"]) == (
        "conference-ended-via-api",
        "completed",
    )
    assert "call_id_ending_conference" not in ended
    left = {each["call_id"]: each for each in told(shop) if each["event"] == "participant.left"}
    reasons = [left[each["call_id"]]["reason_participant_left"] for each in both]
    assert reasons == ["conference_ended_via_api"] * 2


async def test_what_is_over_cannot_be_changed(client: httpx.AsyncClient, pass_time: PassTime) -> None:
    room = await created(client)
    assert (await closed(client, room)).content == b""
    await pass_time(1)
    for answer in (
        await closed(client, room),
        await changed(client, room, status="completed"),
        await changed(client, room, announce_url="https://shop.example/hear"),
        await client.post(guests_of(room), json={"to": GUESTS[0], "from": CALLER}),
    ):
        problem = refused(answer, 409, 21220, "conference_not_active")
        assert "completed" in problem["message"]
    assert (await changed(client, room)).json() == await shown(client, room)
    assert await present(client, room) == []


async def test_the_last_one_who_goes_ends_the_room(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    room = await created(client, status_callback=shop.at("/room"))
    only = await invite(client, room)
    await pass_time(4)
    assert (await client.delete(place(room, only))).status_code == 204
    await pass_time(1)
    over = await shown(client, room)
    assert (over["status"], over["reason_conference_ended"]) == ("completed", "last-participant-kicked")
    assert "started_at" not in over
    assert events(shop) == [
        "conference.created",
        "participant.joined",
        "participant.left",
        "conference.ended",
    ]


# -- who is called in --


async def test_somebody_who_never_comes_is_told_as_such(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    room = await created(client, status_callback=shop.at("/room"))
    busy = await invite(client, room, BUSY)
    await pass_time(10)
    assert await present(client, room) == []
    refused(await client.get(place(room, busy)), 404, 20404, "participant_not_found")
    assert (await shown(client, room))["status"] == "init"
    (left,) = [each for each in told(shop) if each["event"] == "participant.left"]
    assert (left["call_id"], left["reason_participant_left"]) == (busy["call_id"], "participant_add_failed")
    assert left["participant"]["status"] == "failed"


async def test_a_guest_who_still_rings_need_not_come_any_more(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    room = await created(client, status_callback=shop.at("/room"))
    who = await invite(client, room, SILENT)
    await pass_time(2)
    assert (await steered(client, room, who, muted=True))["status"] == "ringing"
    early = await client.post(place(room, who), json={"announce_url": shop.at("/news")})
    refused(early, 409, 20409, "participant_not_active")
    assert (await client.delete(place(room, who))).status_code == 204
    await pass_time(1)
    assert (await look(client, {"id": who["call_id"]}))["status"] == "canceled"
    refused(await client.delete(place(room, who)), 404, 20404, "participant_not_found")
    (left,) = [each for each in told(shop) if each["event"] == "participant.left"]
    assert left["participant"] == {**who, "muted": True, "status": "failed"}
    assert left["reason_participant_left"] == "participant_updated_via_api"


async def test_a_guest_whose_call_is_sent_elsewhere_leaves_the_room(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    shop.pages["/next"] = "<Response><Say>Elsewhere.</Say></Response>"
    room = await created(client, status_callback=shop.at("/room"))
    one, _ = [await invite(client, room, to) for to in GUESTS[:2]]
    await pass_time(4)
    assert (await update(client, {"id": one["call_id"]}, url=shop.at("/next"))).status_code == 200
    await pass_time(10)
    (left,) = [each for each in told(shop) if each["event"] == "participant.left"]
    assert (left["call_id"], left["reason_participant_left"]) == (
        one["call_id"],
        "participant_updated_via_api",
    )
    assert await said_to(client, one) == ["Elsewhere."]
    assert (await shown(client, room))["participant_count"] == 1


async def test_a_guests_call_is_a_call_with_its_own_callbacks_and_limits(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    room = await created(client)
    await invite(client, room, GUESTS[1])
    who = await invite(
        client,
        room,
        status_callback=shop.at("/call"),
        status_callback_events=["answered", "completed"],
        timeout=45,
        time_limit=20,
        metadata={"order": "17"},
    )
    call = await look(client, {"id": who["call_id"]})
    assert (call["timeout"], call["metadata"], call["from"]) == (45, {"order": "17"}, CALLER)
    await pass_time(30)
    assert shop.events("/call") == ["call.answered", "call.completed"]
    assert (await look(client, call))["end_reason"] == "time_limit"
    refused(await client.get(place(room, who)), 404, 20404, "participant_not_found")


async def test_a_full_room_takes_nobody_more_until_somebody_goes(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    room = await created(client, max_participants=2)
    one, _ = [await invite(client, room, to) for to in GUESTS[:2]]
    another = {"to": GUESTS[2], "from": CALLER}
    for count in (0, 2):  # a place is kept for who is still on the way
        assert (await shown(client, room))["participant_count"] == count
        refused(await client.post(guests_of(room), json=another), 409, 16020, "conference_full")
        await pass_time(4)
    await client.delete(place(room, one))
    await pass_time(1)
    await invite(client, room, GUESTS[2])
    await pass_time(4)
    assert (await shown(client, room))["participant_count"] == 2


async def test_many_who_are_called_in_at_once_get_no_more_places_than_there_are(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    room = await created(client, max_participants=4)
    wishes = [{"to": to, "from": CALLER} for to in GUESTS]
    answers = await asyncio.gather(*(client.post(guests_of(room), json=wish) for wish in wishes))
    assert sorted(each.status_code for each in answers) == [201] * 4 + [409] * 6
    await pass_time(4)
    here = await present(client, room)
    assert (await shown(client, room))["participant_count"] == len(here) == 4
    gone = await asyncio.gather(*(client.delete(place(room, each)) for each in here for _ in range(2)))
    assert sorted(each.status_code for each in gone)[:4] == [204] * 4
    assert {each.status_code for each in gone} <= {204, 404, 409}
    await pass_time(1)
    over = await shown(client, room)
    assert (over["status"], over["participant_count"]) == ("completed", 0)


async def test_who_cannot_be_reached_leaves_the_place_to_others(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    room = await created(client, max_participants=2)
    await invite(client, room)
    await invite(client, room, BUSY)
    await pass_time(4)
    assert (await invite(client, room, GUESTS[1]))["status"] == "queued"


async def test_a_label_names_one_guest_also_in_paths(client: httpx.AsyncClient, pass_time: PassTime) -> None:
    room = await created(client)
    who = await invite(client, room, label="the chair")
    await invite(client, room, GUESTS[1])
    again = {"to": GUESTS[2], "from": CALLER, "label": "the chair"}
    refused(await client.post(guests_of(room), json=again), 409, 16025, "label_in_use")
    await pass_time(4)
    refused(await client.post(guests_of(room), json=again), 409, 16025, "label_in_use")
    assert (await client.get(place(room, "the chair"))).json() == await guest(client, room, who)
    assert (await steered(client, room, "the chair", muted=True))["call_id"] == who["call_id"]
    assert (await client.delete(place(room, "the chair"))).status_code == 204
    refused(await client.get(place(room, "the chair")), 404, 20404, "participant_not_found")


async def test_who_does_not_start_a_room_waits_for_who_does(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    room = await created(client)
    for to in GUESTS[:2]:
        await invite(client, room, to, start_on_enter=False)
    await pass_time(60)
    waiting = await shown(client, room)
    assert (waiting["status"], waiting["participant_count"]) == ("init", 2)
    await invite(client, room, GUESTS[2])
    await pass_time(4)
    assert (await shown(client, room))["status"] == "in-progress"


async def test_guests_are_told_apart_by_how_they_take_part(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    room = await created(client)
    agent = await invite(client, room, GUESTS[0])
    mute = await invite(client, room, GUESTS[1], muted=True)
    parked = await invite(client, room, GUESTS[2], hold=True)
    coach = await invite(client, room, GUESTS[3], coach=agent["call_id"].upper())
    assert (coach["coaching"], coach["coach"]) == (True, agent["call_id"])
    await pass_time(4)
    for name, who in (("muted", mute), ("hold", parked), ("coaching", coach)):
        assert [each["call_id"] for each in await present(client, room, **{name: "true"})] == [who["call_id"]]
        assert len(await present(client, room, **{name: "false"})) == 3
    whole = (await client.get(guests_of(room), params={"page": 2, "page_size": 3})).json()
    assert (len(whole["participants"]), whole["total"]) == (1, 4)
    refused(await client.get(guests_of(room), params={"muted": "yes"}), 400, 20001, "invalid_request")


async def test_a_coach_is_heard_by_one_and_then_by_all_again(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    room = await created(client, status_callback=shop.at("/room"))
    agent = await invite(client, room, GUESTS[0])
    coach = await invite(client, room, GUESTS[1])
    await pass_time(4)
    now = await steered(client, room, coach, coach=agent["call_id"])
    assert (now["coaching"], now["coach"]) == (True, agent["call_id"])
    now = await steered(client, room, coach, coach="")
    assert now["coaching"] is False
    assert "coach" not in now
    wrong = await client.post(place(room, coach), json={"coach": NOBODY})
    assert wrong.status_code in (400, 409), wrong.text


async def test_end_on_exit_may_be_decided_late(client: httpx.AsyncClient, pass_time: PassTime) -> None:
    room = await created(client)
    one, other, _ = [await invite(client, room, to) for to in GUESTS[:3]]
    await pass_time(4)
    assert (await steered(client, room, one, end_on_exit=True))["end_on_exit"] is True
    await client.delete(f"/v1/voice/calls/{other['call_id']}")
    await pass_time(1)
    assert (await shown(client, room))["status"] == "in-progress"
    await client.delete(place(room, one))
    await pass_time(1)
    over = await shown(client, room)
    assert over["reason_conference_ended"] == "participant-with-end-conference-on-exit-kicked"
    assert over["call_id_ending_conference"] == one["call_id"]


async def test_an_update_without_a_change_changes_nothing(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    room = await created(client)
    who = await invite(client, room)
    await pass_time(4)
    now = await guest(client, room, who)
    for content in (b"", b"{}"):
        assert (await client.post(place(room, who), content=content)).json() == now
        assert (await client.post(f"{CONFERENCES}/{room['id']}", content=content)).json() == await shown(
            client, room
        )


# -- announcements --


async def said_to(client: httpx.AsyncClient, who: dict[str, Any]) -> list[str]:
    answer = await client.get(f"/v1/simulator/calls/{who['call_id']}/timeline")
    entries = answer.json()["entries"]
    return [each["text"] for each in entries if each["type"] == "said" and each["actor"] == "platform"]


async def test_one_guest_or_the_whole_room_is_told_something(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    shop.pages |= {
        "/alone": "<Response><Say>Only you hear this.</Say></Response>",
        "/all": "<Response><Say>One minute left.</Say></Response>",
    }
    room = await created(client)
    one, other = [await invite(client, room, to) for to in GUESTS[:2]]
    await pass_time(4)
    answer = await steered(client, room, one, announce_url=shop.at("/alone"), announce_method="GET")
    assert answer["status"] == "connected"
    await pass_time(5)
    assert (await changed(client, room, announce_url=shop.at("/all"))).status_code == 200
    await pass_time(5)
    assert await said_to(client, one) == ["Only you hear this.", "One minute left."]
    assert await said_to(client, other) == ["One minute left."]
    assert shop.asked("/alone")[0].method == "GET"
    assert {each.method for each in shop.asked("/all")} == {"POST"}
    assert {each["status"] for each in await present(client, room)} == {"connected"}
    both = await changed(client, room, status="completed", announce_url=shop.at("/all"))
    refused(both, 400, 20001, "invalid_request")


# -- where else a room can be seen --


async def test_the_calls_of_guests_and_the_letters_name_their_room(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    room = await created(client, status_callback="http://127.0.0.1:1/nobody")
    who = await invite(client, room)
    await pass_time(4)
    call = await look(client, {"id": who["call_id"]})
    assert call["conference_id"] == room["id"]
    answer = await client.get("/v1/simulator/deliveries", params={"conference_id": room["id"]})
    letters = answer.json()["deliveries"]
    assert {each["conference_id"] for each in letters} == {room["id"]}
    assert [each["event"] for each in letters] == ["participant.joined", "conference.created"]
    assert not any("call_id" in each for each in letters)
    one = (await client.get(f"/v1/simulator/deliveries/{letters[0]['id']}")).json()
    assert one["conference_id"] == room["id"]
    both = {"conference_id": room["id"], "call_id": call["id"]}
    assert (await client.get("/v1/simulator/deliveries", params=both)).json()["total"] == 0


async def test_a_room_is_recorded_from_its_start_to_its_end(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    room = await created(client, record=True, recording_channels=2, status_callback=shop.at("/room"))
    for to in GUESTS[:2]:
        await invite(client, room, to)
    await pass_time(2)
    assert "recording_id" not in await shown(client, room)
    await pass_time(11)
    recording_id = (await shown(client, room))["recording_id"]
    assert (await closed(client, room)).status_code == 204
    await pass_time(1)
    answer = await client.get("/v1/voice/recordings", params={"conference_id": room["id"]})
    (recording,) = answer.json()["recordings"]
    assert recording == recording | {
        "id": recording_id,
        "status": "completed",
        "source": "conference",
        "channels": 2,
        "duration": 10,
        "conference_id": room["id"],
    }
    letters = told(shop)
    assert [each["event"] for each in letters] == [
        "conference.created",
        "participant.joined",
        "participant.joined",
        "conference.started",
        "recording.started",
        "participant.left",
        "participant.left",
        "conference.ended",
        "recording.completed",
    ]
    assert letters[4]["conference_id"] == room["id"]


# -- one machine for REST, XML and JSON --


async def test_rest_xml_and_json_lead_into_the_same_room(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    shop.pages |= {"/xml": XML, "/json": JSON}
    room = await created(client, friendly_name="Monday", status_callback=shop.at("/room"))
    by_xml = await dial(client, GUESTS[0], url=shop.at("/xml"))
    by_json = await dial(client, GUESTS[1], url=shop.at("/json"))
    by_rest = await invite(client, room, GUESTS[2])
    await pass_time(4)
    here = {each["call_id"] for each in await present(client, room)}
    assert here == {by_xml["id"], by_json["id"], by_rest["call_id"]}
    assert (await shown(client, room))["participant_count"] == 3
    assert (await steered(client, room, by_xml["id"], muted=True))["muted"] is True
    assert (await client.delete(place(room, by_json["id"]))).status_code == 204
    await pass_time(1)
    assert (await look(client, by_json))["status"] == "completed"  # its document has run out
    assert await listed(client) == [room["id"]]


async def test_a_room_made_by_a_document_is_shown_like_any_other(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    shop.pages["/after"] = "<Response><Say>Back again.</Say></Response>"
    shop.pages["/xml"] = (
        "<Response><Dial action='/after'><Conference maxParticipants='5' participantLabel='first'"
        f" statusCallback='{shop.at('/room')}' statusCallbackEvent='start end join leave'>Monday"
        "</Conference></Dial></Response>"
    )
    call = await dial(client, url=shop.at("/xml"))
    await pass_time(4)
    (room_id,) = await listed(client, friendly_name="Monday")
    room = await shown(client, {"id": room_id})
    assert (room["status"], room["max_participants"], room["participant_count"]) == ("init", 5, 1)
    assert (await guest(client, room, {"call_id": call["id"]}))["label"] == "first"
    assert (await closed(client, room)).status_code == 204
    await pass_time(5)
    answer = await client.get(f"/v1/simulator/calls/{call['id']}/timeline")
    assert "Back again." in [each.get("text") for each in answer.json()["entries"]]
    (asked,) = shop.asked("/after")
    assert asked.json == asked.json | {
        "event": "call.action",
        "verb": "dial",
        "dial_call_status": "answered",
        "conference_id": room_id,
        "conference_name": "Monday",
    }
    assert "conference.ended" in events(shop)


# -- strangers --


async def test_rooms_of_another_account_are_not_there(
    client: httpx.AsyncClient, house: House, pass_time: PassTime
) -> None:
    room = await created(client)
    who = await invite(client, room)
    await pass_time(4)
    async with house.customer() as stranger:
        assert await listed(stranger) == []
        await _nowhere(stranger, room, who)
    assert (await shown(client, room))["participant_count"] == 1


async def _nowhere(client: httpx.AsyncClient, room: dict[str, Any], who: dict[str, Any]) -> None:
    guest_body = {"to": GUESTS[1], "from": CALLER}
    for method, path, body in (
        ("GET", f"{CONFERENCES}/{room['id']}", None),
        ("POST", f"{CONFERENCES}/{room['id']}", {"status": "completed"}),
        ("DELETE", f"{CONFERENCES}/{room['id']}", None),
        ("GET", guests_of(room), None),
        ("POST", guests_of(room), guest_body),
        ("GET", place(room, who), None),
        ("POST", place(room, who), {"muted": True}),
        ("DELETE", place(room, who), None),
    ):
        refused(await client.request(method, path, json=body), 404, 20404, "conference_not_found")


async def test_a_room_of_another_api_is_not_there(
    client: httpx.AsyncClient, house: House, pass_time: PassTime
) -> None:
    caller = await house.engine.registry.authenticate(client.headers["X-API-Key"])
    assert caller is not None
    room_id = new_id()
    await house.engine.conferences.open(
        caller.account, "telefoon", Opening(), room_id, lambda room: Reply(201, room.id)
    )
    await pass_time(1)
    assert await listed(client) == []
    await _nowhere(client, {"id": room_id}, {"call_id": NOBODY})


@pytest.mark.parametrize("room_id", [NOBODY, "no-id", "%00", "x" * 300])
async def test_a_room_that_is_not_there_is_404(client: httpx.AsyncClient, room_id: str) -> None:
    await _nowhere(client, {"id": room_id}, {"call_id": NOBODY})


async def test_a_call_that_is_not_in_the_room_is_no_participant(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    room, other = await created(client), await created(client)
    elsewhere = await invite(client, other)
    call = await dial(client)
    await pass_time(4)
    for who in (elsewhere["call_id"], call["id"], NOBODY, "no-label"):
        for method, body in (("GET", None), ("POST", {"muted": True}), ("DELETE", None)):
            answer = await client.request(method, place(room, who), json=body)
            refused(answer, 404, 20404, "participant_not_found")


# -- the same request again --


async def test_a_room_and_a_guest_are_made_once_for_each_key(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    async def send(path: str, key: str, **body: Any) -> httpx.Response:
        return await client.post(path, json=body, headers={"Idempotency-Key": key})

    first = await send(CONFERENCES, "room", friendly_name="Monday", colour="red")
    assert (first.status_code, first.headers["x-ignored-fields"]) == (201, "colour")
    again = await send(CONFERENCES, "room", friendly_name="Monday", colour="red")
    assert (again.status_code, again.content) == (201, first.content)
    assert (again.headers["idempotent-replayed"], again.headers["x-ignored-fields"]) == ("true", "colour")
    refused(await send(CONFERENCES, "room"), 422, 20422, "idempotency_key_reused")
    path, who = guests_of(first.json()), {"to": GUESTS[0], "from": CALLER, "tone": "low"}
    guests = await asyncio.gather(*(send(path, "guest", **who) for _ in range(5)))
    made = [each for each in guests if each.status_code == 201]
    assert len({each.json()["call_id"] for each in made}) == 1
    assert {each.headers["x-ignored-fields"] for each in made} == {"tone"}
    await pass_time(4)
    assert (await send(path, "guest", **who)).content == made[0].content
    assert len(await present(client, first.json())) == 1
    refused(await send(path, "guest", to=GUESTS[1], **{"from": CALLER}), 422, 20422, "idempotency_key_reused")
