"""The far end's fingers, mouth and hold key, moved by hand; and a script of one call's own."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.simulator.calling import entries, place, read

PassTime = Callable[[float], Awaitable[None]]
NOBODY = "00000000-0000-4000-8000-000000000000"


async def act(client: httpx.AsyncClient, call: str, **what: object) -> dict[str, Any]:
    answer = await client.post(f"/v1/simulator/calls/{call}/act", json=what)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def talking(client: httpx.AsyncClient, pass_time: PassTime) -> str:
    """A call whose far end has answered, and stays."""
    await client.put("/v1/simulator/phones/+31612345678", json={"greeting": "", "script": [{"wait": 0}]})
    call = await place(client, "+31612345678")
    await pass_time(4)
    return call


async def last(client: httpx.AsyncClient, call: str, number: int) -> list[dict[str, Any]]:
    return (await entries(client, call))[-number:]


async def test_keys_are_pressed_one_after_the_other(client: httpx.AsyncClient, pass_time: PassTime) -> None:
    call = await talking(client, pass_time)
    await act(client, call, press="1a#")
    await act(client, call, press="2")
    await pass_time(1)
    assert [
        (each["actor"], each["type"], each["digits"], each["offset_ms"])
        for each in await last(client, call, 4)
    ] == [
        ("far_end", "pressed", "1", 4_000),
        ("far_end", "pressed", "A", 4_200),
        ("far_end", "pressed", "#", 4_400),
        ("far_end", "pressed", "2", 4_600),
    ]


async def test_on_a_standing_clock_nothing_is_pressed_before_time_moves(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    call = await talking(client, pass_time)
    await act(client, call, press="1")
    assert "pressed" not in [each["type"] for each in await entries(client, call)]
    await pass_time(0)
    assert (await last(client, call, 1))[0]["digits"] == "1"


async def test_what_is_said_waits_for_the_mouth(client: httpx.AsyncClient, pass_time: PassTime) -> None:
    call = await talking(client, pass_time)
    await act(client, call, say="Goedemorgen", language="nl-NL", confidence=0.25)
    await act(client, call, say="Yes")
    await pass_time(3)
    first, second = await last(client, call, 2)
    assert first.items() >= {"text": "Goedemorgen", "language": "nl-NL", "confidence": 0.25}.items()
    assert second.items() >= {"text": "Yes", "language": "en-US", "confidence": 0.9}.items()
    assert second["offset_ms"] == first["offset_ms"] + first["ms"]


async def test_the_line_is_put_on_hold_and_taken_back(client: httpx.AsyncClient, pass_time: PassTime) -> None:
    call = await talking(client, pass_time)
    assert (await act(client, call, hold=True))["away"] is True
    assert (await act(client, call, hold=True))["away"] is True  # once more: no error, and no entry
    assert (await act(client, call, hold=False))["away"] is False
    assert [(each["actor"], each["type"]) for each in await last(client, call, 2)] == [
        ("far_end", "held"),
        ("far_end", "unheld"),
    ]


async def test_a_hand_that_is_faster_than_a_far_end_is_told_so(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    call = await talking(client, pass_time)
    for _ in range(7):
        await act(client, call, press="1" * 64)
    answer = await client.post(f"/v1/simulator/calls/{call}/act", json={"press": "1" * 64})
    assert (answer.status_code, answer.json()["error"]) == (409, "far_end_busy")


# -- a script of the call's own --

SCRIPT = [{"wait": 1}, {"press": "7"}, {"hangup": True}]


async def give(client: httpx.AsyncClient, call: str, script: object) -> httpx.Response:
    return await client.put(f"/v1/simulator/calls/{call}/script", json={"script": script})


async def kept_to_the_script(client: httpx.AsyncClient, call: str) -> None:
    [pressed] = [each for each in await entries(client, call) if each["type"] == "pressed"]
    assert (pressed["digits"], pressed["offset_ms"]) == ("7", 4_000)
    ended = await read(client, call)
    assert (ended["ended_by"], ended["ended_at"]) == ("far_end", "2030-01-01T00:00:04.200Z")


@pytest.mark.parametrize("second", [0, 2])
async def test_a_call_that_is_not_answered_yet_is_given_a_script(
    client: httpx.AsyncClient, pass_time: PassTime, second: int
) -> None:
    call = await place(client)
    other = await place(client)
    await pass_time(second)
    answer = await give(client, call, SCRIPT)
    assert answer.status_code == 200
    assert answer.json() == await read(client, call)
    assert answer.json()["phone"]["script"] == SCRIPT
    await pass_time(20)
    await kept_to_the_script(client, call)
    assert (await read(client, other))["phone"]["script"] == []


async def test_an_empty_script_takes_the_phones_own_away(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    await client.put("/v1/simulator/phones/+31612345678", json={"script": SCRIPT})
    call = await place(client, "+31612345678")
    assert (await give(client, call, [])).json()["phone"]["script"] == []
    await pass_time(20)
    assert (await read(client, call))["ended_at"] == "2030-01-01T00:00:13.000Z"  # who has nobody to talk with


@pytest.mark.parametrize("second", [3, 60])
async def test_later_it_is_too_late(client: httpx.AsyncClient, pass_time: PassTime, second: int) -> None:
    call = await place(client)
    await pass_time(second)
    answer = await give(client, call, SCRIPT)
    assert (answer.status_code, answer.json()["error"]) == (409, "call_not_active")
    assert "be given a script" in answer.json()["message"]


async def test_a_script_that_is_none_and_a_call_that_is_none_are_told(client: httpx.AsyncClient) -> None:
    call = await place(client)
    assert (await give(client, call, [{"jump": 1}])).status_code == 400
    assert (await client.put(f"/v1/simulator/calls/{call}/script", json={})).status_code == 400
    assert (await give(client, NOBODY, [])).status_code == 404


async def test_metadata_may_carry_a_script(client: httpx.AsyncClient, pass_time: PassTime) -> None:
    call = await place(client, metadata={"telefonie.script": json.dumps(SCRIPT), "order": "17"})
    told = await read(client, call)
    assert told["phone"]["script"] == SCRIPT
    assert told["metadata"]["order"] == "17"
    await pass_time(20)
    await kept_to_the_script(client, call)


async def test_metadata_whose_script_is_none_are_refused(client: httpx.AsyncClient) -> None:
    given = {
        "from": "+31201234567",
        "to": "+12125550100",
        "metadata": {"telefonie.script": '[{"press": "x"}]'},
    }
    answer = await client.post("/v1/voice/calls", json=given)
    assert answer.status_code == 400
    [detail] = answer.json()["details"]
    assert detail["field"] == "metadata.telefonie.script"
    assert "press must be 1 to 64 of the keys" in detail["issue"]
    assert (await client.get("/v1/simulator/calls")).json()["total"] == 0
