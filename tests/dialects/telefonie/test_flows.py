"""Calls that do what their documents say, as a customer of this API sees them: over HTTP, on both stores."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from tests.dialects.telefonie.steps import CALLER, CALLS, HUMAN, MACHINE, dial, hang_up, look, refused, update
from tests.support.house import SECRET
from tests.support.shop import Asked, Page, Shop, a_shop

PassTime = Callable[[float], Awaitable[None]]
LONG = "<Response><Say>One moment please.</Say><Pause length='600'/></Response>"
NUMBER = "+3197010280"
OTHER = "+13125550101"


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    """The customer's server."""
    async with a_shop() as shop:
        yield shop


async def timeline(client: httpx.AsyncClient, call: dict[str, Any]) -> list[dict[str, Any]]:
    """Everything that happened to a call."""
    answer = await client.get(f"/v1/simulator/calls/{call['id']}/timeline")
    entries: list[dict[str, Any]] = answer.json()["entries"]
    return entries


async def said(client: httpx.AsyncClient, call: dict[str, Any]) -> list[str]:
    """What its documents said."""
    entries = await timeline(client, call)
    return [each["text"] for each in entries if each["type"] == "said" and each["actor"] == "platform"]


def verify(asked: Asked) -> None:
    """Check the signature as a receiver does."""
    assert Webhook(SECRET).verify(asked.body, dict(asked.headers)) is not None


async def test_the_document_is_asked_for_when_the_call_is_answered(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    shop.pages["/voice"] = "<Response><Say>Hello</Say></Response>"
    call = await dial(client, url=shop.at("/voice"))
    await pass_time(2.9)
    assert shop.requests == []
    await pass_time(60)
    (asked,) = shop.requests
    assert asked.method == "POST"
    assert asked.headers["content-type"] == "application/json"
    verify(asked)
    told = asked.json
    assert asked.headers["webhook-id"] == told["event_id"]
    assert (told["event"], told["timestamp"], told["call_id"], told["api_version"]) == (
        "call.instructions",
        "2030-01-01T00:00:03.000Z",
        call["id"],
        "v1",
    )
    assert (told["call"]["status"], told["call"]["start_time"]) == ("in-progress", "2030-01-01T00:00:03.000Z")
    assert await said(client, call) == ["Hello"]
    ended = await look(client, call)
    assert (ended["status"], ended["end_reason"], ended["ended_by"]) == ("completed", "hangup", "platform")


async def test_by_get_the_fields_stand_in_the_query_beside_those_that_are_there(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    shop.pages["/voice"] = "<Response/>"
    call = await dial(client, url=shop.at("/voice") + "?tenant=7#part", method="GET")
    await pass_time(10)
    (asked,) = shop.requests
    assert (asked.method, asked.body) == ("GET", b"")
    assert asked.query["tenant"] == "7"
    assert (asked.query["event"], asked.query["call_id"]) == ("call.instructions", call["id"])
    assert (asked.query["call_status"], asked.query["call_from"], asked.query["call_to"]) == (
        "in-progress",
        CALLER,
        HUMAN,
    )
    assert asked.headers["webhook-id"] == asked.query["event_id"]


async def test_what_is_moved_is_found_and_relative_urls_lead_on_from_there(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    shop.pages |= {
        "/voice": Page(status=307, headers={"Location": "/deep/voice"}),
        "/deep/voice": "<Response><Redirect>next</Redirect></Response>",
        "/deep/next": '[{"action": "talk", "text": "There"}]',
    }
    call = await dial(client, url=shop.at("/voice"))
    await pass_time(60)
    assert [each.path for each in shop.requests] == ["/voice", "/deep/voice", "/deep/next"]
    assert await said(client, call) == ["There"]


async def test_the_fallback_is_told_what_failed_and_where(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    shop.pages |= {"/voice": Page("oops", status=500), "/spare": "<Response><Say>Spare</Say></Response>"}
    call = await dial(client, url=shop.at("/voice"), fallback_url=shop.at("/spare"))
    await pass_time(60)
    (asked,) = shop.asked("/spare")
    told = asked.json
    assert (told["event"], told["error_code"], told["error_url"]) == (
        "call.fallback",
        11200,
        shop.at("/voice"),
    )
    assert await said(client, call) == ["Spare"]
    warned = [each for each in await timeline(client, call) if each["type"] == "warned"]
    assert [each["code"] for each in warned] == [11200]


async def test_without_a_fallback_the_far_end_hears_that_something_went_wrong(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    call = await dial(client, url=shop.at("/nothing"))
    shop.pages["/nothing"] = Page("<Response>", content_type="text/xml")
    await pass_time(60)
    ended = await look(client, call)
    assert (ended["status"], ended["end_reason"]) == ("completed", "document_failed")
    fetched = [each for each in await timeline(client, call) if each["type"] == "fetched"]
    assert [(each["url"], each["method"], each["status"]) for each in fetched] == [
        (shop.at("/nothing"), "POST", 200)
    ]


async def test_the_document_waits_for_the_verdict_of_detection(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    shop.pages["/voice"] = LONG
    await dial(client, MACHINE, url=shop.at("/voice"), machine_detection="enable")
    await pass_time(6.9)
    assert shop.requests == []
    await pass_time(0.1)
    assert shop.requests[0].json["call"]["answered_by"] == "machine"


async def test_detection_aside_is_told_by_an_event_and_to_its_own_url(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    shop.pages["/voice"] = LONG
    await dial(
        client,
        MACHINE,
        url=shop.at("/voice"),
        status_callback=shop.at("/events"),
        status_callback_events=["amd", "completed"],
        machine_detection="enable",
        async_amd=True,
        async_amd_status_callback=shop.at("/amd"),
    )
    await pass_time(3.5)
    assert [each.path for each in shop.requests] == ["/voice"]
    assert "answered_by" not in shop.requests[0].json["call"]
    await pass_time(5)
    (event,) = shop.asked("/events")
    assert (event.json["event"], event.json["call"]["answered_by"]) == ("call.amd", "machine")
    (told,) = shop.asked("/amd")
    assert (told.json["event"], told.json["answered_by"]) == ("call.amd", "machine")
    assert told.json["machine_detection_duration_ms"] == 4_000


async def test_another_document_takes_over_a_live_call(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    shop.pages |= {"/voice": LONG, "/next": "<Response><Say>Next</Say></Response>"}
    call = await dial(client, url=shop.at("/voice"))
    refused(await update(client, call, url=shop.at("/next")), 409, 21220, "call_not_answered")
    await pass_time(10)
    answer = await update(client, call, url=shop.at("/next"), method="GET")
    assert (answer.status_code, answer.json()["url"]) == (200, shop.at("/next"))
    await pass_time(30)
    assert (await said(client, call))[-1] == "Next"
    assert shop.asked("/next")[0].query["event"] == "call.instructions"
    refused(await update(client, call, url=shop.at("/next")), 409, 21220, "call_not_active")


async def test_mute_and_hold_show_on_the_call(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    shop.pages["/voice"] = LONG
    call = await dial(client, url=shop.at("/voice"))
    assert (await update(client, call, muted=True)).status_code == 409
    await pass_time(5)
    assert (await update(client, call, muted=True)).json()["muted"] is True
    assert (await update(client, call, hold=True)).json()["hold"] is True
    now = (await update(client, call, hold=False)).json()
    assert "hold" not in now
    assert now["muted"] is True
    refused(await update(client, call, muted=True, hold=True), 400, 20001, "invalid_request")


async def test_a_transfer_calls_somebody_and_connects_them(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    shop.pages["/voice"] = LONG
    call = await dial(client, url=shop.at("/voice"))
    await pass_time(5)
    assert (await update(client, call, transfer_to=OTHER)).status_code == 200
    await pass_time(4)
    answer = await client.get(CALLS, params={"to": OTHER})
    (leg,) = answer.json()["calls"]
    assert (leg["parent_call_id"], leg["status"], leg["direction"]) == (call["id"], "in-progress", "outbound")
    connected = [each for each in await timeline(client, call) if each["type"] == "connected"]
    assert [each["call_id"] for each in connected] == [leg["id"]]
    assert (await hang_up(client, leg)).status_code == 204
    await pass_time(1)
    assert (await look(client, call))["status"] == "completed"


@pytest.mark.parametrize("target", ["somebody", "+0123", "http://example.com", ""])
async def test_a_transfer_leads_to_a_number_or_an_address(client: httpx.AsyncClient, target: str) -> None:
    call = await dial(client)
    refused(await update(client, call, transfer_to=target), 400, 20001, "invalid_request")
