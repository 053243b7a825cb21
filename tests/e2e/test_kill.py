"""Killed with SIGKILL thirty times while calls are under way, nothing is lost and nothing is out of order."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin

import httpx
import pytest

from tests.e2e.chance import chance
from tests.e2e.conftest import Serve
from tests.e2e.customer import Answer, Customer, Fate, receiving
from tests.e2e.flows import CALLER, DOCUMENTS, PHONE, whole_flow
from tests.e2e.judge import whole_story
from tests.e2e.load import HUNG_UP_EVERY, Load, is_told
from tests.e2e.tenant import LIVE, Tenant, everything, new_tenant, owner, settled, telling

pytestmark = pytest.mark.e2e

SEED: Final = 2030
KILLS: Final = 30
CALLS: Final = 300
SPEED: Final = 10
RETRIES: Final = (2, 2, 2, 5, 5, 5, 10, 10, 20, 30)  # seconds of the account, so a tenth of that
ENDED: Final = ("completed", "failed", "busy", "no-answer", "canceled")
RUSH: Final = 0.05
# A question that is not answered in time is given up: so there is time for it, also beside thirty starts.
SHORT: Final = {"TELEFONIE_CALLBACK_TIMEOUT": "3", "TELEFONIE_LEASE_SECONDS": "4"}


def moody(body: Any, before: int) -> Fate:
    """A customer's server that is slow or fails now and then, but never for ever."""
    if "sequence_number" not in body:
        return _of_questions(body, before)
    letter = (body["call"]["metadata"]["order"], body["sequence_number"], before)
    luck = chance(SEED, "meet", *letter)
    after = max(0.0, chance(SEED, "after", *letter) - 0.6)
    if before > 3 or luck > 0.2:
        return Fate(Answer.TAKEN, after)
    return Fate(Answer.BROKEN if luck > 0.08 else Answer.DROPPED, after)


def _of_questions(body: Any, before: int) -> Fate:
    """Who asks for a document is put off once at most: a call does not ask for ever."""
    question = (body["call"]["metadata"]["order"], body["event"], body.get("verb"))
    after = 0.4 * chance(SEED, "answer after", *question)
    dropped = not before and chance(SEED, "ask", *question) < 0.1
    return Fate(Answer.DROPPED if dropped else Answer.TAKEN, after)


async def _account(url: str) -> Tenant:
    clock = {"mode": "realtime", "speed": SPEED}
    tenant = await new_tenant(url, clock, {"callback_retry_seconds": RETRIES})
    async with owner(url, tenant) as client:
        answer = await client.put(f"/v1/simulator/phones/{CALLER}", json=PHONE)
        assert answer.status_code == 201, answer.text
    return tenant


@asynccontextmanager
async def _customer() -> AsyncIterator[Customer]:
    async with receiving(moody) as customer:
        customer.documents = DOCUMENTS
        yield customer


def _load(client: httpx.AsyncClient, where: Callable[[int], str], customer: Customer) -> Load:
    return Load(client, where, customer.url, SEED, urljoin(customer.url, "/menu"))


async def test_one_process_on_sqlite(serve: Serve, tmp_path: Path) -> None:
    server = serve("--data", str(tmp_path / "store"))
    tenant = await _account(await server.start())
    async with _customer() as customer, telling(tenant) as client:
        load = _load(client, lambda _: server.url, customer)
        for n in range(KILLS):
            # Now and then it dies again before it is up.
            if n % 3 != 2:
                await server.up()
            await _load_until_the_moment(load, n)
            server.kill()
            server.spawn()
        await server.up()
        await load.done()
        await _everything_came(server.url, tenant, load, customer)
    assert await server.stop() == 0, server.told


async def test_two_replicas_on_postgres(serve: Serve, postgres_url: str) -> None:
    servers = [serve("--database-url", postgres_url, environment=SHORT) for _ in range(2)]
    for server in servers:
        server.spawn()  # both at once: one brings the store to its schema, the other waits for that
    tenant = await _account(await servers[0].up())
    async with _customer() as customer, telling(tenant) as client:
        load = _load(client, lambda turn: servers[turn % 2].url, customer)
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


async def _load_until_the_moment(load: Load, n: int) -> None:
    """More calls, half of them in a rush; the moment of death is somewhere in the rush."""
    share = CALLS // KILLS
    load.order(share // 2, 0.5)
    await asyncio.sleep(0.4 * chance(SEED, "moment", n))
    load.order(share - share // 2, RUSH)
    await asyncio.sleep(RUSH * chance(SEED, "in the rush", n))


async def _everything_came(url: str, tenant: Tenant, load: Load, customer: Customer) -> None:
    async with owner(url, tenant) as client:
        await settled(client)
        calls, legs = await _no_call_was_lost(client, load)
        await _totals_are_exact(client, calls + legs)
        await _every_letter_is_settled(client, customer)
        await _no_document_was_run_twice(client, calls, legs, customer)
    notices = [each for each in customer.arrivals if each.path not in DOCUMENTS]
    whole_story(calls, notices, tenant.secret)
    _death_struck_in_the_midst(load, customer)


async def _no_call_was_lost(client: httpx.AsyncClient, load: Load) -> tuple[list[Any], list[Any]]:
    """Every order that was ever answered made one call, and there are no others but their legs."""
    found, total = await everything(client, "/v1/voice/calls", "calls")
    calls = [each for each in found if "parent_call_id" not in each]
    legs = [each for each in found if "parent_call_id" in each]
    assert total == len(found)
    assert len(calls) == CALLS == len(load.placed)
    orders = {int(call["metadata"]["order"]): call["id"] for call in calls}
    assert orders == {n: first["id"] for n, first in load.placed.items()}
    assert {call["status"] for call in found} <= set(ENDED)
    return calls, legs


async def _totals_are_exact(client: httpx.AsyncClient, calls: list[Any]) -> None:
    """Totals are kept, not counted; after all those deaths they must still be right."""
    counted = Counter(call["status"] for call in calls)
    assert len(counted) == len(ENDED), counted
    for status in (*LIVE, *ENDED):
        listed, total = await everything(client, "/v1/voice/calls", "calls", status=status)
        assert len(listed) == total == counted[status], status


async def _every_letter_is_settled(client: httpx.AsyncClient, customer: Customer) -> None:
    deliveries, total = await everything(client, "/v1/simulator/deliveries", "deliveries")
    assert total == len(deliveries) == len(customer.visits)
    assert {each["event_id"] for each in deliveries} == customer.visits.keys()
    assert {each["state"] for each in deliveries} == {"delivered"}


async def _no_document_was_run_twice(
    client: httpx.AsyncClient, calls: list[Any], legs: list[Any], customer: Customer
) -> None:
    told = [each for each in calls if is_told(int(each["metadata"]["order"]))]
    assert len(told) == sum(map(is_told, range(CALLS))) > CALLS // 5
    for call in told:
        answer = await client.get(f"/v1/simulator/calls/{call['id']}/timeline")
        assert answer.status_code == 200, answer.text
        requests = [
            each
            for each in customer.arrivals
            if each.path in DOCUMENTS and each.json["call_id"] == call["id"]
        ]
        mine = [each for each in legs if each["parent_call_id"] == call["id"]]
        hung_up = int(call["metadata"]["order"]) % HUNG_UP_EVERY == 0
        whole_flow(call, mine, requests, answer.json()["entries"], hung_up=hung_up)


def _death_struck_in_the_midst(load: Load, customer: Customer) -> None:
    """Or else all this would prove nothing: requests died, and letters that were taken were sent again."""
    taken = Counter(each.event_id for each in customer.arrivals if each.answer is Answer.TAKEN)
    assert load.lost > 0
    assert max(taken.values()) > 1
