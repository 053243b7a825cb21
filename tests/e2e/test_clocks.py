"""A standing clock that was under way when its server died goes on by itself when the server is back."""

from __future__ import annotations

import asyncio
from typing import Final

import httpx
import pytest

from tests.e2e.conftest import Serve
from tests.e2e.customer import receiving
from tests.e2e.judge import whole_story
from tests.e2e.server import until
from tests.e2e.tenant import everything, new_tenant, owner, settled

pytestmark = pytest.mark.e2e

CALLS: Final = 20
SHORT: Final = {"TELEFONIE_CALLBACK_TIMEOUT": "1", "TELEFONIE_LEASE_SECONDS": "2"}
BEGINNING: Final = "2030-01-01T00:00:00Z"


@pytest.mark.parametrize("mode", ["manual", "auto"])
async def test_a_clock_goes_on_after_a_restart(serve: Serve, store: tuple[str, str], mode: str) -> None:
    server = serve(*store, environment=SHORT)
    tenant = await new_tenant(await server.start(), {"mode": "manual", "now": BEGINNING})
    async with receiving() as customer:
        customer.hold_from(CALLS + CALLS // 2)  # in the midst of the second moment
        async with owner(server.url, tenant) as client:
            for _ in range(CALLS):
                order = {"from": "+12025550100", "to": "+12025550100", "status_callback": customer.url}
                assert (await client.post("/v1/voice/calls", json=order)).status_code == 201
            moving = asyncio.create_task(_move(client, mode))
            await until(lambda: not customer.free.is_set(), 10, "a letter without an answer")
            server.kill()
            await moving
        customer.let_go()
        async with owner(await server.start(), tenant) as client:
            await settled(client)
            calls, _ = await everything(client, "/v1/voice/calls", "calls", status="completed")
            clock = (await client.get("/v1/simulator/clock")).json()
    assert "advance" not in clock
    assert len(calls) == CALLS
    whole_story(calls, customer.arrivals, tenant.secret)
    # Time stood still while the server was away.
    assert {call["duration"] for call in calls} == {10}
    assert clock["now"] == "2030-01-01T00:00:13.000Z"


async def _move(client: httpx.AsyncClient, mode: str) -> None:
    """Set the clock going; of an advance the answer is lost with its server."""
    if mode == "auto":
        assert (await client.patch("/v1/simulator/clock", json={"mode": "auto"})).status_code == 200
        return
    with pytest.raises(httpx.TransportError):
        await client.post("/v1/simulator/clock/advance", json={"until": "idle"})
