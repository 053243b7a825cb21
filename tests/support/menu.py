"""The only module with a menu of three levels as a customer's web server has it, and somebody who calls it.

The caller presses a wrong key into the first prompt, says nothing on the second level, presses another wrong
key there, types a number on the third, and is connected with Ann. `SAID` is all that the platform says.
"""

from __future__ import annotations

from typing import Any, Final

from tests.support.shop import Answer, Asked

WELCOME: Final = "Welcome to Acme. For sales press 1, for support press 2."
WRONG: Final = "That is no choice."
SILENCE: Final = "We did not hear you."
SUPPORT: Final = "For routers press 1, for phones press 2."
SERIAL: Final = "Enter your serial number, then the hash key."
KNOWN: Final = "Thank you. You will be connected."
SAID: Final = [
    *(WELCOME, WRONG, WELCOME),
    *(SUPPORT, SILENCE, SUPPORT, WRONG, SUPPORT),
    *(SERIAL, KNOWN),
]
CHOSEN: Final = ["9", "2", "5", "1", "4711"]
AGENT: Final = "+12125550100"  # a number that answers as a person
CALLER: Final[list[dict[str, Any]]] = [
    {"wait": 1},
    {"press": "9"},
    {"when_heard": "support press 2", "steps": [{"press": "2"}]},
    {"when_heard": "did not hear", "steps": []},
    {"when_heard": {"pattern": "phones press \\d"}, "steps": [{"wait": 1}, {"press": "5"}]},
    {"when_heard": "no choice", "steps": []},
    {"when_heard": "routers press 1", "steps": [{"press": "1"}]},
    {"when_heard": "serial number", "steps": [{"wait": 0.5}, {"press": "4711#"}]},
    {"when_heard": "hello", "steps": [{"say": "Hi Ann"}, {"wait": 1}, {"hangup": True}]},
]


def _level(prompt: str, action: str, more: str = "numDigits='1'") -> str:
    gather = f"<Gather action='{action}' timeout='4' {more}><Say>{prompt}</Say></Gather>"
    return f"<Response>{gather}<Say>{SILENCE}</Say><Redirect/></Response>"


def _chosen(back: str, ways: dict[str, str]) -> Answer:
    def answer(asked: Asked) -> str:
        way = ways.get(asked.json["digits"])
        said = f"<Say>{WRONG}</Say>" if way is None else ""
        return f"<Response>{said}<Redirect>{way or back}</Redirect></Response>"

    return answer


def menu() -> dict[str, Answer]:
    """What the customer's server answers, by path."""
    return {
        "/menu": _level(WELCOME, "/chosen"),
        "/chosen": _chosen("/menu", {"1": "/sales", "2": "/support"}),
        "/support": _level(SUPPORT, "/device"),
        "/device": _chosen("/support", {"1": "/serial", "2": "/serial"}),
        "/serial": _level(SERIAL, "/transfer", "finishOnKey='#'"),
        "/transfer": f"<Response><Say>{KNOWN}</Say><Dial action='/bye'>{AGENT}</Dial></Response>",
        "/bye": "<Response><Hangup/></Response>",
    }
