"""Refer sends a caller by SIP elsewhere."""

from __future__ import annotations

import pytest

from telefonie.core.call import Status
from telefonie.core.events import Kind
from tests.support.play import Play, Played

SIP = "<Sip>sip:bob@example.test</Sip>"


def refer(
    inside: str = SIP, attributes: str = "action='/done'", callee: str = "sip:al@example.test"
) -> tuple[Play, Played]:
    """A call out that refers, played to its end."""
    play = Play({"/done": "<Response><Say>Done</Say></Response>"})
    document = f"<Response><Refer {attributes}>{inside}</Refer><Say>Next</Say></Response>"
    call = play.call(document, callee=callee)
    play.finish()
    return play, call


def test_the_far_end_accepts_and_the_action_learns_of_it() -> None:
    play, call = refer()
    outcome = {
        "refer_call_status": Status.TALKING,
        "refer_sip_response_code": 202,
        "notify_sip_response_code": 200,
    }
    assert play.actions == [("/done", outcome)]
    assert (play.asked[-1].method, play.asked[-1].verb) == ("POST", "Refer")
    assert call.of(Kind.DID) == [{"verb": "Refer", "what": "referred", "to": "sip:bob@example.test"}]
    assert (call.said, call.warned) == (["Done"], [])


def test_the_method_of_the_action() -> None:
    assert refer(attributes="action='/done' method='GET'")[0].asked[-1].method == "GET"
    play, call = refer(attributes="action='/done' method='PUT'")
    assert (play.asked[-1].method, call.warned) == ("POST", [12200])


def test_without_an_action_the_next_verb_runs() -> None:
    play, call = refer(attributes="")
    assert (call.said, play.fetched) == (["Next"], ["/"])


def test_it_fails_on_calls_that_are_not_by_sip() -> None:
    play, call = refer(callee="+31201234567")
    assert play.actions == [("/done", {"refer_call_status": Status.FAILED})]
    assert (call.of(Kind.DID), call.warned) == ([], [12200])


@pytest.mark.parametrize(
    ("caller", "status"), [("sips:al@example.test", Status.TALKING), ("+31612345678", Status.FAILED)]
)
def test_of_a_call_that_came_in_it_is_the_caller_who_is_referred(caller: str, status: Status) -> None:
    play = Play({"/done": "<Response/>"})
    play.arrive(f"<Response><Refer action='/done'>{SIP}</Refer></Response>", caller=caller)
    play.finish()
    assert play.actions[0][1]["refer_call_status"] is status


@pytest.mark.parametrize(
    "inside", ["", "<Sip/>", "<Sip>+31201234567</Sip>", f"<Sip>sip:{'x' * 255}</Sip>", "<Number/>"]
)
def test_without_a_usable_uri_it_is_passed_over(inside: str) -> None:
    play, call = refer(inside)
    assert (call.said, play.actions) == (["Next"], [])
    assert set(call.warned) == {12200}


def test_of_several_the_first_counts() -> None:
    play, call = refer(f"{SIP}<Sip>sip:eve@example.test</Sip>")
    assert (call.of(Kind.DID)[0]["to"], call.warned) == ("sip:bob@example.test", [12200])
    assert len(play.actions) == 1


def test_a_sip_has_no_attributes_here() -> None:
    assert refer("<Sip username='bob'>sip:bob@example.test</Sip>")[1].warned == [12200]
