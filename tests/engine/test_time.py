"""Time that runs, jumps or is changed: everything keeps its own moment."""

from __future__ import annotations

import asyncio
from typing import Final

import pytest

from telefonie.core.call import Status
from telefonie.core.clocks import Mode
from telefonie.core.errors import Conflict, Unknown
from telefonie.core.phones import Behaviour
from telefonie.engine.registry import ClockWish
from tests.support.customer import BROKEN, FINE, Answer
from tests.support.targets import Target
from tests.support.world import NEW_YEAR, World, a_world, phone

TALKED: Final = ["queued", "ringing", "talking", "completed"]
FAST: Final = ClockWish(Mode.REALTIME, speed=1000.0, now=NEW_YEAR)
AUTO: Final = ClockWish(Mode.AUTO, now=NEW_YEAR)
DEAD: Final = "00000000-0000-4000-8000-00000000dead"


async def test_in_running_time_a_call_lives_by_itself(world: World) -> None:
    hasty = await world.another(FAST)
    call = await world.call(account=hasty)
    await world.news.until(lambda: world.statuses(call) == TALKED)
    journal = await world.journal(call, hasty)
    first = journal[0].at
    assert [each.at - first for each in journal] == [0, 1_000, 3_000, 13_000]


async def test_time_runs_no_faster_than_its_speed(world: World) -> None:
    keeper = world.engine.timekeeper
    hasty = await world.another(FAST)
    before = await keeper.clock(hasty.id)
    after = await keeper.clock(hasty.id)
    [(wall,)] = await world.sql("SELECT wall FROM clocks WHERE account_id = :id", id=hasty.id)
    assert before.clock.wall == wall
    assert NEW_YEAR <= before.now <= after.now
    assert after.now - NEW_YEAR < 1_000 * 60_000  # less than a minute of the wall


async def test_automatic_time_jumps_from_one_thing_to_the_next(world: World) -> None:
    auto = await world.another(AUTO)
    call = await world.call(phone(3), auto)
    await world.news.until(lambda: world.statuses(call) == ["queued", "ringing", "unanswered"])
    await world.news.until(lambda: _idle(world, auto.id))
    view = await world.engine.timekeeper.clock(auto.id)
    assert (view.now, view.pending, view.next_due) == (NEW_YEAR + 31_000, 0, None)


async def test_automatic_time_waits_for_the_customer_and_for_retries(world: World) -> None:
    answered, auto = asyncio.Event(), await world.another(AUTO)
    world.customer.mood = lambda letter: Answer(after=answered) if "ringing" in letter.body else FINE
    call = await world.call(phone(2), auto)
    await world.news.until(lambda: world.customer.waiting == 1)
    assert (await world.engine.timekeeper.clock(auto.id)).now == NEW_YEAR + 1_000
    world.customer.mood = lambda letter: BROKEN if world.customer.got.count(letter) < 3 else FINE
    answered.set()
    await world.news.until(lambda: _idle(world, auto.id))
    assert world.statuses(call) == ["queued", "ringing", "busy", "busy", "busy"]
    assert (await world.engine.timekeeper.clock(auto.id)).now == NEW_YEAR + 3_000 + 6_000


async def test_automatic_time_stands_still_when_only_guards_are_left(world: World) -> None:
    auto = await world.another(AUTO)
    await world.engine.registry.put_phone(auto.id, "31", Behaviour(greeting="", script=({"wait": 1},)))
    call = await world.call("+31", auto)
    await world.news.until(lambda: world.statuses(call) == TALKED[:3])
    await world.news.until(lambda: _idle(world, auto.id))
    assert (await world.engine.timekeeper.clock(auto.id)).now == NEW_YEAR + 3_000
    await world.hang_up(call, auto)
    await world.news.until(lambda: world.statuses(call) == TALKED)


async def test_many_calls_in_automatic_time_all_come_to_their_end(world: World) -> None:
    auto = await world.another(AUTO)
    calls = await world.calls(60, phone(1), auto)
    await world.news.until(lambda: all(world.statuses(call) == TALKED for call in calls))


async def test_a_replay_in_automatic_time_goes_out_at_once(world: World) -> None:
    auto = await world.another(AUTO)
    call = await world.call(phone(5), auto)
    await world.news.until(lambda: _idle(world, auto.id))
    [first, _] = await world.deliveries(call, auto)
    await world.engine.mailroom.replay(auto.id, first.id)
    async with asyncio.timeout(2):
        await world.news.until(lambda: world.statuses(call) == ["queued", "failed", "queued"])


async def _idle(world: World, account_id: str) -> bool:
    return (await world.engine.timekeeper.clock(account_id)).pending == 0


# -- changes --


async def test_a_clock_that_is_let_run_takes_along_what_was_planned(world: World) -> None:
    call = await world.call()
    await world.pass_time(2)
    view = await world.engine.timekeeper.change(world.account.id, Mode.REALTIME, 1000.0, None)
    assert view.clock.at == NEW_YEAR + 2_000
    await world.news.until(lambda: world.statuses(call) == TALKED)
    assert [each.at - NEW_YEAR for each in await world.journal(call)] == [0, 1_000, 3_000, 13_000]


async def test_a_clock_that_is_stopped_stops_what_was_planned(world: World) -> None:
    keeper, slow = world.engine.timekeeper, await world.another(ClockWish(Mode.REALTIME, 0.001, NEW_YEAR))
    call = await world.call(account=slow)
    await world.news.until(lambda: world.statuses(call) == ["queued"])
    await keeper.change(slow.id, Mode.MANUAL, None, NEW_YEAR + 500)
    runnable = (
        "SELECT count(*) FROM jobs WHERE account_id = :id AND run_at IS NOT NULL AND held_until IS NULL"
    )
    assert await world.sql(runnable, id=slow.id) == [(0,)]
    await world.until_idle(slow)
    assert [each.at - NEW_YEAR for each in await world.journal(call, slow)][1:] == [1_000, 3_000, 13_000]
    await keeper.change(slow.id, Mode.REALTIME, 1000.0, None)
    second = await world.call(phone(1), slow)
    await world.news.until(lambda: world.statuses(second) == TALKED)


async def test_when_the_speed_changes_what_was_planned_comes_sooner(world: World) -> None:
    slow = await world.another(ClockWish(Mode.REALTIME, 0.001, NEW_YEAR))
    call = await world.call(account=slow)
    await world.news.until(lambda: world.statuses(call) == ["queued"])
    await world.engine.timekeeper.change(slow.id, None, 1000.0, None)
    await world.news.until(lambda: world.statuses(call) == TALKED)


async def test_when_now_is_set_forward_what_was_due_meanwhile_happens_at_its_own_moments(
    world: World,
) -> None:
    hasty = await world.another(ClockWish(Mode.REALTIME, 0.001, NEW_YEAR))
    call = await world.call(phone(3), hasty)
    await world.news.until(lambda: world.statuses(call) == ["queued"])
    await world.engine.timekeeper.change(hasty.id, None, None, NEW_YEAR + 3_600_000)
    await world.news.until(lambda: world.statuses(call) == ["queued", "ringing", "unanswered"])
    assert [each["at"] - NEW_YEAR for each in world.letters(call)] == [0, 1_000, 31_000]


async def test_a_manual_clock_may_be_set_forward_and_what_is_due_waits_for_the_next_advance(
    world: World,
) -> None:
    call = await world.call()
    view = await world.engine.timekeeper.change(world.account.id, None, None, NEW_YEAR + 2_000)
    assert (view.now, view.next_due) == (NEW_YEAR + 2_000, NEW_YEAR)
    assert world.letters() == []
    await world.pass_time(0)
    assert world.statuses(call) == ["queued", "ringing"]
    assert world.letters(call)[1]["at"] == NEW_YEAR + 1_000


async def test_a_clock_is_not_set_back(world: World) -> None:
    keeper = world.engine.timekeeper
    with pytest.raises(Conflict) as refused:
        await keeper.change(world.account.id, None, None, NEW_YEAR - 1)
    assert refused.value.slug == "clock_would_go_back"
    for asked in (keeper.change(DEAD, None, None, None), keeper.clock(DEAD)):
        with pytest.raises(Unknown):
            await asked


async def test_a_clock_made_automatic_begins_to_jump(world: World) -> None:
    call = await world.call()
    await world.engine.timekeeper.change(world.account.id, Mode.AUTO, None, None)
    await world.news.until(lambda: world.statuses(call) == TALKED)
    await world.news.until(lambda: _idle(world, world.account.id))
    view = await world.engine.timekeeper.change(world.account.id, Mode.MANUAL, None, None)
    assert view.now == NEW_YEAR + 13_000
    await world.pass_time(1)


# -- after a night without a process --


async def test_what_was_due_while_no_process_ran_happens_at_its_own_moments(target: Target) -> None:
    async with a_world(target) as world:
        slow = await world.another(ClockWish(Mode.REALTIME, 1.0, NEW_YEAR))
        calls = [await world.call(phone(digit), slow) for digit in (0, 2, 3)]
        await world.news.until(lambda: len(world.letters()) == 3)
        await world.stop()
        await world.start()
        hour = "UPDATE clocks SET wall = wall - 3600000 WHERE account_id = :id"
        await world.sql(hour, id=slow.id)
        await world.sql("UPDATE jobs SET run_at = run_at - 3600000 WHERE account_id = :id", id=slow.id)
        await world.news.until(lambda: all(len(world.letters(call)) > 2 for call in calls))
        await world.news.until(lambda: world.statuses(calls[0]) == TALKED)
        for call, moments in zip(
            calls, ([1_000, 3_000, 13_000], [1_000, 3_000], [1_000, 31_000]), strict=True
        ):
            journal = await world.journal(call, slow)
            assert [each.at - journal[0].at for each in journal][1:] == moments
            assert (await world.look(call, slow)).status in {Status.COMPLETED, Status.BUSY, Status.UNANSWERED}


async def test_a_command_that_comes_late_finds_what_was_due_before_it_done(world: World) -> None:
    """Even when no worker has got round to it yet."""
    slow = await world.another(ClockWish(Mode.REALTIME, 0.001, NEW_YEAR))
    call = await world.call(account=slow)
    await world.sql("UPDATE clocks SET at = :at WHERE account_id = :id", at=NEW_YEAR + 5_000, id=slow.id)
    await world.hang_up(call, slow)
    journal = await world.journal(call, slow)
    assert [each.at - NEW_YEAR for each in journal][1:3] == [1_000, 3_000]
    assert (await world.look(call, slow)).status is Status.COMPLETED
    await world.news.until(lambda: world.statuses(call) == TALKED)
