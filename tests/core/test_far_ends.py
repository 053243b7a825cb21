"""Reserved numbers need no set-up: their last digits say what comes of calling them, and exactly when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pytest

from telefonie.core import far_end, phones
from telefonie.core.call import Call, Cause, Direction, EndedBy, Order, Status
from telefonie.core.calls import ENDED, alarm, apply, place
from telefonie.core.commands import Answer, HangUp, Wake
from telefonie.core.events import Actor, Event, Kind
from telefonie.core.phones import Behaviour, Detection, Heard, Outcome
from telefonie.core.speaking import speaking_ms

K, S = Kind, Status
RANG, UP, ENDS = K.RANG, K.ANSWERED, K.ENDED
LIVES: Final = {
    0: ([(K.PLACED, 0), (RANG, 1_000), (UP, 3_000), (ENDS, 13_000)], S.COMPLETED, Cause.HUNG_UP),
    1: ([(K.PLACED, 0), (RANG, 1_000), (UP, 3_000), (ENDS, 6_000)], S.COMPLETED, Cause.HUNG_UP),
    2: ([(K.PLACED, 0), (RANG, 1_000), (ENDS, 3_000)], S.BUSY, Cause.BUSY),
    3: ([(K.PLACED, 0), (RANG, 1_000), (ENDS, 31_000)], S.UNANSWERED, Cause.RING_TIMEOUT),
    4: ([(K.PLACED, 0), (RANG, 1_000), (ENDS, 3_000)], S.UNANSWERED, Cause.DECLINED),
    5: ([(K.PLACED, 0), (ENDS, 1_000)], S.FAILED, Cause.UNREACHABLE),
    6: ([(K.PLACED, 0), (RANG, 1_000), (UP, 3_000), (ENDS, 13_000)], S.COMPLETED, Cause.HUNG_UP),
    7: ([(K.PLACED, 0), (RANG, 1_000), (UP, 3_000), (ENDS, 13_000)], S.COMPLETED, Cause.HUNG_UP),
    8: ([(K.PLACED, 0), (RANG, 1_000), (UP, 21_000), (ENDS, 31_000)], S.COMPLETED, Cause.HUNG_UP),
    9: ([(K.PLACED, 0), (RANG, 1_000), (UP, 3_000), (ENDS, 13_000)], S.COMPLETED, Cause.HUNG_UP),
}
PREFIXES: Final = ["+121255501", "121255501", "+199955501", "+4477009000", "4477009000"]


def order(phone: Behaviour, **rest: object) -> Order:
    return replace(Order(Direction.OUTBOUND, "+3197010280", "+1", "0.01", "USD", phone=phone), **rest)  # type: ignore[arg-type]


def live(asked: Order) -> tuple[Call, Sequence[Event]]:
    """A whole life, each thing at its own moment."""
    change = place("c1", "a1", "plain", asked, 0)
    call, events = change.call, list(change.events)
    while call.status not in ENDED:
        due, _ = alarm(call)
        assert due is not None
        change = apply(call, Wake(), due)
        call = change.call
        events.extend(change.events)
    return call, events


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("digit", range(10))
def test_each_digit_of_both_ranges_has_its_life_to_the_millisecond(prefix: str, digit: int) -> None:
    expected, status, cause = LIVES[digit]
    for last in range(10):
        phone = phones.reserved(f"{prefix}{digit}{last}")
        assert phone is not None
        call, events = live(order(phone))
        assert [(each.kind, each.at) for each in events] == expected
        assert (call.status, call.cause) == (status, cause)


@pytest.mark.parametrize(
    "number",
    [
        "+3225551234",
        "+112555010",
        "+1212555010",
        "+121255501000",
        "+11125550100",
        "+12125550200",
        "+447700901000",
        "sip:+12125550120@example.test",
        "++12125550120",
        "+12125550120\n",
        "+1212555012\u0660",
    ],
)
def test_no_other_number_is_reserved(number: str) -> None:
    assert phones.reserved(number) is None


@pytest.mark.parametrize(("digit", "by"), [(0, EndedBy.FAR_END), (2, EndedBy.FAR_END), (4, EndedBy.FAR_END)])
def test_a_far_end_that_leaves_or_refuses_ended_the_call(digit: int, by: EndedBy) -> None:
    phone = phones.reserved(f"+121255501{digit}0")
    assert phone is not None
    assert live(order(phone))[0].ended_by is by


@pytest.mark.parametrize("digit", [3, 5])
def test_where_nobody_did_anything_the_platform_ended_the_call(digit: int) -> None:
    phone = phones.reserved(f"+121255501{digit}0")
    assert phone is not None
    assert live(order(phone))[0].ended_by is EndedBy.PLATFORM


def test_an_answer_at_the_very_moment_of_giving_up_counts() -> None:
    call, events = live(order(Behaviour(answers_after=5_000), ring_ms=5_000))
    assert call.answered_at == 6_000
    assert [each.kind for each in events] == [K.PLACED, K.RANG, K.ANSWERED, K.ENDED]


def test_an_answer_a_millisecond_later_comes_too_late() -> None:
    call, _ = live(order(Behaviour(answers_after=5_001), ring_ms=5_000))
    assert (call.status, call.cause, call.ended_at) == (S.UNANSWERED, Cause.RING_TIMEOUT, 6_000)


def test_ringing_by_hand_replaces_what_the_phone_had_planned() -> None:
    ringing = apply(place("c1", "a1", "plain", order(Behaviour(outcome=Outcome.BUSY)), 0).call, Wake(), 1_000)
    answered = apply(ringing.call, Answer(), 1_500).call
    assert answered.status is S.TALKING
    assert apply(answered, Wake(), 3_000).call.status is S.TALKING


def test_the_time_limit_ends_a_call_that_nobody_leaves_and_nobody_waits_for_it() -> None:
    stays = Behaviour(script=({"wait": 1},))
    talking = apply(place("c1", "a1", "plain", order(stays, limit_ms=60_000), 0).call, Wake(), 3_000).call
    assert alarm(talking) == (63_000, None)
    ended = apply(talking, Wake(), 63_000).call
    assert (ended.status, ended.cause, ended.ended_by) == (S.COMPLETED, Cause.TIME_LIMIT, EndedBy.PLATFORM)


def test_a_far_end_that_leaves_at_the_limit_has_left() -> None:
    call, _ = live(order(Behaviour(hangs_up_after=5_000), limit_ms=5_000))
    assert (call.cause, call.ended_by) == (Cause.HUNG_UP, EndedBy.FAR_END)


def test_a_late_wake_makes_nothing_late() -> None:
    late = apply(place("c1", "a1", "plain", order(phones.DEFAULT), 0).call, Wake(), 10**9)
    assert [(each.kind, each.at) for each in late.events] == LIVES[0][0][1:]


def test_keys_are_sent_on_answering() -> None:
    _, events = live(order(phones.DEFAULT, keys="1w2#"))
    sent = next(each for each in events if each.kind is K.KEYS_SENT)
    assert (sent.at, sent.data, sent.actor) == (3_000, {"digits": "1w2#"}, Actor.PLATFORM)


# -- answering-machine detection --

SAID: Final = speaking_ms("Hello, you have reached my voicemail. Please leave a message after the tone.")
VERDICTS: Final = [
    (Behaviour(), 2_000, 2_000, Heard.HUMAN),
    (Behaviour(greeting=""), 5_000, 5_000, Heard.UNKNOWN),
    (Behaviour(outcome=Outcome.FAX), 2_500, 2_500, Heard.FAX),
    (Behaviour(outcome=Outcome.MACHINE), 4_000, SAID + 1_200, Heard.MACHINE),
    (Behaviour(outcome=Outcome.MACHINE, beep=True), 4_000, SAID + 500, Heard.MACHINE),
    (Behaviour(outcome=Outcome.MACHINE, greeting="Hi."), 4_000, 4_000, Heard.MACHINE),
    (Behaviour(outcome=Outcome.MACHINE, greeting=""), 5_000, 5_000, Heard.UNKNOWN),
]


@pytest.mark.parametrize(("phone", "first", "end", "heard"), VERDICTS)
def test_detection_hears_who_answered_and_says_so_in_its_time(
    phone: Behaviour, first: int, end: int, heard: Heard
) -> None:
    assert phones.verdict(phone, Detection.FIRST_VERDICT) == (first, heard)
    assert phones.verdict(phone, Detection.GREETING_END) == (end, heard)
    call, events = live(order(phone, detection=Detection.GREETING_END))
    detected = next(each for each in events if each.kind is K.DETECTED)
    assert (detected.at, detected.data) == (3_000 + end, {"heard": heard})
    assert call.heard is heard


def test_a_verdict_that_comes_with_the_hang_up_is_still_given() -> None:
    call, events = live(order(Behaviour(hangs_up_after=2_000), detection=Detection.FIRST_VERDICT))
    assert [each.kind for each in events[-2:]] == [K.DETECTED, K.ENDED]
    assert call.heard is Heard.HUMAN


def test_who_hangs_up_first_is_not_judged() -> None:
    call, _ = live(order(Behaviour(hangs_up_after=1_999), detection=Detection.FIRST_VERDICT))
    assert call.heard is None


def test_without_detection_nobody_is_judged() -> None:
    call, events = live(order(Behaviour(outcome=Outcome.FAX)))
    assert call.heard is None
    assert K.DETECTED not in [each.kind for each in events]


# -- when a far end leaves by itself --

SCRIPTS: Final = [
    ((), None, 10_000),
    ((), 3_000, 3_000),
    ((), 60_000, 60_000),
    (({"wait": 2},), None, None),
    (({"wait": 2},), 5_000, 5_000),
    (({"wait": 2}, {"hangup": True}), None, 2_000),
    (({"wait": 2}, {"hangup": True}), 1_000, 1_000),
    (({"wait": 2}, {"hangup": True}), 9_000, 2_000),
    (({"wait": 0.25}, {"press": "12#"}, {"hold": 1.5}, {"hangup": True}), None, 250 + 600 + 1_500),
    (({"say": "0123456789"}, {"hangup": True}), None, 3_500),
    (({"when_heard": "menu", "steps": []}, {"hangup": True}), None, None),
    (({"hangup": True}, {"wait": 9}), None, 0),
]


@pytest.mark.parametrize(("script", "hangs_up_after", "leaves"), SCRIPTS)
def test_a_script_says_when_the_far_end_leaves(
    script: tuple[dict[str, object], ...], hangs_up_after: int | None, leaves: int | None
) -> None:
    phone = Behaviour(greeting="", script=script, hangs_up_after=hangs_up_after)
    far, hung_up = far_end.begin(phone, 0, inbound=False, patient=False), None
    while (moment := far_end.due(far)) is not None:
        far, acts = far_end.wake(far, moment)
        hung_up = next((each.at for each in acts if isinstance(each, far_end.HangsUp)), None)
    assert hung_up == leaves


@pytest.mark.parametrize(("hangs_up_after", "leaves"), [(None, 10_000), (3_000, 3_000), (60_000, 60_000)])
def test_a_far_end_that_nobody_talks_with_leaves_by_the_calls_own_timer(
    hangs_up_after: int | None, leaves: int
) -> None:
    phone = Behaviour(hangs_up_after=hangs_up_after)
    assert phones.leaves_after(phone) == leaves
    assert live(order(phone))[0].ended_at == 3_000 + leaves


def test_a_customer_may_hang_up_before_the_far_end_does() -> None:
    talking = apply(place("c1", "a1", "plain", order(phones.DEFAULT), 0).call, Wake(), 3_000).call
    ended = apply(talking, HangUp(Actor.CUSTOMER), 3_500).call
    assert (ended.ended_at, ended.timers) == (3_500, ())
