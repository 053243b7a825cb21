"""Simulated phones over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.simulator.calling import place

PHONES = "/v1/simulator/phones"
ORDINARY = {
    "number": "+31612345678",
    "reserved": False,
    "custom": True,
    "outcome": "human",
    "rings_after": 1.0,
    "answers_after": 2.0,
    "beep": False,
    "consents": True,
    "script": [],
}
FULL: dict[str, Any] = {
    "outcome": "machine",
    "rings_after": 0.25,
    "answers_after": 1.125,
    "greeting": "Dit is de voicemail van Jörg.",
    "beep": True,
    "hangs_up_after": 30.5,
    "consents": False,
    "script": [
        {"wait": 2},
        {"wait": 0.5},
        {"say": "hallo"},
        {"press": "12#"},
        {"hold": 3},
        {
            "when_heard": {"pattern": "(?i)pin ?code"},
            "steps": [{"press": "1234#"}],
            "otherwise": [{"hangup": True}],
        },
        {"when_heard": "goodbye", "steps": [{"hangup": True}]},
    ],
}
PassTime = Callable[[float], Awaitable[None]]


async def test_an_empty_character_is_an_ordinary_human(client: httpx.AsyncClient) -> None:
    answer = await client.put(f"{PHONES}/+31612345678")
    assert (answer.status_code, answer.json()) == (201, ORDINARY)
    assert (await client.get(f"{PHONES}/+31612345678")).json() == ORDINARY


async def test_a_character_is_kept_exactly_as_it_was_sent(client: httpx.AsyncClient) -> None:
    assert (await client.put(f"{PHONES}/+31612345678", json=FULL)).status_code == 201
    kept = await client.get(f"{PHONES}/+31612345678")
    assert kept.json() == {"number": "+31612345678", "reserved": False, "custom": True, **FULL}


async def test_put_replaces_the_whole_character(client: httpx.AsyncClient) -> None:
    await client.put(f"{PHONES}/+31612345678", json=FULL)
    again = await client.put(f"{PHONES}/+31612345678", json={})
    assert (again.status_code, again.json()) == (200, ORDINARY)


@pytest.mark.parametrize(
    "spelling",
    ["+31612345678", "31612345678", "%2B31612345678", "0031612345678", "+31 6 1234-5678", "tel:+31612345678"],
)
async def test_every_common_spelling_names_the_same_phone(client: httpx.AsyncClient, spelling: str) -> None:
    await client.put(f"{PHONES}/+31612345678", json={"outcome": "fax"})
    answer = await client.get(f"{PHONES}/{spelling}")
    assert (answer.status_code, answer.json()["number"]) == (200, "+31612345678")
    assert (await client.delete(f"{PHONES}/{spelling}")).status_code == 204
    assert (await client.get(f"{PHONES}/{spelling}")).status_code == 404


@pytest.mark.parametrize(
    ("spelling", "number"),
    [
        ("sip:Bob@Example.com", "sip:Bob@example.com"),
        ("client:alice", "client:alice"),
        ("app:jamie", "app:jamie"),
    ],
)
async def test_addresses_are_phones_too(client: httpx.AsyncClient, spelling: str, number: str) -> None:
    answer = await client.put(f"{PHONES}/{spelling}", json={"outcome": "busy"})
    assert (answer.status_code, answer.json()["number"]) == (201, number)


async def test_nobody_can_set_up_what_nobody_can_dial(client: httpx.AsyncClient) -> None:
    for nobody in ("0612345678", "12-ab", "client:" + "x" * 200, "%00"):
        answer = await client.put(f"{PHONES}/{nobody}", json={})
        assert answer.status_code == 400, nobody
        assert [each["field"] for each in answer.json()["details"]] == ["number"]
        assert (await client.get(f"{PHONES}/{nobody}")).status_code == 404
        assert (await client.delete(f"{PHONES}/{nobody}")).status_code == 404


RESERVED = [
    (0, {"outcome": "human"}),
    (1, {"outcome": "human", "hangs_up_after": 3.0}),
    (2, {"outcome": "busy"}),
    (3, {"outcome": "no-answer"}),
    (4, {"outcome": "rejected"}),
    (5, {"outcome": "failed"}),
    (6, {"outcome": "machine", "beep": False}),
    (7, {"outcome": "machine", "beep": True}),
    (8, {"outcome": "human", "answers_after": 20.0}),
    (9, {"outcome": "fax"}),
]


@pytest.mark.parametrize(("digit", "behaviour"), RESERVED)
@pytest.mark.parametrize("pattern", ["+121255501{}4", "44770090 00{}4"])
async def test_a_reserved_number_tells_its_behaviour(
    client: httpx.AsyncClient, pattern: str, digit: int, behaviour: dict[str, Any]
) -> None:
    answer = await client.get(f"{PHONES}/{pattern.format(digit)}")
    assert answer.status_code == 200
    assert answer.json().items() >= {"reserved": True, "custom": False, **behaviour}.items()


async def test_a_reserved_number_can_be_overridden_and_gets_its_own_back(client: httpx.AsyncClient) -> None:
    busy = f"{PHONES}/+12125550120"
    set_up = await client.put(busy, json={"outcome": "human"})
    assert set_up.status_code == 201
    assert set_up.json().items() >= {"reserved": True, "custom": True, "outcome": "human"}.items()
    assert (await client.delete(busy)).status_code == 204
    assert (await client.get(busy)).json().items() >= {"custom": False, "outcome": "busy"}.items()
    assert (await client.delete(busy)).status_code == 404


async def test_a_call_meets_the_phone_that_was_set_up(client: httpx.AsyncClient, pass_time: PassTime) -> None:
    await client.put(
        f"{PHONES}/0031612345678", json={"outcome": "busy", "rings_after": 0.5, "answers_after": 0}
    )
    call = await place(client, "+31612345678")
    await pass_time(0.5)
    told = (await client.get(f"/v1/simulator/calls/{call}")).json()
    assert told.items() >= {"status": "busy", "ended_at": "2030-01-01T00:00:00.500Z"}.items()
    assert told["phone"]["outcome"] == "busy"


async def test_a_call_under_way_keeps_its_phone(client: httpx.AsyncClient, pass_time: PassTime) -> None:
    call = await place(client, "+31612345678")
    await client.put(f"{PHONES}/+31612345678", json={"outcome": "busy"})
    await pass_time(3)
    assert (await client.get(f"/v1/simulator/calls/{call}")).json()["status"] == "in-progress"


async def test_the_list_shows_what_was_set_up_page_by_page(client: httpx.AsyncClient) -> None:
    assert (await client.get(PHONES)).json() == {"phones": [], "total": 0, "page": 1, "page_size": 50}
    for last in range(5):
        await client.put(f"{PHONES}/+3161234560{last}", json={"outcome": "fax"})
    page = (await client.get(PHONES, params={"page": 2, "page_size": 2})).json()
    assert [each["number"] for each in page["phones"]] == ["+31612345602", "+31612345603"]
    assert (page["total"], page["page"], page["page_size"]) == (5, 2, 2)
    assert (await client.get(PHONES, params={"page": 9})).json()["phones"] == []


@pytest.mark.parametrize(
    ("character", "field"),
    [
        ({"outcome": "alien"}, "outcome"),
        ({"outcome": "no_answer"}, "outcome"),
        ({"outcome": None}, "outcome"),
        ({"rings_after": -1}, "rings_after"),
        ({"rings_after": 3_601}, "rings_after"),
        ({"rings_after": "1"}, "rings_after"),
        ({"answers_after": True}, "answers_after"),
        ({"hangs_up_after": 86_401}, "hangs_up_after"),
        ({"hangs_up_after": None}, "hangs_up_after"),
        ({"greeting": "x" * 1_001}, "greeting"),
        ({"beep": "yes"}, "beep"),
        ({"consents": 1}, "consents"),
        ({"script": {"wait": 1}}, "script"),
        ({"script": [{"jump": 1}]}, "script.0"),
        ({"script": [{"when_heard": {"pattern": "("}}]}, "script.0.when_heard.when_heard.pattern.pattern"),
    ],
)
async def test_a_wrong_character_is_told_field_by_field(
    client: httpx.AsyncClient, character: dict[str, Any], field: str
) -> None:
    answer = await client.put(f"{PHONES}/+31612345678", json=character)
    assert answer.status_code == 400
    assert [each["field"] for each in answer.json()["details"]] == [field]
    assert (await client.get(f"{PHONES}/+31612345678")).status_code == 404


async def test_a_nul_is_no_text(client: httpx.AsyncClient) -> None:
    answer = await client.put(f"{PHONES}/+31612345678", json={"greeting": "a\x00b"})
    assert answer.status_code == 400


async def test_a_typing_error_is_found_in_the_header(client: httpx.AsyncClient) -> None:
    answer = await client.put(f"{PHONES}/+31612345678", json={"outcomes": "busy", "beep": True})
    assert answer.status_code == 201
    assert answer.headers["X-Ignored-Fields"] == "outcomes"


async def test_phones_belong_to_their_account(client: httpx.AsyncClient, house: Any) -> None:
    await client.put(f"{PHONES}/+31612345678", json={"outcome": "busy"})
    async with house.customer() as stranger:
        assert (await stranger.get(f"{PHONES}/+31612345678")).status_code == 404
        assert (await stranger.get(PHONES)).json()["total"] == 0
