"""A menu of three levels with a scripted caller: wrong keys, silence, speech and a transfer, in manual time."""

from __future__ import annotations

from telefonie.core.call import Status
from telefonie.core.events import Actor, Kind
from telefonie.core.phones import Behaviour, Step
from telefonie.flow.effects import Ask
from tests.support.play import Play, Played

WELCOME = "Welcome to Acme. For sales press 1, for support press 2."
AGENT = "+31201234599"
WRONG = "That is no choice."
SILENCE = "We did not hear you."
SUPPORT = "For routers press 1, for phones press 2."
SERIAL = "Enter your serial number, then the hash key."
KNOWN = "Thank you. You will be connected."


def menu(prompt: str, action: str, more: str = "numDigits='1'") -> str:
    """One level: a prompt that listens; who says nothing hears it again."""
    gather = f"<Gather action='{action}' timeout='4' {more}><Say>{prompt}</Say></Gather>"
    return f"<Response>{gather}<Say>{SILENCE}</Say><Redirect/></Response>"


def chosen(back: str, ways: dict[str, str]) -> object:
    """An action that looks at the key."""

    def answer(ask: Ask) -> str:
        path = ways.get(str(ask.outcome["digits"]))
        if path is None:
            return f"<Response><Say>{WRONG}</Say><Redirect>{back}</Redirect></Response>"
        return f"<Response><Redirect>{path}</Redirect></Response>"

    return answer


def app() -> Play:
    """The customer's server."""
    pages = {
        "/": menu(WELCOME, "/chosen"),
        "/chosen": chosen("/", {"1": "/sales", "2": "/support"}),
        "/support": menu(SUPPORT, "/device"),
        "/device": chosen("/support", {"1": "/serial", "2": "/serial"}),
        "/serial": menu(SERIAL, "/transfer", "finishOnKey='#'"),
        "/transfer": f"<Response><Say>{KNOWN}</Say><Dial>{AGENT}</Dial></Response>",
    }
    play = Play(pages)  # type: ignore[arg-type] # the answers are what they are
    play.phones[AGENT] = Behaviour(greeting="Hello, this is Ann.")
    return play


CALLER: list[Step] = [
    {"wait": 1.0},
    {"press": "9"},  # into the first prompt, and wrong
    {"when_heard": "support press 2", "steps": [{"press": "2"}]},
    {"when_heard": "did not hear", "steps": []},  # silence on the second level
    {"when_heard": {"pattern": "phones press \\d"}, "steps": [{"wait": 1.0}, {"press": "5"}]},  # wrong again
    {"when_heard": "no choice", "steps": []},
    {"when_heard": "routers press 1", "steps": [{"press": "1"}]},
    {"when_heard": "serial number", "steps": [{"wait": 0.5}, {"press": "4711#"}]},
    {"when_heard": "this is Ann", "steps": [{"say": "Hi Ann"}, {"wait": 1.0}, {"hangup": True}]},
]


def run() -> tuple[Play, Played]:
    """The caller goes all the way."""
    play = app()
    call = play.arrive(script=CALLER, document_url="https://app.test/")
    play.finish()
    return play, call


def test_the_caller_gets_through() -> None:
    play, call = run()
    assert call.status is Status.COMPLETED
    assert [(path, outcome["digits"]) for path, outcome in play.actions] == [
        ("/chosen", "9"),
        ("/chosen", "2"),
        ("/device", "5"),
        ("/device", "1"),
        ("/transfer", "4711"),
    ]
    assert call.said == [
        *(WELCOME, WRONG, WELCOME),
        *(SUPPORT, SILENCE, SUPPORT, WRONG, SUPPORT),
        *(SERIAL, KNOWN),
    ]
    (leg,) = play.legs_of(call)
    assert [each["call_id"] for each in call.of(Kind.CONNECTED)] == [leg.id]
    assert [each["text"] for each in call.of(Kind.OVERHEARD)] == ["Hello, this is Ann."]
    assert [each["text"] for each in leg.of(Kind.OVERHEARD)] == ["Hi Ann"]
    assert leg.over
    assert [each["text"] for each in call.of(Kind.SAID, Actor.FAR_END)] == ["Hi Ann"]
    assert call.warned == []


def test_it_takes_the_time_that_it_takes() -> None:
    _, call = run()
    times = call.at(Kind.STEPPED)
    assert times == sorted(times)
    assert call.at(Kind.HUSHED)[0] == 1.0
    assert 30 < (call.call.ended_at or 0) / 1000 - (call.call.answered_at or 0) / 1000 < 60
