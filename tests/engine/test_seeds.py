"""With a seed the same requests give the same ids, and a day that is lived twice leaves the same letters."""

from __future__ import annotations

import json
from typing import Final

from telefonie.core.accounts import Account, Settings
from telefonie.core.phones import Behaviour, Outcome
from telefonie.engine.letters import Letter
from tests.support.customer import BROKEN, FINE, Answer
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
        await world.hang_up(calls[hour], account)
        await world.pass_time(30, account)
        world.customer.mood = lambda _: FINE
        await world.pass_time(5_000, account)
    await world.until_idle(account)
    return [f"{each.id} {each.body}" for each in world.customer.got[since:]]


async def test_a_day_that_is_lived_twice_with_a_seed_is_the_same_to_the_byte(world: World) -> None:
    ann, bob = await world.another(settings=SEED), await world.another(settings=SEED)
    first, second = await a_day(world, ann), await a_day(world, bob)
    assert first == second
    assert len(first) > 150


async def test_without_a_seed_it_is_the_same_but_for_the_ids(world: World) -> None:
    ann, bob = await world.another(), await world.another()
    days = [[_without_ids(each) for each in await a_day(world, who)] for who in (ann, bob)]
    assert days[0] == days[1]


async def test_with_a_seed_the_order_of_requests_decides_and_nothing_else(world: World) -> None:
    ann, bob = await world.another(settings=SEED), await world.another(settings=SEED)
    at_once = await world.calls(30, account=ann)
    in_turn = []
    for _ in range(30):
        await world.call()
        in_turn.append(await world.call(account=bob))
    assert at_once == in_turn
    assert len(set(at_once)) == 30


async def test_accounts_with_the_same_ids_do_not_meet(world: World) -> None:
    ann, bob = await world.another(settings=SEED), await world.another(settings=SEED)
    hers, his = await world.call(account=ann), await world.call(phone(2), account=bob)
    assert hers == his
    await world.hang_up(hers, ann)
    await world.until_idle(bob)
    assert (await world.look(hers, ann)).status == "canceled"
    assert (await world.look(his, bob)).status == "busy"
    assert len(await world.journal(hers, ann)) == 2
    assert len(await world.journal(his, bob)) == 3
    assert await world.states(hers, ann) == ["pending"] * 2
    assert await world.states(his, bob) == ["delivered"] * 3
    await world.engine.registry.delete_account(bob.id)
    await world.until_idle(ann)
    assert await world.states(hers, ann) == ["delivered"] * 2


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
        since, turns = len(world.customer.got), {}

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
