"""Echo."""

from __future__ import annotations

from telefonie.core.call import Status
from telefonie.core.commands import Redirect
from telefonie.core.events import Kind
from telefonie.core.phones import Behaviour, Step
from tests.support.play import Play

DOCUMENT = "<Response><Echo/><Say>never</Say></Response>"


def test_it_gives_back_what_is_said_until_the_far_end_hangs_up() -> None:
    play = Play()
    script: list[Step] = [{"wait": 1}, {"say": "Is anybody there?"}, {"wait": 2}, {"hangup": True}]
    call = play.call(DOCUMENT, phone=Behaviour(greeting=""), script=script)
    play.finish()
    assert call.said == ["Is anybody there?"]
    assert (call.status, call.warned) == (Status.COMPLETED, [])


def test_the_far_end_hears_it() -> None:
    play = Play()
    script: list[Step] = [
        {"wait": 1},
        {"say": "One two"},
        {"when_heard": "three", "steps": [{"hangup": True}]},
    ]
    call = play.call(DOCUMENT, phone=Behaviour(greeting=""), script=script)
    play.pass_time(5)
    assert not call.over
    call.speak("Three")
    play.pass_time(5)
    assert call.over


def test_it_goes_on_without_end_until_the_call_goes_on_elsewhere() -> None:
    play = Play({"/b": "<Response><Say>B</Say></Response>"})
    call = play.call(DOCUMENT, phone=Behaviour(greeting=""))
    play.pass_time(3_600)
    assert call.status is Status.TALKING
    call.tell(Redirect("https://app.test/b", "POST"))
    play.finish()
    assert (call.said, call.of(Kind.HUSHED)) == (["B"], [])


def test_the_time_limit_of_the_call_ends_it() -> None:
    play = Play()
    call = play.call(DOCUMENT, phone=Behaviour(greeting=""), limit_ms=60_000)
    play.pass_time(60)
    assert call.over


def test_leaving_it_cuts_what_comes_back() -> None:
    play = Play({"/b": "<Response/>"})
    call = play.call(DOCUMENT, phone=Behaviour(greeting=""))
    call.speak("A long sentence that takes its time")
    play.pass_time(0.5)
    call.tell(Redirect("https://app.test/b", "POST"))
    play.finish()
    assert call.at(Kind.HUSHED) == [0.5]
