"""A script in a text is what a script in a request is: the same is taken, the same is turned down."""

from __future__ import annotations

import json

import pytest
from pydantic import TypeAdapter, ValidationError

from telefonie.core.script_text import BadScript, read_script
from telefonie.simulator.scripts import Script, plain

SCHEMA: TypeAdapter[list] = TypeAdapter(Script)  # type: ignore[type-arg]


def nested(levels: int) -> str:
    steps: list[object] = [{"wait": 1}]
    for _ in range(levels - 1):
        steps = [{"when_heard": "go", "otherwise": steps}]
    return json.dumps(steps)


GOOD = [
    "[]",
    '[{"wait": 2}, {"wait": 2.5}, {"hold": 0.001}, {"hangup": true}]',
    '[{"say": "Hello, één moment"}, {"say": "Dag", "language": "nl-NL", "confidence": 1}]',
    '[{"press": "12#*Aa"}]',
    '[{"when_heard": "pin", "steps": [{"press": "1#"}], "otherwise": []}]',
    '[{"when_heard": {"text": "press one"}}, {"when_heard": {"pattern": "(?i)welcome .* bank"}}]',
    nested(5),
    json.dumps([{"wait": 0}] * 200),
]
BAD = [
    ("[", "is no JSON"),
    ("", "is no JSON"),
    ('{"wait": 1}', "array of steps"),
    ("5", "array of steps"),
    ("[5]", "exactly one of"),
    ("[{}]", "exactly one of"),
    ('[{"wait": 1, "say": "x"}]', "exactly one of"),
    ('[{"wait": -1}]', "wait must be a number of seconds from 0 to 86400"),
    ('[{"wait": true}]', "wait must be"),
    ('[{"wait": 1e999}]', "wait must be"),
    ('[{"wait": NaN}]', "is no JSON"),
    ('[{"wait": 1, "confidence": 1}]', "'confidence' beside it"),
    ('[{"say": ""}]', "say must be a text of 1 to 1000"),
    (json.dumps([{"say": "x" * 1_001}]), "say must be a text"),
    ('[{"say": "x", "confidence": 1.01}]', "confidence must be a number from 0 to 1"),
    ('[{"say": "x", "language": "very English"}]', "language must be a language tag"),
    ('[{"press": "1w"}]', "press must be 1 to 64"),
    ('[{"press": "1\\n"}]', "press must be 1 to 64"),
    ('[{"hangup": false}]', "hangup must be true"),
    ('[{"when_heard": 5}]', "when_heard must be words"),
    ('[{"when_heard": {"text": "a", "pattern": "b"}}]', "when_heard must be words"),
    ('[{"when_heard": {"pattern": "("}}]', "pattern is no regular expression"),
    ('[{"when_heard": {"pattern": "(a+)+"}}]', "pattern may not repeat a group"),
    ('[{"when_heard": "x", "steps": {"wait": 1}}]', "array of steps"),
    ('[{"when_heard": "x", "steps": [{"jump": 1}]}]', "exactly one of"),
    (nested(6), "5 levels deep"),
    (json.dumps([{"wait": 0}] * 201), "at most 200 steps"),
]


@pytest.mark.parametrize("text", GOOD)
def test_a_good_script_is_kept_exactly_as_it_was_written(text: str) -> None:
    assert json.dumps(list(read_script(text))) == json.dumps(json.loads(text))
    assert plain(SCHEMA.validate_python(json.loads(text))) == read_script(text)


@pytest.mark.parametrize(("text", "why"), BAD)
def test_what_is_no_script_is_turned_down_and_told_why(text: str, why: str) -> None:
    with pytest.raises(BadScript, match=why):
        read_script(text)


@pytest.mark.parametrize("text", [text for text, why in BAD if why != "is no JSON"])
def test_what_a_request_may_not_say_a_text_may_not_either(text: str) -> None:
    with pytest.raises(ValidationError):
        SCHEMA.validate_python(json.loads(text))


@pytest.mark.parametrize("text", ['[{"say": "\\ud800"}]', '[{"say": "a\\u0000"}]', "[" * 100_000])
def test_what_no_store_keeps_is_turned_down(text: str) -> None:
    with pytest.raises(BadScript):
        read_script(text)
