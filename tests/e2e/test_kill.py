"""Killed with SIGKILL thirty times while calls are under way, nothing is lost and nothing is out of order."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from standardwebhooks import Webhook

from tests.e2e.chance import chance
from tests.e2e.customer import Answer, Arrival, Customer, Fate, receiving
from tests.e2e.load import Load
from tests.e2e.server import Server
from tests.e2e.tenant import Tenant, everything, new_tenant, owner, telling

pytestmark = pytest.mark.e2e

SEED: Final = 2030
KILLS: Final = 30
CALLS: Final = 300
SPEED: Final = 10
RETRIES: Final = (2, 2, 2, 5, 5, 5, 10, 10, 20, 30)  # seconds of the account, so a tenth of that
LIVE: Final = ("queued", "ringing", "in-progress")
ENDED: Final = ("completed", "failed", "busy", "no-answer", "canceled")
TAIL: Final = 20.0
RUSH: Final = 0.05
STORY: Final = {
    "completed": {("initiated", "ringing", "answered", "completed")},
    "busy": {("initiated", "ringing", "completed")},
    "no-answer": {("initiated", "ringing", "completed")},
    "failed": {("initiated", "completed")},
    "canceled": {("initiated", "completed"), ("initiated", "ringing", "completed")},
}
SHORT: Final = {"TELEFONIE_CALLBACK_TIMEOUT": "1", "TELEFONIE_LEASE_SECONDS": "2"}


def moody(body: Any, before: int) -> Fate:
    """A customer's server that is slow or fails now and then, but never for ever."""
    letter = (body["call"]["metadata"]["order"], body["sequence_number"], before)
    luck = chance(SEED, "meet", *letter)
    after = max(0.0, chance(SEED, "after", *letter) - 0.6)
    if before > 3 or luck > 0.2:
        return Fate(Answer.TAKEN, after)
    return Fate(Answer.BROKEN if luck > 0.08 else Answer.DROPPED, after)


async def _account(url: str) -> Tenant:
    clock = {"mode": "realtime", "speed": SPEED}
    return await new_tenant(url, clock, {"callback_retry_seconds": RETRIES})


async def test_one_process_on_sqlite(tmp_path: Path) -> None:
    server = Server(tmp_path / "log", "--data", str(tmp_path / "store"))
    async with receiving(moody) as customer:
        try:
            tenant = await _account(await server.start())
            async with telling(tenant) as client:
                load = Load(client, lambda _: server.url, customer.url, SEED)
                for n in range(KILLS):
                    # Now and then it dies again before it is up.
                    if n % 5 != 4:
                        await server.up()
                    await _load_until_the_moment(load, n)
                    server.kill()
                    server.spawn()
                await server.up()
                await load.done()
                await _everything_came(server.url, tenant, load, customer)
            assert await server.stop() == 0, server.told
        finally:
            server.kill()


async def test_two_replicas_on_postgres(tmp_path: Path, postgres_url: str) -> None:
    servers = [
        Server(tmp_path / name, "--database-url", postgres_url, environment=SHORT) for name in ("one", "two")
    ]
    async with receiving(moody) as customer:
        try:
            tenant = await _account(await servers[0].start())
            await servers[1].start()
            async with telling(tenant) as client:
                load = Load(client, lambda turn: servers[turn % 2].url, customer.url, SEED)
                for n in range(KILLS):
                    victim = int(2 * chance(SEED, "victim", n))
                    await servers[1 - victim].up()  # one is left at work
                    await _load_until_the_moment(load, n)
                    servers[victim].kill()
                    servers[victim].spawn()
                for server in servers:
                    await server.up()
                await load.done()
                await _everything_came(servers[0].url, tenant, load, customer)
            for server in servers:
                assert await server.stop() == 0, server.told
        finally:
            for server in servers:
                server.kill()


async def _load_until_the_moment(load: Load, n: int) -> None:
    """More calls, half of them in a rush; the moment of death is somewhere in the rush."""
    share = CALLS // KILLS
    load.order(share // 2, 0.5)
    await asyncio.sleep(0.4 * chance(SEED, "moment", n))
    load.order(share - share // 2, RUSH)
    await asyncio.sleep(RUSH * chance(SEED, "in the rush", n))


async def _everything_came(url: str, tenant: Tenant, load: Load, customer: Customer) -> None:
    async with owner(url, tenant) as client:
        await _wait_for_the_end(client)
        calls = await _no_call_was_lost(client, load)
        await _totals_are_exact(client, calls)
        await _every_event_came(client, calls, customer, tenant.secret)
    _death_struck_in_the_midst(load, customer)


async def _wait_for_the_end(client: httpx.AsyncClient) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + TAIL
    while True:
        live = [await _total(client, "/v1/voice/calls", status=status) for status in LIVE]
        pending = await _total(client, "/v1/simulator/deliveries", state="pending")
        if not any(live) and not pending:
            return
        assert loop.time() < deadline, f"still live: {live}, still to be delivered: {pending}"
        await asyncio.sleep(0.1)


async def _total(client: httpx.AsyncClient, path: str, **query: str) -> int:
    answer = await client.get(path, params={**query, "page_size": 1})
    assert answer.status_code == 200, answer.text
    total: int = answer.json()["total"]
    return total


async def _no_call_was_lost(client: httpx.AsyncClient, load: Load) -> dict[str, Any]:
    """Every order that was ever answered made one call, and there are no others. The calls by id."""
    calls, total = await everything(client, "/v1/voice/calls", "calls")
    assert total == len(calls) == CALLS == len(load.placed)
    orders = {int(call["metadata"]["order"]): call["id"] for call in calls}
    assert orders == {n: first["id"] for n, first in load.placed.items()}
    assert {call["status"] for call in calls} <= set(ENDED)
    return {call["id"]: call for call in calls}


async def _totals_are_exact(client: httpx.AsyncClient, calls: dict[str, Any]) -> None:
    """Totals are kept, not counted; after all those deaths they must still be right."""
    counted = Counter(call["status"] for call in calls.values())
    assert len(counted) == len(ENDED), counted
    for status in (*LIVE, *ENDED):
        listed, total = await everything(client, "/v1/voice/calls", "calls", status=status)
        assert len(listed) == total == counted[status], status


async def _every_event_came(
    client: httpx.AsyncClient, calls: dict[str, Any], customer: Customer, secret: str
) -> None:
    by_call: defaultdict[str, list[Arrival]] = defaultdict(list)
    webhook = Webhook(secret)
    for arrival in customer.arrivals:
        webhook.verify(arrival.body, arrival.headers)
        by_call[arrival.json["call"]["id"]].append(arrival)
    assert by_call.keys() == calls.keys()
    for call_id, arrivals in by_call.items():
        _in_order(calls[call_id], arrivals)
    deliveries, total = await everything(client, "/v1/simulator/deliveries", "deliveries")
    assert total == len(deliveries) == len(customer.visits)
    assert {each["event_id"] for each in deliveries} == customer.visits.keys()
    assert {each["state"] for each in deliveries} == {"delivered"}


def _in_order(call: Any, arrivals: list[Arrival]) -> None:
    """The first letters of all events in the order of the events; whatever came again came unchanged."""
    first: dict[int, Arrival] = {}
    taken: set[int] = set()
    for arrival in arrivals:
        sequence = arrival.json["sequence_number"]
        if sequence not in first:
            assert sequence == len(first), f"{call['id']}: {sequence} came before {len(first)}"
            assert taken.issuperset(range(sequence)), "a letter overtook one that was not taken yet"
            first[sequence] = arrival
        assert arrival.event_id == first[sequence].event_id == arrival.json["event_id"]
        assert arrival.body == first[sequence].body
        if arrival.answer is Answer.TAKEN:
            taken.add(sequence)
    assert len({arrival.event_id for arrival in first.values()}) == len(first) == len(taken)
    told = tuple(first[n].json["event"].removeprefix("call.") for n in range(len(first)))
    assert told in STORY[call["status"]], f"{call}: {told}"
    last = first[len(first) - 1].json["call"]
    assert last == call


def _death_struck_in_the_midst(load: Load, customer: Customer) -> None:
    """Or else all this would prove nothing: requests died, and letters that were taken were sent again."""
    taken = Counter(each.event_id for each in customer.arrivals if each.answer is Answer.TAKEN)
    assert load.lost > 0
    assert max(taken.values()) > 1
