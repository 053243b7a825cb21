"""The account's clock over HTTP."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest

from telefonie.engine.timekeeper import Advance
from telefonie.simulator import clock_wording
from tests.simulator.calling import place
from tests.simulator.listening import listening

CLOCK = "/v1/simulator/clock"
ADVANCE = "/v1/simulator/clock/advance"


async def test_a_manual_clock_stands_until_it_is_advanced(client: httpx.AsyncClient) -> None:
    first = (await client.get(CLOCK)).json()
    assert first == {"mode": "manual", "speed": 1.0, "now": "2030-01-01T00:00:00.000Z", "pending": 0}
    assert (await client.get(CLOCK)).json() == first


async def test_pending_and_next_due_tell_what_is_awaited(client: httpx.AsyncClient) -> None:
    await place(client)
    clock = (await client.get(CLOCK)).json()
    assert (clock["pending"], clock["next_due"]) == (1, "2030-01-01T00:00:01.000Z")


async def test_an_advance_says_how_far_it_went_and_what_happened(client: httpx.AsyncClient) -> None:
    call = await place(client)
    answer = await client.post(ADVANCE, json={"seconds": 3.5})
    assert answer.status_code == 200
    told = answer.json()
    assert told["now"] == "2030-01-01T00:00:03.500Z"
    assert told["advanced_seconds"] == 3.5
    assert told["fired"] >= 2
    assert told["requests"] == 0
    assert told["next_due"] == "2030-01-01T00:00:13.000Z"
    assert (await client.get(f"/v1/simulator/calls/{call}")).json()["status"] == "in-progress"


async def test_to_a_moment(client: httpx.AsyncClient) -> None:
    told = (await client.post(ADVANCE, json={"to": "2030-01-01T01:00:00+01:00"})).json()
    assert told == {
        "now": "2030-01-01T00:00:00.000Z",
        "advanced_seconds": 0.0,
        "fired": 0,
        "requests": 0,
        "pending": 0,
    }
    assert (await client.post(ADVANCE, json={"to": "2030-01-02"})).json()["advanced_seconds"] == 86_400


async def test_until_idle_stops_at_the_last_thing_awaited_and_guards_do_not_count(
    client: httpx.AsyncClient,
) -> None:
    call = await place(client)
    told = (await client.post(ADVANCE, json={"until": "idle"})).json()
    assert (told["now"], told["pending"]) == ("2030-01-01T00:00:13.000Z", 0)
    assert "next_due" not in told
    assert (await client.get(f"/v1/simulator/calls/{call}")).json()["status"] == "completed"


async def test_zero_seconds_are_an_advance_too(client: httpx.AsyncClient) -> None:
    assert (await client.post(ADVANCE, json={"seconds": 0})).json()["advanced_seconds"] == 0


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({}, "body"),
        ({"seconds": 1, "until": "idle"}, "body"),
        ({"seconds": -1}, "seconds"),
        ({"seconds": 315_576_001}, "seconds"),
        ({"seconds": "1"}, "seconds"),
        ({"seconds": True}, "seconds"),
        ({"seconds": None}, "seconds"),
        ({"seconds": 10**400}, "seconds"),
        ({"to": "tomorrow"}, "to"),
        ({"to": "9999-12-31T00:00:00Z"}, "to"),
        ({"to": 5}, "to"),
        ({"until": "tea"}, "until"),
    ],
)
async def test_a_wrong_advance_is_told_field_by_field(
    client: httpx.AsyncClient, wish: dict[str, Any], field: str
) -> None:
    answer = await client.post(ADVANCE, json=wish)
    assert answer.status_code == 400, answer.text
    assert field in [each["field"] for each in answer.json()["details"]]


async def test_only_a_manual_clock_is_advanced(client: httpx.AsyncClient) -> None:
    for mode in ("realtime", "auto"):
        assert (await client.patch(CLOCK, json={"mode": mode})).json()["mode"] == mode
        answer = await client.post(ADVANCE, json={"seconds": 1})
        assert (answer.status_code, answer.json()["error"]) == (409, "clock_not_manual")


async def test_while_a_customer_is_awaited_the_clock_tells_of_the_advance(client: httpx.AsyncClient) -> None:
    async with listening() as customer:
        customer.willing.clear()
        await place(client, status_callback=customer.url)
        advance = asyncio.create_task(client.post(ADVANCE, json={"seconds": 30}))
        await asyncio.wait_for(customer.asked.wait(), 10)
        told = (await client.get(CLOCK)).json()
        assert told["now"] == "2030-01-01T00:00:00.000Z"
        assert (
            told["advance"].items() >= {"target": "2030-01-01T00:00:30.000Z", "advanced_seconds": 0}.items()
        )
        for meanwhile in (
            await client.post(ADVANCE, json={"seconds": 1}),
            await client.patch(CLOCK, json={"mode": "auto"}),
        ):
            assert (meanwhile.status_code, meanwhile.json()["error"]) == (409, "clock_advancing")
        customer.willing.set()
        assert (await advance).json()["now"] == "2030-01-01T00:00:30.000Z"
        assert [each["event"] for each in customer.bodies][-1] == "call.completed"
    assert "advance" not in (await client.get(CLOCK)).json()


def test_an_advance_that_takes_long_tells_where_it_is_going() -> None:
    under_way = Advance(1_000, 500, 2, 1, 4, 1_250, 9_000, done=False)
    assert clock_wording.advance(under_way) == {
        "now": "1970-01-01T00:00:01.000Z",
        "advanced_seconds": 0.5,
        "fired": 2,
        "requests": 1,
        "pending": 4,
        "next_due": "1970-01-01T00:00:01.250Z",
        "target": "1970-01-01T00:00:09.000Z",
    }
    assert clock_wording.advance(replace(under_way, target=None))["until"] == "idle"
    assert not {"target", "until"} & clock_wording.advance(replace(under_way, done=True)).keys()


async def test_time_never_goes_back(client: httpx.AsyncClient) -> None:
    for answer in (
        await client.patch(CLOCK, json={"now": "2029-12-31T23:59:59Z"}),
        await client.post(ADVANCE, json={"to": "2029-12-31T23:59:59Z"}),
    ):
        assert (answer.status_code, answer.json()["error"]) == (409, "clock_would_go_back")


async def test_the_clock_can_be_set_forward(client: httpx.AsyncClient) -> None:
    answer = await client.patch(CLOCK, json={"now": "2031-02-03T04:05:06.789Z", "speed": 4})
    assert answer.status_code == 200
    assert answer.json() == {"mode": "manual", "speed": 4.0, "now": "2031-02-03T04:05:06.789Z", "pending": 0}


async def test_an_empty_change_changes_nothing(client: httpx.AsyncClient) -> None:
    before = (await client.get(CLOCK)).json()
    answer = await client.patch(CLOCK)
    assert (answer.status_code, answer.json()) == (200, before)


async def test_a_typing_error_is_found_in_the_header(client: httpx.AsyncClient) -> None:
    answer = await client.patch(CLOCK, json={"mod": "auto"})
    assert answer.status_code == 200
    assert answer.headers["X-Ignored-Fields"] == "mod"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"mode": "fast"}, "mode"),
        ({"mode": None}, "mode"),
        ({"speed": 0}, "speed"),
        ({"speed": 1_001}, "speed"),
        ({"speed": "2"}, "speed"),
        ({"now": "3001-01-01T00:00:00Z"}, "now"),
        ({"now": "1969-12-31T23:59:59Z"}, "now"),
    ],
)
async def test_a_wrong_change_is_told_field_by_field(
    client: httpx.AsyncClient, change: dict[str, Any], field: str
) -> None:
    answer = await client.patch(CLOCK, json=change)
    assert answer.status_code == 400
    assert [each["field"] for each in answer.json()["details"]] == [field]


async def test_no_number_of_advances_leads_out_of_the_calendar(client: httpx.AsyncClient) -> None:
    await client.patch(CLOCK, json={"now": "3000-01-01T00:00:00Z"})
    answer = await client.post(ADVANCE, json={"seconds": 315_576_000})
    assert answer.json()["details"] == [{"field": "seconds", "issue": "leads beyond the year 3000"}]
    assert (await client.get(CLOCK)).json()["now"] == "3000-01-01T00:00:00.000Z"
