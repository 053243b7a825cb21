"""Rooms of this API, beyond what its contract says: who is in them, who is told, and who agrees to be recorded."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.dialects.telefoon.steps import CALLER, FACE, HUMAN, NOBODY, PassTime, look, said
from tests.support.shop import Shop, a_shop

ROOMS = f"{FACE}/conferences"
OTHER = "+447700900001"


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    """The customer's server."""
    async with a_shop() as shop:
        yield shop


async def room(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    answer = await client.post(ROOMS, json=fields)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def call_in(client: httpx.AsyncClient, there: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Call somebody into a room."""
    body = {"to": HUMAN, "from": CALLER, **fields}
    answer = await client.post(f"{ROOMS}/{there['id']}/participants", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def present(client: httpx.AsyncClient, there: dict[str, Any]) -> list[str]:
    """Who is in a room, or on the way."""
    answer = await client.get(f"{ROOMS}/{there['id']}/participants")
    return [each["call_id"] for each in answer.json()["participants"]]


async def test_a_room_belongs_to_its_api(client: httpx.AsyncClient) -> None:
    made = await room(client, friendly_name="Standup")
    assert (await client.get(f"{ROOMS}/{made['id']}")).json() == made
    assert (await client.get(f"/v1/voice/conferences/{made['id']}")).status_code == 404
    for nobody in (NOBODY, "not-an-id"):
        answer = await client.get(f"{ROOMS}/{nobody}")
        assert (answer.status_code, answer.json()["error"]) == (404, "conference_not_found")
    listed = (await client.get(ROOMS, params={"status": "init", "page": 1, "page_size": 5})).json()
    assert listed == {"conferences": [made], "total": 1}
    assert (await client.get(ROOMS, params={"status": "completed"})).json() == {"conferences": [], "total": 0}


async def test_people_are_called_in_steered_and_sent_away(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    there = await room(client)
    kim, lee = await call_in(client, there), await call_in(client, there, to=OTHER, muted=True)
    assert kim == {
        "call_id": kim["call_id"],
        "conference_id": there["id"],
        "muted": False,
        "hold": False,
        "status": "queued",
    }
    await pass_time(5)
    assert await present(client, there) == [lee["call_id"], kim["call_id"]]
    path = f"{ROOMS}/{there['id']}/participants/{kim['call_id']}"
    assert (await client.get(path)).json() == {**kim, "status": "connected"}
    held = await client.post(path, json={"hold": True})
    assert held.json() == {**kim, "status": "connected", "hold": True}
    assert (await client.delete(path)).status_code == 204
    await pass_time(1)
    assert await present(client, there) == [lee["call_id"]]
    assert (await look(client, {"id": kim["call_id"]}))["status"] == "completed"
    assert (await client.delete(f"{ROOMS}/{there['id']}")).status_code == 204
    assert (await client.delete(f"{ROOMS}/{there['id']}")).status_code == 409


async def test_the_customer_is_told_what_happens_in_a_room(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    there = await room(client, friendly_name="Standup", status_callback=shop.at("/told"))
    kim = await call_in(client, there)
    await call_in(client, there, to=OTHER)
    await pass_time(5)
    await client.delete(f"{ROOMS}/{there['id']}")
    await pass_time(5)
    told = [each.json for each in shop.asked("/told")]
    assert [each["event"] for each in told] == [
        "conference.created",
        "participant.joined",
        "participant.joined",
        "conference.started",
        "participant.left",
        "participant.left",
        "conference.ended",
    ]
    assert [each["sequence_number"] for each in told] == list(range(len(told)))
    joined = next(each for each in told if each["event"] == "participant.joined")
    assert joined["conference"] == {**there, "participant_count": 1}
    assert (joined["call_id"], joined["participant"]["status"]) == (kim["call_id"], "connected")
    left = [each for each in told if each["event"] == "participant.left"]
    assert {each["participant"]["status"] for each in left} == {"complete"}


@pytest.mark.parametrize(
    ("how", "phone"),
    [("key", {"script": [{"wait": 1}, {"press": "9"}]}), ("behaviour", {"consents": False})],
)
async def test_who_does_not_agree_is_not_let_into_a_room_that_is_recorded(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop, how: str, phone: dict[str, Any]
) -> None:
    put = await client.put(f"/v1/simulator/phones/{HUMAN}", json={"outcome": "human", **phone})
    assert put.is_success, put.text
    there = await room(client, record=True)
    told = {"tts_language": "de-DE", "status_callback": shop.at("/told")}
    kim, lee = await call_in(client, there, **told), await call_in(client, there, to=OTHER, **told)
    await pass_time(20)
    for each in (kim, lee):
        ((text, language),) = await said(client, {"id": each["call_id"]})
        assert (text[:15], language) == ("Dieses Gespräch", "de-DE")
    assert await present(client, there) == [lee["call_id"]]
    consents = {
        each.json["call_id"]: each.json["consent"] for each in shop.requests if b'"consent":' in each.body
    }
    assert consents == {
        kim["call_id"]: {"given": False, "how": how},
        lee["call_id"]: {"given": True, "how": "announced"},
    }
    assert (await look(client, {"id": kim["call_id"]}))["ended_by"] == "platform"


async def test_a_room_that_is_not_recorded_asks_nobody(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    there = await room(client)
    kim = await call_in(client, there)
    await pass_time(20)
    assert await said(client, {"id": kim["call_id"]}) == []
