"""The inventory of numbers over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from tests.support.documents import Document, judged, misfits

NUMBERS = "/v1/numbers"
MINE = "+31201234567"
FULL: dict[str, Any] = {
    "friendly_name": "Front desk",
    "voice_url": "https://example.com/voice",
    "voice_method": "GET",
    "fallback_url": "https://example.com/fallback",
    "status_callback": "https://example.com/events",
    "dialect": "telefonie",
    "record": True,
}
BARE = {"friendly_name": "", "voice_method": "POST", "dialect": "telefonie", "record": False}


def shown(answer: httpx.Response) -> dict[str, Any]:
    told = dict(answer.json())
    assert told.pop("created_at").endswith("Z")
    return told


async def test_a_number_needs_nothing_but_itself(client: httpx.AsyncClient) -> None:
    answer = await client.post(NUMBERS, json={"number": MINE})
    assert (answer.status_code, shown(answer)) == (201, {"number": MINE, **BARE})
    assert (await client.get(f"{NUMBERS}/{MINE}")).json() == answer.json()


async def test_every_field_is_kept(client: httpx.AsyncClient) -> None:
    answer = await client.post(NUMBERS, json={"number": MINE, **FULL})
    assert (answer.status_code, shown(answer)) == (201, {"number": MINE, **FULL})
    assert (await client.get(f"{NUMBERS}/{MINE}")).json() == answer.json()


async def test_a_number_may_belong_to_an_application(client: httpx.AsyncClient) -> None:
    made = (await client.post("/v1/simulator/applications", json={"name": "Mine"})).json()
    belongs = {"number": MINE, "application_id": made["id"]}
    assert shown(await client.post(NUMBERS, json=belongs)) == belongs | BARE
    freed = await client.patch(f"{NUMBERS}/{MINE}", json={"application_id": None})
    assert shown(freed) == {"number": MINE, **BARE}


async def test_a_number_remembers_when_it_came(client: httpx.AsyncClient) -> None:
    answer = await client.post(NUMBERS, json={"number": MINE})
    assert answer.json()["created_at"] > "2025"


@pytest.mark.parametrize(
    "spelling", ["+31201234567", "31201234567", "%2B31201234567", "0031201234567", "31-20-1234567"]
)
async def test_every_common_spelling_names_the_same_number(client: httpx.AsyncClient, spelling: str) -> None:
    await client.post(NUMBERS, json={"number": MINE})
    assert (await client.get(f"{NUMBERS}/{spelling}")).json()["number"] == MINE
    assert (await client.patch(f"{NUMBERS}/{spelling}", json={"record": True})).status_code == 200
    answer = await client.delete(f"{NUMBERS}/{spelling}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await client.get(f"{NUMBERS}/{MINE}")).status_code == 404


async def test_a_number_is_in_the_inventory_once(client: httpx.AsyncClient, house: Any) -> None:
    await client.post(NUMBERS, json={"number": MINE})
    again = await client.post(NUMBERS, json={"number": MINE})
    assert (again.status_code, again.json()["error"]) == (409, "number_taken")
    async with house.customer() as neighbour:
        assert (await neighbour.post(NUMBERS, json={"number": MINE})).status_code == 201


async def test_of_ten_who_add_it_at_once_one_gets_it(client: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(client.post(NUMBERS, json={"number": MINE}) for _ in range(10)))
    assert sorted(each.status_code for each in answers) == [201, *[409] * 9]


async def test_a_change_touches_only_what_it_names_and_null_restores(client: httpx.AsyncClient) -> None:
    await client.post(NUMBERS, json={"number": MINE, **FULL})
    renamed = await client.patch(f"{NUMBERS}/{MINE}", json={"friendly_name": "Desk"})
    assert shown(renamed) == {"number": MINE, **FULL, "friendly_name": "Desk"}
    bare = await client.patch(f"{NUMBERS}/{MINE}", json=dict.fromkeys(FULL))
    assert (bare.status_code, shown(bare)) == (200, {"number": MINE, **BARE})
    empty = await client.patch(f"{NUMBERS}/{MINE}")
    assert (empty.status_code, empty.json()) == (200, bare.json())


async def test_a_number_cannot_become_another(client: httpx.AsyncClient) -> None:
    await client.post(NUMBERS, json={"number": MINE})
    answer = await client.patch(f"{NUMBERS}/{MINE}", json={"number": "+31201234568"})
    assert (answer.status_code, answer.json()["number"]) == (200, MINE)
    assert answer.headers["X-Ignored-Fields"] == "number"


async def test_the_list_is_newest_first_page_by_page(client: httpx.AsyncClient) -> None:
    assert (await client.get(NUMBERS)).json() == {"numbers": [], "total": 0, "page": 1, "page_size": 50}
    made = [f"+3120123456{last}" for last in range(5)]
    for number in made:
        await client.post(NUMBERS, json={"number": number})
    page = (await client.get(NUMBERS, params={"page": 2, "page_size": 2})).json()
    assert (page["total"], page["page"], page["page_size"]) == (5, 2, 2)
    assert [each["number"] for each in page["numbers"]] == [made[2], made[1]]


WRONG = [
    ("friendly_name", "x" * 101),
    ("friendly_name", 7),
    ("voice_url", "/voice"),
    ("voice_url", "ftp://example.com"),
    ("voice_url", "https://example.com/\r\nX: y"),
    ("voice_url", "https://example.com/" + "x" * 2_100),
    ("voice_method", "PUT"),
    ("voice_method", "post"),
    ("fallback_url", "javascript:alert(1)"),
    ("status_callback", ""),
    ("dialect", "klingon"),
    ("dialect", 1),
    ("application_id", ""),
    ("application_id", "x" * 65),
    ("application_id", "app-1"),
    ("record", "true"),
]


@pytest.mark.parametrize(("field", "value"), WRONG)
async def test_a_wrong_field_is_told_by_name(client: httpx.AsyncClient, field: str, value: object) -> None:
    await client.post(NUMBERS, json={"number": MINE})
    for answer in (
        await client.post(NUMBERS, json={"number": "+31201234568", field: value}),
        await client.patch(f"{NUMBERS}/{MINE}", json={field: value}),
    ):
        assert answer.status_code == 400
        assert [each["field"] for each in answer.json()["details"]] == [field]


@pytest.mark.parametrize(
    "number", [None, "", "31201234567", "+0120", "+3120123456789012", "+31 20 1234567", 31201234567]
)
async def test_a_wrong_number_is_told(client: httpx.AsyncClient, number: object) -> None:
    answer = await client.post(NUMBERS, json={"number": number})
    assert answer.status_code == 400
    assert "number" in [each["field"] for each in answer.json()["details"]]


async def test_a_number_must_be_named(client: httpx.AsyncClient) -> None:
    answer = await client.post(NUMBERS)
    assert answer.json()["details"] == [{"field": "number", "issue": "is required"}]


@pytest.mark.parametrize("number", ["+31201234568", "nonsense", "client:alice", "%00", "0201234567"])
async def test_there_is_no_such_number(client: httpx.AsyncClient, number: str) -> None:
    for answer in (
        await client.get(f"{NUMBERS}/{number}"),
        await client.patch(f"{NUMBERS}/{number}", json={}),
        await client.delete(f"{NUMBERS}/{number}"),
    ):
        assert (answer.status_code, answer.json()["error"]) == (404, "number_not_found")


async def test_numbers_need_a_key_with_the_right(house: Any, admin: httpx.AsyncClient) -> None:
    async with house.connect() as nobody:
        assert (await nobody.get(NUMBERS)).status_code == 401
        assert (await nobody.post(NUMBERS, json={})).status_code == 401
    account = (await admin.post("/v1/admin/accounts", json={"scopes": ["read"]})).json()
    async with house.connect(**{"X-API-Key": account["api_key"]}) as reader:
        assert (await reader.get(NUMBERS)).status_code == 200
        assert (await reader.post(NUMBERS, json={"number": MINE})).status_code == 403


async def test_numbers_belong_to_their_account(client: httpx.AsyncClient, house: Any) -> None:
    await client.post(NUMBERS, json={"number": MINE})
    async with house.customer() as stranger:
        assert (await stranger.get(NUMBERS)).json()["total"] == 0
        assert (await stranger.get(f"{NUMBERS}/{MINE}")).status_code == 404


async def test_an_unknown_path_is_told_in_our_words(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/tea")
    assert (answer.status_code, answer.json()["code"]) == (404, 20404)


async def test_the_document_tells_the_dialects_and_fits(client: httpx.AsyncClient) -> None:
    document: Document = (await client.get("/v1/numbers/openapi.json")).json()
    schemas = document["components"]["schemas"]
    assert schemas["NewNumber"]["properties"]["dialect"]["enum"] == ["telefonie", "telefoon", "vonage"]
    assert misfits(document) == {}
    operations = [each for methods in document["paths"].values() for each in methods.values()]
    assert len(operations) == 5
    assert all({"401", "403"} <= each["responses"].keys() for each in operations)
    made = await client.post(NUMBERS, json={"number": MINE, **FULL})
    assert judged(document, "Number", made.json()) == []
    assert judged(document, "NumberList", (await client.get(NUMBERS)).json()) == []
