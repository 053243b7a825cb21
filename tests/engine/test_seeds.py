"""With a seed the same requests give the same ids, and a day that is lived twice leaves the same letters."""

from __future__ import annotations

import asyncio
import json
from typing import Final

import pytest

from telefonie.core.accounts import Account, Settings
from telefonie.core.errors import Conflict
from telefonie.core.phones import Behaviour, Outcome
from telefonie.engine.letters import Letter
from tests.support.customer import BROKEN, FINE, Answer
from tests.support.desk import Desk
from tests.support.world import MANUAL, World, phone

SEED: Final = Settings(seed="a day")


async def a_day(world: World, account: Account) -> list[str]:
    """Calls of every kind, a customer who is out for a while, changes by hand; the letters as they came."""
    registry, since = world.engine.registry, len(world.customer.got)
    await registry.put_phone(account.id, "31", Behaviour(outcome=Outcome.MACHINE, hangs_up_after=45_000))
    for hour in range(4):
        calls = [await world.call(phone(digit), account) for digit in range(10)]
        calls.append(await world.call("+31", account))
        await world.pass_time(4, account)
        world.customer.mood = lambda _: BROKEN
        await world.hang_up(calls[(0, 1, 8, 9)[hour]], account)
        await world.pass_time(30, account)
        world.customer.mood = lambda _: FINE
        await world.pass_time(5_000, account)
    await world.until_idle(account)
    return [f"{each.id} {each.body}" for each in world.customer.got[since:]]


async def test_a_day_that_is_lived_twice_with_a_seed_is_the_same_to_the_byte(world: World) -> None:
    ann = await world.another(settings=SEED)
    first = await a_day(world, ann)
    await world.engine.registry.delete_account(ann.id)
    second = await a_day(world, await world.another(settings=SEED))
    assert first == second
    assert len(first) > 150


async def test_with_a_seed_rooms_and_who_is_called_into_them_have_the_same_ids(world: World) -> None:
    days = []
    for _ in range(2):
        ann = await world.another(settings=SEED)
        desk, since = Desk(world, ann), len(world.customer.got)
        room = str((await desk.open(record=True))["id"])
        calls = [await desk.invite(room) for _ in range(2)]
        await world.pass_time(10, ann)
        await desk.close(room)
        await world.until_idle(ann)
        days.append((room, calls, [f"{each.id} {each.body}" for each in world.customer.got[since:]]))
        await world.engine.registry.delete_account(ann.id)
    assert days[0] == days[1]
    assert len(days[0][2]) == 9


async def test_without_a_seed_it_is_the_same_but_for_the_ids(world: World) -> None:
    ann, bob = await world.another(), await world.another()
    days = [[_without_ids(each) for each in await a_day(world, who)] for who in (ann, bob)]
    assert days[0] == days[1]


async def test_with_a_seed_the_order_of_requests_decides_and_nothing_else(world: World) -> None:
    ann = await world.another(settings=SEED)
    at_once = await world.calls(30, account=ann)
    assert len(set(at_once)) == 30
    await world.engine.registry.delete_account(ann.id)
    bob, in_turn = await world.another(settings=SEED), []
    for _ in range(30):
        await world.call()
        in_turn.append(await world.call(account=bob))
    assert at_once == in_turn


async def test_a_seed_is_one_accounts_at_a_time(world: World) -> None:
    ann, bob = await world.another(settings=SEED), await world.another()
    for asked in (world.another(settings=SEED), world.engine.registry.change_account(bob.id, None, SEED)):
        with pytest.raises(Conflict) as refused:
            await asked
        assert refused.value.slug == "seed_in_use"
    await world.engine.registry.change_account(ann.id, "Ann", SEED)
    call = await world.call(account=ann)
    await world.engine.registry.change_account(ann.id, None, Settings())
    with pytest.raises(Conflict):  # ann still has a call by the name that bob's first would have
        await world.engine.registry.change_account(bob.id, None, SEED)
    await world.engine.switchboard.reset(ann.id)
    await world.engine.registry.change_account(bob.id, None, SEED)
    assert await world.call(account=bob) == call


async def test_of_many_who_want_a_seed_at_once_one_gets_it(world: World) -> None:
    asked = [world.another(settings=SEED) for _ in range(6)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert sorted(type(each).__name__ for each in answers) == ["Account"] + ["Conflict"] * 5


async def test_a_reset_puts_the_seed_back_to_its_beginning(world: World) -> None:
    ann = await world.another(settings=SEED)
    before = await world.calls(3, account=ann)
    await world.engine.switchboard.reset(ann.id)
    assert await world.calls(3, account=ann) == before


async def test_another_seed_gives_other_ids_and_none_gives_those_of_the_requests(world: World) -> None:
    ann = await world.another(settings=SEED)
    bob = await world.another(settings=Settings(seed="another day"))
    assert await world.call(account=ann) != await world.call(account=bob)
    await world.engine.registry.change_account(ann.id, None, Settings())
    assert (await world.call(account=ann)).endswith("-0000-4000-8000-000000000000")


async def test_retries_of_a_slow_customer_come_in_the_same_order_every_time(world: World) -> None:
    """Answers are applied in the order of their letters, whatever order they come in."""

    async def live(account: Account) -> list[str]:
        turns: dict[str, int] = {}
        since = len(world.customer.got)

        def mood(letter: Letter) -> Answer:
            turns[letter.id] = turns.get(letter.id, 0) + 1
            return Answer(503, took_ms=float(len(turns) % 7)) if turns[letter.id] < 3 else FINE

        world.customer.mood = mood
        await world.calls(20, account=account)
        await world.until_idle(account)
        return [_without_ids(f"{each.id} {each.body}") for each in world.customer.got[since:]]

    assert await live(await world.another(MANUAL)) == await live(await world.another(MANUAL))


def _without_ids(letter: str) -> str:
    said = json.loads(letter.partition(" ")[2])
    return json.dumps({name: value for name, value in said.items() if name not in {"id", "call"}})
