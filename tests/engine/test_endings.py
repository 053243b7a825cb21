"""An account that goes, or begins anew, takes along what was its own and nothing of anybody else's."""

from __future__ import annotations

import asyncio
from typing import Final

import pytest

from telefonie.core.accounts import Account, Number, Settings
from telefonie.core.clocks import Mode
from telefonie.core.errors import Unknown
from telefonie.core.phones import Behaviour, Outcome
from telefonie.engine.letters import Letter
from telefonie.engine.ports import Once
from telefonie.engine.registry import ClockWish
from telefonie.store.reads import CallPage, CallQuery
from tests.support.customer import FINE, Answer
from tests.support.world import MANUAL, NEW_YEAR, World

DEAD: Final = "00000000-0000-4000-8000-00000000dead"
SLOW_TIME: Final = ClockWish(Mode.REALTIME, 0.001, NEW_YEAR)
TALKED: Final = ["queued", "ringing", "talking", "completed"]


# -- the end of an account --


@pytest.mark.parametrize("mode", [Mode.REALTIME, Mode.MANUAL, Mode.AUTO])
async def test_an_account_may_go_while_its_letters_are_in_flight(world: World, mode: Mode) -> None:
    account, answered = await world.another(ClockWish(mode, 0.001, NEW_YEAR)), asyncio.Event()
    world.customer.mood = lambda _: Answer(after=answered)
    calls = await world.calls(5, account=account)
    moving = asyncio.create_task(world.until_idle(account)) if mode is Mode.MANUAL else None
    await world.news.until(lambda: world.customer.waiting == 5)
    await world.engine.registry.delete_account(account.id)
    answered.set()
    if moving is not None:
        with pytest.raises(Unknown):
            await moving
    await world.call()  # whatever was to be noted about the letters has been noted by now
    await world.until_idle()
    assert await left(world, account.id) == 0
    for call in calls:
        assert await world.sql("SELECT 1 FROM events WHERE subject = :id", id=call) == []
        assert await world.sql("SELECT 1 FROM attempts WHERE job_id LIKE :id", id=f"{call[:13]}%") == []
    with pytest.raises(Unknown):
        await world.call(account=account)
    assert (await world.engine.health()).ok


async def test_an_account_that_goes_while_calls_are_placed_leaves_nothing_behind(town: World) -> None:
    """Whatever was decided before it went went with it; whoever came later was told that it is gone."""
    there = await town.neighbour()
    for _ in range(6):
        account = await town.another(SLOW_TIME)
        asked = [each.call(account=account) for each in (town, there) * 10]
        gone = town.engine.registry.delete_account(account.id)
        answers = await asyncio.gather(*asked, gone, return_exceptions=True)
        assert {type(each) for each in answers} <= {str, Unknown, type(None)}
        assert await left(town, account.id) == 0


async def left(world: World, account_id: str) -> int:
    """How many rows still name an account."""
    tables = ("calls", "jobs", "counters", "clocks", "api_keys", "secrets", "replies", "phones", "numbers")
    parts = [f"SELECT account_id FROM {table} WHERE account_id = :id" for table in tables]  # noqa: S608 - ours
    return len(await world.sql(" UNION ALL ".join(parts), id=account_id))


# -- a reset --


async def test_a_reset_account_is_as_it_was_when_it_was_new(world: World) -> None:
    registry, account = world.engine.registry, await world.another(MANUAL, key="k" * 30)
    await registry.add_number(Number(account.id, "+3197010280"))
    await registry.put_phone(account.id, "31", Behaviour(outcome=Outcome.BUSY))
    once = Once("key", "print")
    await world.place(account=account, once=once)
    stranger = await world.call()
    await world.pass_time(2, account)
    await world.engine.timekeeper.change(account.id, Mode.AUTO, 7.0, None)
    await world.engine.switchboard.reset(account.id)
    view = await world.engine.timekeeper.clock(account.id)
    assert (view.now, view.clock.mode, view.clock.speed) == (NEW_YEAR, Mode.MANUAL, 1.0)
    assert (view.pending, view.next_due, view.advancing) == (0, None, None)
    assert await world.engine.switchboard.calls(account.id, CallQuery()) == CallPage([], 0)
    assert await world.deliveries(account=account) == []
    assert await registry.phones(account.id) == []
    assert (await registry.numbers(account.id, 1, 9))[1] == 1
    assert await registry.authenticate("k" * 30) is not None
    assert len(await registry.secrets(account.id)) == 1
    assert ("Idempotent-Replayed", "true") not in (await world.place(account=account, once=once)).headers
    assert (await world.look(stranger)).id == stranger
    with pytest.raises(Unknown):
        await world.engine.switchboard.reset(DEAD)


@pytest.mark.parametrize("seed", [None, "s"])
@pytest.mark.parametrize("wish", [MANUAL, SLOW_TIME])
async def test_a_reset_while_letters_are_in_flight_does_not_touch_the_letters_that_come_after(
    world: World, wish: ClockWish, seed: str | None
) -> None:
    """With a seed the new letters even have the ids of the old ones."""
    account, answered = await world.another(wish, Settings(seed=seed)), asyncio.Event()
    world.customer.mood = lambda _: Answer(after=answered)
    await world.calls(3, account=account)
    moving = asyncio.create_task(world.pass_time(60, account)) if wish is MANUAL else None
    await world.news.until(lambda: world.customer.waiting == 3)
    await world.engine.switchboard.reset(account.id)
    second_time = asyncio.Event()
    world.customer.mood = lambda _: Answer(after=second_time)
    calls = await world.calls(3, account=account)
    if wish is not MANUAL:
        await world.news.until(lambda: world.customer.waiting == 6)
    answered.set()
    if moving is not None:
        assert (await moving).done
    await world.call()  # by now the outcomes of the old letters have been noted, or rather not
    assert await world.states(account=account) == ["pending"] * 3
    second_time.set()
    if wish is MANUAL:
        await world.until_idle(account)
        assert [world.statuses(call)[-4:] for call in calls] == [TALKED] * 3
    else:
        await world.news.until(lambda: _all_delivered(world, account))


async def _all_delivered(world: World, account: Account) -> bool:
    return await world.states(account=account) == ["delivered"] * 3


async def test_a_reset_ends_an_advance_that_is_under_way(world: World) -> None:
    answered = asyncio.Event()
    world.customer.mood = lambda letter: Answer(after=answered) if _second(letter) else FINE
    await world.call()
    moving = asyncio.create_task(world.pass_time(3_600))
    await world.news.until(lambda: world.customer.waiting == 1)
    await world.engine.switchboard.reset(world.account.id)
    progress = await asyncio.wait_for(moving, 5)
    assert progress.done
    answered.set()
    assert (await world.pass_time(5)).now == NEW_YEAR + 5_000


def _second(letter: Letter) -> bool:
    return '"ringing"' in letter.body
