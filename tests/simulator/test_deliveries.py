"""Deliveries over HTTP: what was sent to a customer, what was answered, and sending it again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.simulator.calling import place
from tests.simulator.listening import listening

DELIVERIES = "/v1/simulator/deliveries"
NOBODY = "00000000-0000-4000-8000-000000000000"
PassTime = Callable[[float], Awaitable[None]]


async def listed(client: httpx.AsyncClient, **query: object) -> list[dict[str, Any]]:
    answer = await client.get(DELIVERIES, params={key: str(value) for key, value in query.items()})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["deliveries"]
    assert answer.json()["total"] >= len(found)
    return found


async def test_a_delivered_event_is_listed(client: httpx.AsyncClient, pass_time: PassTime) -> None:
    async with listening() as customer:
        call = await place(client, status_callback=customer.url)
        await pass_time(0)
        (told,) = await listed(client)
        assert told == {
            "id": told["id"],
            "event_id": customer.bodies[0]["event_id"],
            "event": "call.initiated",
            "call_id": call,
            "method": "POST",
            "url": customer.url,
            "state": "delivered",
            "attempt_count": 1,
            "created_at": "2030-01-01T00:00:00.000Z",
            "finished_at": "2030-01-01T00:00:00.000Z",
            "last_status": 200,
        }


async def test_every_attempt_tells_request_answer_and_timing(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    async with listening(503) as customer:
        await place(client, status_callback=customer.url)
        await pass_time(0)
        (waiting,) = await listed(client)
        assert (waiting["state"], waiting["last_status"], waiting["attempt_count"]) == ("pending", 503, 1)
        assert waiting["next_attempt_at"] == "2030-01-01T00:00:01.000Z"
        await pass_time(1)
        told = (await client.get(f"{DELIVERIES}/{waiting['id']}")).json()
        assert (told["state"], told["attempt_count"]) == ("delivered", 2)
        first, second = told["attempts"]
        assert (first["number"], first["at"]) == (1, "2030-01-01T00:00:00.000Z")
        assert (second["number"], second["at"]) == (2, "2030-01-01T00:00:01.000Z")
        assert first["response"].items() >= {"status": 503, "body": "heard you", "body_cut": False}.items()
        assert {"name": "X-Told", "value": "yes"} in first["response"]["headers"]
        assert (
            first["request"].items() >= {"method": "POST", "url": customer.url, "body": told["body"]}.items()
        )
        sent = {each["name"].lower(): each["value"] for each in first["request"]["headers"]}
        assert sent["webhook-id"] == told["event_id"]
        assert first["took_ms"] >= 0
        assert "error" not in first


async def test_an_attempt_that_reached_nobody_tells_why(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    async with listening() as gone:
        pass
    await place(client, status_callback=gone.url)
    await pass_time(0)
    (told,) = await listed(client)
    assert (told["state"], told["last_error"]) == ("pending", "connect")
    (attempt,) = (await client.get(f"{DELIVERIES}/{told['id']}")).json()["attempts"]
    assert attempt["error"] == "connect"
    assert attempt["message"]
    assert "response" not in attempt


async def test_a_delivery_is_failed_when_no_retry_is_left(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    async with listening(404) as customer:
        await place(client, status_callback=customer.url)
        await pass_time(0)
        (told,) = await listed(client, state="failed")
        assert told["last_status"] == 404
        assert "next_attempt_at" not in told
        assert await listed(client, state="delivered") == []


async def test_a_replay_is_a_new_delivery_of_the_same_event(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    async with listening(404) as customer:
        await place(client, status_callback=customer.url)
        await pass_time(0)
        (first,) = await listed(client)
        answer = await client.post(f"{DELIVERIES}/{first['id']}/replay")
        assert answer.status_code == 201
        again = answer.json()
        assert (
            again.items()
            >= {"state": "pending", "replay_of": first["id"], "event_id": first["event_id"]}.items()
        )
        await pass_time(0)
        assert (await listed(client))[0].items() >= {"id": again["id"], "state": "delivered"}.items()
        assert customer.bodies[0] == customer.bodies[1]
        assert (await client.get(f"{DELIVERIES}/{first['id']}")).json()["state"] == "failed"


async def test_the_list_is_newest_first_and_filtered(client: httpx.AsyncClient, pass_time: PassTime) -> None:
    async with listening() as customer:
        one = await place(client, status_callback=customer.url)
        two = await place(client, status_callback=customer.url)
        await pass_time(60)
        events = [each["event"] for each in await listed(client, call_id=one)]
        assert events == ["call.completed", "call.answered", "call.ringing", "call.initiated"]
        answered = await listed(client, event="call.answered")
        assert sorted(each["call_id"] for each in answered) == sorted([one, two])
        assert len(await listed(client, state="delivered", page_size=3, page=3)) == 2
        assert await listed(client, event="call.amd") == []
        assert await listed(client, call_id=NOBODY) == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("state=lost", "state"),
        ("page=0", "page"),
        ("page_size=1000", "page_size"),
        ("event=" + "x" * 65, "event"),
    ],
)
async def test_a_wrong_filter_is_told_field_by_field(
    client: httpx.AsyncClient, query: str, field: str
) -> None:
    answer = await client.get(f"{DELIVERIES}?{query}")
    assert answer.status_code == 400
    assert [each["field"] for each in answer.json()["details"]] == [field]


@pytest.mark.parametrize("delivery", [NOBODY, "nonsense", "%00"])
async def test_there_is_no_such_delivery(client: httpx.AsyncClient, delivery: str) -> None:
    for answer in (
        await client.get(f"{DELIVERIES}/{delivery}"),
        await client.post(f"{DELIVERIES}/{delivery}/replay"),
    ):
        assert (answer.status_code, answer.json()["error"]) == (404, "delivery_not_found")


async def test_deliveries_belong_to_their_account(
    client: httpx.AsyncClient, house: Any, pass_time: PassTime
) -> None:
    async with listening() as customer:
        await place(client, status_callback=customer.url)
        await pass_time(0)
        (told,) = await listed(client)
        async with house.customer() as stranger:
            assert await listed(stranger) == []
            assert (await stranger.get(f"{DELIVERIES}/{told['id']}")).status_code == 404
            assert (await stranger.post(f"{DELIVERIES}/{told['id']}/replay")).status_code == 404


async def test_a_delivery_that_tells_of_a_conference_names_it_and_is_found_by_it(
    client: httpx.AsyncClient,
) -> None:
    wish = {"status_callback": "http://127.0.0.1:9/rooms"}
    room, other = [(await client.post("/v1/voice/conferences", json=wish)).json()["id"] for _ in range(2)]
    listed = await client.get("/v1/simulator/deliveries", params={"conference_id": room})
    [found] = listed.json()["deliveries"]
    assert (found["event"], found["conference_id"], listed.json()["total"]) == ("conference.created", room, 1)
    assert "call_id" not in found
    assert (await client.get("/v1/simulator/deliveries")).json()["total"] == 2
    none = await client.get("/v1/simulator/deliveries", params={"conference_id": room, "call_id": other})
    assert none.json()["total"] == 0
