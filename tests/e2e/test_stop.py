"""A server that is told to stop finishes what it has in hand, and leaves the rest for the next one."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from typing import Final

import pytest

from tests.e2e.conftest import Serve
from tests.e2e.customer import receiving
from tests.e2e.judge import whole_story
from tests.e2e.server import until
from tests.e2e.tenant import everything, new_tenant, owner, settled

pytestmark = pytest.mark.e2e

CALLS: Final = 20
SPEED: Final = 10


async def test_letters_under_way_are_finished_and_not_sent_again(
    serve: Serve, store: tuple[str, str]
) -> None:
    server = serve(*store)
    tenant = await new_tenant(await server.start(), {"mode": "realtime", "speed": SPEED})
    async with receiving() as customer:
        async with owner(server.url, tenant) as client:
            for n in range(CALLS):
                order = {
                    "from": "+12025550100",
                    "to": f"+1202555010{n % 10}",
                    "status_callback": customer.url,
                }
                assert (await client.post("/v1/voice/calls", json=order)).status_code == 201
            await until(lambda: len(customer.visits) >= CALLS, 10, "the first letters")
            # From now on the customer takes letters, and does not answer yet.
            customer.free.clear()
            under_way = len(customer.arrivals)
            await until(lambda: len(customer.arrivals) > under_way, 10, "letters without an answer")
            server.signal(signal.SIGTERM)
        # It waits for the answers that it owes, and takes up nothing else, whosever turn it is then.
        await asyncio.sleep(0.5)
        assert server.alive, server.told
        sent = len(customer.arrivals)
        customer.free.set()
        assert await server.ends(10) == 0, server.told
        assert len(customer.arrivals) == sent
        async with owner(await server.start(), tenant) as client:
            await settled(client)
            calls, _ = await everything(client, "/v1/voice/calls", "calls")
        whole_story(calls, customer.arrivals, tenant.secret)
        # What was answered while the server was stopping was noted: nothing came twice.
        assert sent < len(customer.arrivals)
        assert set(Counter(each.event_id for each in customer.arrivals).values()) == {1}


async def test_a_request_under_way_is_answered(serve: Serve, store: tuple[str, str]) -> None:
    server = serve(*store)
    tenant = await new_tenant(await server.start())
    async with receiving() as customer, owner(server.url, tenant) as client:
        order = {"from": "+12025550100", "to": "+12025550100", "status_callback": customer.url}
        assert (await client.post("/v1/voice/calls", json=order)).status_code == 201
        customer.free.clear()
        asked = asyncio.create_task(client.post("/v1/simulator/clock/advance", json={"seconds": 1}))
        await until(lambda: len(customer.arrivals) > 0, 10, "a letter that holds the advance up")
        server.signal(signal.SIGTERM)
        await asyncio.sleep(0.3)
        assert server.alive, server.told
        customer.free.set()
        assert (await asked).status_code in {200, 202}
        assert await server.ends(15) == 0, server.told


async def test_told_twice_it_goes_at_once_and_the_next_one_takes_over(
    serve: Serve, store: tuple[str, str]
) -> None:
    # Long enough for the letter to be under way still when the server is told twice, also on a slow machine.
    short = {"TELEFONIE_CALLBACK_TIMEOUT": "5", "TELEFONIE_LEASE_SECONDS": "6"}
    server = serve(*store, environment=short)
    tenant = await new_tenant(await server.start(), {"mode": "realtime", "speed": SPEED})
    async with receiving() as customer:
        customer.free.clear()
        async with owner(server.url, tenant) as client:
            order = {"from": "+12025550100", "to": "+12025550100", "status_callback": customer.url}
            assert (await client.post("/v1/voice/calls", json=order)).status_code == 201
            await until(lambda: len(customer.arrivals) == 1, 10, "a letter that waits for an answer")
            server.signal(signal.SIGTERM)
            await asyncio.sleep(0.1)
            server.signal(signal.SIGTERM)
            assert await server.ends(3) != 0
        customer.free.set()
        async with owner(await server.start(), tenant) as client:
            await settled(client)
            calls, _ = await everything(client, "/v1/voice/calls", "calls")
        whole_story(calls, customer.arrivals, tenant.secret)
