"""Being the far end by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import httpx
import pytest

from tests.simulator.calling import place, read

PassTime = Callable[[float], Awaitable[None]]


async def act(client: httpx.AsyncClient, call: str, **what: object) -> httpx.Response:
    return await client.post(f"/v1/simulator/calls/{call}/act", json=what)


async def test_a_ringing_phone_is_answered_by_hand(client: httpx.AsyncClient, pass_time: PassTime) -> None:
    call = await place(client, "+12125550130")
    await pass_time(5)
    answer = await act(client, call, answer=True)
    assert answer.status_code == 200
    assert answer.json() == await read(client, call)
    assert (
        answer.json().items()
        >= {
            "status": "in-progress",
            "answered_at": "2030-01-01T00:00:05.000Z",
        }.items()
    )


@pytest.mark.parametrize(
    ("how", "status", "cause"), [("busy", "busy", "busy"), ("declined", "no-answer", "declined")]
)
async def test_a_ringing_phone_is_rejected_by_hand(
    client: httpx.AsyncClient, pass_time: PassTime, how: str, status: str, cause: str
) -> None:
    call = await place(client)
    await pass_time(1)
    told = (await act(client, call, reject=how)).json()
    assert (told["status"], told["cause"], told["ended_by"]) == (status, cause, "far_end")


async def test_an_answered_call_is_hung_up_by_hand(client: httpx.AsyncClient, pass_time: PassTime) -> None:
    call = await place(client)
    await pass_time(4)
    told = (await act(client, call, hangup=True)).json()
    assert (told["status"], told["cause"], told["ended_by"]) == ("completed", "hung_up", "far_end")
    again = await act(client, call, hangup=True)
    assert (again.status_code, again.json()["error"]) == (409, "call_not_active")


@pytest.mark.parametrize(
    ("second", "what"),
    [
        (0, {"answer": True}),
        (0, {"reject": "busy"}),
        (0, {"hangup": True}),
        (1, {"hangup": True}),
        (3, {"answer": True}),
        (3, {"reject": "declined"}),
        (20, {"answer": True}),
        (20, {"reject": "busy"}),
        (20, {"hangup": True}),
        (0, {"press": "1"}),
        (1, {"press": "1"}),
        (1, {"say": "Hello"}),
        (1, {"hold": True}),
        (20, {"press": "1"}),
        (20, {"say": "Hello"}),
        (20, {"hold": False}),
    ],
)
async def test_the_far_end_can_do_only_what_its_state_allows(
    client: httpx.AsyncClient, pass_time: PassTime, second: int, what: dict[str, object]
) -> None:
    call = await place(client)
    await pass_time(second)
    before = await read(client, call)
    answer = await act(client, call, **what)
    assert (answer.status_code, answer.json()["error"]) == (409, "call_not_active")
    assert await read(client, call) == before


async def test_who_hangs_up_a_ringing_phone_is_told_to_reject(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    call = await place(client)
    await pass_time(1)
    assert "reject" in (await act(client, call, hangup=True)).json()["message"]


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ({}, "body"),
        ({"answer": True, "hangup": True}, "body"),
        ({"answer": False}, "answer"),
        ({"hangup": "yes"}, "hangup"),
        ({"hangup": None}, "hangup"),
        ({"reject": "rude"}, "reject"),
        ({"press": ""}, "press"),
        ({"press": "1w"}, "press"),
        ({"press": "1" * 65}, "press"),
        ({"press": 1}, "press"),
        ({"press": "1", "hangup": True}, "body"),
        ({"say": ""}, "say"),
        ({"say": "x" * 1_001}, "say"),
        ({"say": "x", "language": "Dutch please"}, "language"),
        ({"say": "x", "confidence": 1.1}, "confidence"),
        ({"say": "x", "confidence": "sure"}, "confidence"),
        ({"press": "1", "language": "nl-NL"}, "body"),
        ({"answer": True, "confidence": 1}, "body"),
        ({"hold": "on"}, "hold"),
    ],
)
async def test_a_wrong_act_is_told_field_by_field(
    client: httpx.AsyncClient, what: dict[str, object], field: str
) -> None:
    call = await place(client)
    answer = await act(client, call, **what)
    assert answer.status_code == 400
    assert field in [each["field"] for each in answer.json()["details"]]


async def test_an_act_with_a_typing_error_beside_it_names_it(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    call = await place(client)
    await pass_time(1)
    answer = await act(client, call, answer=True, loudly=True)
    assert answer.headers["X-Ignored-Fields"] == "loudly"
