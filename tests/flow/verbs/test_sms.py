"""Sms sends a text message in the middle of a call."""

from __future__ import annotations

from typing import Any

import pytest

from telefonie.core.call import Status
from telefonie.core.events import Kind
from telefonie.flow.effects import Purpose
from tests.support.play import Play, Played

DONE = {"/done": "<Response><Say>Done</Say></Response>", "/told": "<Response/>"}


def sms(attributes: str = "", text: str = "Your code is 4711", **order: Any) -> tuple[Play, Played]:
    play = Play(DONE)
    call = play.call(f"<Response><Sms {attributes}>{text}</Sms><Say>Next</Say></Response>", **order)
    play.finish()
    return play, call


def test_it_stands_on_the_timeline_takes_no_time_and_the_next_verb_runs() -> None:
    _, call = sms()
    assert call.of(Kind.DID) == [
        {
            "verb": "Sms",
            "what": "sent_text",
            "to": "+31201234567",
            "from": "+3197010280",
            "text": "Your code is 4711",
        }
    ]
    assert (call.at(Kind.DID), call.said, call.warned) == ([0.0], ["Next"], [])


def test_who_calls_in_gets_it_from_the_number_that_was_called_and_is_not_picked_up_for_it() -> None:
    play = Play()
    call = play.arrive("<Response><Sms>Closed today</Sms><Reject/></Response>")
    (sent,) = call.of(Kind.DID)
    assert (sent["to"], sent["from"]) == ("+31612345678", "+3197010280")
    assert call.status is Status.UNANSWERED


def test_it_may_go_to_another_from_another() -> None:
    _, call = sms("to='+3225551234' from='+3225550000'")
    (sent,) = call.of(Kind.DID)
    assert (sent["to"], sent["from"]) == ("+3225551234", "+3225550000")


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_its_action_takes_over(method: str) -> None:
    play, call = sms(f"action='/done' method='{method}'")
    ((path, outcome),) = play.actions
    assert (path, outcome["sms_status"], play.asked[-1].method) == ("/done", "sent", method)
    assert len(outcome["sms_id"]) == 36
    assert call.said == ["Done"]


def test_its_callback_is_told_and_the_next_verb_runs() -> None:
    play, call = sms("statusCallback='/told'")
    told = play.asked[-1]
    assert (told.purpose, told.outcome["sms_status"]) == (Purpose.TELL, "sent")
    assert call.said == ["Next"]


@pytest.mark.parametrize("text", ["", "  ", "x" * 1_601])
def test_without_a_text_or_with_too_long_a_one_it_is_passed_over(text: str) -> None:
    _, call = sms(text=text)
    assert (call.warned, call.of(Kind.DID), call.said) == ([12200], [], ["Next"])


def test_a_wrong_method_is_warned_of() -> None:
    play, call = sms("action='/done' method='PUT'")
    assert (call.warned, play.asked[-1].method) == ([12200], "POST")
