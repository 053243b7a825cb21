"""A day with a thousand calls passes by `advance`, and passes the same way again."""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from typing import Any

import httpx

from telefonie.core.accounts import Settings
from telefonie.core.clocks import Mode
from telefonie.engine.registry import ClockWish
from tests.simulator.calling import place
from tests.simulator.listening import Listener, listening
from tests.support.house import NEW_YEAR, House

HOURS = 20
CALLS_AN_HOUR = 50


async def a_day(client: httpx.AsyncClient, customer: Listener) -> dict[str, list[str]]:
    """Calls all day long; what the customer was told about each, in the order in which it came."""
    since = len(customer.bodies)
    for hour in range(HOURS):
        for n in range(CALLS_AN_HOUR):
            # All of them people who pick up: four events each.
            await place(
                client, f"+1212555010{n % 10}", status_callback=customer.url, metadata={"hour": str(hour)}
            )
        advanced = await client.post("/v1/simulator/clock/advance", json={"seconds": 86_400 / HOURS})
        assert advanced.json()["pending"] == 0
    told: dict[str, list[str]] = defaultdict(list)
    for body in customer.bodies[since:]:
        told[body["call_id"]].append(json.dumps(body))
    return told


async def test_a_day_of_a_thousand_calls_is_lived_twice_with_identical_results(house: House) -> None:
    settings = Settings(seed=secrets.token_hex(8))
    clock = ClockWish(Mode.MANUAL, now=NEW_YEAR)
    async with listening() as customer, house.customer(settings, clock) as client:
        first = await a_day(client, customer)
        assert (await client.post("/v1/simulator/reset")).status_code == 204
        second = await a_day(client, customer)
    assert first == second
    assert len(first) == HOURS * CALLS_AN_HOUR
    events: list[list[Any]] = [[json.loads(each)["event"] for each in told] for told in first.values()]
    whole = ["call.initiated", "call.ringing", "call.answered", "call.completed"]
    assert events == [whole] * len(events)
