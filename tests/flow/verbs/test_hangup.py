"""Hangup."""

from __future__ import annotations

from telefonie.core.call import Cause, EndedBy, Status
from telefonie.core.phones import Behaviour
from tests.support.play import Play

SILENT = Behaviour(greeting="")


def test_it_ends_the_call_and_nothing_follows() -> None:
    play = Play()
    call = play.call("<Response><Say>Hi</Say><Hangup/><Say>never</Say></Response>", phone=SILENT)
    play.finish()
    assert call.said == ["Hi"]
    assert (call.status, call.call.cause, call.call.ended_by) == (
        Status.COMPLETED,
        Cause.HUNG_UP,
        EndedBy.CUSTOMER,
    )


def test_it_picks_an_unanswered_inbound_call_up_first() -> None:
    play = Play()
    call = play.arrive("<Response><Hangup/></Response>")
    assert call.status is Status.COMPLETED
    assert call.call.answered_at == call.call.created_at


def test_it_has_no_attributes() -> None:
    play = Play()
    call = play.call("<Response><Hangup reason='busy'/></Response>", phone=SILENT)
    assert (call.warned, call.over) == ([12200], True)
