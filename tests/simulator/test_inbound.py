"""Somebody calls one of the account's numbers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.simulator.calling import entries, read
from tests.simulator.listening import listening
from tests.simulator.serving import serving

PassTime = Callable[[float], Awaitable[None]]
OURS = "+31201234567"
THEIRS = "+31612345678"
HELLO = "<Response><Say>Hello</Say></Response>"


async def own(client: httpx.AsyncClient, **fields: object) -> None:
    answer = await client.post("/v1/numbers", json={"number": OURS, **fields})
    assert answer.status_code == 201, answer.text


async def call_in(client: httpx.AsyncClient, **fields: object) -> httpx.Response:
    given = {"from": THEIRS, "to": OURS, **fields}
    return await client.post("/v1/simulator/inbound-calls", json=given)


async def incoming(client: httpx.AsyncClient, **fields: object) -> dict[str, Any]:
    answer = await call_in(client, **fields)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_a_call_that_comes_in_rings_at_once_on_the_numbers_api(client: httpx.AsyncClient) -> None:
    await own(client, voice_url="https://example.com/voice", voice_method="GET", record=True)
    told = await incoming(client, metadata={"ticket": "17"}, language="nl-NL")
    assert told == await read(client, told["id"])
    assert (
        told.items()
        >= {
            "face": "telefonie",
            "direction": "inbound",
            "from": THEIRS,
            "to": OURS,
            "status": "ringing",
            "url": "https://example.com/voice",
            "method": "GET",
            "record": True,
            "language": "nl-NL",
            "metadata": {"ticket": "17"},
            "ring_timeout": 60.0,
        }.items()
    )
    shown = await client.get(f"/v1/voice/calls/{told['id']}")
    assert (shown.json()["direction"], shown.json()["status"]) == ("inbound", "ringing")


async def test_its_document_is_asked_for_and_run_and_its_events_are_told(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    async with serving({"/voice": HELLO}) as site, listening() as customer:
        await own(client, voice_url=f"{site.url}/voice", status_callback=customer.url)
        told = await incoming(client)
        await pass_time(5)
        assert site.asked == ["POST /voice"]
        assert [each["event"] for each in customer.bodies] == [
            "call.initiated",
            "call.ringing",
            "call.answered",
            "call.completed",
        ]
    ended = await read(client, told["id"])
    assert (ended["status"], ended["ended_by"]) == ("completed", "platform")
    assert ended["answered_at"] == "2030-01-01T00:00:00.000Z"


async def test_a_document_may_turn_the_caller_down_before_anybody_answers(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    async with serving({"/voice": "<Response><Reject reason='busy'/></Response>"}) as site:
        await own(client, voice_url=f"{site.url}/voice")
        told = await incoming(client)
        await pass_time(1)
    ended = await read(client, told["id"])
    assert (ended["status"], ended["ended_by"]) == ("busy", "customer")
    assert "answered_at" not in ended


async def test_a_callers_script_is_done_from_the_answer_on(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    async with serving({"/voice": "<Response><Pause length='10'/></Response>"}) as site:
        await own(client, voice_url=f"{site.url}/voice")
        script = [{"wait": 1}, {"press": "42"}, {"hangup": True}]
        told = await incoming(client, script=script)
        assert told["phone"]["script"] == script
        await client.post(f"/v1/simulator/calls/{told['id']}/act", json={"answer": True})
        await pass_time(5)
    pressed = [each for each in await entries(client, told["id"]) if each["type"] == "pressed"]
    assert [(each["digits"], each["offset_ms"]) for each in pressed] == [("4", 1_000), ("2", 1_200)]
    ended = await read(client, told["id"])
    assert (ended["ended_by"], ended["ended_at"]) == ("far_end", "2030-01-01T00:00:01.400Z")


async def test_who_calls_behaves_as_their_phone_is_set_up_but_for_the_calls_own_script(
    client: httpx.AsyncClient,
) -> None:
    await own(client)
    character = {"hangs_up_after": 30, "script": [{"wait": 1}]}
    await client.put(f"/v1/simulator/phones/{THEIRS}", json=character)
    assert (await incoming(client))["phone"].items() >= character.items()
    other = (await incoming(client, script=[]))["phone"]
    assert (other["hangs_up_after"], other["script"]) == (30.0, [])
    withheld = await incoming(client, caller_id="withheld")
    assert withheld["phone"].items() >= character.items()


async def test_a_caller_who_is_not_shown_comes_from_the_number_that_stands_for_anonymous(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    async with serving({"/voice": HELLO}) as site:
        await own(client, voice_url=f"{site.url}/voice")
        told = await incoming(client, caller_id="withheld")
        assert told["from"] == "+266696687"
        await pass_time(1)
        assert "+266696687" in site.bodies[0]
        assert THEIRS not in site.bodies[0]
    shown = (await client.get(f"/v1/voice/calls/{told['id']}")).json()
    assert shown["from"] == "+266696687"


@pytest.mark.parametrize(
    "party", ["sip:kim@example.com", "SIP:kim@example.com;transport=tcp", "sips:example.com", "client:kim.1"]
)
async def test_a_sip_or_client_address_may_call(client: httpx.AsyncClient, party: str) -> None:
    await own(client)
    assert (await incoming(client, **{"from": party}))["from"] == party


async def test_a_number_that_is_nobodys_is_not_in_service(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    told = await incoming(client, colour="red")
    assert (
        told.items()
        >= {
            "face": "unreached",
            "status": "failed",
            "cause": "unknown_number",
            "ended_by": "platform",
        }.items()
    )
    await pass_time(60)
    happened = await entries(client, told["id"])
    assert [each["type"] for each in happened] == ["status", "ignored_fields", "said", "status"]
    assert (happened[2]["text"], happened[2]["announcement"]) == (
        "The number you have dialed is not in service.",
        True,
    )
    assert (await client.get(f"/v1/voice/calls/{told['id']}")).status_code == 404
    assert (await client.get("/v1/voice/calls")).json()["total"] == 0
    assert (await client.get("/v1/simulator/calls?face=unreached")).json()["total"] == 1


async def test_a_number_without_a_document_rings_until_the_caller_gives_up(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    await own(client)
    told = await incoming(client)
    await pass_time(59)
    assert (await read(client, told["id"]))["status"] == "ringing"
    await pass_time(1)
    ended = await read(client, told["id"])
    assert (ended["status"], ended["cause"]) == ("no-answer", "ring_timeout")


async def test_a_number_without_a_document_is_answered_by_hand(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    await own(client)
    told = await incoming(client, script=[{"wait": 2}, {"say": "Anybody there?"}, {"hangup": True}])
    await pass_time(5)
    answered = await client.post(f"/v1/simulator/calls/{told['id']}/act", json={"answer": True})
    assert answered.json()["status"] == "in-progress"
    await pass_time(10)
    happened = await entries(client, told["id"])
    assert [(each["actor"], each["type"], each["offset_ms"]) for each in happened[2:4]] == [
        ("platform", "status", 5_000),
        ("far_end", "said", 7_000),
    ]
    assert (await read(client, told["id"]))["ended_by"] == "far_end"


async def test_a_caller_gives_up_by_hand_while_it_rings(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    await own(client)
    told = await incoming(client)
    await pass_time(3)
    gone = await client.post(f"/v1/simulator/calls/{told['id']}/act", json={"hangup": True})
    assert gone.status_code == 200
    assert (gone.json()["status"], gone.json()["ended_by"]) == ("canceled", "far_end")


async def test_the_same_request_under_the_same_key_is_one_call(client: httpx.AsyncClient) -> None:
    await own(client)
    key = {"Idempotency-Key": "one"}
    given = {"from": THEIRS, "to": OURS}
    first, again = [
        await client.post("/v1/simulator/inbound-calls", json=given, headers=key) for _ in range(2)
    ]
    assert (again.status_code, again.text) == (201, first.text)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = await client.post("/v1/simulator/inbound-calls", json={**given, "language": "nl"}, headers=key)
    assert other.status_code == 422
    assert (await client.get("/v1/simulator/calls")).json()["total"] == 1


async def test_what_is_not_known_is_ignored_and_named(client: httpx.AsyncClient) -> None:
    await own(client)
    answer = await call_in(client, colour="red")
    assert answer.headers["X-Ignored-Fields"] == "colour"
    assert answer.json()["ignored_fields"] == ["colour"]
    [named] = [
        each for each in await entries(client, answer.json()["id"]) if each["type"] == "ignored_fields"
    ]
    assert named["fields"] == ["colour"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"from": "0612345678"}, "from"),
        ({"from": "+1"}, "from"),
        ({"from": "sip:"}, "from"),
        ({"from": "sip:kim@"}, "from"),
        ({"from": "client:no spaces"}, "from"),
        ({"from": "app:17"}, "from"),
        ({"from": None}, "from"),
        ({"to": "sip:kim@example.com"}, "to"),
        ({"to": "31201234567"}, "to"),
        ({"caller_id": "hidden"}, "caller_id"),
        ({"language": "very Dutch"}, "language"),
        ({"script": [{"jump": 1}]}, "script.0"),
        ({"metadata": {"a": 1}}, "metadata.a"),
        ({"metadata": {"telefonie.script": "[{}]"}}, "metadata.telefonie.script"),
    ],
)
async def test_what_is_wrong_is_told_field_by_field(
    client: httpx.AsyncClient, wrong: dict[str, object], field: str
) -> None:
    await own(client)
    answer = await call_in(client, **wrong)
    assert answer.status_code == 400
    assert field in [each["field"] for each in answer.json()["details"]]
    assert (await client.get("/v1/simulator/calls")).json()["total"] == 0
