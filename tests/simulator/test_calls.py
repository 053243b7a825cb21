"""Calls and their timelines, over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.simulator.calling import HUMAN, place, read

CALLS = "/v1/simulator/calls"
NOBODY = "00000000-0000-4000-8000-000000000000"
PassTime = Callable[[float], Awaitable[None]]


async def test_a_new_call_tells_what_was_asked_and_what_is_planned(client: httpx.AsyncClient) -> None:
    call = await place(
        client,
        timeout=20,
        time_limit=60,
        metadata={"order": "17"},
        machine_detection="enable",
        url="https://example.com/voice",
        status_callback="https://example.com/events",
    )
    told = await read(client, call)
    phone = told.pop("phone")
    assert phone["outcome"] == "human"
    assert told == {
        "id": call,
        "face": "telefonie",
        "direction": "outbound",
        "from": "+31201234567",
        "to": HUMAN,
        "status": "queued",
        "created_at": "2030-01-01T00:00:00.000Z",
        "timers": [{"due": "2030-01-01T00:00:01.000Z", "plan": "ring", "guard": False}],
        "next_due": "2030-01-01T00:00:01.000Z",
        "rate": "0.0140",
        "currency": "USD",
        "url": "https://example.com/voice",
        "method": "POST",
        "status_callback": "https://example.com/events",
        "ring_timeout": 20.0,
        "time_limit": 60.0,
        "record": False,
        "language": "en-US",
        "muted": False,
        "held": False,
        "away": False,
        "machine_detection": "enable",
        "machine_detection_async": False,
        "metadata": {"order": "17"},
    }


async def test_a_call_that_has_ended_tells_why_and_what_it_cost(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    call = await place(client)
    await pass_time(20)
    told = await read(client, call)
    assert (
        told.items()
        >= {
            "status": "completed",
            "cause": "hung_up",
            "ended_by": "far_end",
            "rang_at": "2030-01-01T00:00:01.000Z",
            "answered_at": "2030-01-01T00:00:03.000Z",
            "ended_at": "2030-01-01T00:00:13.000Z",
            "duration": 10,
            "price": "-0.0140",
        }.items()
    )
    assert told["timers"] == []
    assert "next_due" not in told


@pytest.mark.parametrize(
    ("to", "status", "cause", "by"),
    [
        ("+12125550120", "busy", "busy", "far_end"),
        ("+12125550130", "no-answer", "ring_timeout", "platform"),
        ("+12125550140", "no-answer", "declined", "far_end"),
        ("+12125550150", "failed", "unreachable", "platform"),
    ],
)
async def test_a_call_that_nobody_answered_costs_nothing(
    client: httpx.AsyncClient, pass_time: PassTime, to: str, status: str, cause: str, by: str
) -> None:
    call = await place(client, to)
    await pass_time(60)
    told = await read(client, call)
    assert (told["status"], told["cause"], told["ended_by"]) == (status, cause, by)
    assert told["duration"] == 0
    assert not {"price", "answered_at"} & told.keys()


async def test_the_timeline_tells_everything_in_order(client: httpx.AsyncClient, pass_time: PassTime) -> None:
    call = await place(client, "+12125550170", send_digits="12#", colour="red")
    await pass_time(60)
    answer = await client.get(f"{CALLS}/{call}/timeline")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["call_id"], told["total"]) == (call, len(told["entries"]))
    assert told["entries"] == [
        entry(0, "customer", "status", status="queued"),
        entry(0, "platform", "ignored_fields", fields=["colour"]),
        entry(1, "platform", "status", status="ringing"),
        entry(3, "far_end", "status", status="in-progress"),
        entry(3, "platform", "pressed", digits="12#"),
        entry(13, "far_end", "status", status="completed", cause="hung_up", ended_by="far_end"),
    ]


async def test_the_timeline_tells_what_was_heard_and_where_the_call_was_sent(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    call = await place(client, machine_detection="enable")
    await pass_time(5)
    moved = await client.post(
        f"/v1/voice/calls/{call}", json={"url": "https://example.com/2", "method": "GET"}
    )
    assert moved.status_code == 200
    entries = (await client.get(f"{CALLS}/{call}/timeline")).json()["entries"]
    assert entries[-2:] == [
        entry(5, "platform", "detected", heard="human"),
        entry(5, "customer", "redirected", url="https://example.com/2", method="GET"),
    ]
    told = await read(client, call)
    assert told["heard"] == "human"
    assert told["redirected_to"] == {"url": "https://example.com/2", "method": "GET"}


def entry(second: int, actor: str, kind: str, **fields: object) -> dict[str, object]:
    at = f"2030-01-01T00:00:{second:02}.000Z"
    return {"at": at, "offset_ms": 1000 * second, "actor": actor, "type": kind, **fields}


async def test_the_list_is_newest_first_and_its_total_exact(client: httpx.AsyncClient) -> None:
    made = [await place(client) for _ in range(5)]
    page = (await client.get(CALLS, params={"page": 2, "page_size": 2})).json()
    assert [each["id"] for each in page["calls"]] == [made[2], made[1]]
    assert (page["total"], page["page"], page["page_size"]) == (5, 2, 2)
    assert (await client.get(CALLS, params={"page": 4, "page_size": 2})).json()["calls"] == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [2, 1, 0]),
        ("status=completed", [0]),
        ("status=queued", [2]),
        ("status=in-progress", [1]),
        ("status=no-answer", []),
        ("direction=outbound", [2, 1, 0]),
        ("direction=inbound", []),
        ("to=%2B12125550110", [1]),
        ("to=+12125550110", [1]),
        ("from=%2B31201234567", [2, 1, 0]),
        ("from=%2B31201234568", []),
        ("face=telefonie", [2, 1, 0]),
        ("face=nobody", []),
        ("parent_call_id=00000000-0000-4000-8000-000000000000", []),
        ("status=completed&to=%2B12125550110", []),
    ],
)
async def test_the_list_is_filtered(
    client: httpx.AsyncClient, pass_time: PassTime, query: str, found: list[int]
) -> None:
    made = [await place(client)]
    await pass_time(20)
    made.append(await place(client, "+12125550110"))
    await pass_time(4)
    made.append(await place(client))
    answer = await client.get(f"{CALLS}?{query}")
    assert answer.status_code == 200
    assert [each["id"] for each in answer.json()["calls"]] == [made[each] for each in found]
    assert answer.json()["total"] == len(found)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("status=talking", "status"),
        ("direction=sideways", "direction"),
        ("page=0", "page"),
        ("page=x", "page"),
        ("page_size=101", "page_size"),
        ("page_size=0", "page_size"),
        ("page=2147483648&page_size=100", "page"),
        ("to=%00", "to"),
        ("from=" + "1" * 256, "from"),
    ],
)
async def test_a_wrong_filter_is_told_field_by_field(
    client: httpx.AsyncClient, query: str, field: str
) -> None:
    answer = await client.get(f"{CALLS}?{query}")
    assert answer.status_code == 400
    assert [each["field"] for each in answer.json()["details"]] == [field]


@pytest.mark.parametrize("call", [NOBODY, "nonsense", "%00", "x" * 300])
async def test_there_is_no_such_call(client: httpx.AsyncClient, call: str) -> None:
    answers = [
        await client.get(f"{CALLS}/{call}"),
        await client.get(f"{CALLS}/{call}/timeline"),
        await client.post(f"{CALLS}/{call}/act", json={"answer": True}),
    ]
    assert [(each.status_code, each.json()["error"]) for each in answers] == [(404, "call_not_found")] * 3


async def test_calls_belong_to_their_account(client: httpx.AsyncClient, house: Any) -> None:
    call = await place(client)
    async with house.customer() as stranger:
        assert (await stranger.get(CALLS)).json()["total"] == 0
        for answer in (
            await stranger.get(f"{CALLS}/{call}"),
            await stranger.get(f"{CALLS}/{call}/timeline"),
            await stranger.post(f"{CALLS}/{call}/act", json={"answer": True}),
        ):
            assert answer.status_code == 404
