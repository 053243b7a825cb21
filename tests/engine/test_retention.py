"""Nothing grows for ever: what is over is kept as long as the account says, on the account's clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from telefonie.core.accounts import Retention, Settings
from telefonie.core.clocks import Mode
from telefonie.core.errors import Conflict
from telefonie.engine.house import Options
from telefonie.engine.ports import Once
from telefonie.engine.registry import ClockWish
from telefonie.engine.timekeeper import Wish
from telefonie.media import place_of
from telefonie.store.audits import AuditQuery
from telefonie.store.connect import Unavailable
from telefonie.store.reads import CallQuery
from tests.engine.keeping import DAY, files, recorded, rows
from tests.support.customer import GONE
from tests.support.targets import Target
from tests.support.world import BRIEF, HUMAN, NEW_YEAR, World, a_world


@pytest.fixture
async def world(target: Target, tmp_path: Path) -> AsyncIterator[World]:
    """An engine with a place for files."""
    async with a_world(target, Options(blobs=place_of(str(tmp_path / "media"), "local", None))) as world:
        yield world


async def keep(world: World, **days: int | None) -> None:
    settings = Settings(retention=replace(Retention(), **days))
    await world.engine.registry.change_account(world.account.id, None, settings)


async def test_after_ninety_days_nothing_is_left_when_the_advance_answers(world: World) -> None:
    once = Once("key", "print")
    await world.place(BRIEF, once=once)
    for _ in range(3):
        await recorded(world)
    assert (await rows(world)).keys() == {"calls", "events", "jobs", "attempts", "recordings", "replies"}
    assert len(await files(world)) == 6
    await world.pass_time(91 * DAY)
    assert await rows(world) == {}
    assert await files(world) == []
    found = await world.engine.switchboard.calls(world.account.id, CallQuery())
    assert (found.calls, found.total) == ([], 0)


async def test_timelines_go_after_thirty_days_and_calls_with_their_totals_after_ninety(world: World) -> None:
    first = await world.call(BRIEF)
    await world.pass_time(20 * DAY)
    second = await world.call(BRIEF)
    for passed, journals, calls in [(9, 2, 2), (2, 1, 2), (20, 0, 2), (40, 0, 1), (20, 0, 0)]:
        await world.pass_time(passed * DAY)
        found = [
            await world.sql("SELECT 1 FROM events WHERE subject = :id", id=each) for each in (first, second)
        ]
        assert sum(bool(each) for each in found) == journals, passed
        page = await world.engine.switchboard.calls(world.account.id, CallQuery())
        assert (page.total, len(page.calls)) == (calls, calls)
        assert bool(await world.deliveries(second)) is (journals > 0)
        by_status = (
            await world.engine.switchboard.calls(world.account.id, CallQuery(status=page.calls[0].status))
            if page.calls
            else page
        )
        assert by_status.total == calls


async def test_what_is_under_way_stays_however_long_it_takes(world: World) -> None:
    world.customer.mood = lambda _: GONE
    await keep(world, timeline_days=1, call_days=1)
    waiting = '[{"action":"conversation","name":"lobby"}]'
    call = await world.call(HUMAN, limit_ms=40 * DAY * 1000, document=waiting)
    await world.pass_time(30 * DAY)
    assert (await rows(world))["calls"] == 1
    assert await world.sql("SELECT 1 FROM events WHERE subject = :id", id=call)
    await world.pass_time(30 * DAY)
    assert await rows(world) == {}


async def test_a_letter_that_is_not_delivered_keeps_what_it_is_about(world: World) -> None:
    settings = Settings(retry_seconds=(60, 50 * DAY), retention=Retention(1, 1, 1))
    await world.engine.registry.change_account(world.account.id, None, settings)
    world.customer.mood = lambda _: GONE
    call = await world.call(BRIEF)
    await world.pass_time(49 * DAY)
    assert (await rows(world)).keys() >= {"calls", "events", "jobs", "attempts"}
    assert "pending" in await world.states(call)


async def test_whoever_keeps_for_ever_loses_nothing(world: World) -> None:
    await keep(world, timeline_days=None, recording_days=None, call_days=None)
    await recorded(world)
    before = await rows(world), await files(world)
    await world.pass_time(900 * DAY)
    assert (await rows(world), await files(world)) == before


async def test_a_recording_has_a_day_of_its_own_when_one_is_set(world: World) -> None:
    await keep(world, timeline_days=None, call_days=None, recording_days=10)
    _, usual = await recorded(world)
    _, long = await recorded(world)
    _, brief = await recorded(world)
    keeping, whose = world.engine.keeping, world.account.id
    await keeping.set(whose, long.id, until=NEW_YEAR + 50 * DAY * 1000)
    await keeping.set(whose, brief.id, until=NEW_YEAR + 5 * DAY * 1000)
    for days, left in [(6, {usual.id, long.id}), (5, {long.id}), (38, {long.id}), (2, set())]:
        await world.pass_time(days * DAY)
        assert {found for (found,) in await world.sql("SELECT id FROM recordings")} == left
        assert {each.split("/")[1].partition(".")[0] for each in await files(world)} == left
    trail, _ = await world.engine.audit.page(whose, AuditQuery(action="delete"))
    assert [(each.note.actor, each.note.subject) for each in trail] == [
        ("retention", each.id) for each in (long, usual, brief)
    ]


async def test_nothing_removes_what_is_on_legal_hold(world: World) -> None:
    call, held = await recorded(world)
    await recorded(world)
    await world.engine.keeping.set(world.account.id, held.id, held=True)
    before = await world.sql("SELECT * FROM events WHERE subject = :id ORDER BY ordinal", id=call)
    with pytest.raises(Conflict, match="hold"):
        await world.engine.recordings.delete(world.account.id, None, held.id)
    await world.pass_time(400 * DAY)
    assert [each for (each,) in await world.sql("SELECT id FROM calls")] == [call]
    assert [each for (each,) in await world.sql("SELECT id FROM recordings")] == [held.id]
    assert await world.sql("SELECT * FROM events WHERE subject = :id ORDER BY ordinal", id=call) == before
    assert len(await files(world)) == 2
    await world.engine.keeping.set(world.account.id, held.id, held=False)
    await world.pass_time(1)
    assert await rows(world) == {}
    assert await files(world) == []


async def test_a_clock_that_is_set_forward_has_tidied_up_when_it_answers(world: World) -> None:
    await recorded(world)
    day = NEW_YEAR + 100 * DAY * 1000
    await world.engine.timekeeper.change(world.account.id, None, None, day)
    assert await rows(world) == {}
    assert await files(world) == []


async def test_automatic_time_tidies_up_as_it_goes(world: World) -> None:
    auto = await world.another(ClockWish(Mode.AUTO, now=NEW_YEAR), Settings(retention=Retention(1, 1, 1)))
    await world.call(BRIEF, auto)
    await world.news.until(lambda: _idle(world, auto.id))
    waiting = Settings(retry_seconds=(3 * DAY,), retention=Retention(1, 1, 1))
    await world.engine.registry.change_account(auto.id, None, waiting)
    world.customer.mood = lambda _: GONE
    await world.call(BRIEF, auto)
    await world.news.until(lambda: _nothing_left(world))


async def _idle(world: World, account_id: str) -> bool:
    return (await world.engine.timekeeper.clock(account_id)).pending == 0


async def _nothing_left(world: World) -> bool:
    return await rows(world) == {}


async def test_it_goes_in_bites_and_others_have_their_turn_in_between(world: World) -> None:
    await asyncio.gather(*(world.call(BRIEF) for _ in range(250)))
    other = await world.another()
    await world.until_idle()
    before = world.wire.writes
    moving = asyncio.create_task(world.pass_time(91 * DAY))
    placed = [await world.call(HUMAN, other) for _ in range(5)]
    await moving
    assert world.wire.writes - before >= 6 + len(placed)  # three bites to lay them bare, three to remove them
    assert await world.sql("SELECT count(*) FROM calls") == [(5,)]
    page = await world.engine.switchboard.calls(world.account.id, CallQuery())
    assert page.total == 0
    assert (await world.engine.switchboard.calls(other.id, CallQuery())).total == 5


async def test_what_a_killed_process_left_is_removed_at_the_next_start(
    target: Target, tmp_path: Path
) -> None:
    """Killed after each write of the tidying in turn; whoever comes next finishes it."""
    options = Options(blobs=place_of(str(tmp_path / "media"), "local", None))
    for writes in range(1, 9):
        async with a_world(target, options) as world:
            await recorded(world)
            await recorded(world)
            world.wire.cut_after(writes, last_word=False)
            with suppress(Unavailable):
                await world.advance(Wish(seconds=100 * DAY), patience=0.2)
            await world.die()
            fresh = World(world.target, world.news, world.customer, world.ids, world.options)
            await fresh.start()
            fresh.account = world.account
            await fresh.sql("UPDATE clocks SET driven_at = 1 WHERE driven_at IS NOT NULL")
            await fresh.news.until(partial(_arrived, fresh))
            assert await rows(fresh) == {}
            assert await files(fresh) == []
            await fresh.engine.registry.delete_account(fresh.account.id)
            await fresh.stop()


async def _arrived(world: World) -> bool:
    """The time has come, and files go a moment after what they belonged to."""
    view = await world.engine.timekeeper.clock(world.account.id)
    there = view.advancing is None and view.now >= NEW_YEAR + 100 * DAY * 1000
    return there and not await world.sql("SELECT 1 FROM discards")


async def test_before_the_journals_go_it_is_written_down_what_recordings_consist_of(world: World) -> None:
    _, it = await recorded(world, HUMAN, document='[{"action":"talk","text":"Good morning to you all"}]')
    await keep(world, recording_days=None)
    assert await world.sql("SELECT id FROM recordings WHERE score IS NULL") == [(it.id,)]
    await world.pass_time(31 * DAY)
    assert (await rows(world)).keys() == {"calls", "recordings"}
    kept = await world.engine.scores.score(it)
    assert kept.ms == it.ms > 0
    assert "Good morning to you all" in [each.text for each in await world.engine.scores.lines(it)]


async def test_a_recording_that_cannot_be_composed_keeps_its_journals(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    call, it = await recorded(world)
    await world.sql("UPDATE events SET data = '{' WHERE subject = :id", id=call)
    await world.pass_time(31 * DAY)
    assert any(it.id in each.getMessage() for each in caplog.records)
    assert await world.sql("SELECT 1 FROM events WHERE subject = :id", id=call)
    await world.pass_time(60 * DAY)  # then it goes itself, and they with it
    assert await rows(world) == {}
