"""The action connect on calls whose documents are read strictly: what legs tell, and what is asked about them."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from telefonie.core.call import Cause, Status
from telefonie.core.commands import Closed, HangUp, Leave, Redirect
from telefonie.core.events import Actor, Kind
from telefonie.core.phones import Behaviour, Outcome
from telefonie.flow.effects import Purpose
from tests.support.play import Play, Played

ANNA: Final = "+31612345601"
PHONE: Final[dict[str, Any]] = {"type": "phone", "number": "31612345601"}
BOT: Final[dict[str, Any]] = {"type": "websocket", "uri": "wss://bot.test/in", "headers": {"a": 1}}
OWN: Final = "https://app.test/own"
EVENTS: Final = "https://app.test/events"
# As the face of such calls has it: every fact that it has an event for.
TOLD: Final = (
    *(Kind.PLACED, Kind.RANG, Kind.ANSWERED, Kind.DETECTED, Kind.BEEPED, Kind.ENDED, Kind.CLOSED),
    *(Kind.DISCONNECTED, Kind.JOINED, Kind.UNUSABLE),
)


def talk(text: str) -> dict[str, Any]:
    return {"action": "talk", "text": text}


def calling(phone: Behaviour | None = None) -> Play:
    play = Play({"/own": "", "/events": ""})
    if phone is not None:
        play.phones[ANNA] = phone
    return play


def connect(play: Play, endpoint: dict[str, Any] = PHONE, *more: dict[str, Any], **options: Any) -> Played:
    """A call that connects; what happens to it is told at /own."""
    document = [{"action": "connect", "endpoint": [endpoint], **options}, *more]
    order: dict[str, Any] = {"application": "app-1", "conversation": "con-1", "report_on": TOLD}
    return play.call(json.dumps(document), strict=True, report_url=OWN, report_method="GET", **order)


def told(play: Play, call: Played) -> list[Kind]:
    return [each.event.kind for each in play.reported if each.call.id == call.id]


def the_leg(play: Play, call: Played) -> Played:
    (leg,) = play.legs_of(call)
    return leg


# -- whom a leg tells --


def test_a_leg_belongs_where_its_caller_does_and_tells_where_and_what_that_one_tells() -> None:
    play = calling()
    leg = the_leg(play, connect(play)).call.order
    assert (leg.application, leg.conversation, leg.strict) == ("app-1", "con-1", True)
    assert (leg.report_url, leg.report_method) == (OWN, "GET")
    assert leg.report_on == tuple(each for each in TOLD if each is not Kind.DISCONNECTED)


@pytest.mark.parametrize(("options", "method"), [({}, "POST"), ({"eventMethod": "GET"}, "GET")])
def test_with_an_url_of_its_own_it_tells_there(options: dict[str, Any], method: str) -> None:
    play = calling()
    leg = the_leg(play, connect(play, eventUrl=[EVENTS], **options)).call.order
    assert (leg.report_url, leg.report_method) == (EVENTS, method)


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ({}, "unknown"),
        ({"from": "447700900000"}, "+447700900000"),
        ({"from": 447700900000}, "+447700900000"),
        ({"from": "client:bob"}, "client:bob"),
        ({"randomFromNumber": True}, "+3197010280"),
    ],
)
def test_it_shows_a_number_in_its_international_form_or_none(options: dict[str, Any], shown: str) -> None:
    play = calling()
    assert the_leg(play, connect(play, **options)).call.order.caller == shown


CLOSING: Final = [
    (Behaviour(outcome=Outcome.BUSY), Cause.BUSY, True),
    (Behaviour(outcome=Outcome.NO_ANSWER), Cause.RING_TIMEOUT, True),
    (Behaviour(outcome=Outcome.UNAVAILABLE), Cause.UNAVAILABLE, True),
    (Behaviour(outcome=Outcome.FAILED), Cause.UNREACHABLE, True),
    (Behaviour(outcome=Outcome.REJECTED), Cause.DECLINED, False),
]


@pytest.mark.parametrize(("phone", "cause", "closes"), CLOSING)
def test_a_leg_that_nobody_answers_has_a_last_word_unless_it_was_turned_down(
    phone: Behaviour, cause: Cause, *, closes: bool
) -> None:
    play = calling(phone)
    call = connect(play, PHONE, talk("Next"))
    play.finish()
    leg = the_leg(play, call)
    rang = [] if phone.outcome is Outcome.FAILED else [Kind.RANG]
    assert leg.call.cause is cause
    assert told(play, leg) == [Kind.PLACED, *rang, Kind.ENDED, *([Kind.CLOSED] if closes else [])]
    assert call.said == ["Next"]
    assert not play.actions


# -- eventType synchronous --


@pytest.mark.parametrize(("phone", "cause", "closes"), CLOSING)
def test_how_a_leg_failed_is_asked_about_and_not_told_by_the_leg(
    phone: Behaviour, cause: Cause, *, closes: bool
) -> None:
    play = calling(phone)
    play.pages["/own"] = json.dumps([talk("Sorry")])
    call = connect(play, PHONE, talk("Next"), eventType="synchronous")
    play.finish()
    leg = the_leg(play, call)
    ((path, outcome),) = play.actions
    assert (path, outcome["dial_call_id"], outcome["dial_call_cause"]) == ("/own", leg.id, cause.value)
    assert (outcome["dial_call_to"], outcome["dial_call_from"]) == (ANNA, "unknown")
    assert play.asked[-1].method == "GET"
    assert Kind.ENDED not in told(play, leg)
    assert (Kind.CLOSED in told(play, leg)) == closes
    assert call.said == ["Sorry"]


def test_the_call_itself_ends_after_the_last_that_it_connects_with() -> None:
    play = calling(Behaviour(outcome=Outcome.BUSY))
    other = {"action": "connect", "endpoint": [{"type": "phone", "number": "31612345602"}]}
    play.pages["/own"] = json.dumps([other])
    call = connect(play, eventType="synchronous")
    play.finish()
    first, second = play.legs_of(call)
    ends = [each.call.id for each in play.reported if each.event.kind is Kind.ENDED]
    assert ends == [second.id, call.id]
    assert first.call.status is Status.BUSY


def test_an_answered_leg_tells_its_end_itself() -> None:
    play = calling()
    call = connect(play, eventType="synchronous")
    play.finish()
    assert told(play, the_leg(play, call))[-1] is Kind.ENDED
    assert not play.actions


def test_a_leg_that_is_hung_up_while_it_rings_may_be_answered_too() -> None:
    play = calling(Behaviour(answers_after=60_000))
    play.pages["/own"] = json.dumps([talk("Sorry")])
    call = connect(play, eventType="synchronous")
    play.pass_time(3)
    the_leg(play, call).tell(HangUp(Actor.CUSTOMER))
    play.finish()
    assert (play.actions[0][1]["dial_call_status"], call.said) == (Status.CANCELED, ["Sorry"])


def test_a_leg_that_still_rings_when_its_caller_is_sent_elsewhere_is_told_as_cancelled() -> None:
    play = calling(Behaviour(answers_after=60_000))
    play.pages["/own"] = json.dumps([talk("Never")])
    call = connect(play, eventType="synchronous")
    play.pass_time(5)
    call.tell(Redirect("", "GET", json.dumps([talk("Elsewhere")])))
    play.finish()
    (said,) = [each for each in play.asked if each.purpose is Purpose.TELL]
    assert (said.url, said.outcome["dial_call_status"]) == (OWN, Status.CANCELED)
    assert call.said == ["Elsewhere"]
    assert the_leg(play, call).call.status is Status.CANCELED


# -- detection --


def test_plain_verdicts_are_told_by_the_leg() -> None:
    play = calling(Behaviour(outcome=Outcome.MACHINE))
    call = connect(play, machineDetection="continue")
    play.finish()
    leg = the_leg(play, call)
    assert Kind.DETECTED in told(play, leg)
    assert leg.call.order.detection_url is None


def test_advanced_ones_are_asked_about_instead() -> None:
    play = calling(Behaviour(outcome=Outcome.MACHINE, beep=True))
    call = connect(play, advancedMachineDetection={"mode": "detect_beep"})
    play.finish()
    leg = the_leg(play, call)
    asked = [each for each in play.asked if each.purpose is Purpose.EVENT]
    assert [(each.call.id, each.url, each.method) for each in asked] == [(leg.id, OWN, "GET")] * 2
    assert not {Kind.DETECTED, Kind.BEEPED} & set(told(play, leg))
    assert call.at(Kind.CONNECTED)[0] == leg.at(Kind.BEEPED)[0] + 3


# -- who hangs up --


def test_the_callee_goes_and_the_caller_goes_on_the_caller_goes_and_so_does_the_callee() -> None:
    play = calling(Behaviour(hangs_up_after=3_000))
    call = connect(play, PHONE, talk("Next"))
    play.finish()
    assert call.said == ["Next"]
    play = calling()
    call = connect(play, PHONE, talk("Next"))
    play.pass_time(5)
    call.tell(Leave())
    play.pass_time(0)
    assert the_leg(play, call).over
    assert call.said == []


def test_what_the_callee_hears_first_is_fetched_by_get_and_heard_before_they_meet() -> None:
    play = calling()
    play.pages["/on"] = json.dumps([talk("For you")])
    call = connect(play, {**PHONE, "onAnswer": {"url": "https://app.test/on"}})
    play.finish()
    leg = the_leg(play, call)
    assert next(each.method for each in play.asked if each.url.endswith("/on")) == "GET"
    assert leg.said == ["For you"]
    assert leg.at(Kind.CONNECTED)[0] > 0


# -- a program --


def test_that_a_program_has_gone_is_asked_about_whatever_the_type_of_events() -> None:
    play = calling()
    play.pages["/own"] = json.dumps([talk("Gone")])
    call = connect(play, BOT, talk("Next"))
    play.pass_time(1)
    leg = the_leg(play, call)
    leg.tell(Closed("1000"))
    play.finish()
    ((_, outcome),) = play.actions
    assert (outcome["dial_call_cause"], outcome["dial_call_to"]) == (Cause.DISCONNECTED.value, BOT["uri"])
    assert outcome["dial_call_headers"] == {"a": 1}
    assert Kind.DISCONNECTED not in told(play, leg)
    assert call.said == ["Gone"]


def test_that_one_is_hung_up_is_not() -> None:
    play = calling()
    call = connect(play, BOT, talk("Next"))
    play.pass_time(1)
    the_leg(play, call).tell(HangUp(Actor.CUSTOMER))
    play.finish()
    assert (play.actions, call.said) == ([], ["Next"])


# -- nobody --


@pytest.mark.parametrize(
    "endpoint",
    [
        {"type": "phone", "number": "abc"},
        {"type": "sip", "uri": "kim"},
        {"type": "sip", "user": "kim"},
        {"type": "sip"},
        {"type": "vbc", "extension": "4x"},
        {"type": "app", "user": "kim and ann"},
    ],
)
def test_an_address_that_is_none_is_told_and_spoils_the_document(endpoint: dict[str, Any]) -> None:
    play = calling()
    call = connect(play, endpoint, talk("Next"))
    play.finish()
    assert (call.said, play.legs_of(call)) == ([], [])
    assert told(play, call)[-2:] == [Kind.UNUSABLE, Kind.ENDED]
