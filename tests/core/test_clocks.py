"""An account's time: it may run, jump or stand, but it never goes back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telefonie.core.clocks import Clock, Mode, change, move, now, wall_of
from telefonie.core.errors import Conflict

WALL = 1_700_000_000_000
SPEEDS = st.one_of(
    st.sampled_from([0.01, 0.1, 0.5, 1.0, 2.0, 3.0, 7.0, 60.0, 1000.0]),
    st.floats(0.01, 1000.0, allow_nan=False),
)
MOMENTS = st.integers(0, 4_000_000_000_000)


def clock(mode: Mode = Mode.REALTIME, speed: float = 1.0, at: int = WALL) -> Clock:
    return Clock("a1", mode, speed, WALL, at)


@pytest.mark.parametrize(("speed", "gone"), [(1.0, 1_500), (2.0, 3_000), (0.5, 750), (60.0, 90_000)])
def test_real_time_runs_at_its_speed(speed: float, gone: int) -> None:
    assert now(clock(speed=speed, at=5), WALL + 1_500) == 5 + gone


@pytest.mark.parametrize("mode", [Mode.AUTO, Mode.MANUAL])
def test_a_standing_clock_stands(mode: Mode) -> None:
    assert clock(mode).stands
    assert now(clock(mode, at=5), WALL + 10**9) == 5
    assert wall_of(clock(mode, at=5), 6) is None


def test_a_wall_clock_that_is_set_back_does_not_take_the_account_with_it() -> None:
    assert now(clock(at=5), WALL - 60_000) == 5


@given(SPEEDS, MOMENTS, st.integers(0, 10_000_000_000))
def test_at_the_wall_time_of_a_moment_that_moment_has_come_and_not_long_before(
    speed: float, at: int, ahead: int
) -> None:
    running = clock(speed=speed, at=at)
    wall = wall_of(running, at + ahead)
    assert wall is not None
    assert now(running, wall) >= at + ahead
    assert ahead == 0 or now(running, wall - 2) < at + ahead  # one for rounding, one for the float


@given(SPEEDS, MOMENTS, st.integers(0, 10**9), st.integers(0, 10**6))
def test_time_never_goes_back_however_the_clock_is_set(speed: float, at: int, gone: int, more: int) -> None:
    first = clock(speed=speed, at=at)
    before = now(first, WALL + gone)
    for mode in Mode:
        changed = change(first, WALL + gone, mode, 1 / speed, None)
        assert now(changed, WALL + gone) == before
        assert now(changed, WALL + gone + more) >= before


@given(SPEEDS, st.integers(-(10**6), 10**6))
def test_now_can_be_set_forward_only(speed: float, ahead: int) -> None:
    first = clock(Mode.MANUAL, speed, at=5 * 10**6)
    wish = first.at + ahead
    if ahead < 0:
        with pytest.raises(Conflict) as refused:
            change(first, WALL, None, None, wish)
        assert refused.value.slug == "clock_would_go_back"
    else:
        assert now(change(first, WALL, None, None, wish), WALL) == wish


def test_what_is_not_named_stays_as_it_is() -> None:
    first = clock(Mode.MANUAL, 3.0, at=7)
    assert change(first, WALL + 9, None, None, None) == Clock("a1", Mode.MANUAL, 3.0, WALL + 9, 7)
    assert change(first, WALL + 9, Mode.REALTIME, None, None).speed == 3.0


def test_a_standing_clock_is_moved_forward_only() -> None:
    assert move(clock(Mode.MANUAL, at=7), 9).at == 9
    assert move(clock(Mode.MANUAL, at=7), 5).at == 7
