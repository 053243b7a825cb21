"""A program at a socket is called as a leg of its own: it rings, is answered, is connected, says something, goes."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from telefonie.core.call import Cause, Status
from telefonie.core.commands import Closed, HangUp, Leave, Unopened
from telefonie.core.events import Actor, Kind
from telefonie.core.sockets import Socket
from telefonie.flow.commands import HearSocket, Sounds
from tests.support.play import ROOT, Play, Played

URI: Final = "wss://example.com/in"
BOT: Final[dict[str, Any]] = {"type": "websocket", "uri": URI}
EVENTS: Final = "https://app.test/events"


def talk(text: str) -> dict[str, Any]:
    return {"action": "talk", "text": text}


def connect(play: Play, endpoint: dict[str, Any] = BOT, **options: Any) -> tuple[Played, Played]:
    """A call that connects with a program, and the leg to it."""
    document = [{"action": "connect", "endpoint": [endpoint], **options}, talk("Next")]
    call = play.call(json.dumps(document))
    play.pass_time(1)
    return call, play.legs_of(call)[0]


def test_it_rings_is_answered_and_is_connected() -> None:
    call, leg = connect(Play({"/events": ""}))
    assert [each.kind for each in leg.events] == [Kind.PLACED, Kind.RANG, Kind.ANSWERED, Kind.CONNECTED]
    assert leg.call.order.callee == URI
    assert leg.call.order.socket == Socket(URI)
    assert call.of(Kind.CONNECTED) == [{"call_id": leg.id}]
    assert leg.leg.far is None  # nobody there says hello, and nobody loses patience
    call.play.pass_time(3_600)
    assert not leg.over


def test_what_it_is_told_first_and_how_it_sounds() -> None:
    endpoint = {
        **BOT,
        "content-type": "audio/l16;rate=24000",
        "headers": {"name": "Ada", "age": 36},
        "authorization": {"type": "custom", "value": "Basic x"},
    }
    call, leg = connect(Play(), endpoint)
    expected = Socket(URI, 24_000, {"name": "Ada", "age": 36}, {"type": "custom", "value": "Basic x"})
    assert (leg.call.order.socket, call.warned) == (expected, [])


def test_more_than_it_may_be_told_is_warned_of() -> None:
    call, leg = connect(Play(), {**BOT, "headers": {"long": "x" * 512}})
    assert (call.warned, leg.call.order.socket) == ([12200], Socket(URI))


def test_keys_and_machines_are_for_phones() -> None:
    _, leg = connect(Play(), machineDetection="hangup")
    leg.play.pass_time(10)
    assert (leg.of(Kind.DETECTED), leg.over) == ([], False)


@pytest.mark.parametrize(
    ("unopened", "status"),
    [
        (Unopened(11205, "Nobody listens there."), Status.FAILED),
        (Unopened(11200, "No answer.", refused=False), Status.UNANSWERED),
    ],
)
def test_one_that_cannot_be_reached_lets_the_call_go_on(unopened: Unopened, status: Status) -> None:
    play = Play()
    play.programs[URI] = unopened
    call, leg = connect(play)
    assert (leg.status, leg.warned, call.said) == (status, [unopened.code], ["Next"])
    assert play.let_go == [leg.id]


def test_a_failure_may_be_answered_where_that_is_wished_for() -> None:
    play = Play({"/events": json.dumps([talk("No bot")])})
    play.programs[URI] = Unopened(11205, "Nobody listens there.")
    call, _ = connect(play, eventType="synchronous", eventUrl=[EVENTS])
    assert call.said == ["No bot"]


def test_the_program_goes_and_the_call_goes_on_after_it_was_asked_how() -> None:
    call, leg = connect(Play({"/events": ""}), eventUrl=[EVENTS])
    leg.tell(Closed("1000"))
    call.play.pass_time(0)
    assert (leg.call.cause, call.of(Kind.PARTED), call.said) == (
        Cause.DISCONNECTED,
        [{"call_id": leg.id}],
        ["Next"],
    )
    told = [each.event.kind for each in call.play.reported if each.call.id == leg.id]
    assert told == [Kind.PLACED, Kind.RANG, Kind.ANSWERED, Kind.ENDED]
    ((path, outcome),) = call.play.actions
    assert (path, outcome["dial_call_id"], outcome["dial_call_to"]) == ("/events", leg.id, URI)
    assert outcome["dial_call_cause"] == Cause.DISCONNECTED.value


def test_when_the_program_goes_other_instructions_may_take_the_place_of_the_rest() -> None:
    call, leg = connect(Play({"/events": json.dumps([talk("Gone")])}), eventUrl=[EVENTS])
    leg.tell(Closed("1000"))
    call.play.pass_time(0)
    assert call.said == ["Gone"]


def test_the_caller_goes_and_its_socket_is_let_go() -> None:
    call, leg = connect(Play({"/events": ""}), eventUrl=[EVENTS])
    call.tell(Leave())
    call.play.pass_time(0)
    assert (leg.status, leg.of(Kind.DISCONNECTED), call.play.let_go) == (Status.COMPLETED, [], [leg.id])


def test_time_is_up() -> None:
    call, leg = connect(Play(), limit=30)
    call.play.pass_time(29)
    assert (call.said, leg.over) == ([], False)
    call.play.pass_time(2)
    assert (call.said, leg.over, call.play.let_go) == (["Next"], True, [leg.id])


def test_a_call_to_a_program_runs_its_own_document() -> None:
    play = Play({"/": json.dumps([talk("Hello bot")])})
    call = play.call(document_url=ROOT, socket=Socket(URI), callee=URI)
    assert call.said == ["Hello bot"]
    play.pass_time(30)
    assert (call.status, play.let_go) == (Status.COMPLETED, [call.id])


def test_what_it_says_is_a_fact_with_the_place_of_its_sound() -> None:
    _, leg = connect(Play())
    leg.play.pass_time(5)
    now = leg.play.now
    leg.tell(
        HearSocket((Sounds(now - 900, 400, "a1/sounds/x", 0), Sounds(now - 100, 80, "a1/sounds/x", 400)))
    )
    assert leg.of(Kind.PLAYED, Actor.FAR_END) == [
        {"what": "audio", "sound": "a1/sounds/x", "skip": 0, "ms": 400, "rate": 16_000, "ago": 900},
        {"what": "audio", "sound": "a1/sounds/x", "skip": 400, "ms": 80, "rate": 16_000, "ago": 100},
    ]


def test_what_it_said_before_the_end_counts_though_it_is_known_later() -> None:
    _, leg = connect(Play())
    leg.play.pass_time(5)
    leg.tell(HangUp(Actor.CUSTOMER))
    leg.tell(HearSocket((Sounds(leg.play.now - 900, 400, "a1/sounds/x", 0),)))
    assert len(leg.of(Kind.PLAYED, Actor.FAR_END)) == 1


def test_a_recording_without_silence_begins_with_what_a_program_says() -> None:
    record = {"action": "record", "endOnKey": "#", "timeOut": 60}
    play = Play({"/": json.dumps([record])})
    call = play.call(document_url=ROOT, socket=Socket(URI), callee=URI)
    play.pass_time(5)
    call.tell(HearSocket((Sounds(play.now - 900, 400, "a1/sounds/x", 0),)))
    assert call.leg.run is not None
    assert call.leg.run.tapes[0].first == play.now - 900
