"""One call that cannot go on (somebody meddled with the tables) stops nobody else."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from typing import Final

import pytest

from telefonie.core.call import Status
from telefonie.core.clocks import Mode
from telefonie.engine.registry import ClockWish
from telefonie.store.reads import CallQuery
from tests.support.world import MANUAL, NEW_YEAR, World

RUNNING: Final = Mode.REALTIME
TALKED: Final = ["queued", "ringing", "talking", "completed"]


async def break_(world: World, call: str) -> None:
    await world.sql("UPDATE calls SET state = '{' WHERE id = :id", id=call)


async def test_other_calls_of_the_account_go_on_and_nobody_waits_for_the_broken_one(world: World) -> None:
    first, broken, last = await world.call(), await world.call(), await world.call()
    await world.pass_time(0)
    await break_(world, broken)
    idle = await world.until_idle()
    assert (idle.now, idle.pending, idle.done) == (NEW_YEAR + 13_000, 0, True)
    assert [world.statuses(each) for each in (first, last)] == [TALKED] * 2
    assert world.statuses(broken) == ["queued"]
    assert (await world.pass_time(3_600)).done


async def test_a_broken_call_that_is_mended_goes_on(world: World) -> None:
    call = await world.call()
    [(state,)] = await world.sql("SELECT state FROM calls WHERE id = :id", id=call)
    await break_(world, call)
    await world.pass_time(10)
    await world.sql("UPDATE calls SET state = :state WHERE id = :id", state=state, id=call)
    await world.pass_time(120)
    assert world.statuses(call) == TALKED
    assert (await world.look(call)).ended_at == NEW_YEAR + 13_000


async def test_letters_of_a_broken_call_still_arrive(world: World) -> None:
    call = await world.call()
    await break_(world, call)
    await world.pass_time(0)
    assert world.statuses(call) == ["queued"]
    assert await world.states(call) == ["delivered"]


@pytest.mark.parametrize("wish", [MANUAL, None])
async def test_whoever_tells_a_broken_call_something_is_answered_alone(
    world: World, wish: ClockWish | None
) -> None:
    account = await world.another(wish)
    broken, whole = await world.call(account=account), await world.call(account=account)
    await break_(world, broken)
    asked = [world.hang_up(each, account) for each in (broken, whole)]
    answers = await asyncio.gather(*asked, world.call(), return_exceptions=True)
    assert Counter(isinstance(each, Exception) for each in answers) == {True: 1, False: 2}
    assert isinstance(answers[0], Exception)
    assert (await world.look(whole, account)).status is Status.CANCELED


async def test_in_running_time_the_others_go_on_too(world: World) -> None:
    """A thousand times faster than life, so that they are through in a moment."""
    hasty = await world.another(MANUAL)
    calls = await world.calls(5, account=hasty)
    await break_(world, calls[2])
    await world.engine.timekeeper.change(hasty.id, RUNNING, 1000.0, None)
    whole = [each for each in calls if each != calls[2]]
    await world.news.until(lambda: all(world.statuses(each) == TALKED for each in whole))
    assert world.statuses(calls[2]) == ["queued"]
    assert (await world.engine.health()).worker_ok
    [(put_off,)] = await world.sql("SELECT run_at > 1 FROM jobs WHERE id = :id", id=calls[2])
    assert put_off


async def test_a_job_of_an_account_that_is_gone_does_not_stop_the_others(world: World) -> None:
    gone = await world.another(MANUAL)
    stray = await world.call(account=gone)
    await world.sql("DELETE FROM clocks WHERE account_id = :id", id=gone.id)
    await world.sql("UPDATE jobs SET run_at = 1 WHERE subject = :id", id=stray)
    hasty = await world.another(MANUAL)
    call = await world.call(account=hasty)
    await world.engine.timekeeper.change(hasty.id, RUNNING, 1000.0, None)
    await world.news.until(lambda: world.statuses(call) == TALKED)


async def test_what_broke_is_in_the_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    call = await world.call()
    await break_(world, call)
    await world.pass_time(1)
    assert any(call in each.getMessage() and each.exc_info for each in caplog.records)


@pytest.mark.parametrize("query", [CallQuery(), CallQuery(caller="+3197010280")])
async def test_a_list_shows_the_others_and_the_log_names_the_broken_one(
    world: World, caplog: pytest.LogCaptureFixture, query: CallQuery
) -> None:
    first, broken, last = await world.call(), await world.call(), await world.call()
    await break_(world, broken)
    page = await world.engine.switchboard.calls(world.account.id, query)
    assert ([each.id for each in page.calls], page.total) == ([last, first], 3)
    assert any(broken in each.getMessage() for each in caplog.records)
