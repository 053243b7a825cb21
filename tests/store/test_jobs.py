"""Timers and letters lie in one table: claimed once, held a while, finished in lane order."""

from __future__ import annotations

from functools import partial
from typing import Final

from sqlalchemy import Connection, text

from telefonie.core.calls import Change, apply
from telefonie.core.clocks import Mode
from telefonie.core.commands import HangUp, Wake
from telefonie.core.events import Actor
from telefonie.store import claims, jobs
from telefonie.store.claims import LEASE_MS, Held
from telefonie.store.connect import Store, wall
from telefonie.store.gauges import Gauges, gauges
from telefonie.store.jobs import Crew
from tests.store.shelf import ANN, BOB, NOW, letter, new_call, open_account, post, rows, save, settled

LATER: Final = 10**15  # wall time at which everything has become due


async def claim(
    store: Store, most: int = 100, at: int | None = None, busy: tuple[str, ...] = ()
) -> list[str]:
    def work(conn: Connection) -> list[Held]:
        return claims.claim_letters(conn, wall(conn) if at is None else at, most, busy)

    return [each.id for each in await store.write(work)]


async def running(store: Store, calls: int = 1, account_id: str = ANN) -> list[Change]:
    """Some calls of an account whose time runs."""
    await open_account(store, account_id, Mode.REALTIME)
    first = 1 if account_id == ANN else 100
    placed = [new_call(number, account_id) for number in range(first, first + calls)]
    await save(store, *placed)
    return placed


# -- alarms --


async def test_a_call_has_one_alarm_at_its_next_moment_and_none_when_it_has_ended(store: Store) -> None:
    clock = await open_account(store, ANN, Mode.REALTIME, speed=2.0)
    placed = new_call(1)
    await save(store, placed)
    question = "SELECT id, crew, state, subject, due_at, awaited_at, run_at FROM jobs"
    call = placed.call
    assert await rows(store, question) == [
        (call.id, 0, 0, call.id, NOW + 1_000, NOW + 1_000, clock.wall + 500)
    ]
    talking = apply(call, Wake(), NOW + 3_000)
    await save(store, talking)
    assert [row[4] for row in await rows(store, question)] == [NOW + 13_000]
    await save(store, apply(talking.call, HangUp(Actor.CUSTOMER), NOW + 4_000))
    assert await rows(store, question) == []


async def test_while_a_clock_stands_nothing_may_run(store: Store) -> None:
    await open_account(store, ANN, Mode.MANUAL)
    placed = new_call(1)
    await save(store, placed)
    await post(store, letter(placed.call, 0))
    assert await rows(store, "SELECT DISTINCT run_at FROM jobs") == [(None,)]
    assert await claim(store, at=LATER) == []
    assert await store.read(lambda conn: jobs.ringing_alarms(conn, LATER, 100)) == []


async def test_an_alarm_that_went_off_is_found_and_its_call_locked_with_it(store: Store) -> None:
    first, second = await running(store, 2)
    for moment, due in ((0, 0), (LATER, 2)):
        assert len(await store.read(partial(jobs.ringing_alarms, wall=moment, most=100))) == due
    only = await store.read(lambda conn: jobs.ringing_alarms(conn, LATER, 100, second.call.id))
    assert [(row.subject, row.account_id) for row in only] == [(second.call.id, ANN)]
    ids = [first.call.id, second.call.id, "nobody"]
    locked = await store.write(lambda conn: jobs.lock_due(conn, ids, LATER))
    assert [row.id for row in locked] == ids[:2]
    assert await store.write(lambda conn: jobs.lock_due(conn, ids, 0)) == []


async def test_the_due_calls_of_an_account_come_in_the_order_of_their_moments(store: Store) -> None:
    await open_account(store, ANN)
    late, early, same = new_call(1), new_call(2), new_call(3)
    late = apply(late.call, Wake(), NOW + 1_000)
    await save(store, late, early, same)
    await open_account(store, BOB)
    await save(store, new_call(4, BOB))

    def due(conn: Connection, now: int, most: int) -> list[str]:
        return [row.id for row in jobs.lock_due_of(conn, ANN, now, most)]

    order = [early.call.id, same.call.id, late.call.id]
    assert await store.write(lambda conn: due(conn, NOW + 10_000, 100)) == order
    assert await store.write(lambda conn: due(conn, NOW + 1_000, 100)) == order[:2]
    assert await store.write(lambda conn: due(conn, NOW + 10_000, 1)) == order[:1]


async def test_a_call_that_cannot_go_on_is_put_off(store: Store) -> None:
    [placed] = await running(store)
    await store.write(lambda conn: jobs.postpone(conn, placed.call.id, LATER + 1))
    assert await store.read(lambda conn: jobs.ringing_alarms(conn, LATER, 100)) == []
    await store.write(lambda conn: jobs.set_back(conn, placed.call.id, NOW + 60_000))
    assert await rows(store, "SELECT due_at, awaited_at FROM jobs") == [(NOW + 60_000, None)]


# -- letters --


async def test_a_letter_is_claimed_once_and_again_when_its_lease_has_run_out(store: Store) -> None:
    [placed] = await running(store)
    await post(store, letter(placed.call, 0))
    now = await store.read(wall)
    assert await claim(store, at=now) == [letter(placed.call, 0).id]
    assert await claim(store, at=now + LEASE_MS - 1) == []
    assert await claim(store, at=now + LEASE_MS) == [letter(placed.call, 0).id]


async def test_only_the_first_open_letter_of_a_lane_is_due(store: Store) -> None:
    [placed] = await running(store)
    lane = [letter(placed.call, number) for number in range(3)]
    await post(store, *lane)
    for each in lane:
        assert await claim(store) == [each.id]
        assert await claim(store, at=LATER) == [each.id]  # however late: nothing overtakes it
        await post(store, done=[settled(each)])
    assert await claim(store, at=LATER) == []


async def test_a_letter_behind_one_that_is_tried_again_waits_for_it(store: Store) -> None:
    [placed] = await running(store)
    first, second = letter(placed.call, 0), letter(placed.call, 1)
    await post(store, first)
    assert await claim(store) == [first.id]
    await post(store, second, done=[settled(first, due=NOW + 60_000)])
    assert await claim(store) == []
    assert await claim(store, at=LATER) == [first.id]


async def test_a_letter_that_comes_when_the_lane_is_free_is_due_at_once(store: Store) -> None:
    [placed] = await running(store)
    first, second = letter(placed.call, 0), letter(placed.call, 1)
    await post(store, first)
    await post(store, second, done=[settled(first)])  # in the very batch that finished the one before
    assert await claim(store) == [second.id]


async def test_a_busy_gate_is_passed_over(store: Store) -> None:
    calls = await running(store, 3)
    letters = [letter(each.call, 0, gate=f"gate {n}") for n, each in enumerate(calls)]
    await post(store, *letters)
    assert await claim(store, busy=("gate 0", "gate 2", "gate 9")) == [letters[1].id]
    assert await claim(store, most=1) == [letters[0].id]


async def test_letters_of_one_account_are_claimed_by_its_own_time(store: Store) -> None:
    for account_id, number in ((ANN, 1), (BOB, 2)):
        await open_account(store, account_id)
        placed = new_call(number, account_id)
        await save(store, placed)
        await post(store, letter(placed.call, 0))

    def work(conn: Connection, now: int, at: int) -> list[str]:
        return [each.account_id for each in claims.claim_letters_of(conn, ANN, now, at, 100)]

    assert await store.write(lambda conn: work(conn, NOW - 1, 0)) == []
    assert await store.write(lambda conn: work(conn, NOW, 0)) == [ANN]
    assert await store.write(lambda conn: work(conn, NOW, LEASE_MS - 1)) == []
    assert await store.write(lambda conn: work(conn, NOW, LEASE_MS)) == [ANN]


async def test_an_outcome_is_written_down_once_for_each_attempt(store: Store) -> None:
    [placed] = await running(store)
    first = letter(placed.call, 0)
    await post(store, first)
    await post(store, done=[settled(first, 1, due=NOW + 1_000)])
    await post(store, done=[settled(first, 1, due=NOW + 1_000)])
    await post(store, done=[settled(first, 2)])
    assert await rows(store, "SELECT ordinal FROM attempts ORDER BY ordinal") == [(1,), (2,)]
    assert await rows(store, "SELECT state, due_at, run_at, attempts FROM jobs WHERE crew = 1") == [
        (1, None, None, 2)
    ]


async def test_when_the_only_process_starts_nobody_holds_anything(store: Store) -> None:
    [placed] = await running(store)
    await post(store, letter(placed.call, 0))
    assert await claim(store) != []
    await store.write(jobs.free_all)
    assert await claim(store) == [letter(placed.call, 0).id]
    await open_account(store, BOB)
    other = new_call(9, BOB)
    await save(store, other)
    await post(store, letter(other.call, 0))
    await store.write(lambda conn: claims.claim_letters_of(conn, BOB, NOW, 0, 9))
    await store.write(jobs.free_all)
    freed = await rows(
        store, "SELECT held_until, run_at FROM jobs WHERE account_id = :id AND crew = 1", id=BOB
    )
    assert freed == [(None, None)]  # its clock stands: it is still for the driver, and not due by the wall


async def test_each_crew_is_told_when_to_look_again(store: Store) -> None:
    [placed] = await running(store)
    assert await store.read(lambda conn: jobs.next_run(conn, Crew.POSTMEN)) is None
    alarm = await store.read(lambda conn: jobs.next_run(conn, Crew.CLOCKMAKER))
    await post(store, letter(placed.call, 0, due=NOW - 5_000))
    letter_at = await store.read(lambda conn: jobs.next_run(conn, Crew.POSTMEN))
    assert alarm is not None
    assert letter_at == alarm - 6_000


async def test_the_gauges_tell_what_is_due_and_what_is_late(store: Store) -> None:
    assert await store.read(gauges) == Gauges({}, 0, 0, 0)
    calls = await running(store, 3)
    await post(store, letter(calls[0].call, 0))
    await store.write(lambda conn: conn.execute(text("UPDATE jobs SET run_at = 5 WHERE crew = 1")))
    found = await store.read(gauges)
    assert (found.calls_by_status, found.jobs_due, found.jobs_late) == ({"queued": 3}, 4, 1)
    assert found.oldest_late_ms > 10**12
