"""How calls end that nobody answers: whether there is a last word, who tells it, and what a machine has to do with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest

from telefonie.core.call import Call, Cause, Direction, EndedBy, Order, Status
from telefonie.core.calls import Change, apply, arrive, place
from telefonie.core.commands import Cancel, Command, HangUp, Leave, Refusal, Refuse, Wake
from telefonie.core.events import Actor, Kind
from telefonie.core.phones import BEEP_MS, Behaviour, Detection, Heard, Outcome, beep, greeting_of, verdict
from telefonie.core.speaking import speaking_ms

EVERYTHING: Final = (
    Kind.PLACED,
    Kind.RANG,
    Kind.ANSWERED,
    Kind.DETECTED,
    Kind.BEEPED,
    Kind.ENDED,
    Kind.CLOSED,
)
ORDER: Final = Order(
    Direction.OUTBOUND, "+3197010280", "+3225551234", "0.02", "EUR", document_url="https://app.test/"
)


def lived(until: int = 10**9, *, told: bool = True, **order: Any) -> tuple[Call, list[Kind], list[Kind]]:
    """A call to its end, or so far: what happened, and what was told of it."""
    asked = replace(ORDER, report_url="https://app.test/e", report_on=EVERYTHING if told else EVERYTHING[:-1])
    placed = place("c1", "a1", "plain", replace(asked, **order), 0)
    return _with(placed, apply(placed.call, Wake(), until))


def _with(first: Change, then: Change) -> tuple[Call, list[Kind], list[Kind]]:
    events = [each.kind for each in (*first.events, *then.events)]
    notices = [each.event.kind for each in (*first.effects, *then.effects)]
    return then.call, events, notices


@pytest.mark.parametrize(
    ("outcome", "status", "cause", "by"),
    [
        (Outcome.BUSY, Status.BUSY, Cause.BUSY, EndedBy.FAR_END),
        (Outcome.NO_ANSWER, Status.UNANSWERED, Cause.RING_TIMEOUT, EndedBy.PLATFORM),
        (Outcome.UNAVAILABLE, Status.UNANSWERED, Cause.UNAVAILABLE, EndedBy.FAR_END),
        (Outcome.FAILED, Status.FAILED, Cause.UNREACHABLE, EndedBy.PLATFORM),
    ],
)
def test_a_call_that_nobody_answers_has_a_last_word_where_that_is_wished_for(
    outcome: Outcome, status: Status, cause: Cause, by: EndedBy
) -> None:
    call, events, told = lived(phone=Behaviour(outcome=outcome))
    assert (call.status, call.cause, call.ended_by) == (status, cause, by)
    assert events[-2:] == told[-2:] == [Kind.ENDED, Kind.CLOSED]
    _, events, told = lived(told=False, phone=Behaviour(outcome=outcome))
    assert events[-1] is told[-1] is Kind.ENDED


def test_who_was_turned_down_has_heard_everything_with_that() -> None:
    call, events, _ = lived(phone=Behaviour(outcome=Outcome.REJECTED))
    assert (call.cause, events[-1]) == (Cause.DECLINED, Kind.ENDED)


def test_a_call_that_was_answered_ends_with_its_end() -> None:
    _, events, _ = lived(limit_ms=60_000)
    assert (events[-1], Kind.CLOSED in events) == (Kind.ENDED, False)


@pytest.mark.parametrize(
    ("command", "closes"),
    [
        (Cancel(), True),
        (HangUp(Actor.CUSTOMER), True),
        (Refuse(Refusal.BUSY), True),
        (Refuse(Refusal.DECLINED), False),
    ],
)
def test_so_it_is_with_what_is_done_by_hand(command: Command, *, closes: bool) -> None:
    call, _, _ = lived(2_000, phone=Behaviour(answers_after=60_000))
    change = apply(call, command, 3_000)
    assert [each.kind for each in change.events] == [Kind.ENDED, *([Kind.CLOSED] if closes else [])]


def test_and_with_a_caller_who_gives_up() -> None:
    inbound = replace(
        ORDER, direction=Direction.INBOUND, report_url="https://app.test/e", report_on=EVERYTHING
    )
    came = arrive("c1", "a1", "plain", inbound, 0).call
    assert [each.kind for each in apply(came, Leave(), 1_000).events] == [Kind.ENDED, Kind.CLOSED]


def test_what_the_parent_tells_the_leg_does_not() -> None:
    _, events, told = lived(parent_tells=True, phone=Behaviour(outcome=Outcome.BUSY))
    assert events[-2:] == [Kind.ENDED, Kind.CLOSED]
    assert told[-2:] == [Kind.RANG, Kind.CLOSED]
    _, _, told = lived(parent_tells=True, limit_ms=1_000)
    assert told[-1] is Kind.ENDED


def test_nobody_is_found_when_somebody_would_have_answered() -> None:
    call, _, _ = lived(phone=Behaviour(outcome=Outcome.UNAVAILABLE, answers_after=7_000))
    assert (call.rang_at, call.ended_at) == (1_000, 8_000)


# -- machines --

MACHINE: Final = Behaviour(outcome=Outcome.MACHINE)
WITH_BEEP: Final = replace(MACHINE, beep=True)
ANSWERED_AT: Final = 3_000


def test_the_beep_comes_with_the_end_of_the_greeting_or_is_not_waited_for_longer() -> None:
    judged, heard = verdict(WITH_BEEP, Detection.FIRST_VERDICT)
    assert (judged, heard) == (4_000, Heard.MACHINE)
    spoken = speaking_ms(greeting_of(WITH_BEEP))
    assert beep(WITH_BEEP, judged, 45_000) == (spoken + BEEP_MS, True)
    assert beep(MACHINE, judged, 45_000) == (49_000, False)
    assert beep(WITH_BEEP, judged, 100) == (4_100, False)
    # A machine of few words has beeped before it is known to be one.
    assert beep(replace(WITH_BEEP, greeting="Hi."), judged, 45_000) == (4_000, True)


@pytest.mark.parametrize(("phone", "beeped"), [(WITH_BEEP, True), (MACHINE, False)])
def test_after_the_verdict_the_beep_is_told(phone: Behaviour, *, beeped: bool) -> None:
    order: dict[str, Any] = {"detection": Detection.FIRST_VERDICT, "beep_ms": 45_000, "phone": phone}
    call, _, _ = lived(ANSWERED_AT + 4_000, **order)
    assert (call.heard, call.awaits_beep) == (Heard.MACHINE, True)
    change = apply(call, Wake(), ANSWERED_AT + 49_000)
    (fact,) = change.events
    assert (fact.kind, fact.data) == (Kind.BEEPED, {"beep": beeped})
    assert fact.at == ANSWERED_AT + beep(phone, 4_000, 45_000)[0]
    assert not change.call.awaits_beep


@pytest.mark.parametrize("phone", [Behaviour(), Behaviour(outcome=Outcome.FAX)])
def test_only_a_machine_is_waited_for(phone: Behaviour) -> None:
    order: dict[str, Any] = {"detection": Detection.FIRST_VERDICT, "beep_ms": 45_000, "phone": phone}
    call, events, _ = lived(ANSWERED_AT + 60_000, **order)
    assert (call.awaits_beep, Kind.BEEPED in events) == (False, False)


@pytest.mark.parametrize(
    ("phone", "ends"), [(WITH_BEEP, True), (Behaviour(outcome=Outcome.FAX), True), (Behaviour(), False)]
)
def test_a_call_may_end_when_a_machine_has_answered(phone: Behaviour, *, ends: bool) -> None:
    order: dict[str, Any] = {
        "detection": Detection.FIRST_VERDICT,
        "beep_ms": 1_000,
        "drops_machines": True,
    }
    call, events, _ = lived(ANSWERED_AT + 5_000, phone=phone, **order)
    assert (call.status is Status.COMPLETED, events[-1] is Kind.ENDED) == (ends, ends)
    if ends:
        assert events[-2:] == [Kind.DETECTED, Kind.ENDED]
        assert (call.cause, call.ended_by) == (Cause.HUNG_UP, EndedBy.PLATFORM)
