"""When the database goes away and comes back, a replica says so, waits, and goes on by itself."""

from __future__ import annotations

import asyncio
from typing import Final

import httpx
import pytest

from tests.e2e.conftest import Serve
from tests.e2e.customer import Fate, receiving
from tests.e2e.judge import whole_story
from tests.e2e.line import line_to
from tests.e2e.load import Load
from tests.e2e.server import Server
from tests.e2e.tenant import everything, new_tenant, settled, telling

pytestmark = pytest.mark.e2e

CALLS: Final = 60
OUTAGES: Final = 3


def slowly(_body: object, _before: int) -> Fate:
    """So that letters are under way when the line is cut."""
    return Fate(after=0.2)


async def test_the_line_to_the_database_is_cut(serve: Serve, postgres_url: str) -> None:
    async with line_to(postgres_url) as (line, near), receiving(slowly) as customer:
        server = serve("--database-url", near)
        tenant = await new_tenant(await server.start(), {"mode": "realtime", "speed": 10})
        async with telling(tenant) as client:
            load = Load(client, lambda _: server.url, customer.url, seed=1)
            for n in range(OUTAGES):
                load.order(CALLS // OUTAGES, 0.5)
                await asyncio.sleep(0.3 * (n + 1))
                line.cut()
                await _says_so(client, server)
                await line.mend()
            await load.done()
            # Longer than letters are held whose claim was written down, but not heard of.
            await settled(client, server.url, seconds=40)
            calls, total = await everything(client, f"{server.url}/v1/voice/calls", "calls")
        assert total == CALLS
        whole_story(calls, customer.arrivals, tenant.secret)
        # The customer answered while the store was away: that was kept, and nothing was sent again.
        assert len(customer.arrivals) == len(customer.visits)


async def _says_so(client: httpx.AsyncClient, server: Server) -> None:
    """Alive, but not ready; and whoever asks is told to come back, not that something is broken."""
    alive = await client.get(f"{server.url}/healthz")
    assert alive.status_code == 200
    ready = await client.get(f"{server.url}/readyz")
    assert ready.status_code == 503
    assert ready.json()["store"] is False
    for answer in (
        await client.get(f"{server.url}/v1/voice/calls"),
        await client.post(
            f"{server.url}/v1/voice/calls", json={"from": "+12025550100", "to": "+12025550100"}
        ),
    ):
        assert answer.status_code == 503, answer.text
        assert answer.json()["error"] == "store_unavailable"
        assert int(answer.headers["Retry-After"]) > 0
