"""Whatever is ordered, told and waited for: a call's journal is a story that can be told."""

from __future__ import annotations

import re
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from telefonie.core.call import Call, Order
from telefonie.core.calls import ENDED, Change, alarm, apply, place
from telefonie.core.commands import (
    Answer,
    Cancel,
    Command,
    Deafen,
    HangUp,
    Leave,
    LeaveAlone,
    Mute,
    Redirect,
    Refusal,
    Refuse,
    Wake,
)
from telefonie.core.effects import Notify
from telefonie.core.errors import Illegal
from telefonie.core.events import Actor, Event, Kind
from tests.core.strategies import orders

COMMANDS: Final = st.one_of(
    st.sampled_from(
        [Wake(), Answer(), Cancel(), Leave(), LeaveAlone(), Refuse(Refusal.BUSY), Refuse(Refusal.DECLINED)]
    ),
    st.builds(HangUp, st.sampled_from(Actor)),
    st.builds(Mute, st.booleans()),
    st.builds(Deafen, st.booleans()),
    st.builds(Redirect, st.just("https://customer.test/next"), st.sampled_from(["GET", "POST"])),
)
LETTERS: Final = {
    Kind.PLACED: "P",
    Kind.FIELDS_IGNORED: "I",
    Kind.RANG: "R",
    Kind.ANSWERED: "A",
    Kind.KEYS_SENT: "K",
    Kind.DETECTED: "D",
    Kind.BEEPED: "B",
    Kind.MUTED: "m",
    Kind.UNMUTED: "M",
    Kind.DEAFENED: "d",
    Kind.UNDEAFENED: "U",
    Kind.CLOSED: "C",
    Kind.REDIRECTED: "T",
    Kind.ENDED: "E",
}
STORY: Final = re.compile(r"PI?(RAK?[TmMdU]*(D[TmMdU]*(B[TmMdU]*)?)?E?|R?(EC?)?)")


class CallMachine(RuleBasedStateMachine):
    """One call, its journal, and everything that was wished on its behalf."""

    @initialize(order=orders(), now=st.integers(0, 10**6))
    def place(self, order: Order, now: int) -> None:
        self.now = now
        self.events: list[Event] = []
        self.notices: list[Notify] = []
        self.call: Call | None = None
        self.refused = True  # every refusal so far named the state, and met a command that can be refused
        self.take(place("c1", "a1", "plain", order, now))

    def take(self, change: Change) -> None:
        if self.call is not None:
            assert change.call.touched_at >= self.call.touched_at
            assert self.call.status not in ENDED or not change.events
        self.call = change.call
        self.events.extend(change.events)
        self.notices.extend(change.effects)

    @rule(command=COMMANDS, wait=st.integers(0, 15_000))
    def tell(self, command: Command, wait: int) -> None:
        assert self.call is not None
        self.now += wait
        before = self.call
        try:
            self.take(apply(before, command, self.now))
        except Illegal as refused:
            self.refused = refused.state == before.status and not isinstance(command, Wake | LeaveAlone)
        assert self.refused

    @rule(command=COMMANDS, back=st.integers(1, 10**6))
    def tell_by_a_clock_that_is_behind(self, command: Command, back: int) -> None:
        """Another replica's clock may be a little behind."""
        assert self.call is not None
        try:
            self.take(apply(self.call, command, self.now - back))
        except Illegal:
            return

    @invariant()
    def the_journal_is_numbered_and_in_order(self) -> None:
        assert [each.ordinal for each in self.events] == list(range(len(self.events)))
        assert [each.at for each in self.events] == sorted(each.at for each in self.events)
        assert self.call is not None
        assert self.call.events == len(self.events)
        assert self.call.touched_at == self.events[-1].at

    @invariant()
    def the_journal_is_a_story(self) -> None:
        assert STORY.fullmatch("".join(LETTERS[each.kind] for each in self.events))

    @invariant()
    def every_told_event_has_one_notice(self) -> None:
        assert self.call is not None
        order = self.call.order
        told = [each for each in self.events if order.report_url is not None and each.kind in order.report_on]
        if order.parent_tells and self.call.answered_at is None:
            told = [each for each in told if each.kind is not Kind.ENDED]
        assert [each.event for each in self.notices] == told
        assert [each.sequence for each in self.notices] == list(range(len(told)))
        assert all(each.call.touched_at == each.event.at for each in self.notices)

    @invariant()
    def only_a_live_call_has_plans(self) -> None:
        assert self.call is not None
        ended = self.call.status in ENDED
        assert ended == (not self.call.timers)
        assert (
            ended == (self.call.ended_at is not None) == (self.events[-1].kind in (Kind.ENDED, Kind.CLOSED))
        )
        assert alarm(self.call)[0] == min((each.due for each in self.call.timers), default=None)

    def teardown(self) -> None:
        call = getattr(self, "call", None)
        if call is not None:
            self.take(apply(call, Wake(), self.now + 10**7))
            assert self.call is not None
            assert self.call.status in ENDED


TestCallMachine = CallMachine.TestCase
TestCallMachine.settings = settings(max_examples=150, stateful_step_count=12, deadline=None)


@given(orders())
@settings(deadline=None)
def test_one_late_wake_comes_to_the_same_as_a_wake_at_every_moment(order: Order) -> None:
    placed = place("c1", "a1", "plain", order, 0)
    late = apply(placed.call, Wake(), 10**9)
    call, events, effects = placed.call, list[Event](), list[Notify]()
    while (due := alarm(call)[0]) is not None:
        change = apply(call, Wake(), due)
        call = change.call
        events.extend(change.events)
        effects.extend(change.effects)
    assert (late.call, list(late.events), list(late.effects)) == (call, events, effects)
