"""An advance outlives whoever asked for it: any process may drive a clock, and none does anything twice."""

from __future__ import annotations

import asyncio
from typing import Final

from telefonie.core.call import Status
from telefonie.engine.timekeeper import Wish
from telefonie.store.reads import CallQuery
from tests.support.customer import FINE, Answer
from tests.support.targets import Target
from tests.support.world import HUMAN, NEW_YEAR, World, a_world

TALKED: Final = ["queued", "ringing", "talking", "completed"]


async def test_who_runs_out_of_patience_is_told_so_and_can_look_how_far_it_is(world: World) -> None:
    answered = asyncio.Event()
    world.customer.mood = lambda letter: Answer(after=answered) if "ringing" in letter.body else FINE
    call = await world.call()
    progress = await world.advance(Wish(seconds=60), patience=0.05)
    assert (progress.done, progress.target) == (False, NEW_YEAR + 60_000)
    await world.news.until(lambda: world.customer.waiting == 1)
    view = await world.engine.timekeeper.clock(world.account.id)
    assert view.advancing is not None
    assert (view.advancing.advanced_ms, view.advancing.requests, view.advancing.fired) == (1_000, 1, 3)
    answered.set()
    await world.news.until(lambda: _still(world))
    assert (await world.look(call)).status is Status.COMPLETED
    assert (await world.engine.timekeeper.clock(world.account.id)).now == NEW_YEAR + 60_000


async def _still(world: World) -> bool:
    return (await world.engine.timekeeper.clock(world.account.id)).advancing is None


async def test_the_advance_of_a_process_that_died_is_taken_up_by_its_neighbour(town: World) -> None:
    there = await town.neighbour()
    hanging = asyncio.Event()
    town.customer.mood = lambda letter: Answer(after=hanging) if "ringing" in letter.body else FINE
    calls = await town.calls(5)
    moving = asyncio.create_task(town.pass_time(3_600))
    await town.news.until(lambda: town.customer.waiting == 5)
    await town.die()
    await asyncio.wait([moving])
    assert moving.exception() is not None
    town.customer.mood = lambda _: FINE
    await there.leases_run_out()
    await there.sql("UPDATE clocks SET driven_at = 1")  # some seconds later
    await there.news.until(lambda: _still(there))
    view = await there.engine.timekeeper.clock(there.account.id)
    assert (view.now, view.pending) == (NEW_YEAR + 3_600_000, 0)
    for call in calls:
        assert [each for each, _ in _grouped(there.statuses(call))] == TALKED
        assert await there.states(call) == ["delivered"] * 4


async def test_the_advance_of_a_process_that_died_is_taken_up_at_the_next_start(target: Target) -> None:
    async with a_world(target) as world:
        hanging = asyncio.Event()
        world.customer.mood = lambda letter: Answer(after=hanging) if "ringing" in letter.body else FINE
        call = await world.call(HUMAN)
        moving = asyncio.create_task(world.pass_time(3_600))
        await world.news.until(lambda: world.customer.waiting == 1)
        await world.die()
        await asyncio.wait([moving])
        assert moving.exception() is not None
        world.customer.mood = lambda _: FINE
        await world.start()
        if world.wire.shared:  # who is alone knows at once that nobody else holds a letter
            await world.leases_run_out()
        await world.sql("UPDATE clocks SET driven_at = 1")
        await world.news.until(lambda: _still(world))
        assert [each for each, _ in _grouped(world.statuses(call))] == TALKED
        assert (await world.engine.timekeeper.clock(world.account.id)).now == NEW_YEAR + 3_600_000


async def test_two_processes_may_drive_one_clock_without_doing_anything_twice(town: World) -> None:
    there = await town.neighbour()
    calls = await asyncio.gather(*(each.call() for each in (town, there) * 20))
    moving = asyncio.create_task(town.pass_time(3_600))
    for _ in range(20):
        there.engine._drivers.drive(town.account.id)
        await asyncio.sleep(0)
    await moving
    assert [town.statuses(call) for call in calls] == [TALKED] * 40
    assert (
        await there.engine.switchboard.calls(town.account.id, CallQuery(status=Status.COMPLETED))
    ).total == 40


async def test_who_asks_for_a_driver_that_is_just_ending_gets_one(world: World) -> None:
    """Else an account whose time is automatic would stand still until somebody noticed."""
    drivers, written = world.engine._drivers, world.wire.written
    moving = asyncio.create_task(world.until_idle())
    await world.news.until(lambda: world.wire.written == written + 2)  # begun, and its only step is made
    drivers.drive(world.account.id)
    await world.news.until(lambda: world.wire.written == written + 3)
    await moving


def _grouped(statuses: list[str]) -> list[tuple[str, int]]:
    """What a customer who drops repeats has seen, and how often each came."""
    return [(each, statuses.count(each)) for each in dict.fromkeys(statuses)]
