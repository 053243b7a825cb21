"""Placing calls: what is taken, what is refused with which number, and what comes of it."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Any, Final

import httpx
import pytest

from telefonie.core.accounts import Number, NumberPolicy, Settings
from tests.dialects.telefonie.steps import (
    BRIEF,
    BUSY,
    CALLER,
    CALLS,
    FAX,
    HUMAN,
    MACHINE,
    SILENT,
    START,
    dial,
    look,
    refused,
)
from tests.support.house import House

PassTime = Callable[[float], Awaitable[None]]
ORDER: Final[dict[str, Any]] = {"to": HUMAN, "from": CALLER}


async def test_a_call_is_queued_and_shown_before_anything_rings(client: httpx.AsyncClient) -> None:
    answer = await client.post(CALLS, json=ORDER)
    call = answer.json()
    assert answer.status_code == 201
    assert call == {
        "id": call["id"],
        "status": "queued",
        "direction": "outbound",
        "from": CALLER,
        "to": HUMAN,
        "created_at": START,
        "timeout": 30,
    }
    assert await look(client, call) == call


@pytest.mark.parametrize(
    ("fields", "code", "error", "field"),
    [
        ({"to": None}, 21201, "to_missing", "to"),
        ({"to": "12345"}, 21211, "to_invalid", "to"),
        ({"to": ""}, 21211, "to_invalid", "to"),
        ({"to": "+1 312 555 0100"}, 21211, "to_invalid", "to"),
        ({"to": "+131255501001"}, 21211, "to_invalid", "to"),
        ({"to": 13125550100}, 21211, "to_invalid", "to"),
        ({"from": None}, 21213, "from_missing", "from"),
        ({"from": "anonymous"}, 21212, "from_invalid", "from"),
        ({"url": "/voice"}, 21205, "url_invalid", "url"),
        ({"url": "http://under_score.example/"}, 21205, "url_invalid", "url"),
        ({"fallback_url": "ftp://shop.example"}, 21205, "url_invalid", "fallback_url"),
        ({"status_callback": "shop.example"}, 21609, "status_callback_invalid", "status_callback"),
        ({"method": "PUT"}, 21209, "method_invalid", "method"),
        ({"method": "get"}, 21209, "method_invalid", "method"),
        ({"timeout": 0}, 21208, "timeout_invalid", "timeout"),
        ({"timeout": -1}, 21208, "timeout_invalid", "timeout"),
        ({"timeout": 601}, 21208, "timeout_invalid", "timeout"),
        ({"timeout": 10**40}, 21208, "timeout_invalid", "timeout"),
        ({"timeout": "30"}, 21208, "timeout_invalid", "timeout"),
        ({"timeout": 30.5}, 21208, "timeout_invalid", "timeout"),
        ({"timeout": True}, 21208, "timeout_invalid", "timeout"),
        ({"send_digits": "12E"}, 21206, "send_digits_invalid", "send_digits"),
        ({"send_digits": "1\n"}, 21206, "send_digits_invalid", "send_digits"),
        ({"send_digits": "1" * 33}, 21206, "send_digits_invalid", "send_digits"),
        (
            {"send_digits": "1", "machine_detection": "enable"},
            21206,
            "send_digits_invalid",
            "send_digits",
        ),
        ({"record": "yes"}, 20001, "invalid_request", "record"),
        ({"machine_detection": "Enable"}, 20001, "invalid_request", "machine_detection"),
        ({"machine_detection": True}, 20001, "invalid_request", "machine_detection"),
        ({"time_limit": 0}, 20001, "invalid_request", "time_limit"),
        ({"time_limit": 86_401}, 20001, "invalid_request", "time_limit"),
        ({"status_callback_events": "answered"}, 20001, "invalid_request", "status_callback_events"),
        ({"status_callback_events": ["picked-up"]}, 20001, "invalid_request", "status_callback_events.0"),
        ({"metadata": ["a"]}, 20001, "invalid_request", "metadata"),
        ({"metadata": {"a": 1}}, 20001, "invalid_request", "metadata.a"),
        ({"metadata": {"a": {"b": "c"}}}, 20001, "invalid_request", "metadata.a"),
        ({"metadata": {f"k{n}": "v" for n in range(21)}}, 20001, "invalid_request", "metadata"),
        ({"metadata": {"k": "v" * 501}}, 20001, "invalid_request", "metadata.k"),
    ],
)
async def test_a_field_that_is_wrong_has_its_own_number(
    client: httpx.AsyncClient, fields: dict[str, Any], code: int, error: str, field: str
) -> None:
    body = {name: value for name, value in (ORDER | fields).items() if value is not None}
    problem = refused(await client.post(CALLS, json=body), 400, code, error)
    assert problem["details"][0]["field"] == field
    assert (await client.get(CALLS)).json()["total"] == 0


async def test_a_metadata_key_is_short(client: httpx.AsyncClient) -> None:
    for key in ("", "k" * 41):
        problem = refused(
            await client.post(CALLS, json=ORDER | {"metadata": {key: "v"}}), 400, 20001, "invalid_request"
        )
        assert problem["details"][0]["field"].startswith("metadata")


async def test_several_wrong_fields_have_the_number_of_the_first_and_a_detail_each(
    client: httpx.AsyncClient,
) -> None:
    body = {"from": "x", "timeout": 0, "url": "y", "method": "Z"}
    problem = refused(await client.post(CALLS, json=body), 400, 21201, "to_missing")
    named = [detail["field"] for detail in problem["details"]]
    assert named == ["to", "from", "url", "method", "timeout"]


async def test_nothing_may_be_null(client: httpx.AsyncClient) -> None:
    problem = refused(await client.post(CALLS, json=ORDER | {"url": None}), 400, 21205, "url_invalid")
    assert "leave it out" in problem["details"][0]["issue"]


async def test_unknown_fields_are_ignored_and_named_in_the_answer_and_in_the_timeline(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.post(CALLS, json=ORDER | {"timout": 5, "Naam é": 1})
    assert answer.status_code == 201
    assert answer.headers["x-ignored-fields"] == "timout, Naam%20%C3%A9"
    timeline = await client.get(f"/v1/simulator/calls/{answer.json()['id']}/timeline")
    assert "timout" in timeline.text


async def test_metadata_comes_back_wherever_the_call_is_shown(client: httpx.AsyncClient) -> None:
    notes = {"order": "17", "naam": "Zoë 😀", "k" * 40: "v" * 500}
    call = await dial(client, metadata=notes)
    assert call["metadata"] == notes
    assert (await look(client, call))["metadata"] == notes
    assert (await client.get(CALLS)).json()["calls"][0]["metadata"] == notes


async def test_the_far_end_may_ring_for_the_time_out(client: httpx.AsyncClient, pass_time: PassTime) -> None:
    call = await dial(client, SILENT, timeout=600)
    await pass_time(600.9)
    assert (await look(client, call))["status"] == "ringing"
    await pass_time(0.1)
    ended = await look(client, call)
    assert (ended["status"], ended["end_reason"], ended["duration"]) == ("no-answer", "ring_timeout", 0)


async def test_a_call_ends_at_its_time_limit(client: httpx.AsyncClient, pass_time: PassTime) -> None:
    call = await dial(client, HUMAN, time_limit=5)
    await pass_time(60)
    ended = await look(client, call)
    assert (ended["status"], ended["duration"]) == ("completed", 5)
    assert (ended["end_reason"], ended["ended_by"]) == ("time_limit", "platform")


@pytest.mark.parametrize(
    ("to", "how", "word", "detail"),
    [
        (HUMAN, "enable", "human", "human"),
        (MACHINE, "enable", "machine", "machine"),
        (MACHINE, "detect_message_end", "machine", "machine"),
        (FAX, "enable", "machine", "fax"),
    ],
)
async def test_machine_detection_tells_who_answered(
    client: httpx.AsyncClient, pass_time: PassTime, to: str, how: str, word: str, detail: str
) -> None:
    call = await dial(client, to, machine_detection=how)
    await pass_time(60)
    found = await look(client, call)
    assert (found["answered_by"], found["answered_by_detail"]) == (word, detail)


async def test_digits_are_sent_once_answered(client: httpx.AsyncClient, pass_time: PassTime) -> None:
    digits = "12w3W#*ABCD"
    call = await dial(client, BRIEF, send_digits=digits)
    await pass_time(10)
    timeline = await client.get(f"/v1/simulator/calls/{call['id']}/timeline")
    assert digits in timeline.text


async def callbacks(client: httpx.AsyncClient, call: dict[str, Any]) -> list[str]:
    """The events that were (to be) told about a call, in their order."""
    answer = await client.get("/v1/simulator/deliveries", params={"call_id": call["id"]})
    return [each["event"] for each in reversed(answer.json()["deliveries"])]


@pytest.mark.parametrize(
    ("events", "told"),
    [
        (None, ["call.initiated", "call.ringing", "call.answered", "call.completed"]),
        ([], []),
        (["completed"], ["call.completed"]),
        (["call.answered", "answered", "ringing"], ["call.ringing", "call.answered"]),
        (["amd", "completed"], ["call.amd", "call.completed"]),
    ],
)
async def test_status_callback_hears_what_it_asked_for(
    client: httpx.AsyncClient, pass_time: PassTime, events: list[str] | None, told: list[str]
) -> None:
    fields: dict[str, Any] = {} if events is None else {"status_callback_events": events}
    # Port 9 discards: that nobody listens there is no matter, only what is sent.
    call = await dial(
        client, status_callback="http://127.0.0.1:9/", machine_detection="enable", time_limit=5, **fields
    )
    await pass_time(3_000)
    assert await callbacks(client, call) == told


async def test_a_price_follows_the_accounts_own_table_and_currency(house: House) -> None:
    settings = Settings(rates={"+1": "0.5", "+1312": "1.25"}, currency="EUR")
    async with house.customer(settings) as customer:
        call = await dial(customer, BRIEF)
        await customer.post("/v1/simulator/clock/advance", json={"seconds": 10})
        ended = await look(customer, call)
        assert (ended["price"], ended["price_unit"]) == ("-1.2500", "EUR")


async def test_a_call_that_was_not_answered_costs_nothing(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    call = await dial(client, BUSY)
    await pass_time(10)
    ended = await look(client, call)
    assert (ended["status"], ended["duration"]) == ("busy", 0)
    assert ended.keys().isdisjoint({"price", "price_unit", "start_time"})


async def test_where_numbers_must_be_owned_others_are_refused(house: House) -> None:
    account, key = await house.account(Settings(number_policy=NumberPolicy.OWNED))
    async with house.connect(**{"X-API-Key": key}) as customer:
        problem = refused(await customer.post(CALLS, json=ORDER), 400, 21210, "from_not_owned")
        assert CALLER in problem["message"]
        await house.engine.registry.add_number(Number(account.id, CALLER, face="telefonie"))
        assert (await customer.post(CALLS, json=ORDER)).status_code == 201


async def test_the_same_seed_gives_the_same_ids(house: House) -> None:
    seed = secrets.token_hex()
    runs = []
    for _ in range(2):
        account, key = await house.account(Settings(seed=seed))
        async with house.connect(**{"X-API-Key": key}) as customer:
            runs.append([(await dial(customer))["id"] for _ in range(3)])
        await house.engine.registry.delete_account(account.id)
    assert runs[0] == runs[1]
    assert len(set(runs[0])) == 3
