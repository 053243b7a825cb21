"""A recording begins once, ends once, and is as long as what was recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from telefonie.core.errors import Illegal
from telefonie.core.recordings import (
    ENDED,
    RATE,
    TABLE,
    WISHES,
    Recording,
    Source,
    Status,
    Trigger,
    finish,
    packed,
    pause,
    resume,
    unpacked,
)

START: Final = 1_000
NEW: Final = Recording("r1", "a1", "plain", "c1", Source.CALL, START, "USD")


def test_it_is_as_long_as_what_was_recorded() -> None:
    it = finish(NEW, (START, START + 61_500), "call_ended")
    assert (it.status, it.ms, it.seconds, it.why) == (Status.COMPLETED, 61_500, 62, "call_ended")


def test_it_costs_by_the_minute_begun_once_it_is_there() -> None:
    assert NEW.price is None
    assert finish(NEW, (START, START + 61_500), "stopped").price == f"-{2 * float(RATE):.4f}"
    assert finish(NEW, (START, START), "stopped").price is None


def test_silence_that_was_cut_off_at_both_ends_is_no_part_of_it() -> None:
    it = finish(replace(NEW, trim=True), (START + 2_000, START + 5_000), "silence")
    assert (it.since, it.until, it.ms) == (START + 2_000, START + 5_000, 3_000)


def test_of_nothing_that_was_kept_nothing_comes() -> None:
    it = finish(NEW, (START, START), "silence")
    assert (it.status, it.ms, it.live) == (Status.FAILED, 0, False)


def test_a_pause_is_silence_unless_it_is_skipped() -> None:
    for skips, ms in ((False, 10_000), (True, 7_000)):
        paused = pause(NEW, START + 4_000, skips=skips)
        it = finish(resume(paused, START + 7_000), (START, START + 10_000), "stopped")
        assert (it.ms, it.gaps) == (ms, ((START + 4_000, START + 7_000),))


def test_all_pauses_are_of_the_kind_of_the_first() -> None:
    once = resume(pause(NEW, START + 1_000, skips=True), START + 2_000)
    twice = finish(pause(once, START + 3_000, skips=False), (START, START + 5_000), "stopped")
    assert (twice.skips, twice.ms) == (True, 2_000)


def test_a_pause_outside_of_what_was_kept_leaves_nothing_out() -> None:
    paused = resume(pause(NEW, START + 1_000, skips=True), START + 3_000)
    it = finish(paused, (START + 2_000, START + 6_000), "stopped")
    assert (it.gaps, it.ms) == (((START + 2_000, START + 3_000),), 3_000)
    assert finish(paused, (START + 3_000, START + 6_000), "stopped").gaps == ()


def test_if_all_of_it_was_paused_nothing_comes_of_it() -> None:
    it = finish(pause(NEW, START, skips=True), (START, START + 5_000), "call_ended")
    assert it.status is Status.FAILED


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("trigger", Trigger)
def test_whatever_the_table_does_not_name_is_refused(status: Status, trigger: Trigger) -> None:
    it = replace(NEW, status=status)
    moves = {
        Trigger.PAUSE: lambda: pause(it, START + 1, skips=False),
        Trigger.RESUME: lambda: resume(it, START + 1),
        Trigger.FINISH: lambda: finish(it, (START, START + 1), "stopped"),
        Trigger.FAIL: lambda: finish(it, (START, START), "stopped"),
    }
    if trigger in TABLE[status]:
        assert moves[trigger]().status is TABLE[status][trigger]
        return
    with pytest.raises(Illegal) as refused:
        moves[trigger]()
    assert refused.value.what == "recording"
    assert refused.value.wish in WISHES.values()


@given(st.builds(Recording, status=st.sampled_from(Status), source=st.sampled_from(Source)))
def test_what_was_stored_comes_back(it: Recording) -> None:
    assert unpacked(packed(it)) == it


class Life(RuleBasedStateMachine):
    """One recording beside the simplest count of what it holds."""

    @initialize(skips=st.booleans())
    def begin(self, *, skips: bool) -> None:
        self.it, self.skips, self.now, self.recorded, self.paused = NEW, skips, START, 0, 0

    @rule(ms=st.integers(0, 5_000))
    def time_passes(self, ms: int) -> None:
        self.now += ms
        if self.it.status is Status.RUNNING:
            self.recorded += ms
        elif self.it.status is Status.PAUSED:
            self.paused += ms

    @rule()
    def is_paused(self) -> None:
        if self.it.status is Status.RUNNING:
            self.it = pause(self.it, self.now, skips=self.skips)

    @rule()
    def goes_on(self) -> None:
        if self.it.status is Status.PAUSED:
            self.it = resume(self.it, self.now)

    @rule()
    def ends(self) -> None:
        if self.it.live:
            self.it = finish(self.it, (START, self.now), "stopped")

    @invariant()
    def it_holds_what_was_recorded(self) -> None:
        if self.it.live:
            assert (self.it.ms, self.it.price, self.it.until) == (0, None, None)
            return
        whole = self.recorded + (0 if self.skips else self.paused)
        assert self.it.ms == whole
        assert self.it.status in ENDED
        assert (self.it.status is Status.COMPLETED) == (whole > 0)
        assert all(end is not None for _, end in self.it.gaps)


test_pauses_and_ends_in_any_order = Life.TestCase
