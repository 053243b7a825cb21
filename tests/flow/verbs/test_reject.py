"""Reject."""

from __future__ import annotations

import pytest

from telefonie.core.call import Cause, Status
from telefonie.core.phones import Behaviour
from tests.support.play import Play


@pytest.mark.parametrize(
    ("attributes", "status", "cause", "warned"),
    [
        ("", Status.UNANSWERED, Cause.DECLINED, []),
        ("reason='rejected'", Status.UNANSWERED, Cause.DECLINED, []),
        ("reason='busy'", Status.BUSY, Cause.BUSY, []),
        ("reason='tired'", Status.UNANSWERED, Cause.DECLINED, [12200]),
    ],
)
def test_it_turns_an_inbound_call_down(
    attributes: str, status: Status, cause: Cause, warned: list[int]
) -> None:
    play = Play()
    call = play.arrive(f"<Response><Reject {attributes}/><Say>never</Say></Response>")
    assert (call.status, call.call.cause, call.warned) == (status, cause, warned)
    assert (call.call.answered_at, call.said) == (None, [])


def test_it_may_stand_in_the_document_that_a_redirect_leads_to() -> None:
    play = Play({"/b": "<Response><Reject/></Response>"})
    call = play.arrive("<Response><Redirect>/b</Redirect></Response>")
    assert call.status is Status.UNANSWERED


def test_once_the_call_is_answered_it_is_too_late() -> None:
    play = Play()
    call = play.arrive("<Response><Say>Hello</Say><Reject/><Say>Bye</Say></Response>")
    play.finish()
    assert (call.warned, call.said, call.status) == ([12200], ["Hello", "Bye"], Status.COMPLETED)


def test_a_call_out_cannot_be_turned_down() -> None:
    play = Play()
    call = play.call("<Response><Reject/><Say>Hi</Say></Response>", phone=Behaviour(greeting=""))
    play.finish()
    assert (call.warned, call.said) == ([12200], ["Hi"])
