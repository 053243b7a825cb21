"""A document is run from its first verb to its last."""

from __future__ import annotations

from telefonie.core.call import Cause, EndedBy, Status
from telefonie.core.events import Kind
from telefonie.core.speaking import speaking_ms
from tests.support.play import Play


def test_verbs_run_in_order_and_take_their_time_then_the_platform_hangs_up() -> None:
    play = Play()
    call = play.call("<Response><Say>Hello there</Say><Pause length='3'/><Say>Goodbye</Say></Response>")
    play.finish()
    assert call.said == ["Hello there", "Goodbye"]
    hello = speaking_ms("Hello there") / 1000
    assert call.at(Kind.SAID)[1:] == [0.0, hello + 3.0] or call.at(Kind.SAID) == [0.0, 0.0, hello + 3.0]
    assert (call.status, call.call.cause, call.call.ended_by) == (
        Status.COMPLETED,
        Cause.HUNG_UP,
        EndedBy.PLATFORM,
    )
    assert call.call.ended_at == call.call.answered_at + round(1000 * hello) + 3000 + speaking_ms("Goodbye")  # type: ignore[operator]


def test_a_redirect_leads_on() -> None:
    play = Play({"/next": "<Response><Say>There</Say></Response>"})
    call = play.call("<Response><Redirect>next</Redirect><Say>never</Say></Response>")
    play.finish()
    assert call.said == ["There"]
    assert play.fetched == ["/", "/next"]


def test_a_document_that_leads_to_itself_is_paced_and_ends() -> None:
    play = Play()
    call = play.call("<Response><Redirect/></Response>")
    play.pass_time(3_600)
    assert len(play.asked) == 1_001
    assert call.status is Status.COMPLETED
    assert call.call.cause is Cause.DOCUMENT_FAILED


def test_json_actions_run_as_verbs_do() -> None:
    play = Play()
    call = play.call('[{"action":"talk","text":"Hello"},{"action":"wait","timeout":2}]')
    play.finish()
    assert call.said == ["Hello"]
    assert call.steps == ["talk", "wait"]


def test_an_inbound_call_is_picked_up_by_the_first_verb_that_speaks() -> None:
    play = Play()
    call = play.arrive("<Response><Pause length='4'/><Say>Hello</Say></Response>")
    assert [call.status] == [Status.RINGING]
    play.pass_time(4)
    assert [call.status] == [Status.TALKING]
    play.finish()
    assert call.status is Status.COMPLETED
    assert call.call.answered_at == call.call.created_at + 4_000
