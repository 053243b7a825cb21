"""Changing live calls: ending, canceling, redirecting, and doing nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from tests.dialects.telefonie.steps import BRIEF, CALLS, dial, hang_up, look, refused, update

PassTime = Callable[[float], Awaitable[None]]
NEXT = "https://shop.example/next"


@pytest.mark.parametrize(
    ("seconds", "before", "after", "reason"),
    [
        (0, "queued", "canceled", "canceled"),
        (1.5, "ringing", "canceled", "canceled"),
        (4, "in-progress", "completed", "hangup"),
    ],
)
async def test_a_live_call_is_ended_by_deleting_it_or_by_completing_it(
    client: httpx.AsyncClient, pass_time: PassTime, seconds: float, before: str, after: str, reason: str
) -> None:
    deleted, completed = await dial(client), await dial(client)
    await pass_time(seconds)
    assert (await look(client, deleted))["status"] == before
    answer = await hang_up(client, deleted)
    assert (answer.status_code, answer.content) == (204, b"")
    answer = await update(client, completed, status="completed")
    assert answer.status_code == 200
    for call in (await look(client, deleted), answer.json()):
        assert (call["status"], call["end_reason"], call["ended_by"]) == (after, reason, "customer")


async def test_ten_hang_ups_at_once_are_one_hang_up_and_nine_conflicts(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    call = await dial(client)
    await pass_time(4)
    answers = await asyncio.gather(*(hang_up(client, call) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [204] + [409] * 9
    for answer in answers:
        if answer.status_code == 409:
            refused(answer, 409, 21220, "call_not_active")


@pytest.mark.parametrize("seconds", [0, 1.5])
async def test_only_a_call_that_nobody_answered_can_be_canceled(
    client: httpx.AsyncClient, pass_time: PassTime, seconds: float
) -> None:
    call = await dial(client)
    await pass_time(seconds)
    answer = await update(client, call, status="canceled")
    assert (answer.status_code, answer.json()["status"]) == (200, "canceled")
    assert answer.json()["duration"] == 0


async def test_an_answered_call_cannot_be_canceled(client: httpx.AsyncClient, pass_time: PassTime) -> None:
    call = await dial(client)
    await pass_time(4)
    problem = refused(await update(client, call, status="canceled"), 409, 21220, "call_already_answered")
    assert "in-progress" in problem["message"]
    assert (await look(client, call))["status"] == "in-progress"


async def test_an_ended_call_stays_as_it_is(client: httpx.AsyncClient, pass_time: PassTime) -> None:
    call = await dial(client, BRIEF)
    await pass_time(30)
    ended = await look(client, call)
    for answer in (
        await hang_up(client, call),
        await update(client, call, status="completed"),
        await update(client, call, status="canceled"),
        await update(client, call, url=NEXT),
    ):
        problem = refused(answer, 409, 21220, "call_not_active")
        assert "completed" in problem["message"]
    assert await look(client, call) == ended


async def test_only_an_answered_call_goes_on_with_another_document(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    call = await dial(client)
    for seconds, status in ((0, "queued"), (1.5, "ringing")):
        await pass_time(seconds)
        problem = refused(await update(client, call, url=NEXT), 409, 21220, "call_not_answered")
        assert status in problem["message"]
    await pass_time(2)
    answer = await update(client, call, url=NEXT, method="GET")
    assert (answer.status_code, answer.json()["url"]) == (200, NEXT)
    assert (await look(client, call))["url"] == NEXT


@pytest.mark.parametrize("body", [None, b"", b"{}", b'{"method":"GET"}'])
async def test_an_update_that_names_no_change_changes_nothing_whatever_the_state(
    client: httpx.AsyncClient, pass_time: PassTime, body: bytes | None
) -> None:
    call = await dial(client, BRIEF)
    for seconds in (0, 1.5, 2, 30):
        await pass_time(seconds)
        answer = await client.post(f"{CALLS}/{call['id']}", content=body)
        assert answer.status_code == 200
        assert answer.json() == await look(client, call)


async def test_what_an_update_does_not_know_is_ignored_and_named(client: httpx.AsyncClient) -> None:
    call = await dial(client)
    answer = await update(client, call, loud=True, status="canceled")
    assert (answer.status_code, answer.json()["status"]) == (200, "canceled")
    assert answer.headers["x-ignored-fields"] == "loud"
    timeline = (await client.get(f"/v1/simulator/calls/{answer.json()['id']}/timeline")).json()
    assert timeline["entries"][-1]["fields"] == ["loud"]


@pytest.mark.parametrize(
    ("fields", "code", "error", "field"),
    [
        ({"status": "paused"}, 20001, "invalid_request", "status"),
        ({"status": "in-progress"}, 20001, "invalid_request", "status"),
        ({"status": None}, 20001, "invalid_request", "status"),
        ({"url": "/next"}, 21205, "url_invalid", "url"),
        ({"url": NEXT, "method": "PATCH"}, 21209, "method_invalid", "method"),
        ({"status": "completed", "url": NEXT}, 20001, "invalid_request", "status"),
    ],
)
async def test_an_update_that_is_wrong_is_refused_and_changes_nothing(
    client: httpx.AsyncClient, fields: dict[str, str | None], code: int, error: str, field: str
) -> None:
    call = await dial(client)
    problem = refused(await update(client, call, **fields), 400, code, error)
    assert problem["details"][0]["field"] == field
    assert await look(client, call) == call
