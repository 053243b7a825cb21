"""Time that is moved by hand: exactly so far, with everything that happens in it, and not a moment further."""

from __future__ import annotations

import asyncio
from typing import Final

import pytest

from telefonie.core.call import Status
from telefonie.core.clocks import LATEST, Mode
from telefonie.core.commands import Answer as PickUp
from telefonie.core.errors import Conflict, Unfit, Unknown
from telefonie.core.events import Kind
from telefonie.core.phones import Behaviour
from telefonie.engine.registry import ClockWish
from telefonie.engine.stepping import MOST_CALLS
from telefonie.engine.timekeeper import Advance, Wish
from tests.support.customer import BROKEN, FINE, Answer
from tests.support.world import NEW_YEAR, World, phone

STAYS: Final = Behaviour(greeting="", script=({"wait": 1},))


async def test_so_many_seconds_pass_and_what_is_due_in_them_happens(world: World) -> None:
    call = await world.call()
    progress = await world.pass_time(1.5)
    assert progress == Advance(
        NEW_YEAR + 1_500, 1_500, 3, 2, 1, NEW_YEAR + 3_000, NEW_YEAR + 1_500, done=True
    )
    assert world.statuses(call) == ["queued", "ringing"]
    assert (await world.look(call)).status is Status.RINGING


async def test_a_moment_can_be_named(world: World) -> None:
    call = await world.call()
    progress = await world.advance(Wish(to=NEW_YEAR + 3_000))
    assert (progress.now, progress.target, progress.done) == (NEW_YEAR + 3_000, NEW_YEAR + 3_000, True)
    assert (await world.look(call)).status is Status.TALKING


async def test_until_idle_stops_at_the_last_thing_that_anybody_waits_for(world: World) -> None:
    await world.call()
    progress = await world.until_idle()
    assert progress == Advance(NEW_YEAR + 13_000, 13_000, 7, 4, 0, None, None, done=True)


async def test_nothing_to_wait_for_is_nothing_to_do(world: World) -> None:
    assert await world.until_idle() == Advance(NEW_YEAR, 0, 0, 0, 0, None, None, done=True)
    assert (await world.pass_time(5)).now == NEW_YEAR + 5_000


async def test_no_time_at_all_still_does_what_is_due(world: World) -> None:
    await world.call()
    progress = await world.pass_time(0)
    assert (progress.now, progress.fired, progress.requests) == (NEW_YEAR, 1, 1)
    assert (await world.pass_time(0)).fired == 0


async def test_a_fraction_of_a_millisecond_is_rounded(world: World) -> None:
    assert (await world.pass_time(0.0004)).now == NEW_YEAR
    assert (await world.pass_time(0.0016)).now == NEW_YEAR + 2


async def test_guards_run_when_their_time_has_passed_but_nobody_waits_for_them(world: World) -> None:
    await world.engine.registry.put_phone(world.account.id, "31", STAYS)
    call = await world.call("+31", limit_ms=60_000)
    idle = await world.until_idle()
    assert (idle.now, idle.pending, idle.next_due) == (NEW_YEAR + 3_000, 0, None)
    view = await world.engine.timekeeper.clock(world.account.id)
    assert (view.pending, view.next_due, view.advancing) == (0, None, None)
    other = await world.call(phone(8))
    await world.pass_time(120)
    assert (await world.look(call)).ended_at == NEW_YEAR + 63_000
    assert (await world.look(other)).status is Status.COMPLETED


async def test_a_guard_on_the_way_runs_before_what_is_waited_for_later(world: World) -> None:
    await world.engine.registry.put_phone(world.account.id, "31", STAYS)
    guarded = await world.call("+31", limit_ms=5_000)
    later = await world.call(phone(8))
    await world.until_idle()
    assert [each["status"] for each in world.letters() if each["at"] >= NEW_YEAR + 8_000] == [
        "completed",
        "talking",
        "completed",
    ]
    assert (await world.look(guarded)).ended_at == NEW_YEAR + 8_000
    assert (await world.look(later)).ended_at == NEW_YEAR + 31_000


async def test_a_letter_that_is_tried_again_is_waited_for(world: World) -> None:
    world.customer.mood = lambda letter: FINE if world.customer.got.count(letter) > 2 else BROKEN
    await world.call(phone(5), report_on=(Kind.ENDED,))
    idle = await world.until_idle()
    assert (idle.now, idle.requests) == (NEW_YEAR + 7_000, 3)  # failed after 1 s, tried again after 1 and 5 s
    assert await world.states() == ["delivered"]


async def test_a_view_tells_what_is_pending_and_next(world: World) -> None:
    await world.calls(3)
    view = await world.engine.timekeeper.clock(world.account.id)
    assert (view.now, view.pending, view.next_due) == (NEW_YEAR, 6, NEW_YEAR)
    await world.pass_time(0)
    view = await world.engine.timekeeper.clock(world.account.id)
    assert (view.pending, view.next_due) == (3, NEW_YEAR + 1_000)


async def test_time_waits_for_a_customer_who_takes_his_time(world: World) -> None:
    """What he does with a letter happens at the letter's moment, however long it takes him."""
    answered = asyncio.Event()
    world.customer.mood = lambda letter: Answer(after=answered) if "ringing" in letter.body else FINE
    call = await world.call(phone(3))
    moving = asyncio.create_task(world.pass_time(60))
    await world.news.until(lambda: world.customer.waiting == 1)
    view = await world.engine.timekeeper.clock(world.account.id)
    assert (view.now, view.advancing is not None) == (NEW_YEAR + 1_000, True)
    await world.tell(call, PickUp())
    answered.set()
    await moving
    assert (await world.look(call)).answered_at == NEW_YEAR + 1_000
    assert world.statuses(call) == ["queued", "ringing", "talking", "completed"]


async def test_a_call_that_the_customer_places_on_the_way_lives_in_the_same_advance(world: World) -> None:
    placed: list[asyncio.Task[str]] = []
    go_on = asyncio.Event()

    async def place() -> str:
        call = await world.call(phone(1))
        go_on.set()
        return call

    def mood(_: object) -> Answer:
        if not placed:
            placed.append(asyncio.create_task(place()))
            return Answer(after=go_on)
        return FINE

    world.customer.mood = mood
    await world.call(phone(2))
    await world.pass_time(10)
    ended = await world.look(await placed[0])
    assert (ended.created_at, ended.ended_at) == (NEW_YEAR, NEW_YEAR + 6_000)


# -- who may not --


@pytest.mark.parametrize("mode", [Mode.REALTIME, Mode.AUTO])
async def test_a_clock_that_moves_by_itself_is_not_moved_by_hand(world: World, mode: Mode) -> None:
    account = await world.another(ClockWish(mode))
    with pytest.raises(Conflict) as refused:
        await world.pass_time(1, account)
    assert refused.value.slug == "clock_not_manual"


async def test_only_one_hand_moves_a_clock_at_a_time(world: World) -> None:
    answered = asyncio.Event()
    world.customer.mood = lambda _: Answer(after=answered)
    await world.call()
    moving = asyncio.create_task(world.pass_time(1))
    await world.news.until(lambda: world.customer.waiting == 1)
    keeper = world.engine.timekeeper
    for asked in (world.pass_time(1), keeper.change(world.account.id, Mode.REALTIME, None, None)):
        with pytest.raises(Conflict) as refused:
            await asked
        assert refused.value.slug == "clock_advancing"
    answered.set()
    await moving
    await world.pass_time(1)


async def test_nobody_moves_a_clock_back_out_of_the_calendar_or_out_of_nowhere(world: World) -> None:
    with pytest.raises(Conflict) as refused:
        await world.advance(Wish(to=NEW_YEAR - 1))
    assert refused.value.slug == "clock_would_go_back"
    for wish in (Wish(to=LATEST + 1), Wish(seconds=1e12)):
        with pytest.raises(Unfit):
            await world.advance(wish)
    with pytest.raises(Unknown):
        await world.engine.timekeeper.advance("00000000-0000-4000-8000-00000000dead", Wish(seconds=1))
    assert (await world.pass_time(0)).now == NEW_YEAR


async def test_a_long_advance_lets_other_accounts_have_their_turn(world: World) -> None:
    """A step of a clock is one transaction; it takes so many calls and no more."""
    for _ in range(3):
        await world.calls(MOST_CALLS, report_on=())
    written = world.wire.written
    await world.until_idle()
    assert world.wire.written - written > 3 * 3
    assert await world.sql("SELECT DISTINCT status FROM calls") == [("completed",)]
