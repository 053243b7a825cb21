"""A customer who keeps postmen waiting keeps no other customer waiting; a postman who dies loses no letter."""

from __future__ import annotations

import asyncio
from typing import Final

import pytest

from telefonie.core.accounts import Account
from telefonie.core.clocks import Mode
from telefonie.core.events import Kind
from telefonie.engine.house import Options
from telefonie.engine.letters import Letter
from telefonie.engine.postoffice import AT_ONE_GATE
from telefonie.engine.registry import ClockWish
from tests.support.customer import BROKEN, FINE, Answer
from tests.support.targets import Target
from tests.support.world import NEW_YEAR, World, a_world, phone

SLOW_TIME: Final = ClockWish(Mode.REALTIME, 0.001, NEW_YEAR)  # nothing but what is told at once
FIRST_ONLY: Final = (Kind.PLACED,)
THERE: Final = "https://elsewhere.test/"


async def delivered(world: World, account: Account) -> int:
    return (await world.states(account=account)).count("delivered")


async def test_a_customer_whose_answers_hang_takes_no_more_than_his_share(target: Target) -> None:
    """Nearly as many postmen as letters: all others still get theirs at once."""
    async with a_world(target, Options(postmen=AT_ONE_GATE * 3)) as world:
        hanging, dead, alive = asyncio.Event(), await world.another(SLOW_TIME), await world.another(SLOW_TIME)

        def mood(letter: Letter) -> Answer:
            return Answer(after=hanging) if letter.account_id == dead.id else FINE

        world.customer.mood = mood
        await world.calls(AT_ONE_GATE * 4, account=dead, report_on=FIRST_ONLY)
        await world.news.until(lambda: world.customer.waiting > 0)
        await world.calls(AT_ONE_GATE * 2, account=alive, report_on=FIRST_ONLY)
        await world.news.until(lambda: _delivered(world, alive, AT_ONE_GATE * 2))
        assert world.customer.waiting <= AT_ONE_GATE + 32  # its share, and that of one claim
        hanging.set()
        await world.news.until(lambda: _delivered(world, dead, AT_ONE_GATE * 4))


async def _delivered(world: World, account: Account, number: int) -> bool:
    return await delivered(world, account) == number


async def test_another_server_of_the_same_customer_is_another_gate(world: World) -> None:
    hanging, account = asyncio.Event(), await world.another(SLOW_TIME)
    world.customer.mood = lambda letter: FINE if letter.url == THERE else Answer(after=hanging)
    await world.calls(AT_ONE_GATE * 2, account=account, report_on=FIRST_ONLY)
    there = await world.calls(10, account=account, report_on=FIRST_ONLY, report_url=THERE)
    await world.news.until(lambda: all(world.statuses(call) == ["queued"] for call in there))
    hanging.set()


async def test_ringing_is_not_delayed_by_a_customer_who_does_not_answer(world: World) -> None:
    hanging = asyncio.Event()
    world.customer.mood = lambda _: Answer(after=hanging)
    hasty = await world.another(ClockWish(Mode.REALTIME, 1000.0, NEW_YEAR))
    calls = await world.calls(30, account=hasty)
    await world.news.until(lambda: _ended(world, calls, hasty))
    assert len(world.letters()) == 30  # the first of each, still unanswered
    hanging.set()
    world.customer.mood = lambda _: FINE
    await world.news.until(lambda: _delivered(world, hasty, 120))


async def _ended(world: World, calls: list[str], account: Account) -> bool:
    found = [await world.look(call, account) for call in calls]
    return all(each.ended_at == each.created_at + 13_000 for each in found)


async def test_a_standing_clock_that_waits_for_its_customer_keeps_no_other_waiting(world: World) -> None:
    hanging, other = asyncio.Event(), await world.another()
    world.customer.mood = lambda letter: FINE if letter.account_id == other.id else Answer(after=hanging)
    await world.calls(100)
    moving = asyncio.create_task(world.until_idle())
    await world.news.until(lambda: world.customer.waiting > 0)
    call = await world.call(account=other)
    await world.until_idle(other)
    assert len(world.statuses(call)) == 4
    hanging.set()
    await moving


async def test_no_more_letters_are_carried_at_once_than_there_are_postmen(target: Target) -> None:
    async with a_world(target, Options(postmen=5)) as world:
        account, turns = await world.another(SLOW_TIME), asyncio.Event()
        world.customer.mood = lambda _: Answer(after=turns)
        await world.calls(30, account=account, report_on=FIRST_ONLY)
        await world.news.until(lambda: world.customer.waiting == 5)
        turns.set()
        await world.news.until(lambda: _delivered(world, account, 30))
        assert world.customer.most_waiting == 5


async def test_a_postman_who_comes_back_takes_the_next_letter_without_waiting_for_the_poll(
    target: Target,
) -> None:
    async with a_world(target, Options(postmen=3)) as world:
        account = await world.another(SLOW_TIME)
        await world.engine._clockmaker.stop()  # nobody polls any more
        await world.calls(50, account=account, report_on=FIRST_ONLY)
        await world.news.until(lambda: _delivered(world, account, 50))


# -- the dead --


@pytest.mark.parametrize("mode", [Mode.REALTIME, Mode.MANUAL, Mode.AUTO])
async def test_the_letters_of_a_process_that_died_are_taken_up_by_its_neighbour(
    town: World, mode: Mode
) -> None:
    there = await town.neighbour()
    account, hanging = await town.another(ClockWish(mode, 0.001, NEW_YEAR)), asyncio.Event()
    town.customer.mood = lambda _: Answer(after=hanging)
    calls = await town.calls(5, phone(5), account, report_on=FIRST_ONLY)
    moving = asyncio.create_task(town.pass_time(0, account)) if mode is Mode.MANUAL else None
    await town.news.until(lambda: town.customer.waiting == 5)
    await town.die()
    town.customer.mood = lambda _: FINE
    await there.leases_run_out()
    await there.sql("UPDATE clocks SET driven_at = 1")
    await there.news.until(lambda: _delivered(there, account, 5))
    for call in calls:
        first, second = [each for each in there.customer.got if call in each.body]
        assert (first.id, first.body) == (second.id, second.body)
    if moving is not None:
        await asyncio.wait([moving])
        assert moving.exception() is not None


async def test_as_long_as_a_lease_lasts_nobody_else_takes_the_letter_up(town: World) -> None:
    there = await town.neighbour()
    account, answered = await town.another(SLOW_TIME), asyncio.Event()
    town.customer.mood = lambda _: Answer(after=answered)
    await town.call(account=account, report_on=FIRST_ONLY)
    await town.news.until(lambda: town.customer.waiting == 1)
    there.engine._committer.look(letters=True)
    written = there.wire.written
    await there.news.until(lambda: there.wire.written > written)
    assert len(town.customer.got) == 1
    answered.set()
    await town.news.until(lambda: _delivered(town, account, 1))


@pytest.mark.parametrize(("late", "early"), [(BROKEN, FINE), (FINE, BROKEN)])
async def test_an_outcome_that_comes_after_another_has_taken_over_changes_nothing(
    town: World, late: Answer, early: Answer
) -> None:
    """A finished letter is not opened again, and one that is tried again is not tried twice as often."""
    there = await town.neighbour()
    account, at_last = await town.another(SLOW_TIME), asyncio.Event()
    town.customer.mood = lambda _: Answer(late.status, after=at_last)
    await town.call(account=account, report_on=FIRST_ONLY)
    await town.news.until(lambda: town.customer.waiting == 1)
    town.customer.mood = lambda _: early
    await there.leases_run_out()
    there.engine._committer.look(letters=True)
    await there.news.until(lambda: _tried(there, account))
    before = await there.sql("SELECT state, attempts, due_at, run_at FROM jobs WHERE crew = 1")
    written = town.wire.written
    at_last.set()
    await town.news.until(lambda: town.wire.written > written)
    await town.stop()
    assert await there.sql("SELECT state, attempts, due_at, run_at FROM jobs WHERE crew = 1") == before
    assert await there.states(account=account) == ["delivered" if early is FINE else "pending"]


async def _tried(world: World, account: Account) -> bool:
    return [each.attempts for each in await world.deliveries(account=account)] == [1]


async def test_who_is_alone_on_a_folder_takes_up_everything_at_once_when_he_starts(cottage: World) -> None:
    world = cottage  # on a shared store the lease decides: see above
    account, hanging = await world.another(SLOW_TIME), asyncio.Event()
    world.customer.mood = lambda _: Answer(after=hanging)
    await world.calls(5, account=account, report_on=FIRST_ONLY)
    await world.news.until(lambda: world.customer.waiting == 5)
    await world.die()
    world.customer.mood = lambda _: FINE
    await world.start()
    await world.news.until(lambda: _delivered(world, account, 5))
    assert len(world.customer.got) == 10


async def test_a_process_that_stops_finishes_what_it_has_in_hand_and_takes_nothing_up(target: Target) -> None:
    async with a_world(target, Options(postmen=3)) as world:
        account, answered = await world.another(SLOW_TIME), asyncio.Event()
        world.customer.mood = lambda _: Answer(after=answered)
        await world.calls(10, account=account, report_on=FIRST_ONLY)
        await world.news.until(lambda: world.customer.waiting == 3)
        stopping = asyncio.create_task(world.stop())
        await asyncio.sleep(0)
        answered.set()
        await stopping
        assert len(world.customer.got) == 3
        await world.start()
        await world.news.until(lambda: _delivered(world, account, 10))
        assert len(world.customer.got) == 10  # none of them twice
