"""Starting over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from tests.simulator.calling import place
from tests.simulator.listening import listening

PassTime = Callable[[float], Awaitable[None]]


async def test_a_reset_account_is_as_if_it_were_new(client: httpx.AsyncClient, pass_time: PassTime) -> None:
    new = (await client.get("/v1/simulator/clock")).json()
    async with listening() as customer:
        await client.put("/v1/simulator/phones/+31612345678", json={"outcome": "busy"})
        await place(client, status_callback=customer.url)
        await pass_time(2)
    answer = await client.post("/v1/simulator/reset")
    assert (answer.status_code, answer.content) == (204, b"")
    for noun in ("calls", "deliveries", "phones"):
        assert (await client.get(f"/v1/simulator/{noun}")).json()["total"] == 0
    assert (await client.get("/v1/simulator/clock")).json() == new


async def test_a_reset_touches_no_other_account_and_no_number(client: httpx.AsyncClient, house: Any) -> None:
    await client.post("/v1/numbers", json={"number": "+31201234567"})
    async with house.customer() as neighbour:
        await place(neighbour)
        await client.post("/v1/simulator/reset")
        assert (await neighbour.get("/v1/simulator/calls")).json()["total"] == 1
    assert (await client.get("/v1/numbers")).json()["total"] == 1
