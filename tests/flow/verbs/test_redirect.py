"""Redirect."""

from __future__ import annotations

import pytest

from telefonie.core.call import Cause, Status
from telefonie.core.phones import Behaviour
from telefonie.flow.effects import Purpose
from tests.support.play import EMPTY, Play

SILENT = Behaviour(greeting="")


def test_it_goes_on_with_another_document_and_never_comes_back() -> None:
    play = Play({"/b": "<Response><Say>B</Say></Response>"})
    call = play.call("<Response><Redirect>/b</Redirect><Say>never</Say></Response>", phone=SILENT)
    play.finish()
    assert (call.said, call.warned) == (["B"], [])
    assert play.asked[-1].purpose is Purpose.REDIRECT
    assert play.asked[-1].outcome == {}


@pytest.mark.parametrize(
    ("url", "leads_to"),
    [
        ("next", "https://app.test/menu/next"),
        ("../b?x=1&amp;y=2", "https://app.test/b?x=1&y=2"),
        ("/b", "https://app.test/b"),
        ("https://other.test/c", "https://other.test/c"),
        ("\n  /b \n", "https://app.test/b"),
    ],
)
def test_its_url_may_be_relative_to_the_document(url: str, leads_to: str) -> None:
    play = Play({"/menu/a": f"<Response><Redirect>{url}</Redirect></Response>", leads_to: EMPTY})
    call = play.call("<Response><Redirect>/menu/a</Redirect></Response>", phone=SILENT)
    play.finish()
    assert play.asked[-1].url == leads_to
    assert call.warned == []


def test_without_a_url_the_same_document_is_asked_again() -> None:
    documents = ["<Response><Redirect/></Response>", "<Response><Say>Twice</Say></Response>"]
    play = Play({"/": lambda _: documents.pop(0)})
    call = play.call(phone=SILENT)
    play.finish()
    assert (play.fetched, call.said) == (["/", "/"], ["Twice"])


@pytest.mark.parametrize(
    ("attributes", "method", "warned"),
    [("", "POST", []), ("method='GET'", "GET", []), ("method='PUT'", "POST", [13710])],
)
def test_its_method(attributes: str, method: str, warned: list[int]) -> None:
    play = Play({"/b": EMPTY})
    call = play.call(f"<Response><Redirect {attributes}>/b</Redirect></Response>", phone=SILENT)
    assert (play.asked[-1].method, call.warned) == (method, warned)


def test_what_is_no_url_is_passed_over() -> None:
    play = Play()
    call = play.call("<Response><Redirect>two words</Redirect><Say>Hi</Say></Response>", phone=SILENT)
    assert (call.warned, call.said) == ([11100], ["Hi"])


def test_where_nothing_is_the_call_ends_in_order() -> None:
    play = Play()
    call = play.call("<Response><Redirect>/none</Redirect></Response>", phone=SILENT)
    play.finish()
    assert (call.warned, call.status, call.call.cause) == ([11200], Status.COMPLETED, Cause.DOCUMENT_FAILED)


def test_it_does_not_pick_an_inbound_call_up() -> None:
    play = Play({"/b": "<Response><Pause length='5'/></Response>"})
    call = play.arrive("<Response><Redirect>/b</Redirect></Response>")
    assert call.status is Status.RINGING
