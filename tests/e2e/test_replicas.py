"""Two replicas on one Postgres are one server: what is done at one holds at the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import httpx
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from tests.e2e.customer import Customer, receiving
from tests.e2e.judge import whole_story
from tests.e2e.server import Server, until
from tests.e2e.tenant import Tenant, everything, new_tenant, operator, owner
from tests.support.databases import fresh_database

pytestmark = pytest.mark.e2e

SHORT: Final = {"TELEFONIE_CALLBACK_TIMEOUT": "1", "TELEFONIE_LEASE_SECONDS": "2"}
KNOWN_WITHIN: Final = 2.5  # two seconds are promised; the rest is for asking
HUMAN: Final = {"from": "+12025550100", "to": "+12025550100"}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two replicas, and an account's owner at each of them."""

    servers: tuple[Server, Server]
    tenant: Tenant
    here: httpx.AsyncClient
    there: httpx.AsyncClient


@pytest.fixture(scope="module")
async def servers(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: str
) -> AsyncIterator[tuple[Server, Server]]:
    folder = tmp_path_factory.mktemp("replicas")
    async with fresh_database(postgres_server) as url:
        one, two = (
            Server(folder / name, "--database-url", url, environment=SHORT) for name in ("one", "two")
        )
        try:
            one.spawn()
            two.spawn()
            yield one, two
        finally:
            one.kill()
            two.kill()


@pytest.fixture
async def pair(servers: tuple[Server, Server]) -> AsyncIterator[Pair]:
    """Each test has an account of its own."""
    one, two = servers
    tenant = await new_tenant(await one.up())
    async with owner(one.url, tenant) as here, owner(await two.up(), tenant) as there:
        yield Pair(servers, tenant, here, there)


async def _soon(holds: Callable[[], Awaitable[bool]], seconds: float = KNOWN_WITHIN) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while not await holds():
        assert loop.time() < deadline, "the other replica does not know"
        await asyncio.sleep(0.02)


async def _place(client: httpx.AsyncClient, **more: Any) -> Any:
    answer = await client.post("/v1/voice/calls", json=HUMAN | more)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_call_is_read_listed_and_hung_up_at_either(pair: Pair) -> None:
    call = await _place(pair.here)
    path = f"/v1/voice/calls/{call['id']}"
    assert (await pair.there.get(path)).json() == call
    assert (await pair.there.get("/v1/voice/calls")).json()["calls"] == [call]
    assert (await pair.there.delete(path)).status_code == 204
    assert (await pair.here.delete(path)).status_code == 409
    assert (await pair.here.get(path)).json()["status"] == "canceled"
    canceled = await pair.here.get("/v1/voice/calls", params={"status": "canceled"})
    assert canceled.json()["total"] == 1


async def test_of_ten_hang_ups_at_two_replicas_one_succeeds(pair: Pair) -> None:
    path = f"/v1/voice/calls/{(await _place(pair.here))['id']}"
    answers = await asyncio.gather(*(who.delete(path) for who in [pair.here, pair.there] * 5))
    assert sorted(answer.status_code for answer in answers) == [204] + [409] * 9


async def test_a_key_for_requests_holds_at_both(pair: Pair) -> None:
    once = {"Idempotency-Key": "the-same"}
    answers = await asyncio.gather(
        *(who.post("/v1/voice/calls", json=HUMAN, headers=once) for who in [pair.here, pair.there] * 5)
    )
    made = {answer.json()["id"] for answer in answers if answer.status_code == 201}
    assert len(made) == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert (await pair.there.get("/v1/voice/calls")).json()["total"] == 1


async def test_phones_and_numbers_are_those_of_both(pair: Pair) -> None:
    phone = {"outcome": "busy", "rings_after": 2, "answers_after": 1}
    assert (await pair.here.put("/v1/simulator/phones/+31201234567", json=phone)).status_code == 201
    assert (await pair.here.post("/v1/numbers", json={"number": "+31207654321"})).status_code == 201
    async with operator(pair.servers[0].url) as asking:
        owned = {"settings": {"number_policy": "owned"}}
        changed = await asking.patch(f"/v1/admin/accounts/{pair.tenant.account_id}", json=owned)
        assert changed.status_code == 200

    async def strangers_are_refused() -> bool:
        answer = await pair.there.post("/v1/voice/calls", json=HUMAN)
        return answer.status_code == 400

    await _soon(strangers_are_refused)
    call = await _place(pair.there, **{"from": "+31207654321", "to": "+31201234567"})
    advanced = await pair.there.post("/v1/simulator/clock/advance", json={"until": "idle"})
    assert advanced.status_code == 200
    assert (await pair.here.get(f"/v1/voice/calls/{call['id']}")).json()["status"] == "busy"


async def test_keys_open_and_close_both(pair: Pair) -> None:
    keys = f"/v1/admin/accounts/{pair.tenant.account_id}/keys"
    async with operator(pair.servers[0].url) as asking:
        made = (await asking.post(keys, json={"name": "second"})).json()
        key = {"X-API-Key": made["key"]}
        assert (await pair.there.get("/v1/voice/calls", headers=key)).status_code == 200
        assert (await asking.delete(f"{keys}/{made['id']}")).status_code == 204

    async def it_is_closed() -> bool:
        return (await pair.there.get("/v1/voice/calls", headers=key)).status_code == 401

    await _soon(it_is_closed)


async def test_a_new_secret_signs_at_both(pair: Pair) -> None:
    async with receiving() as customer:
        await _signed(pair, customer, pair.tenant.secret)  # both remember the old one now
        async with operator(pair.servers[0].url) as asking:
            path = f"/v1/admin/accounts/{pair.tenant.account_id}/secrets/rotate"
            made = (await asking.post(path, json={"overlap_seconds": 0})).json()

        async def the_new_one_signs() -> bool:
            try:
                await _signed(pair, customer, made["secret"])
            except WebhookVerificationError:
                return False
            return True

        await _soon(the_new_one_signs)


async def _signed(pair: Pair, customer: Customer, secret: str) -> None:
    """Whatever the second replica sends now is signed with this secret."""
    before = len(customer.arrivals)
    await _place(pair.there, to="+12025550150", status_callback=customer.url)
    advanced = await pair.there.post("/v1/simulator/clock/advance", json={"until": "idle"})
    assert advanced.status_code == 200
    assert len(customer.arrivals) == before + 2
    for arrival in customer.arrivals[before:]:
        Webhook(secret).verify(arrival.body, arrival.headers)


async def test_a_clock_that_is_set_going_at_one_goes_at_both(pair: Pair) -> None:
    call = await _place(pair.here)
    running = {"mode": "realtime", "speed": 1000}
    assert (await pair.there.patch("/v1/simulator/clock", json=running)).status_code == 200

    async def it_is_over() -> bool:
        answer = await pair.here.get(f"/v1/voice/calls/{call['id']}")
        return bool(answer.json()["status"] == "completed")

    await _soon(it_is_over)


async def test_an_advance_is_finished_by_the_other_when_its_replica_is_killed(pair: Pair) -> None:
    one, _ = pair.servers
    async with receiving() as customer:
        for _ in range(30):
            await _place(pair.here, status_callback=customer.url)
        customer.hold_from(65)  # in the midst of the third moment
        asked = asyncio.create_task(pair.here.post("/v1/simulator/clock/advance", json={"until": "idle"}))
        await until(lambda: not customer.free.is_set(), 10, "a letter without an answer")
        one.kill()
        one.spawn()
        customer.let_go()
        with pytest.raises(httpx.TransportError):
            await asked

        async def it_is_done() -> bool:
            clock = (await pair.there.get("/v1/simulator/clock")).json()
            return "advance" not in clock and clock["pending"] == 0

        await _soon(it_is_done, 20)
        calls, total = await everything(pair.there, "/v1/voice/calls", "calls", status="completed")
        assert total == 30
        whole_story(calls, customer.arrivals, pair.tenant.secret)
        # Time stood still while nobody drove: every call lasted as long as it should.
        assert {call["duration"] for call in calls} == {10}
