"""Reading calls one by one and in pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.dialects.telefonie.steps import (
    BRIEF,
    BUSY,
    CALLS,
    FAILING,
    HUMAN,
    NOBODY,
    REJECTING,
    dial,
    hang_up,
    listed,
    look,
    refused,
)
from tests.support.house import House

PassTime = Callable[[float], Awaitable[None]]


@pytest.mark.parametrize(
    "name", [NOBODY, "x", "1", "%00", "..%2f..", "%ff", "a" * 5_000, NOBODY + "0", NOBODY.replace("-", "")]
)
async def test_what_is_no_call_is_not_found(client: httpx.AsyncClient, name: str) -> None:
    for method in ("GET", "DELETE", "POST"):
        answer = await client.request(method, f"{CALLS}/{name}")
        assert (answer.status_code, answer.json()["code"]) == (404, 20404)


async def test_a_call_is_found_in_either_case_of_its_id(client: httpx.AsyncClient) -> None:
    call = await dial(client)
    assert (await client.get(f"{CALLS}/{call['id'].upper()}")).json() == call


async def test_another_accounts_call_is_not_there(client: httpx.AsyncClient, house: House) -> None:
    call = await dial(client)
    async with house.customer() as stranger:
        path = f"{CALLS}/{call['id']}"
        for answer in (
            await stranger.get(path),
            await stranger.delete(path),
            await stranger.post(path, json={"status": "completed"}),
        ):
            refused(answer, 404, 20404, "call_not_found")
        assert (await stranger.get(CALLS)).json()["total"] == 0
    assert (await look(client, call))["status"] == "queued"


async def test_a_page_is_newest_first_and_its_total_exact(client: httpx.AsyncClient) -> None:
    made = [(await dial(client))["id"] for _ in range(7)]
    page = (await client.get(CALLS, params={"page": 2, "page_size": 3})).json()
    assert [call["id"] for call in page["calls"]] == made[3:0:-1]
    assert {name: page[name] for name in ("total", "page", "page_size")} == {
        "total": 7,
        "page": 2,
        "page_size": 3,
    }
    beyond = (await client.get(CALLS, params={"page": 20_000_000, "page_size": 100})).json()
    assert (beyond["calls"], beyond["total"]) == ([], 7)


async def test_fifty_calls_are_a_page_unless_asked_otherwise(client: httpx.AsyncClient) -> None:
    for _ in range(51):
        await dial(client)
    page = (await client.get(CALLS)).json()
    assert (len(page["calls"]), page["total"], page["page"], page["page_size"]) == (50, 51, 1, 50)


async def test_filters_narrow_together_and_totals_follow(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    cast = {
        "completed": await dial(client, BRIEF),
        "busy": await dial(client, BUSY),
        "no-answer": await dial(client, REJECTING),
        "failed": await dial(client, FAILING),
        "canceled": await dial(client),
    }
    await hang_up(client, cast["canceled"])
    await pass_time(30)
    cast["queued"] = await dial(client, "+447700900000", **{"from": "+447700900123"})
    for status, call in cast.items():
        page = (await client.get(CALLS, params={"status": status, "direction": "outbound"})).json()
        assert ([each["id"] for each in page["calls"]], page["total"]) == ([call["id"]], 1)
        assert page["calls"][0]["status"] == status
    assert await listed(client, status="in-progress") == []
    assert await listed(client, direction="inbound") == []
    assert await listed(client, to="+447700900000") == [cast["queued"]["id"]]
    assert await listed(client, to="+447700900000", status="busy") == []
    assert await listed(client, **{"from": "+447700900123", "status": "queued"}) == [cast["queued"]["id"]]


async def test_a_plus_that_was_not_encoded_is_understood(client: httpx.AsyncClient) -> None:
    call = await dial(client)
    answer = await client.get(f"{CALLS}?to={HUMAN}&from=+13125550199")
    assert [each["id"] for each in answer.json()["calls"]] == [call["id"]]


async def test_a_range_of_dates_includes_both_its_ends(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    first = await dial(client)
    await pass_time(86_400)
    second = await dial(client)
    await pass_time(3_600)
    third = await dial(client)
    ids = [third["id"], second["id"], first["id"]]
    for query, found in (
        ({"date_from": "2030-01-01"}, ids),
        ({"date_to": "2030-01-01"}, ids[2:]),
        ({"date_from": "2030-01-02"}, ids[:2]),
        ({"date_from": "2030-01-02", "date_to": "2030-01-02"}, ids[:2]),
        ({"date_from": second["created_at"], "date_to": second["created_at"]}, ids[1:2]),
        ({"date_from": "2030-01-02T00:00:00.001Z"}, ids[:1]),
        ({"date_from": "2030-01-02T02:00:00+01:00"}, ids[:1]),
        ({"date_to": "2029-12-31T23:59:59.999Z"}, []),
        ({"date_from": "2031-01-01", "date_to": "2030-01-01"}, []),
        ({"date_from": "0001-01-01", "date_to": "9999-12-31T23:59:59-12:00"}, ids),
        ({"date_from": "2030-01-02", "status": "queued"}, ids[:1]),
    ):
        page: dict[str, Any] = (await client.get(CALLS, params=query)).json()
        assert ([call["id"] for call in page["calls"]], page["total"]) == (found, len(found)), query


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("status=talking", "status"),
        ("status=", "status"),
        ("status=QUEUED", "status"),
        ("direction=sideways", "direction"),
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=one", "page"),
        ("page=99999999999999999999999", "page"),
        ("page_size=0", "page_size"),
        ("page_size=101", "page_size"),
        ("date_from=yesterday", "date_from"),
        ("date_to=2030-02-30", "date_to"),
        ("to=%00", "to"),
        ("from=" + "1" * 1_001, "from"),
    ],
)
async def test_a_query_that_is_wrong_is_told_where(client: httpx.AsyncClient, query: str, field: str) -> None:
    answer = await client.get(f"{CALLS}?{query}")
    problem = answer.json()
    assert (answer.status_code, problem["status"]) == (400, 400)
    assert [detail["field"] for detail in problem["details"]] == [field]


async def test_any_other_text_in_a_number_filter_matches_nothing(client: httpx.AsyncClient) -> None:
    await dial(client)
    for text in ("anonymous", "%25", "_", "' OR 1=1 --", "%ED%A0%80", "%F0%9F%98%80", "\\"):
        page = (await client.get(f"{CALLS}?to={text}")).json()
        assert (page["calls"], page["total"]) == ([], 0)
