"""A call moves along the edges of the table and along no other."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from telefonie.core.call import Call, Cause, Direction, EndedBy, Order, Status, Timer, Trigger
from telefonie.core.calls import ENDED, TABLE, UNREACHED, WISHES, apply, arrive, place
from telefonie.core.commands import (
    Answer,
    BreakOff,
    Cancel,
    Closed,
    Command,
    Equip,
    HangUp,
    Leave,
    LeaveAlone,
    Redirect,
    Refusal,
    Refuse,
    Wake,
)
from telefonie.core.errors import Illegal
from telefonie.core.events import Actor, Kind
from telefonie.core.phones import Detection

S, T = Status, Trigger
# Written out a second time, from the promises to customers and not from the code.
EDGES: Final = {
    (S.QUEUED, T.RING): S.RINGING,
    (S.QUEUED, T.FAIL): S.FAILED,
    (S.QUEUED, T.CANCEL): S.CANCELED,
    (S.QUEUED, T.HANG_UP): S.CANCELED,
    (S.RINGING, T.ANSWER): S.TALKING,
    (S.RINGING, T.FIND_BUSY): S.BUSY,
    (S.RINGING, T.FIND_NOBODY): S.UNANSWERED,
    (S.RINGING, T.DECLINE): S.UNANSWERED,
    (S.RINGING, T.FAIL): S.FAILED,
    (S.RINGING, T.GIVE_UP): S.UNANSWERED,
    (S.RINGING, T.CANCEL): S.CANCELED,
    (S.RINGING, T.HANG_UP): S.CANCELED,
    (S.RINGING, T.ABANDON): S.CANCELED,
    (S.RINGING, T.BREAK_OFF): S.FAILED,
    (S.TALKING, T.HANG_UP): S.COMPLETED,
    (S.TALKING, T.LEAVE): S.COMPLETED,
    (S.TALKING, T.EXPIRE): S.COMPLETED,
    (S.TALKING, T.DETECT): S.TALKING,
    (S.TALKING, T.BEEP): S.TALKING,
    (S.TALKING, T.REDIRECT): S.TALKING,
    (S.TALKING, T.BREAK_OFF): S.COMPLETED,
    (S.TALKING, T.DISCONNECT): S.COMPLETED,
}
COMMANDS: Final[dict[Trigger, Command]] = {
    T.ANSWER: Answer(),
    T.FIND_BUSY: Refuse(Refusal.BUSY),
    T.DECLINE: Refuse(Refusal.DECLINED),
    T.CANCEL: Cancel(),
    T.HANG_UP: HangUp(Actor.CUSTOMER),
    T.LEAVE: Leave(),
    T.REDIRECT: Redirect("https://customer.test/next", "GET"),
    T.BREAK_OFF: BreakOff(),
    T.DISCONNECT: Closed("gone"),
}
ORDER: Final = Order(
    Direction.OUTBOUND, "+3197010280", "+3225551234", "0.02", "EUR", detection=Detection.FIRST_VERDICT
)
NOW: Final = 5_000


def in_state(status: Status) -> Call:
    """A call that stands so, however it got there."""
    call = place("c1", "a1", "plain", ORDER, 0).call
    return replace(call, status=status, timers=())


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize(
    ("trigger", "by"),
    [(each, "timer") for each in Trigger] + [(each, "command") for each in COMMANDS],
)
def test_every_trigger_finds_its_edge_or_is_refused_by_name(
    status: Status, trigger: Trigger, by: str
) -> None:
    call = in_state(status)
    command = Wake() if by == "timer" else COMMANDS[trigger]
    if by == "timer":
        call = replace(call, timers=(Timer(NOW, trigger),))
    expected = EDGES.get((status, trigger))
    if expected is None:
        with pytest.raises(Illegal) as refused:
            apply(call, command, NOW)
        assert (refused.value.state, refused.value.wish) == (status, WISHES[trigger])
        assert status in str(refused.value)
        assert WISHES[trigger] in str(refused.value)
    else:
        assert apply(call, command, NOW).call.status is expected


def test_the_table_says_nothing_else() -> None:
    assert {
        (status, trigger): TABLE[status][trigger] for status in TABLE for trigger in TABLE[status]
    } == EDGES
    assert set(TABLE) == set(Status)
    assert set(WISHES) == set(Trigger)
    assert {S.COMPLETED, S.FAILED, S.BUSY, S.UNANSWERED, S.CANCELED} == ENDED


@pytest.mark.parametrize("status", Status)
def test_an_update_that_names_no_change_is_never_refused_and_changes_nothing(status: Status) -> None:
    call = in_state(status)
    change = apply(call, LeaveAlone(), NOW)
    assert change.call is call
    assert (change.events, change.effects) == ((), ())


@pytest.mark.parametrize("status", Status)
def test_waking_a_call_with_no_plans_changes_nothing(status: Status) -> None:
    call = in_state(status)
    assert apply(call, Wake(), NOW).call == call


CAUSES: Final = [
    (S.RINGING, Refuse(Refusal.BUSY), S.BUSY, Cause.BUSY, EndedBy.FAR_END),
    (S.RINGING, Refuse(Refusal.DECLINED), S.UNANSWERED, Cause.DECLINED, EndedBy.FAR_END),
    (S.QUEUED, Cancel(), S.CANCELED, Cause.CANCELED, EndedBy.CUSTOMER),
    (S.RINGING, Cancel(), S.CANCELED, Cause.CANCELED, EndedBy.CUSTOMER),
    (S.QUEUED, HangUp(Actor.CUSTOMER), S.CANCELED, Cause.CANCELED, EndedBy.CUSTOMER),
    (S.TALKING, HangUp(Actor.CUSTOMER), S.COMPLETED, Cause.HUNG_UP, EndedBy.CUSTOMER),
    (S.TALKING, HangUp(Actor.PLATFORM), S.COMPLETED, Cause.HUNG_UP, EndedBy.PLATFORM),
    (S.TALKING, HangUp(Actor.FAR_END), S.COMPLETED, Cause.HUNG_UP, EndedBy.FAR_END),
    (S.TALKING, Leave(), S.COMPLETED, Cause.HUNG_UP, EndedBy.FAR_END),
    (S.TALKING, BreakOff(), S.COMPLETED, Cause.DOCUMENT_FAILED, EndedBy.PLATFORM),
]


@pytest.mark.parametrize(("status", "command", "end", "cause", "by"), CAUSES)
def test_a_call_knows_why_it_ended_and_who_ended_it(
    status: Status, command: Command, end: Status, cause: Cause, by: EndedBy
) -> None:
    change = apply(in_state(status), command, NOW)
    ended = change.call
    assert (ended.status, ended.cause, ended.ended_by, ended.ended_at) == (end, cause, by, NOW)
    assert change.events[-1].kind is Kind.ENDED
    assert change.events[-1].data == {"status": end, "cause": cause, "ended_by": by}


# -- calls that come in --

INBOUND: Final = Order(Direction.INBOUND, "+3225551234", "+3197010280", "0.02", "EUR", ring_ms=60_000)


def test_a_call_that_comes_in_rings_at_once_until_its_caller_gives_up() -> None:
    came = arrive("c1", "a1", "plain", INBOUND, 1_000)
    assert [(each.kind, each.actor) for each in came.events] == [
        (Kind.PLACED, Actor.FAR_END),
        (Kind.RANG, Actor.PLATFORM),
    ]
    assert came.call.timers == (Timer(61_000, T.GIVE_UP),)
    ended = apply(came.call, Wake(), 61_000).call
    assert (ended.status, ended.cause) == (S.UNANSWERED, Cause.RING_TIMEOUT)


def test_who_calls_in_may_give_up_while_it_rings_and_only_they_may() -> None:
    came = arrive("c1", "a1", "plain", INBOUND, 0).call
    ended = apply(came, Leave(), NOW).call
    assert (ended.status, ended.cause, ended.ended_by) == (S.CANCELED, Cause.CANCELED, EndedBy.FAR_END)
    with pytest.raises(Illegal):
        apply(in_state(S.RINGING), Leave(), NOW)


def test_what_is_done_by_hand_to_a_call_that_rings_here_is_done_on_this_side() -> None:
    came = arrive("c1", "a1", "plain", INBOUND, 0).call
    assert apply(came, Answer(), NOW).events[0].actor is Actor.PLATFORM
    refused = apply(came, Refuse(Refusal.DECLINED), NOW).call
    assert (refused.status, refused.ended_by) == (S.UNANSWERED, EndedBy.CUSTOMER)


def test_a_number_that_nobody_has_is_not_in_service_and_the_caller_hears_it() -> None:
    change = arrive(
        "c1", "a1", UNREACHED, replace(INBOUND, ignored=("colour",), report_url="https://x.test"), 0
    )
    assert [each.kind for each in change.events] == [
        Kind.PLACED,
        Kind.FIELDS_IGNORED,
        Kind.SAID,
        Kind.ENDED,
    ]
    call = change.call
    assert (call.status, call.cause, call.ended_at, call.timers) == (S.FAILED, Cause.UNKNOWN_NUMBER, 0, ())
    assert change.effects == ()


# -- a script of the call's own --


@pytest.mark.parametrize("status", Status)
def test_a_far_end_is_given_a_script_before_it_has_answered_and_not_later(status: Status) -> None:
    call, script = in_state(status), ({"press": "1"},)
    if status in (S.QUEUED, S.RINGING):
        equipped = apply(call, Equip(script), NOW)
        assert (equipped.call.phone.script, equipped.events) == (script, ())
        assert equipped.call.attended
    else:
        with pytest.raises(Illegal, match="be given a script"):
            apply(call, Equip(script), NOW)


@pytest.mark.parametrize(
    ("status", "trigger", "cause"),
    [
        (S.QUEUED, T.FAIL, Cause.UNREACHABLE),
        (S.RINGING, T.GIVE_UP, Cause.RING_TIMEOUT),
        (S.TALKING, T.EXPIRE, Cause.TIME_LIMIT),
    ],
)
def test_what_time_ends_the_platform_ended(status: Status, trigger: Trigger, cause: Cause) -> None:
    ended = apply(replace(in_state(status), timers=(Timer(NOW, trigger),)), Wake(), NOW).call
    assert (ended.cause, ended.ended_by) == (cause, EndedBy.PLATFORM)


def test_placing_and_applying_are_pure() -> None:
    assert place("c1", "a1", "plain", ORDER, 7) == place("c1", "a1", "plain", ORDER, 7)
    placed = place("c1", "a1", "plain", ORDER, 0).call
    kept = replace(placed)
    assert apply(placed, Wake(), 1_000) == apply(placed, Wake(), 1_000)
    assert placed == kept


def test_a_redirect_is_refused_without_a_trace() -> None:
    call = in_state(S.RINGING)
    with pytest.raises(Illegal):
        apply(call, COMMANDS[T.REDIRECT], NOW)
    talking = apply(in_state(S.TALKING), COMMANDS[T.REDIRECT], NOW)
    assert talking.call.redirect == ("https://customer.test/next", "GET")
    assert talking.events[0].data == {"url": "https://customer.test/next", "method": "GET"}


def test_nothing_happens_to_a_call_before_its_last_event() -> None:
    talking = replace(in_state(S.TALKING), touched_at=9_000)
    assert apply(talking, HangUp(Actor.CUSTOMER), NOW).call.ended_at == 9_000


def test_fields_that_were_ignored_stand_in_the_journal() -> None:
    change = place("c1", "a1", "plain", replace(ORDER, ignored=("colour", "urll")), 0)
    assert [each.kind for each in change.events] == [Kind.PLACED, Kind.FIELDS_IGNORED]
    assert change.events[1].data == {"fields": ["colour", "urll"]}
