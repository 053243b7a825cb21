"""Calls on this API, beyond what its contract says: over HTTP, on both stores."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from telefonie.core.accounts import NumberPolicy, Settings
from tests.dialects.telefoon.steps import CALLER, CALLS, FAX, HUMAN, PassTime, come, dial, look, own, said
from tests.support.house import SECRET, House
from tests.support.shop import Asked, Shop, a_shop


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    """The customer's server."""
    async with a_shop() as shop:
        yield shop


async def test_it_shows_its_own_calls_and_its_sister_does_not(client: httpx.AsyncClient) -> None:
    call = await dial(client)
    assert (await client.get("/v1/voice/calls")).json()["calls"] == []
    assert (await client.get(f"/v1/voice/calls/{call['id']}")).status_code == 404
    theirs = await client.post("/v1/voice/calls", json={"to": HUMAN, "from": CALLER})
    assert (await client.get(CALLS)).json() == {"calls": [call], "total": 1}
    assert (await client.get(f"{CALLS}/{theirs.json()['id']}")).status_code == 404


async def test_by_the_vendors_name_it_is_found_at_the_vendors_path(client: httpx.AsyncClient) -> None:
    call = await dial(client)
    for name in ("api.telefoon.com", "API.Telefoon.com:8080", "api.telefoon.com."):
        there = {"Host": name}
        assert (await client.get("/v1/voice/calls", headers=there)).json() == {"calls": [call], "total": 1}
        assert (await client.get(f"/v1/voice/calls/{call['id']}", headers=there)).json() == call
        document = (await client.get("/v1/voice/openapi.json", headers=there)).json()
        assert (document["info"]["title"], document["servers"]) == (
            "Telefoon Voice API",
            [{"url": "/v1/voice"}],
        )
        assert (await client.get("/v1/voice/docs", headers=there)).status_code == 200
        assert (await client.get("/v1/simulator/clock", headers=there)).status_code == 200
    for name in ("telefoon.com", "api.telefoon.com.evil.example", "xapi.telefoon.com"):
        assert (await client.get("/v1/voice/calls", headers={"Host": name})).status_code == 403


async def test_nothing_but_read_and_end_can_be_done_to_a_call(client: httpx.AsyncClient) -> None:
    call = await dial(client)
    answer = await client.post(f"{CALLS}/{call['id']}", json={"status": "completed"})
    assert (answer.status_code, answer.json()["code"]) == (405, 20004)
    assert (await client.delete(f"{CALLS}/{call['id']}")).status_code == 204
    again = await client.delete(f"{CALLS}/{call['id']}")
    assert (again.status_code, again.json()["code"], again.json()["error"]) == (409, 21220, "call_not_active")
    assert again.json()["message"] == "The call is canceled; it cannot be hung up."


async def test_everything_that_was_given_is_kept(client: httpx.AsyncClient) -> None:
    given: dict[str, Any] = {"timeout": 12, "tts_language": "fr-BE", "metadata": {"order": "17"}}
    call = await dial(client, **given, url="https://shop.example/", fallback_url="https://shop.example/spare")
    assert call == {**call, **given, "url": "https://shop.example/"}
    neutral = (await client.get(f"/v1/simulator/calls/{call['id']}")).json()
    assert (neutral["face"], neutral["language"], neutral["currency"]) == ("telefoon", "fr-BE", "EUR")
    assert (await dial(client))["tts_language"] == "en-US"


async def test_the_same_request_under_the_same_key_is_done_once(client: httpx.AsyncClient) -> None:
    body = {"to": HUMAN, "from": CALLER}
    first, again = [await client.post(CALLS, json=body, headers={"Idempotency-Key": "k-1"}) for _ in range(2)]
    assert first.json() == again.json()
    assert again.headers["idempotent-replayed"] == "true"
    assert (await client.get(CALLS)).json()["total"] == 1


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"to": "0201234567"}, "to", 21211),
        ({"to": "sip:"}, "to", 21211),
        ({"to": "client:kim"}, "to", 21211),
        ({"from": "sip:kim@example.com"}, "from", 21212),
        ({"url": "shop"}, "url", 21205),
        ({"status_callback": "shop"}, "status_callback", 21609),
        ({"timeout": 0}, "timeout", 21208),
        ({"method": "PUT"}, "method", 21209),
        ({"send_digits": "x"}, "send_digits", 21206),
        ({"send_digits": "1", "machine_detection": "enable"}, "send_digits", 21206),
        ({"tts_language": "nl"}, "tts_language", 20001),
        ({"recording_channels": 3}, "recording_channels", 20001),
        ({"status_callback_events": ["call.hatched"]}, "status_callback_events.0", 20001),
    ],
)
async def test_a_bad_field_is_named(
    client: httpx.AsyncClient, fields: dict[str, Any], field: str, code: int
) -> None:
    answer = await client.post(CALLS, json={"to": HUMAN, "from": CALLER, **fields})
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert [each["field"] for each in answer.json()["details"]] == [field]


async def test_a_language_that_is_not_spoken_is_answered_with_some_that_are(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.post(CALLS, json={"to": HUMAN, "from": CALLER, "tts_language": "tlh"})
    assert answer.json()["message"] == (
        "`tts_language` must be one of the languages spoken here, like nl-NL, fr-BE, de-DE or en-GB."
    )


async def test_the_caller_must_be_owned_where_it_must_be(house: House) -> None:
    async with house.customer(Settings(number_policy=NumberPolicy.OWNED)) as client:
        answer = await client.post(CALLS, json={"to": HUMAN, "from": CALLER})
        assert (answer.status_code, answer.json()["code"]) == (400, 21210)
        await own(client)
        assert (await dial(client))["status"] == "queued"


async def test_say_and_gather_speak_the_language_of_the_call(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    shop.pages |= {
        "/xml": "<Response><Gather input='speech' action='/got'><Say>Wie ben je?</Say></Gather></Response>",
        "/json": '[{"action":"talk","text":"Wie ben je?"},'
        '{"action":"input","type":["speech"],"eventUrl":["/got"],"speech":{}}]',
        "/other": "<Response><Say language='de-DE'>Wer bist du?</Say></Response>",
    }
    script = [{"wait": 6}, {"say": "Piet", "language": "nl-NL"}]
    put = await client.put(f"/v1/simulator/phones/{HUMAN}", json={"outcome": "human", "script": script})
    assert put.is_success, put.text
    calls = [
        await dial(client, tts_language="nl-BE", url=shop.at(path)) for path in ("/xml", "/json", "/other")
    ]
    await pass_time(60)
    assert [await said(client, call) for call in calls] == [
        [("Wie ben je?", "nl-BE")],
        [("Wie ben je?", "nl-BE")],
        [("Wer bist du?", "de-DE")],
    ]
    assert [(each.json["speech_result"], each.json["language"]) for each in shop.asked("/got")][:1] == [
        ("Piet", "nl-BE")
    ]


def _verified(asked: Asked) -> Any:
    assert Webhook(SECRET).verify(asked.body, dict(asked.headers)) is not None
    return asked.json


async def test_the_customer_is_told_in_this_apis_envelope(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    shop.pages["/voice"] = "<Response><Say>Hoi</Say></Response>"
    call = await dial(client, url=shop.at("/voice"), status_callback=shop.at("/told"))
    await pass_time(60)
    told = [_verified(each) for each in shop.asked("/told")]
    assert [(each["sequence_number"], each["event"], each["call"]["status"]) for each in told] == [
        (0, "call.initiated", "queued"),
        (1, "call.ringing", "ringing"),
        (2, "call.answered", "in-progress"),
        (3, "call.completed", "completed"),
    ]
    assert told[-1]["call"] == await look(client, call)
    assert told[-1]["call"]["price_unit"] == "EUR"
    (asked,) = [_verified(each) for each in shop.asked("/voice")]
    assert (asked["event"], asked["call_id"]) == ("call.instructions", call["id"])
    assert "sip_headers" not in asked


async def test_only_the_events_that_are_wanted_are_told(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    wanted = ["call.amd", "call.completed"]
    await dial(
        client,
        FAX,
        machine_detection="enable",
        status_callback=shop.at("/told"),
        status_callback_events=wanted,
    )
    await pass_time(60)
    assert shop.events("/told") == wanted
    assert shop.asked("/told")[0].json["call"]["answered_by"] == "fax"


async def test_by_get_the_fields_stand_in_the_query(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    shop.pages["/voice"] = "<Response/>"
    call = await dial(client, url=shop.at("/voice?shop=7"), method="GET")
    await pass_time(10)
    (asked,) = shop.requests
    assert (asked.method, asked.query["shop"], asked.query["call_id"]) == ("GET", "7", call["id"])
    assert (asked.query["call_from"], asked.query["call_tts_language"]) == (CALLER, "en-US")


async def test_a_number_of_this_api_brings_its_callers_here(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    shop.pages["/voice"] = "<Response><Gather action='/got' numDigits='1'/></Response>"
    await own(client, voice_url=shop.at("/voice"), status_callback=shop.at("/told"))
    answer = await come(client, script=[{"wait": 1}, {"press": "4"}], language="nl-NL")
    call = answer.json()
    await pass_time(60)
    shown = await look(client, call)
    assert (shown["direction"], shown["tts_language"], shown["price_unit"]) == ("inbound", "nl-NL", "EUR")
    assert [(each.json["event"], each.json["digits"]) for each in shop.asked("/got")] == [
        ("call.action", "4")
    ]
    assert shop.events("/told")[-1] == "call.completed"
    assert (await client.get("/v1/voice/calls")).json()["total"] == 0


async def test_the_list_can_be_cut_by_date_too(client: httpx.AsyncClient, pass_time: PassTime) -> None:
    early = await dial(client)
    await pass_time(86_400)
    late = await dial(client)
    for query, found in (
        ({"date_from": "2030-01-02"}, [late["id"]]),
        ({"date_to": "2030-01-01"}, [early["id"]]),
        ({"date_from": "2030-01-03"}, []),
    ):
        page = (await client.get(CALLS, params=query)).json()
        assert ([each["id"] for each in page["calls"]], page["total"]) == (found, len(found))
