"""A request that is sent again under the same key is done once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

import httpx
import pytest

from tests.dialects.telefonie.steps import CALLER, CALLS, HUMAN, refused
from tests.support.house import House

PassTime = Callable[[float], Awaitable[None]]
ORDER: Final[dict[str, Any]] = {"to": HUMAN, "from": CALLER}
DAY: Final = 86_400


async def send(client: httpx.AsyncClient, key: str, **fields: Any) -> httpx.Response:
    return await client.post(CALLS, json=ORDER | fields, headers={"Idempotency-Key": key})


async def test_the_same_request_again_gets_the_stored_answer(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    first = await send(client, "k", timout=1)
    await pass_time(60)
    again = await send(client, "k", timout=1)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["x-ignored-fields"] == "timout"
    assert "idempotent-replayed" not in first.headers
    assert (await client.get(CALLS)).json()["total"] == 1


async def test_another_request_under_the_same_key_is_refused(client: httpx.AsyncClient) -> None:
    await send(client, "k")
    refused(await send(client, "k", timeout=5), 422, 20422, "idempotency_key_reused")
    assert (await client.get(CALLS)).json()["total"] == 1


async def test_a_key_is_forgotten_after_a_day_of_the_accounts_time(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    first = await send(client, "k")
    await pass_time(DAY - 1)
    assert (await send(client, "k")).json()["id"] == first.json()["id"]
    await pass_time(1)
    assert (await send(client, "k")).json()["id"] != first.json()["id"]


async def test_each_account_has_its_own_keys(client: httpx.AsyncClient, house: House) -> None:
    first = await send(client, "k")
    async with house.customer() as other:
        answer = await send(other, "k", timeout=5)
    assert answer.status_code == 201
    assert answer.json()["id"] != first.json()["id"]


async def test_the_same_request_many_times_at_once_places_one_call(client: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(send(client, "k") for _ in range(20)))
    placed = {answer.json()["id"] for answer in answers if answer.status_code == 201}
    assert len(placed) == 1
    for answer in answers:
        if answer.status_code != 201:
            refused(answer, 409, 20409, "idempotency_key_in_use")
    assert (await client.get(CALLS)).json()["total"] == 1


async def test_a_request_that_was_refused_may_come_back_corrected(client: httpx.AsyncClient) -> None:
    refused(await send(client, "k", timeout=0), 400, 21208, "timeout_invalid")
    assert (await send(client, "k")).status_code == 201


@pytest.mark.parametrize("key", ["", "k" * 256, "a\tb"])
async def test_a_key_must_be_printable_and_of_bounded_length(client: httpx.AsyncClient, key: str) -> None:
    refused(await send(client, key), 400, 20001, "bad_idempotency_key")
    assert (await client.get(CALLS)).json()["total"] == 0
