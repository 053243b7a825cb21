"""Clocks as they are kept: locked while a batch decides under them, and what follows when one is changed."""

from __future__ import annotations

from functools import partial
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Float, cast, create_engine, literal, select, text

from telefonie.core.clocks import Clock, Mode, wall_of
from telefonie.store import clocks
from telefonie.store.clocks import ORPHANED_MS, Drive
from telefonie.store.connect import Store, wall
from telefonie.store.jobs import Crew
from tests.store.shelf import ANN, BOB, NOW, letter, name, new_call, open_account, post, rows, save

WALL: Final = 1_800_000_000_000


async def test_a_clock_is_kept_with_its_drive(store: Store) -> None:
    clock = await open_account(store, ANN)
    drive = Drive(NOW, NOW + 5, 3, 2, done=False)
    await store.write(lambda conn: clocks.save(conn, clock, drive, driven_at=7))
    row = await store.read(lambda conn: clocks.peek(conn, ANN))
    assert row is not None
    assert (clocks.clock_of(row), clocks.drive_of(row), row.driven_at) == (clock, drive, 7)
    await store.write(lambda conn: clocks.restore(conn, clock))
    row = await store.read(lambda conn: clocks.peek(conn, ANN))
    assert row is not None
    assert clocks.drive_of(row) is None
    assert await store.read(lambda conn: clocks.peek(conn, BOB)) is None
    assert await store.write(lambda conn: clocks.lock_one(conn, BOB)) is None


async def test_a_batch_locks_the_clocks_it_was_asked_for(store: Store) -> None:
    await open_account(store, ANN)
    await open_account(store, BOB)
    found = await store.write(lambda conn: clocks.lock_shared(conn, [BOB, name(1, 9)]))
    assert set(found) == {BOB}


async def test_names_are_drawn_without_a_gap(store: Store) -> None:
    await open_account(store, ANN)
    assert [await store.write(lambda conn: clocks.draw(conn, ANN, 3)) for _ in range(3)] == [0, 3, 6]


CHANGES: Final = [
    Clock(ANN, Mode.REALTIME, 1.0, WALL, NOW),
    Clock(ANN, Mode.REALTIME, 3.0, WALL, NOW),
    Clock(ANN, Mode.REALTIME, 0.5, WALL, NOW + 1),
    Clock(ANN, Mode.REALTIME, 1000.0, WALL, NOW + 5_000),
    Clock(ANN, Mode.MANUAL, 1.0, WALL, NOW),
    Clock(ANN, Mode.AUTO, 1.0, WALL, NOW),
]


@pytest.mark.parametrize("clock", CHANGES)
@pytest.mark.parametrize("before", [Mode.REALTIME, Mode.MANUAL])
async def test_when_a_clock_is_changed_every_job_comes_at_its_moment_by_the_new_clock(
    store: Store, clock: Clock, before: Mode
) -> None:
    await open_account(store, ANN, before)
    placed = [new_call(number, ring_ms=1) for number in range(4)]
    await save(store, *placed)
    lane = [letter(placed[0].call, sequence, due=NOW + 7_777) for sequence in (0, 1)]
    await post(store, *lane)
    await open_account(store, BOB, Mode.REALTIME)
    await save(store, new_call(9, BOB))
    others = await rows(store, "SELECT run_at FROM jobs WHERE account_id = :id", id=BOB)
    await store.write(lambda conn: clocks.rewrite(conn, clock, WALL))
    found = await rows(store, "SELECT due_at, run_at FROM jobs WHERE account_id = :id", id=ANN)
    assert len(found) == 6
    for due, run_at in found:
        assert run_at == (None if due is None else wall_of(clock, due))
    assert await rows(store, "SELECT run_at FROM jobs WHERE account_id = :id", id=BOB) == others


@pytest.mark.parametrize("clock", [CHANGES[0], CHANGES[4]])
async def test_what_a_postman_has_in_hand_comes_up_again_when_his_lease_runs_out(
    store: Store, clock: Clock
) -> None:
    """Whoever died with it, and however the clock is changed meanwhile: by the wall where time runs, else by
    the driver, who asks for the lease himself."""
    await open_account(store, ANN, Mode.AUTO)
    placed = new_call(1)
    await save(store, placed)
    await post(store, letter(placed.call, 0))
    held = WALL + 20_000
    await store.write(lambda conn: conn.execute(text(f"UPDATE jobs SET held_until = {held} WHERE crew = 1")))  # noqa: S608 - a number
    await store.write(lambda conn: clocks.rewrite(conn, clock, WALL))
    found = await rows(store, "SELECT run_at, held_until FROM jobs WHERE crew = 1")
    assert found == [(None if clock.stands else held, held)]


async def test_pending_is_what_somebody_may_wait_for(store: Store) -> None:
    await open_account(store, ANN)
    assert await store.read(lambda conn: clocks.pending(conn, ANN)) == (0, None)
    placed = new_call(1)
    await save(store, placed, new_call(2))
    await post(store, *(letter(placed.call, sequence, due=NOW + 400) for sequence in range(3)))
    assert await store.read(lambda conn: clocks.pending(conn, ANN)) == (5, NOW + 400)
    guards = "UPDATE jobs SET awaited_at = NULL, due_at = 5 WHERE crew = 0"
    await store.write(lambda conn: conn.execute(text(guards)))
    assert await store.read(lambda conn: clocks.pending(conn, ANN)) == (3, NOW + 400)
    due, crews = await store.read(lambda conn: clocks.next_due(conn, ANN, 0))
    assert (due, Crew.CLOCKMAKER in crews) == (5, True)


async def test_a_standing_clock_that_nobody_takes_on_is_found(store: Store) -> None:
    now = await store.read(wall)
    cases = [
        (Mode.MANUAL, Drive(NOW, None), None, True),
        (Mode.MANUAL, Drive(NOW, None), now - ORPHANED_MS - 1, True),
        (Mode.MANUAL, Drive(NOW, None), now, False),
        (Mode.MANUAL, Drive(NOW, None, done=True), None, False),
        (Mode.MANUAL, None, None, False),
        (Mode.AUTO, None, None, True),
        (Mode.AUTO, None, now, False),
        (Mode.REALTIME, None, None, False),
    ]
    for number, (mode, drive, driven_at, _) in enumerate(cases):
        clock = await open_account(store, name(1, number), mode)
        await save(store, new_call(number, name(1, number)))
        await store.write(partial(clocks.save, clock=clock, drive=drive, driven_at=driven_at))
    await open_account(store, name(1, 99), Mode.AUTO)  # nothing to do there
    found = await store.read(lambda conn: clocks.left_standing(conn, now))
    assert sorted(found) == [name(1, number) for number, case in enumerate(cases) if case[3]]


@given(st.integers(-(10**10), 10**10), st.floats(0.01, 1000.0))
@settings(deadline=None)
def test_rounding_up_in_sql_is_rounding_up(ahead: int, speed: float) -> None:
    """The expression that `rewrite` relies on: a cast and one more if that fell short."""
    clock = Clock(ANN, Mode.REALTIME, speed, WALL, NOW)
    exact = literal(ahead, BigInteger) / literal(speed, Float)
    with create_engine("sqlite://").connect() as conn:
        whole, value = conn.execute(select(cast(exact, BigInteger), exact)).one()
    expected = wall_of(clock, NOW + ahead)
    assert expected is not None
    assert abs(WALL + whole + (1 if whole < value else 0) - expected) <= 1
