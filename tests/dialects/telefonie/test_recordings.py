"""Recordings as a customer of this API sees them: over HTTP, at both places, on both stores."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.dialects.telefonie import tapes
from tests.dialects.telefonie.steps import BRIEF, BUSY, CALLS, HUMAN, NOBODY, dial, hang_up, look, refused
from tests.dialects.telefonie.tapes import ELSEWHERE, PLACES, RECORDINGS, of_call, only, start, steer
from tests.support.house import House
from tests.support.shop import Shop, a_shop

PassTime = Callable[[float], Awaitable[None]]


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    """The customer's server."""
    async with a_shop() as shop:
        yield shop


async def talking(client: httpx.AsyncClient, pass_time: PassTime, to: str = HUMAN, **fields: Any) -> Any:
    """A call whose far end has just answered."""
    call = await dial(client, to, **fields)
    await pass_time(3)
    return call


@pytest.mark.parametrize("place", PLACES)
async def test_a_recording_is_the_same_at_both_places_but_for_its_addresses(
    client: httpx.AsyncClient, pass_time: PassTime, place: str
) -> None:
    call = await talking(client, pass_time, BRIEF, record=True)
    await pass_time(10)
    listed = (await client.get(place)).json()["recordings"]
    shown = (await client.get(f"{place}/{listed[0]['id']}")).json()
    assert listed == [shown]
    for name, ending in (("media_url", "wav"), ("media_url_mp3", "mp3")):
        parts = urlsplit(shown.pop(name))
        assert parts.path == f"{place}/{shown['id']}/media.{ending}"
    assert shown == {
        "id": shown["id"],
        "call_id": call["id"],
        "status": "completed",
        "status_detail": "completed",
        "channels": 1,
        "track": "both",
        "source": "outbound_api",
        "date_created": "2030-01-01T00:00:03.000Z",
        "start_time": "2030-01-01T00:00:03.000Z",
        "end_time": "2030-01-01T00:00:06.000Z",
        "duration": 3,
        "end_reason": "call_ended",
        "price": "-0.0025",
        "price_unit": "USD",
    }


async def test_a_call_that_nobody_answers_is_not_recorded(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    call = await dial(client, BUSY, record=True)
    await pass_time(60)
    assert await of_call(client, call) == []
    assert "recording_url" not in await look(client, call)


async def test_a_call_leads_to_its_recording_wherever_it_is_shown(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    call = await talking(client, pass_time, record=True)
    shown = await look(client, call)
    it = await only(client, call)
    assert urlsplit(shown["recording_url"]).path == f"{RECORDINGS}/{it['id']}/media.wav"
    assert (await client.get(CALLS)).json()["calls"] == [shown]
    changed = (await client.post(f"{CALLS}/{call['id']}", json={"muted": True})).json()
    assert changed["recording_url"] == shown["recording_url"]
    await pass_time(1)
    assert (await look(client, call))["recording_url"] != shown["recording_url"]


async def test_a_recording_is_started_on_demand_as_it_is_wanted(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    call = await talking(client, pass_time)
    plain = await start(client, call)
    assert plain == {**plain, "status": "in-progress", "channels": 1, "source": "start_recording_api"}
    both = await start(client, call, channels=2)
    assert (both["channels"], both["track"]) == (2, "both")
    half = await start(client, call, channels=2, track="inbound", trim="trim-silence")
    assert (half["channels"], half["track"]) == (1, "inbound")
    assert [each["id"] for each in await of_call(client, call)] == [half["id"], both["id"], plain["id"]]


async def test_only_a_call_that_goes_on_can_be_recorded(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    call = await dial(client)
    path = f"{CALLS}/{call['id']}/recordings"
    refused(await client.post(path), 409, 21220, "call_not_answered")
    await pass_time(60)
    refused(await client.post(path), 409, 21220, "call_not_active")
    for absent in (NOBODY, "7"):
        refused(await client.post(f"{CALLS}/{absent}/recordings"), 404, 20404, "call_not_found")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"channels": 3}, "channels"),
        ({"channels": "2"}, "channels"),
        ({"channels": True}, "channels"),
        ({"track": "left"}, "track"),
        ({"trim": "yes"}, "trim"),
        ({"recording_status_callback": "nowhere"}, "recording_status_callback"),
        ({"recording_status_callback_method": "PUT"}, "recording_status_callback_method"),
    ],
)
async def test_what_is_not_as_it_must_be_is_refused(
    client: httpx.AsyncClient, pass_time: PassTime, fields: dict[str, Any], wrong: str
) -> None:
    call = await talking(client, pass_time)
    answer = await client.post(f"{CALLS}/{call['id']}/recordings", json=fields)
    assert (answer.status_code, answer.json()["details"][0]["field"]) == (400, wrong)
    assert await of_call(client, call) == []


async def test_the_same_request_starts_one_recording(client: httpx.AsyncClient, pass_time: PassTime) -> None:
    call = await talking(client, pass_time)
    path, once = f"{CALLS}/{call['id']}/recordings", {"Idempotency-Key": "the-first"}
    first, again = [await client.post(path, headers=once, json={"channels": 2}) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert (await client.post(path, headers=once, json={"channels": 1})).status_code == 422
    assert len(await of_call(client, call)) == 1


async def test_a_recording_is_paused_resumed_and_stopped(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    call = await talking(client, pass_time)
    kept, cut = await start(client, call), await start(client, call)
    await pass_time(1)
    for it, behaviour in ((kept, "silence"), (cut, "skip")):
        paused = (await steer(client, it, "paused", pause_behavior=behaviour)).json()
        assert (paused["status"], paused["status_detail"]) == ("in-progress", "paused")
    refused(await steer(client, kept, "paused"), 409, 20409, "recording_paused")
    await pass_time(2)
    for it in (kept, cut):
        assert (await steer(client, it, "in-progress")).json()["status_detail"] == "in-progress"
    refused(await steer(client, kept, "in-progress"), 409, 20409, "recording_in_progress")
    await pass_time(1)
    stopped = [(await steer(client, it, "stopped")).json() for it in (kept, cut)]
    assert [(each["status"], each["duration"]) for each in stopped] == [("completed", 4), ("completed", 2)]
    assert all("media_url" in each for each in stopped)
    refused(await steer(client, kept, "stopped"), 409, 20409, "recording_not_active")


async def test_an_empty_change_changes_nothing(client: httpx.AsyncClient, pass_time: PassTime) -> None:
    call = await talking(client, pass_time)
    it = await start(client, call)
    path = f"{RECORDINGS}/{it['id']}"
    for answer in (
        await client.post(path),
        await client.post(path, json={}),
        await client.post(path, json={"pause_behavior": "skip"}),
    ):
        assert (answer.status_code, answer.json()) == (200, it)
    ignored = await client.post(path, json={"pause_behaviour": "skip"})
    assert ignored.headers["x-ignored-fields"] == "pause_behaviour"
    answer = await client.post(path, json={"status": "deleted"})
    assert (answer.status_code, answer.json()["details"][0]["field"]) == (400, "status")


async def test_only_a_recording_that_is_over_is_deleted(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    call = await talking(client, pass_time, record=True)
    it = await only(client, call)
    refused(await client.delete(f"{RECORDINGS}/{it['id']}"), 409, 20409, "recording_in_progress")
    await steer(client, it, "paused")
    refused(await client.delete(f"{ELSEWHERE}/{it['id']}"), 409, 20409, "recording_paused")
    await hang_up(client, call)
    gone = await client.delete(f"{ELSEWHERE}/{it['id']}")
    assert (gone.status_code, gone.content) == (204, b"")
    for place in PLACES:
        for method in ("GET", "DELETE", "POST"):
            answer = await client.request(method, f"{place}/{it['id']}")
            refused(answer, 404, 20404, "recording_not_found")
    assert await of_call(client, call) == []


async def test_recordings_are_found_by_what_made_them_and_when_they_began(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    call = await talking(client, pass_time, record=True)
    first = (await only(client, call))["id"]
    await pass_time(2)
    second = (await start(client, call))["id"]
    for query, found in (
        ({"source": "outbound_api"}, [first]),
        ({"source": "start_recording_api"}, [second]),
        ({"source": "conference"}, []),
        ({"conference_id": NOBODY}, []),
        ({"date_from": "2030-01-01T00:00:04Z"}, [second]),
        ({"date_to": "2030-01-01T00:00:04Z"}, [first]),
        ({"date_from": "2030-01-01", "date_to": "2030-01-01"}, [second, first]),
        ({"date_from": "2030-01-02"}, []),
    ):
        page = (await client.get(RECORDINGS, params=query)).json()
        assert ([each["id"] for each in page["recordings"]], page["total"]) == (found, len(found)), query
    assert (await client.get(RECORDINGS, params={"source": "nobody"})).status_code == 400


async def test_nobody_sees_the_recordings_of_others(
    client: httpx.AsyncClient, house: House, pass_time: PassTime
) -> None:
    call = await talking(client, pass_time, record=True)
    it = await only(client, call)
    async with house.customer() as other:
        assert (await other.get(RECORDINGS)).json()["total"] == 0
        for method in ("GET", "DELETE", "POST"):
            refused(
                await other.request(method, f"{RECORDINGS}/{it['id']}"), 404, 20404, "recording_not_found"
            )
        refused(await other.post(f"{CALLS}/{call['id']}/recordings"), 404, 20404, "call_not_found")


async def test_a_reset_forgets_recordings(client: httpx.AsyncClient, pass_time: PassTime) -> None:
    call = await talking(client, pass_time, record=True)
    it = await only(client, call)
    assert (await client.post("/v1/simulator/reset")).is_success
    refused(await client.get(f"{RECORDINGS}/{it['id']}"), 404, 20404, "recording_not_found")
    assert (await client.get(ELSEWHERE)).json()["total"] == 0


async def test_letters_tell_how_a_recording_gets_on_among_those_of_its_call(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    call = await talking(client, pass_time, BRIEF, record=True, status_callback=shop.at("/told"))
    await pass_time(10)
    told = [each.json for each in shop.asked("/told")]
    assert [each["event"] for each in told] == [
        "call.initiated",
        "call.ringing",
        "call.answered",
        "recording.started",
        "call.completed",
        "recording.completed",
    ]
    started, completed = (each for each in told if each["event"].startswith("recording."))
    assert [started["sequence_number"], completed["sequence_number"]] == [0, 1]
    assert [each["sequence_number"] for each in told if each["event"].startswith("call.")] == [0, 1, 2, 3]
    assert started["call_id"] == completed["call_id"] == call["id"]
    assert (started["recording"]["status"], started["timestamp"]) == (
        "in-progress",
        "2030-01-01T00:00:03.000Z",
    )
    shown = await only(client, call)
    assert urlsplit(completed["recording"].pop("media_url")).path == f"{RECORDINGS}/{shown['id']}/media.wav"
    completed["recording"].pop("media_url_mp3")
    assert completed["recording"] == {k: v for k, v in shown.items() if not k.startswith("media_url")}
    ended = next(each for each in told if each["event"] == "call.completed")
    assert urlsplit(ended["call"]["recording_url"]).path == f"{RECORDINGS}/{shown['id']}/media.wav"


async def test_recordings_are_told_where_the_call_says_so(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    places = {"status_callback": shop.at("/call"), "recording_status_callback": shop.at("/tape")}
    call = await talking(client, pass_time, record=True, **places)
    await start(
        client,
        call,
        recording_status_callback=shop.at("/own"),
        recording_status_callback_method="GET",
    )
    await pass_time(60)
    assert shop.events("/tape") == ["recording.started", "recording.completed"]
    assert all(each.startswith("call.") for each in shop.events("/call"))
    asked = shop.asked("/own")
    assert [(each.method, each.query["event"]) for each in asked] == [
        ("GET", "recording.started"),
        ("GET", "recording.completed"),
    ]
    last = asked[-1].query
    assert (last["call_id"], last["recording_status"]) == (call["id"], "completed")
    assert urlsplit(last["recording_media_url"]).path.endswith("/media.wav")


async def test_what_a_verb_recorded_is_linked_to_where_it_is_told(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    shop.pages["/voice"] = (
        "<Response><Record action='/done' timeout='2' trim='do-not-trim' playBeep='false'/></Response>"
    )
    call = await dial(client, url=shop.at("/voice"))
    await pass_time(60)
    (asked,) = shop.asked("/done")
    it = await only(client, call)
    assert asked.json["recording_id"] == it["id"]
    assert urlsplit(asked.json["recording_url"]).path == f"{RECORDINGS}/{it['id']}/media.wav"
    assert it["source"] == "record_verb"


async def test_who_read_and_deleted_a_recording_is_taken_down(house: House, admin: httpx.AsyncClient) -> None:
    account, key = await house.account()
    async with house.connect(**{"X-API-Key": key}) as client:
        call = await dial(client, BRIEF, record=True)
        await client.post("/v1/simulator/clock/advance", json={"seconds": 10})
        it = await tapes.look(client, await only(client, call))
        assert (await client.delete(f"{RECORDINGS}/{it['id']}")).status_code == 204
        assert (await client.delete(f"{RECORDINGS}/{it['id']}")).status_code == 404
    trail = (await admin.get(f"/v1/admin/accounts/{account.id}/audit")).json()["entries"]
    assert [(each["action"], each["kind"], each["subject"]) for each in trail] == [
        ("delete", "recording", it["id"]),
        ("read", "recording", it["id"]),
    ]
    assert len({each["actor"] for each in trail}) == 1
