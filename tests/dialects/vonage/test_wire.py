"""What a customer's server gets over the wire: the very bytes that were signed, by a real postman."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

import httpx
import jwt
from vonage_jwt.verify_jwt import verify_signature

from tests.webhooks.peer import Heard, Peer, customer, response

NUMBER: Final = "+447700900000"
SECRET: Final = "whatever-the-customer-has-chosen-himself"
TALK: Final = '[{"action": "talk", "text": "Zoë?"}]'.encode()


async def _talk(heard: Heard, out: asyncio.StreamWriter) -> bool:
    asks = " /answer" in heard.line
    out.write(response(body=TALK, Content_Type="application/json") if asks else response("204 No Content"))
    await out.drain()
    return True


async def _live(client: httpx.AsyncClient, peer: Peer, **settings: Any) -> Mapping[str, Heard]:
    """Somebody calls a number of an application; what its server heard, by the words of the deliveries."""
    wish = {"name": "Zoë's", "answer_url": peer.url("/answer"), "event_url": peer.url("/events"), **settings}
    made = await client.post("/v1/simulator/applications", json={**wish, "signature_secret": SECRET})
    assert made.status_code == 201, made.text
    number = {"number": NUMBER, "dialect": "vonage", "application_id": made.json()["id"]}
    assert (await client.post("/v1/numbers", json=number)).status_code == 201
    called = {"from": "+447700900001", "to": NUMBER}
    assert (await client.post("/v1/simulator/inbound-calls", json=called)).status_code == 201
    moved = await client.post("/v1/simulator/clock/advance", json={"until": "idle"})
    assert moved.status_code == 200, moved.text
    words = [_word(each) for each in peer.heard]
    return dict(zip(words, peer.heard, strict=True))


def _word(heard: Heard) -> str:
    return "answer" if " /answer" in heard.line else str(json.loads(heard.body)["status"])


def _genuine(heard: Heard) -> dict[str, Any]:
    scheme, _, token = heard.headers["Authorization"].partition(" ")
    assert (scheme, verify_signature(token, SECRET)) == ("Bearer", True)
    claims: dict[str, Any] = jwt.decode(token, SECRET, algorithms=["HS256"])
    assert claims["payload_hash"] == hashlib.sha256(heard.body).hexdigest()
    return claims


async def test_the_bytes_that_arrive_are_the_bytes_that_were_signed(client: httpx.AsyncClient) -> None:
    async with customer(_talk) as peer:
        heard = await _live(client, peer)
    assert sorted(heard) == ["answer", "answered", "completed", "ringing", "started"]
    claims = [_genuine(each) for each in heard.values()]
    assert len({each["jti"] for each in claims}) == len(claims)
    assert heard["answer"].line.startswith("GET /answer?")
    assert heard["answer"].body == b""
    assert heard["completed"].headers["Content-Type"] == "application/json"
    assert not [name for each in heard.values() for name in each.headers if name.startswith("webhook-")]


async def test_deliveries_show_them_but_not_the_token(client: httpx.AsyncClient) -> None:
    async with customer(_talk) as peer:
        heard = await _live(client, peer, answer_method="POST")
    found = (await client.get("/v1/simulator/deliveries")).json()["deliveries"]
    assert {each["event"]: each["state"] for each in found} == dict.fromkeys(heard, "delivered")
    for each in found:
        shown = (await client.get(f"/v1/simulator/deliveries/{each['id']}")).json()
        [attempt] = shown["attempts"]
        assert {"name": "Authorization", "value": "Bearer ***"} in attempt["request"]["headers"]
        assert attempt["request"]["body"].encode() == heard[each["event"]].body
        token = heard[each["event"]].headers["Authorization"].removeprefix("Bearer ")
        assert token not in json.dumps(shown)
