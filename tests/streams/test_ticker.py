"""One timer for all lines: none drifts, none is left out, and they share the round among them."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter

import pytest

from telefonie.streams.ticker import LoopClock, Ticker
from tests.streams.hand import MS, HandClock

PERIOD = 20 * MS


@pytest.fixture
def late() -> list[float]:
    """How many seconds each frame was late."""
    return []


@pytest.fixture
def ticker(clock: HandClock, late: list[float]) -> Ticker:
    return Ticker(clock, late.append)


def test_a_line_ticks_every_20_ms_from_its_first(clock: HandClock, ticker: Ticker) -> None:
    ticks: list[int] = []
    clock.move(7.3)
    joined = clock.now()
    ticker.join(lambda: ticks.append(clock.now()), PERIOD)
    clock.move(10_000)
    assert len(ticks) == 500
    assert 0 < ticks[0] - joined <= PERIOD
    assert {after - before for before, after in itertools.pairwise(ticks)} == {PERIOD}


def test_a_timer_that_rings_late_every_time_adds_up_to_nothing(clock: HandClock, ticker: Ticker) -> None:
    ticks: list[int] = []
    ticker.join(lambda: ticks.append(clock.now()), PERIOD)
    clock.move(20)
    first = ticks[0]
    for _ in range(1_000):
        clock.oversleep(20.7)
    assert len(ticks) == (clock.now() - first) // PERIOD + 1


def test_what_is_late_is_made_up_for_at_once(clock: HandClock, ticker: Ticker) -> None:
    order: list[str] = []
    ticker.join(lambda: order.append("a"), PERIOD)
    ticker.join(lambda: order.append("b"), PERIOD)
    clock.move(20)
    order.clear()
    clock.oversleep(100)
    assert Counter(order) == {"a": 5, "b": 5}
    assert order in (list("ab" * 5), list("ba" * 5))  # in the order in which they were due


def test_a_hundred_lines_spread_over_the_round(clock: HandClock, ticker: Ticker) -> None:
    moments: Counter[int] = Counter()
    for _ in range(100):
        ticker.join(lambda: moments.update([clock.now()]), PERIOD)
    clock.move(40)
    moments.clear()
    rung = clock.rung
    clock.move(20)
    assert sorted(moments.values()) == [10] * 10
    assert clock.rung - rung == 10  # once for ten lines
    assert len({moment % (2 * MS) for moment in moments}) == 1


def test_who_leaves_makes_room(clock: HandClock, ticker: Ticker) -> None:
    ticks: list[int] = []
    leave = [ticker.join(lambda n=n: ticks.append(n), PERIOD) for n in range(20)]  # type: ignore[misc]
    leave[3]()
    leave[3]()
    clock.move(20)
    assert sorted(ticks) == [n for n in range(20) if n != 3]
    ticker.join(lambda: ticks.append(99), PERIOD)
    ticks.clear()
    clock.move(20)
    assert len(ticks) == 20


def test_without_lines_nothing_rings(clock: HandClock, ticker: Ticker) -> None:
    leave = ticker.join(lambda: None, PERIOD)
    clock.move(100)
    leave()
    clock.move(100)
    rung = clock.rung
    clock.move(10_000)
    assert (clock.rung - rung, clock.alarms) == (0, 0)


def test_a_faster_clock_ticks_faster(clock: HandClock, ticker: Ticker) -> None:
    ticks: Counter[str] = Counter()
    ticker.join(lambda: ticks.update(["one"]), PERIOD)
    ticker.join(lambda: ticks.update(["ten"]), PERIOD // 10)
    ticker.join(lambda: ticks.update(["half"]), PERIOD * 2)
    clock.move(2_000)
    assert ticks == {"one": 100, "ten": 1_000, "half": 50}


def test_lines_may_come_and_go_while_it_ticks(clock: HandClock, ticker: Ticker) -> None:
    ticks: list[str] = []

    def first() -> None:
        ticks.append("first")
        if len(ticks) == 1:
            leave()
            ticker.join(lambda: ticks.append("second"), PERIOD)

    leave = ticker.join(first, PERIOD)
    clock.move(100)
    assert ticks[0] == "first"
    assert set(ticks[1:]) == {"second"}
    assert len(ticks) in (5, 6)


def test_who_comes_while_the_others_are_behind_has_nothing_to_make_up_for(
    clock: HandClock, ticker: Ticker
) -> None:
    ticks: Counter[str] = Counter()
    for _ in range(10):
        ticker.join(lambda: ticks.update(["old"]), PERIOD)
    clock.move(20)
    ticks.clear()
    clock.moment += 1_000 * MS  # the loop is busy, and then somebody joins before the timer rings
    ticker.join(lambda: ticks.update(["new"]), PERIOD)
    clock.move(0)
    assert ticks == {"old": 500}
    clock.move(20)
    assert ticks["new"] == 1


async def test_the_clock_of_the_machine_rings_on_the_loop_and_not_if_it_is_taken_back() -> None:
    clock, rung = LoopClock(), asyncio.Event()
    take_back = clock.ring_at(clock.now(), pytest.fail)
    take_back()
    moment = clock.now() + MS
    clock.ring_at(moment, rung.set)
    await rung.wait()
    assert clock.now() > moment - 2 * MS  # a timer counts in milliseconds


def test_stopped_it_ticks_no_more(clock: HandClock, ticker: Ticker) -> None:
    ticks: list[int] = []

    def tick() -> None:
        ticks.append(1)
        ticker.stop()

    ticker.join(tick, PERIOD)
    clock.move(1_000)
    assert (ticks, clock.alarms) == ([1], 0)


def test_it_is_told_how_late_each_frame_was(clock: HandClock, ticker: Ticker, late: list[float]) -> None:
    for _ in range(10):
        ticker.join(lambda: None, PERIOD)
    clock.move(20)
    assert late == [0.0] * 10
    clock.oversleep(3)
    assert len(late) == 11  # one more was due, a millisecond before
    assert late[-1] == pytest.approx(0.001)
