"""Consent before a recording, as customers of this API see it: over HTTP, on both stores."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from telefonie.core.accounts import Consent, Settings
from tests.dialects.telefoon.steps import (
    CALLER,
    HUMAN,
    RECORDINGS,
    PassTime,
    come,
    dial,
    look,
    own,
    said,
    timeline,
)
from tests.support.house import House
from tests.support.shop import Shop, a_shop

HELLO = "<Response><Say>Hoi</Say><Pause length='20'/></Response>"
ASKED = ("Dit gesprek wordt opgenomen. Bent u het daar niet mee eens, druk dan nu op 9.", "nl-NL")


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    """The customer's server."""
    async with a_shop({"/voice": HELLO}) as shop:
        yield shop


async def behave(client: httpx.AsyncClient, **phone: Any) -> None:
    """Set the far end's phone up."""
    answer = await client.put(f"/v1/simulator/phones/{HUMAN}", json={"outcome": "human", **phone})
    assert answer.is_success, answer.text


async def consent(client: httpx.AsyncClient, call: dict[str, Any]) -> list[dict[str, Any]]:
    """What the timeline says of it."""
    entries = await timeline(client, call, "consented")
    return [{name: each[name] for name in ("actor", "given", "how")} for each in entries]


async def recorded(client: httpx.AsyncClient, shop: Shop, **fields: Any) -> dict[str, Any]:
    """A call that is to be recorded."""
    asked = {
        "record": True,
        "tts_language": "nl-NL",
        "url": shop.at("/voice"),
        "status_callback": shop.at("/told"),
    }
    return await dial(client, **{**asked, **fields})


@pytest.mark.parametrize(
    ("phone", "known"),
    [
        ({}, {"actor": "platform", "given": True, "how": "announced"}),
        ({"consents": False}, {"actor": "far_end", "given": False, "how": "behaviour"}),
        ({"script": [{"wait": 2}, {"press": "9"}]}, {"actor": "far_end", "given": False, "how": "key"}),
    ],
)
async def test_the_far_end_is_asked_and_the_customer_is_told(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop, phone: dict[str, Any], known: dict[str, Any]
) -> None:
    await behave(client, **phone)
    call = await recorded(client, shop)
    await pass_time(120)
    assert await said(client, call) == [ASKED, ("Hoi", "nl-NL")]
    assert await consent(client, call) == [known]
    told = [each.json for each in shop.asked("/told") if each.json["event"].startswith("call.")]
    assert [each["event"] for each in told] == [
        "call.initiated",
        "call.ringing",
        "call.answered",
        "call.consent",
        "call.completed",
    ]
    assert [each["sequence_number"] for each in told] == [0, 1, 2, 3, 4]
    assert told[3]["consent"] == {"given": known["given"], "how": known["how"]}
    assert [each for each in told if "consent" in each] == [told[3]]


async def test_a_call_that_is_not_recorded_is_not_asked(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    call = await recorded(client, shop, record=False)
    await pass_time(60)
    assert (await said(client, call), await consent(client, call)) == ([("Hoi", "nl-NL")], [])


@pytest.mark.parametrize(
    ("setting", "heard", "known"),
    [
        (Consent.ANNOUNCE, [ASKED, ("Hoi", "nl-NL")], ["announced"]),
        (Consent.ASSUME, [("Hoi", "nl-NL")], ["assumed"]),
        (Consent.NEVER, [("Hoi", "nl-NL")], []),
    ],
)
async def test_the_account_says_what_comes_before_a_recording(
    house: House, shop: Shop, setting: Consent, heard: list[tuple[str, str]], known: list[str]
) -> None:
    async with house.customer(Settings(consent=setting)) as client:
        call = await recorded(client, shop)
        await client.post("/v1/simulator/clock/advance", json={"seconds": 60})
        assert await said(client, call) == heard
        assert [each["how"] for each in await consent(client, call)] == known


async def test_the_sister_does_not_ask_unless_the_account_says_so(house: House, shop: Shop) -> None:
    for settings, known in ((Settings(), []), (Settings(consent=Consent.ANNOUNCE), ["call.consent"])):
        shop.requests.clear()
        async with house.customer(settings) as client:
            order = {"to": HUMAN, "from": CALLER, "record": True, "url": shop.at("/voice")}
            answer = await client.post("/v1/voice/calls", json=order | {"status_callback": shop.at("/told")})
            assert answer.status_code == 201
            await client.post("/v1/simulator/clock/advance", json={"seconds": 60})
        told = [each for each in shop.asked("/told") if "consent" in each.json]
        assert [each.json["event"] for each in told] == known
        assert [each.json["consent"] for each in told] == [{"given": True, "how": "announced"} for _ in known]


async def test_who_calls_a_number_that_is_recorded_is_asked_too(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    await own(client, voice_url=shop.at("/voice"), record=True, status_callback=shop.at("/told"))
    script = [{"when_heard": "druk dan nu op 9", "steps": [{"press": "9"}]}]
    call = (await come(client, language="nl-NL", script=script)).json()
    await pass_time(60)
    assert await said(client, call) == [ASKED, ("Hoi", "nl-NL")]
    assert [each["how"] for each in await consent(client, call)] == ["key"]
    assert "call.consent" in shop.events("/told")


async def test_an_account_that_records_everything_asks_everybody(house: House, shop: Shop) -> None:
    async with house.customer(Settings(record_calls=True)) as client:
        order = {"url": shop.at("/voice"), "tts_language": "de-AT"}
        calls = [await dial(client, **order), await dial(client, record=False, **order)]
        await client.post("/v1/simulator/clock/advance", json={"seconds": 60})
        for call in calls:
            assert [text[:15] for text, _ in await said(client, call)] == ["Dieses Gespräch", "Hoi"]


@pytest.mark.parametrize(("phone", "kept"), [({}, ["given"]), ({"consents": False}, [])])
async def test_only_who_agreed_is_recorded_and_the_recording_says_so(
    client: httpx.AsyncClient,
    pass_time: PassTime,
    shop: Shop,
    phone: dict[str, Any],
    kept: list[str],
) -> None:
    await behave(client, **phone)
    call = await recorded(client, shop)
    await pass_time(120)
    listed = (await client.get(RECORDINGS, params={"call_id": call["id"]})).json()
    assert ([each["consent"] for each in listed["recordings"]], listed["total"]) == (kept, len(kept))
    told = [each.json for each in shop.asked("/told")]
    assert [each["event"] for each in told if "recording" in each] == [
        event for _ in kept for event in ("recording.started", "recording.completed")
    ]
    shown = await look(client, call)
    assert ("recording_url" in shown) is bool(kept)


async def test_a_recording_begins_when_consent_is_known_and_ends_with_the_call(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    call = await recorded(client, shop, recording_channels=2)
    await pass_time(120)
    (known,) = await timeline(client, call, "consented")
    (it,) = (await client.get(RECORDINGS)).json()["recordings"]
    assert it == {**it, "date_created": known["at"], "channels": 2, "source": "call", "price_unit": "EUR"}
    assert it["media_url"].startswith(f"http://127.0.0.1{RECORDINGS}/{it['id']}/media.wav?")
    by_name = (await client.get("/v1/voice/recordings", headers={"Host": "api.telefoon.com"})).json()
    assert by_name["recordings"][0]["media_url"].startswith("http://api.telefoon.com/v1/voice/recordings/")
    theirs = await client.get(f"/v1/voice/recordings/{it['id']}")
    assert theirs.status_code == 404
    assert (await client.get(f"{RECORDINGS}/{it['id']}")).json()["id"] == it["id"]
    assert (await client.delete(f"{RECORDINGS}/{it['id']}")).status_code == 204
    for gone in (it["id"], "not-an-id"):
        assert (await client.get(f"{RECORDINGS}/{gone}")).status_code == 404
