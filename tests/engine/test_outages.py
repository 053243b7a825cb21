"""A store that is away for a while ends nobody's work, and a process that stops answers all who wait."""

from __future__ import annotations

import asyncio

import pytest

from telefonie.core.accounts import Account
from telefonie.engine.committer import LARGEST_BATCH
from telefonie.engine.ports import Overloaded
from telefonie.store.connect import Unavailable
from tests.support.world import World


async def test_when_the_store_comes_back_so_does_the_work(world: World) -> None:
    world.wire.cut()
    for _ in range(3):
        with pytest.raises(Unavailable):
            await world.call()
    assert not (await world.engine.health()).store_ok
    world.wire.mend()
    call = await world.call()
    await world.until_idle()
    assert world.statuses(call)[-1] == "completed"
    health = await world.engine.health()
    assert (health.ok, health.message) == (True, "")


async def test_due_work_that_meets_a_store_that_is_away_is_done_when_it_is_back(world: World) -> None:
    """The committer looks for due calls, too; that it could not must not end it."""
    hasty = await world.another(clock=None)
    call = await world.call(account=hasty)
    await world.news.until(lambda: _told(world, call, hasty))
    world.wire.cut()
    world.engine._committer.look(calls=True, letters=True)
    for _ in range(3):
        with pytest.raises(Unavailable):
            async with asyncio.timeout(5):
                await world.call()
    world.wire.mend()
    assert (await world.engine.health()).worker_ok
    await world.hang_up(call, hasty)
    await world.news.until(lambda: world.statuses(call)[-1] == "canceled")


@pytest.mark.parametrize("number", [1, LARGEST_BATCH + 50])
async def test_whoever_waits_when_the_process_is_stopped_is_answered_first(world: World, number: int) -> None:
    world.wire.hold()
    writes = world.wire.writes
    asked = [asyncio.create_task(world.call()) for _ in range(number)]
    await world.news.until(lambda: world.wire.writes > writes)
    stopping = asyncio.create_task(world.stop())
    await asyncio.sleep(0)
    world.wire.let_go()
    await asyncio.wait_for(stopping, 10)
    async with asyncio.timeout(1):
        answers = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(each) for each in answers] == [str] * number


async def test_whoever_asks_a_process_that_has_ended_is_turned_away(world: World) -> None:
    await world.stop()
    with pytest.raises(Overloaded):
        async with asyncio.timeout(1):
            await world.call()


async def _told(world: World, call: str, account: Account) -> bool:
    return await world.states(call, account) == ["delivered"]
