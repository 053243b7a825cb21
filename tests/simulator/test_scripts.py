"""What a far end's script may look like."""

from __future__ import annotations

import json

import pytest
from pydantic import TypeAdapter, ValidationError

from telefonie.simulator.scripts import Script, plain

READ: TypeAdapter[list] = TypeAdapter(Script)  # type: ignore[type-arg]

FULL = """[
  {"wait": 2}, {"wait": 2.50}, {"say": "Hello, \\u00e9\\u00e9n moment"}, {"press": "12#*Aa"}, {"hold": 0.001},
  {"say": "Goedemorgen", "language": "nl-NL", "confidence": 1}, {"say": "Yes", "confidence": 0.50},
  {"when_heard": "pin code", "steps": [{"press": "1234#"}]},
  {"when_heard": {"text": "press one"}, "steps": [], "otherwise": [{"say": "What?"}, {"hangup": true}]},
  {"when_heard": {"pattern": "(?i)welcome .* bank"}},
  {"hangup": true}
]"""


def test_every_step_is_kept_exactly_as_sent() -> None:
    sent = json.loads(FULL)
    kept = plain(READ.validate_python(sent))
    assert json.dumps(list(kept)) == json.dumps(sent)


@pytest.mark.parametrize(
    ("step", "why"),
    [
        ({}, "exactly one of"),
        ({"wat": 1}, "exactly one of"),
        ("wait", "exactly one of"),
        ({"wait": 1, "say": "x"}, "exactly one of"),
        ({"wait": -1}, "from 0 to 86400"),
        ({"wait": 86_401}, "from 0 to 86400"),
        ({"wait": float("inf")}, "from 0 to 86400"),
        ({"wait": float("nan")}, "from 0 to 86400"),
        ({"wait": "1"}, "number of seconds"),
        ({"wait": True}, "number of seconds"),
        ({"say": ""}, "at least 1 character"),
        ({"say": "x" * 1_001}, "at most 1000 characters"),
        ({"say": 5}, "string"),
        ({"say": "x", "language": "very English"}, "pattern"),
        ({"say": "x", "language": 5}, "string"),
        ({"say": "x", "confidence": 1.01}, "from 0 to 1"),
        ({"say": "x", "confidence": True}, "from 0 to 1"),
        ({"say": "x", "confidence": float("nan")}, "from 0 to 1"),
        ({"wait": 1, "confidence": 1}, "Extra inputs"),
        ({"press": "12E"}, "pattern"),
        ({"press": "1" * 65}, "pattern"),
        ({"press": ""}, "pattern"),
        ({"press": "1\n"}, "pattern"),
        ({"hangup": False}, "True"),
        ({"hangup": True, "after": 3}, "Extra inputs"),
        ({"when_heard": {"pattern": "("}}, "no regular expression"),
        ({"when_heard": {"pattern": "(a+)+"}}, "can repeat or choose"),
        ({"when_heard": {"text": "a", "pattern": "b"}}, "must say what to listen for"),
        ({"when_heard": 5}, "must say what to listen for"),
        ({"when_heard": "x", "steps": [{"jump": 1}]}, "exactly one of"),
        ({"when_heard": "x", "steps": {"wait": 1}}, "list"),
    ],
)
def test_a_wrong_step_is_turned_down_and_told_why(step: object, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        READ.validate_python([step])


def nested(levels: int) -> list[object]:
    steps: list[object] = [{"wait": 1}]
    for _ in range(levels - 1):
        steps = [{"when_heard": "go", "otherwise": steps}]
    return steps


def test_steps_stand_inside_steps_five_levels_deep_and_no_deeper() -> None:
    assert len(READ.validate_python(nested(5))) == 1
    with pytest.raises(ValidationError, match="5 levels deep"):
        READ.validate_python(nested(6))


def test_a_very_deep_script_is_turned_down_all_the_same() -> None:
    with pytest.raises(ValidationError, match="5 levels deep"):
        READ.validate_python(nested(900))


def test_a_script_has_at_most_two_hundred_steps_however_they_are_spread() -> None:
    inner = [{"wait": 0}] * 99
    assert READ.validate_python([{"when_heard": "a", "steps": inner}] * 2)
    with pytest.raises(ValidationError, match="at most 200 steps"):
        READ.validate_python([{"when_heard": "a", "steps": inner}] * 2 + [{"wait": 0}])
