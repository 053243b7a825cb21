"""Pause and wait."""

from __future__ import annotations

import pytest

from telefonie.core.call import Status
from telefonie.core.commands import Redirect
from telefonie.core.events import Kind
from telefonie.core.phones import Behaviour
from tests.support.play import EMPTY, Play, Played

SILENT = Behaviour(greeting="")


def run(document: str, phone: Behaviour = SILENT) -> Played:
    """A document, run to its end."""
    play = Play()
    call = play.call(document, phone=phone)
    play.finish()
    return call


def lasted(call: Played) -> float:
    """Seconds from the answer to the end."""
    assert call.call.ended_at is not None
    assert call.call.answered_at is not None
    return (call.call.ended_at - call.call.answered_at) / 1000


@pytest.mark.parametrize(("attributes", "seconds"), [("", 1), ("length='0'", 0), ("length='30'", 30)])
def test_it_waits_so_long(attributes: str, seconds: float) -> None:
    call = run(f"<Response><Pause {attributes}/><Say>Hi</Say></Response>")
    assert (call.at(Kind.SAID), call.warned) == ([seconds], [])


def test_a_day_is_the_longest() -> None:
    assert run("<Response><Pause length='86400'/></Response>").warned == []


@pytest.mark.parametrize("length", ["-1", "x", "1.5", "86401", ""])
def test_a_wrong_length_is_one_second(length: str) -> None:
    call = run(f"<Response><Pause length='{length}'/></Response>")
    assert (call.warned, lasted(call)) == ([13910], 1)


def test_as_a_first_verb_it_lets_an_inbound_call_ring_on() -> None:
    play = Play()
    call = play.arrive("<Response><Pause length='4'/><Say>Hi</Say></Response>")
    play.pass_time(60)
    assert call.status is Status.COMPLETED
    assert call.call.answered_at == call.call.created_at + 4_000


def test_a_hang_up_and_another_document_end_it() -> None:
    assert (
        lasted(run("<Response><Pause length='60'/></Response>", Behaviour(greeting="", hangs_up_after=2_000)))
        == 2
    )
    play = Play({"/b": EMPTY})
    call = play.call("<Response><Pause length='60'/></Response>", phone=SILENT)
    play.pass_time(3)
    call.tell(Redirect("https://app.test/b", "POST"))
    assert not call.over
    play.finish()
    assert (lasted(call), call.of(Kind.HUSHED)) == (3, [])


@pytest.mark.parametrize(
    ("given", "seconds"),
    [("", 10), (',"timeout":2', 2), (',"timeout":"0.5"', 0.5), (',"timeout":7200', 7200)],
)
def test_the_action_waits_ten_seconds_or_as_long_as_it_says(given: str, seconds: float) -> None:
    call = run(f'[{{"action":"wait"{given}}}]')
    assert (lasted(call), call.warned) == (seconds, [])


@pytest.mark.parametrize(("given", "seconds"), [("0", 0.1), ("-5", 0.1), ("7201", 7200)])
def test_what_is_out_of_bounds_is_moved_to_the_bound(given: str, seconds: float) -> None:
    call = run(f'[{{"action":"wait","timeout":{given}}}]')
    assert (lasted(call), call.warned) == (seconds, [])


def test_a_timeout_that_is_no_number_is_warned_of() -> None:
    call = run('[{"action":"wait","timeout":"long"}]')
    assert (lasted(call), call.warned) == (10, [12200])
