"""The action connect, option by option: its endpoints, whom it tells, and how a live call is handed over by it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from telefonie.core.call import Status
from telefonie.core.commands import Leave, Redirect
from telefonie.core.events import Kind
from telefonie.core.phones import Behaviour, Detection, Outcome
from telefonie.flow.commands import Sound
from telefonie.flow.effects import Purpose
from tests.support.play import Play, Played

ANNA = "+31612345601"
PHONE: dict[str, Any] = {"type": "phone", "number": "31612345601"}
BUSY, NOBODY = Behaviour(outcome=Outcome.BUSY), Behaviour(outcome=Outcome.NO_ANSWER)
MACHINE = Behaviour(outcome=Outcome.MACHINE)
EVENTS = "https://app.test/events"


def document(endpoint: Any, more: tuple[dict[str, Any], ...] = (), **options: Any) -> str:
    """A document that connects."""
    ends = endpoint if isinstance(endpoint, list) else [endpoint]
    return json.dumps([{"action": "connect", "endpoint": ends, **options}, *more])


def connect(
    play: Play, endpoint: Any = PHONE, more: tuple[dict[str, Any], ...] = (), **options: Any
) -> Played:
    """A call that connects."""
    return play.call(document(endpoint, more, **options))


def talk(text: str) -> dict[str, Any]:
    return {"action": "talk", "text": text}


def playing(phone: Behaviour | None = None) -> Play:
    """Anna may have habits of her own; events are taken note of."""
    play = Play({"/events": "", "/on": json.dumps([talk("For you")])})
    if phone is not None:
        play.phones[ANNA] = phone
    return play


def callee(call: Played) -> list[str]:
    """Whom it called."""
    return [each.call.order.callee for each in call.play.legs_of(call)]


# -- endpoint --


@pytest.mark.parametrize(
    ("endpoint", "called"),
    [
        (PHONE, ANNA),
        ({"type": "sip", "uri": "sip:anna@example.com", "headers": {"a": "b"}}, "sip:anna@example.com"),
        ({"type": "sip", "user": "anna", "domain": "example.com"}, "sip:anna@example.com"),
        ({"type": "app", "user": "anna"}, "app:anna"),
        ({"type": "app", "user": "client:anna"}, "client:anna"),
        ({"type": "vbc", "extension": "1234"}, "1234"),
    ],
)
def test_an_endpoint_is_called_and_connected(endpoint: dict[str, Any], called: str) -> None:
    play = playing()
    call = connect(play, endpoint, more=(talk("Goodbye"),))
    play.finish()
    assert (callee(call), call.warned) == ([called], [])
    assert call.at(Kind.CONNECTED) == [3.0]
    assert call.said == ["Goodbye"]


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        ["phone"],
        [{"type": "pigeon"}],
        [{"number": "31612345601"}],
        [{"type": "phone"}],
        [{"type": "websocket", "uri": "https://example.com"}],
    ],
)
def test_an_endpoint_that_is_none_is_warned_of_and_the_next_action_runs(wrong: list[Any]) -> None:
    play = playing()
    call = connect(play, wrong, more=(talk("Next"),))
    play.finish()
    assert (callee(call), call.said) == ([], ["Next"])
    assert set(call.warned) == {12200}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"type": "phone", "number": "nobody"}, 13223),
        ({"type": "phone", "number": "0612345601"}, 13224),
        ({"type": "sip", "uri": "anna"}, 12200),
        ({"type": "vbc", "extension": "ten"}, 12200),
        ({"type": "app", "user": "two words"}, 12200),
    ],
)
def test_an_endpoint_that_cannot_be_called_is_warned_of_and_fails(wrong: dict[str, Any], code: int) -> None:
    play = playing()
    call = connect(play, wrong, more=(talk("Next"),))
    play.finish()
    assert (callee(call), call.warned, call.said) == ([], [code], ["Next"])


def test_more_than_one_endpoint_is_warned_of() -> None:
    play = playing()
    call = connect(play, [PHONE, PHONE])
    assert (callee(call), call.warned) == ([ANNA], [12200])


def test_keys_are_pressed_and_a_document_is_heard_when_a_phone_answers() -> None:
    play = playing()
    endpoint = {**PHONE, "dtmfAnswer": "p12#", "onAnswer": {"url": "https://app.test/on"}, "shaken": {}}
    call = connect(play, endpoint)
    play.finish()
    leg = play.legs_of(call)[0]
    assert leg.of(Kind.KEYS_SENT) == [{"digits": "w12#"}]
    assert (leg.said, call.said, call.warned) == (["For you"], [], [])


# -- from, randomFromNumber --


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ({}, "unknown"),
        ({"from": "447700900000"}, "+447700900000"),
        ({"randomFromNumber": True}, "+3197010280"),
    ],
)
def test_the_caller_that_is_shown(options: dict[str, Any], shown: str) -> None:
    play = playing()
    call = connect(play, **options)
    assert play.legs_of(call)[0].call.order.caller == shown
    assert call.warned == []


def test_of_a_call_in_the_number_that_was_called_is_ours() -> None:
    play = playing()
    call = play.arrive(document(PHONE, randomFromNumber=True))
    assert play.legs_of(call)[0].call.order.caller == "+3197010280"


def test_both_are_one_too_many() -> None:
    play = playing()
    options: dict[str, Any] = {"from": "447700900000", "randomFromNumber": True}
    call = play.call(document(PHONE, **options))
    assert play.legs_of(call)[0].call.order.caller == "+447700900000"
    assert call.warned == [13214]


# -- eventType, eventUrl, eventMethod --


def test_the_leg_tells_of_itself_at_the_events_url() -> None:
    play = playing()
    call = connect(play, eventUrl=[EVENTS])
    play.finish()
    kinds = [Kind.PLACED, Kind.RANG, Kind.ANSWERED, Kind.ENDED]
    assert [each.event.kind for each in play.reported] == kinds
    assert {each.call.order.report_url for each in play.reported} == {EVENTS}
    assert (play.actions, call.warned) == ([], [])


def test_without_one_the_calls_own_events_url_is_told() -> None:
    play = playing()
    call = play.call(document(PHONE), report_url="https://app.test/own")
    order = play.legs_of(call)[0].call.order
    assert order.report_url == "https://app.test/own"
    assert Kind.ENDED in order.report_on


def test_without_any_nobody_is_told() -> None:
    play = playing(BUSY)
    connect(play, eventType="synchronous")
    play.finish()
    assert (play.reported, play.fetched) == ([], ["/"])


@pytest.mark.parametrize(
    ("phone", "status"),
    [
        (BUSY, Status.BUSY),
        (NOBODY, Status.UNANSWERED),
        (Behaviour(outcome=Outcome.REJECTED), Status.UNANSWERED),
        (Behaviour(outcome=Outcome.FAILED), Status.FAILED),
    ],
)
def test_a_failure_of_a_synchronous_connect_may_be_answered(phone: Behaviour, status: Status) -> None:
    play = playing(phone)
    play.pages["/events"] = json.dumps([talk("Sorry")])
    call = connect(play, more=(talk("Never"),), eventType="synchronous", eventUrl=[EVENTS], eventMethod="GET")
    play.finish()
    leg = play.legs_of(call)[0]
    told = {"dial_call_status": status, "dial_bridged": False, "dial_call_id": leg.id}
    assert leg.call.cause is not None
    about = {"dial_call_cause": leg.call.cause.value, "dial_call_to": leg.call.order.callee}
    assert play.actions == [("/events", {**told, **about, "dial_call_from": "unknown"})]
    assert (play.asked[-1].method, play.asked[-1].verb) == ("GET", "connect")
    assert call.said == ["Sorry"]
    assert Kind.ENDED not in [each.event.kind for each in play.reported]


def test_an_empty_answer_lets_the_next_action_run() -> None:
    play = playing(BUSY)
    call = connect(play, more=(talk("Next"),), eventType="synchronous", eventUrl=[EVENTS])
    play.finish()
    assert call.said == ["Next"]


def test_the_end_of_a_synchronous_talk_is_told_by_the_leg_and_the_next_action_runs() -> None:
    play = playing()
    call = connect(play, more=(talk("Next"),), eventType="synchronous", eventUrl=[EVENTS])
    play.finish()
    assert [each.event.kind for each in play.reported][-1] is Kind.ENDED
    assert (play.fetched, play.actions, call.said) == (["/"], [], ["Next"])


def test_the_caller_hangs_up_and_a_synchronous_connect_tells_it() -> None:
    play = playing()
    call = connect(play, eventType="synchronous", eventUrl=[EVENTS])
    play.pass_time(5)
    call.tell(Leave())
    play.finish()
    assert [each.event.kind for each in play.reported].count(Kind.ENDED) == 1
    assert play.legs_of(call)[0].over


def test_the_caller_hangs_up_while_it_rings_and_a_synchronous_connect_tells_it_for_the_leg() -> None:
    play = playing(NOBODY)
    call = connect(play, eventType="synchronous", eventUrl=[EVENTS])
    play.pass_time(5)
    call.tell(Leave())
    play.finish()
    assert (play.asked[-1].purpose, play.asked[-1].outcome["dial_call_status"]) == (
        Purpose.TELL,
        Status.CANCELED,
    )
    assert Kind.ENDED not in [each.event.kind for each in play.reported]


# -- timeout, limit --


@pytest.mark.parametrize(("options", "seconds"), [({}, 60), ({"timeout": 10}, 10), ({"timeout": 0}, 60)])
def test_it_rings_so_long(options: dict[str, Any], seconds: int) -> None:
    play = playing(NOBODY)
    call = connect(play, more=(talk("Next"),), **options)
    play.finish()
    assert play.legs_of(call)[0].at(Kind.ENDED) == [1.0 + seconds]
    assert call.warned == ([13212] if options.get("timeout") == 0 else [])


@pytest.mark.parametrize(
    ("options", "seconds"), [({}, 7_200), ({"limit": 20}, 20), ({"limit": 7_201}, 7_200)]
)
def test_it_lasts_so_long(options: dict[str, Any], seconds: int) -> None:
    play = playing(Behaviour(hangs_up_after=10_000_000))
    call = connect(play, **options)
    play.pass_time(8_000)
    assert call.at(Kind.PARTED) == [3.0 + seconds]
    assert call.warned == ([13216] if options.get("limit") == 7_201 else [])


# -- machineDetection, advancedMachineDetection --


def test_a_machine_is_talked_with_where_the_wish_is_to_go_on() -> None:
    play = playing(MACHINE)
    call = connect(play, machineDetection="continue", eventUrl=[EVENTS])
    play.finish()
    assert (call.at(Kind.CONNECTED), call.at(Kind.PARTED)) == ([3.0], [13.0])
    told = [each for each in play.asked if each.purpose is Purpose.VERDICT]
    assert [(each.url, each.outcome["answered_by"]) for each in told] == [(EVENTS, "machine")]


def test_a_machine_is_dropped_where_that_is_the_wish() -> None:
    play = playing(MACHINE)
    call = connect(play, more=(talk("Next"),), machineDetection="hangup")
    play.finish()
    assert (call.at(Kind.CONNECTED), call.at(Kind.PARTED)) == ([3.0], [7.0])
    assert call.said == ["Next"]


def test_a_person_is_never_dropped() -> None:
    play = playing()
    call = connect(play, machineDetection="hangup")
    play.finish()
    assert call.at(Kind.PARTED) == [13.0]


@pytest.mark.parametrize(
    ("mode", "connected"), [("default", 3.0), ("detect", 7.0), (None, 7.0), ("detect_beep", 52.0)]
)
@pytest.mark.parametrize("spelled", ["beepTimeout", "beep_timeout"])
def test_the_call_may_wait_for_the_verdict_and_the_beep(
    mode: str | None, connected: float, spelled: str
) -> None:
    play = playing(MACHINE)
    wish = {"behavior": "continue", spelled: 45} | ({"mode": mode} if mode else {})
    call = connect(play, advancedMachineDetection=wish)
    play.finish()
    assert play.legs_of(call)[0].call.order.detection is Detection.FIRST_VERDICT
    assert (call.at(Kind.CONNECTED), call.warned) == ([connected], [])


def test_each_verdict_may_be_answered_and_the_leg_goes_its_own_way() -> None:
    play = playing(replace(MACHINE, beep=True))
    told = iter(("", json.dumps([talk("To the tape")])))
    play.pages["/events"] = lambda _: next(told)
    wish = {"mode": "default"}
    call = connect(play, more=(talk("Next"),), advancedMachineDetection=wish, eventUrl=[EVENTS])
    play.finish()
    asked = [each.outcome for each in play.asked if each.purpose is Purpose.EVENT]
    assert [(each["answered_by"], each.get("beep")) for each in asked] == [
        ("machine", None),
        ("machine", True),
    ]
    (leg,) = play.legs_of(call)
    assert (leg.said, call.said) == (["To the tape"], ["Next"])


def test_a_machine_that_is_waited_for_and_dropped_is_never_connected() -> None:
    play = playing(MACHINE)
    wish = {"behavior": "hangup", "mode": "detect_beep"}
    call = connect(play, more=(talk("Next"),), advancedMachineDetection=wish)
    play.finish()
    assert play.legs_of(call)[0].at(Kind.ENDED) == [4.0]  # with the verdict: nobody waits for the beep
    assert (call.of(Kind.CONNECTED), call.said) == ([], ["Next"])


def test_a_call_over_sip_carries_headers() -> None:
    play = playing()
    end = {"type": "sip", "uri": "sip:anna@example.com", "headers": {"a": "b", "n": 1}}
    call = connect(play, {**end, "standardHeaders": {"User-to-User": "u"}})
    (leg,) = play.legs_of(call)
    assert leg.call.order.headers == {"X-a": "b", "X-n": "1", "User-to-User": "u"}


# -- ringbackTone --


def test_the_caller_hears_the_sound_again_and_again_while_it_rings() -> None:
    from_file = Behaviour(answers_after=6_000)
    play = playing(from_file)
    play.pages["/ring.mp3"] = Sound(200, 2_500, "a1/sounds/5e")
    call = connect(play, ringbackTone="https://app.test/ring.mp3")
    play.finish()
    ring = {"what": "ringback", "ms": 2_500, "sound": "a1/sounds/5e", "url": "https://app.test/ring.mp3"}
    assert call.of(Kind.PLAYED) == [ring] * 3
    assert (call.at(Kind.PLAYED), call.at(Kind.CONNECTED)) == ([0.0, 2.5, 5.0], [7.0])


def test_ordinary_ringing_is_heard_where_the_sound_cannot_be_had() -> None:
    play = playing()
    call = connect(
        play, {**PHONE, "onAnswer": {"url": "https://app.test/on", "ringback": "https://app.test/gone"}}
    )
    play.finish()
    assert call.of(Kind.PLAYED) == [{"what": "ringback", "ms": 60_000}]


# -- a live call is handed over --


@pytest.mark.parametrize(
    ("endpoint", "called"),
    [
        ({"type": "phone", "number": "+31612345609"}, "+31612345609"),
        ({"type": "sip", "uri": "sip:carl@example.com"}, "sip:carl@example.com"),
        ({"type": "app", "user": "client:carl"}, "client:carl"),
    ],
)
def test_a_call_inside_a_dial_is_handed_over_and_the_old_leg_leaves(
    endpoint: dict[str, Any], called: str
) -> None:
    play = playing(Behaviour(hangs_up_after=3_600_000))
    call = play.call(f"<Response><Dial action='/events'>{ANNA}</Dial></Response>")
    play.pass_time(10)
    call.tell(Redirect("", "POST", document(endpoint)))
    play.pass_time(0)
    old, new = play.legs_of(call)
    assert (old.over, new.call.order.callee) == (True, called)
    play.pass_time(4)
    assert [each["call_id"] for each in call.of(Kind.CONNECTED)] == [old.id, new.id]
    call.speak("Hello, Carl")
    play.pass_time(3)
    assert [each["text"] for each in new.of(Kind.OVERHEARD)] == ["Hello, Carl"]
    play.finish()
    assert (call.status, play.fetched) == (Status.COMPLETED, ["/"])
