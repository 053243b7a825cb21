"""An engine starts only on a store that fits, and says at any time how it is and how much there is to do."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from telefonie.core.clocks import Mode
from telefonie.engine.house import Engine, Health, Options
from telefonie.engine.registry import ClockWish
from telefonie.store.opening import open_store
from telefonie.store.schema import ADVICE, Unfitting
from telefonie.store.tables import REVISION
from tests.support.customer import Answer, Customer, Line, News
from tests.support.world import FACE, NEW_YEAR, PlainFace, World


def an_engine(folder: Path, options: Options) -> Engine:
    return Engine(open_store(folder), {FACE: PlainFace()}, Line(Customer(News())), options)


async def test_an_empty_store_is_brought_up_to_date_unless_told_not_to(tmp_path: Path) -> None:
    refusing = an_engine(tmp_path / "store", Options(migrate=False))
    with pytest.raises(Unfitting) as refused:
        await refusing.start()
    assert "empty" in str(refused.value)
    await refusing.stop()
    engine = an_engine(tmp_path / "store", Options())
    await engine.start()
    assert await engine.health() == Health(store_ok=True, schema=REVISION, schema_ok=True, worker_ok=True)
    await engine.stop()
    strict = an_engine(tmp_path / "store", Options(migrate=False))
    await strict.start()
    await strict.stop()


async def test_a_store_that_moves_on_beneath_a_running_process(world: World) -> None:
    """During a rolling deploy the old replica stays ready as long as the new schema is fit for it."""
    await world.sql("UPDATE alembic_version SET version_num = '9998'")
    assert (await world.engine.health()).ok
    await world.sql("UPDATE compatibility SET oldest = '9998'")
    health = await world.engine.health()
    assert (health.ok, health.store_ok, health.schema_ok, health.worker_ok) == (False, True, False, True)
    assert ADVICE in health.message
    await world.stop()
    with pytest.raises(Unfitting):
        await world.start()
    await world.engine.stop()


async def test_a_process_whose_store_is_away_says_so(world: World) -> None:
    world.wire.cut()
    health = await world.engine.health()
    assert (health.ok, health.store_ok, health.worker_ok) == (False, False, True)
    assert "the wire is cut" in health.message
    world.wire.mend()
    assert (await world.engine.health()).ok


async def test_a_process_that_has_ended_has_no_worker(world: World) -> None:
    assert world.engine._committer.alive
    await world.stop()
    assert not world.engine._committer.alive
    assert not world.engine._clockmaker.alive


async def test_the_gauges_count_calls_by_status_and_what_is_due(world: World) -> None:
    empty = await world.engine.gauges()
    assert (empty.calls_by_status, empty.jobs_due, empty.jobs_late) == ({}, 0, 0)
    answered, slow = asyncio.Event(), await world.another(ClockWish(Mode.REALTIME, 0.001, NEW_YEAR))
    world.customer.mood = lambda _: Answer(after=answered)
    await world.calls(3, account=slow)
    await world.calls(2)
    await world.news.until(lambda: world.customer.waiting == 3)
    gauges = await world.engine.gauges()
    assert gauges.calls_by_status == {"queued": 5}
    assert gauges.jobs_due == 6  # alarms and letters in hand; a standing clock's are not due
    assert (gauges.jobs_late, gauges.oldest_late_ms) == (0, 0)
    answered.set()
