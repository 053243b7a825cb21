"""What a customer changes about a call while it lives."""

from __future__ import annotations

import json

import pytest

from telefonie.core.call import Status
from telefonie.core.commands import HangUp, Hold, Mute, Redirect, Wake
from telefonie.core.errors import Illegal
from telefonie.core.events import Actor, Kind
from telefonie.core.phones import Behaviour
from tests.support.play import Play

LONG = "<Response><Say>Please wait for a moment, we are with you soon.</Say><Pause length='60'/></Response>"
NEXT = Redirect("https://app.test/next", "POST")


def test_another_document_takes_over_at_once_and_what_was_said_is_cut() -> None:
    play = Play({"/next": "<Response><Say>Here</Say></Response>"})
    call = play.call(LONG)
    play.pass_time(1)
    call.tell(NEXT)
    play.finish()
    assert call.said[-1] == "Here"
    assert call.at(Kind.HUSHED) == [1.0]
    assert call.at(Kind.SAID, Actor.PLATFORM) == [0.0, 1.0]


def test_a_document_that_is_handed_in_needs_no_question() -> None:
    play = Play()
    call = play.call(LONG)
    call.tell(Redirect("", "POST", json.dumps([{"action": "talk", "text": "Inline"}])))
    play.finish()
    assert play.fetched == ["/"]
    assert call.said[-1] == "Inline"


def test_a_reply_to_the_question_before_the_change_is_dropped() -> None:
    play = Play({"/": "<Response><Say>Old</Say></Response>", "/next": "<Response><Say>New</Say></Response>"})
    call = play.place()
    play.pass_time(2.999)
    assert call.status is Status.RINGING
    play.now += 1
    call.tell(Wake())
    call.tell(NEXT)
    play.finish()
    assert call.said == ["New"]


@pytest.mark.parametrize("command", [NEXT, Mute(on=True), Hold(on=True)])
def test_only_an_answered_call_can_be_changed(command: Redirect | Mute | Hold) -> None:
    play = Play()
    call = play.place()
    play.pass_time(1.5)
    with pytest.raises(Illegal):
        call.tell(command)
    call.tell(HangUp(Actor.CUSTOMER))
    with pytest.raises(Illegal):
        call.tell(command)


def test_on_hold_the_far_end_hears_nothing_of_the_document() -> None:
    script = [{"when_heard": "hello"}, {"press": "1"}]
    play = Play()
    call = play.call(
        "<Response><Pause length='2'/><Say>Hello once</Say><Pause length='5'/><Say>Hello twice</Say>"
        "<Pause length='5'/></Response>",
        script=script,
    )
    call.tell(Hold(on=True))
    play.pass_time(6)
    assert call.of(Kind.HEARD) == []
    call.tell(Hold(on=False))
    play.finish()
    assert [each["text"] for each in call.of(Kind.HEARD)] == ["Hello"]
    assert [each["what"] for each in call.of(Kind.PLAYED)] == ["music"]
    assert (call.at(Kind.HELD), call.at(Kind.UNHELD)) == ([0.0], [6.0])


def test_to_hold_twice_is_no_error_and_no_news() -> None:
    play = Play()
    call = play.call(LONG)
    for _ in range(2):
        call.tell(Hold(on=True))
        call.tell(Mute(on=True))
    assert (len(call.of(Kind.HELD)), len(call.of(Kind.MUTED))) == (1, 1)


def test_a_far_end_that_holds_the_line_by_itself_hears_nothing_meanwhile() -> None:
    play = Play()
    call = play.call(
        "<Response><Say>Secret</Say><Pause length='9'/><Say>Public</Say><Pause length='9'/></Response>",
        phone=Behaviour(script=({"hold": 5}, {"when_heard": {"pattern": "secret|public"}})),
    )
    play.finish()
    assert [each["text"] for each in call.of(Kind.HEARD)] == ["Public"]
    assert call.at(Kind.HELD) == [0.0]
    assert call.at(Kind.UNHELD) == [5.0]
