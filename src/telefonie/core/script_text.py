"""The only module that reads a far end's script out of a text, as a call's metadata may carry one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from telefonie.core.patterns import objection
from telefonie.core.phones import Step

KEY: Final = "telefonie.script"  # under this name metadata may carry a script
DEEPEST: Final = 5
MOST_STEPS: Final = 200
A_DAY: Final = 86_400
LONGEST_SPEECH: Final = 1_000
LONGEST_WORDS: Final = 500
LANGUAGE: Final = r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,7}$"
KEYS: Final = r"^[0-9A-Da-d*#]{1,64}$"


class BadScript(ValueError):
    """A text that is no script, and why: in words that follow a field's name."""


def read_script(text: str) -> tuple[Step, ...]:
    """The script that a text spells in JSON."""
    try:
        steps = json.loads(text, parse_constant=_no_number)
        json.dumps(steps, ensure_ascii=False).encode()  # escapes can spell what is no character
    except (ValueError, RecursionError) as error:
        raise BadScript(f"is no JSON: {error}") from error
    for count, depth in enumerate(_walk(steps), start=1):
        if depth > DEEPEST:
            raise BadScript(f"may have steps inside steps {DEEPEST} levels deep, not deeper")
        if count > MOST_STEPS:
            raise BadScript(f"may have at most {MOST_STEPS} steps, those inside others counted")
    _steps(steps, "it")
    return tuple(steps)


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number there")


def _walk(steps: object, depth: int = 1) -> Iterator[int]:
    """The depth of each step, before anything is known about their shape."""
    for step in steps if isinstance(steps, list) else ():
        yield depth
        if isinstance(step, dict) and depth <= DEEPEST:
            yield from _walk(step.get("steps"), depth + 1)
            yield from _walk(step.get("otherwise"), depth + 1)


def _steps(value: object, of: str) -> None:
    if not isinstance(value, list):
        raise BadScript(f"must be an array of steps, but {of} is none")
    for step in value:
        words = [word for word in _WORDS if word in step] if isinstance(step, dict) else []
        if len(words) != 1:
            raise BadScript(f"must have steps that are objects with exactly one of: {', '.join(_WORDS)}")
        beside = _BESIDE.get(words[0], {})
        for name, given in step.items():
            check = _WORDS[words[0]] if name == words[0] else beside.get(name)
            if check is None:
                raise BadScript(f"has a step {words[0]} with {name[:40]!r} beside it, which is not known")
            check(given, name)


def _refuse(name: str, must: str) -> None:
    raise BadScript(f"has a step whose {name} must be {must}")


def _number(most: int, what: str) -> Callable[[object, str], None]:
    def check(value: object, name: str) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
            _refuse(name, f"{what} from 0 to {most}")

    return check


def _text(most: int) -> Callable[[object, str], None]:
    def check(value: object, name: str) -> None:
        if not isinstance(value, str) or not 1 <= len(value) <= most or "\0" in value:
            _refuse(name, f"a text of 1 to {most} characters")

    return check


def _like(pattern: str, must: str, most: int) -> Callable[[object, str], None]:
    def check(value: object, name: str) -> None:
        # With `fullmatch` the `$` cannot stand before a newline at the end.
        if not isinstance(value, str) or len(value) > most or not re.fullmatch(pattern, value):
            _refuse(name, must)

    return check


def _true(value: object, name: str) -> None:
    if value is not True:
        _refuse(name, "true")


def _words(value: object, name: str) -> None:
    if isinstance(value, dict) and len(value) == 1:
        if "text" in value:
            _text(LONGEST_WORDS)(value["text"], "text")
            return
        if "pattern" in value:
            _pattern(value["pattern"])
            return
    elif isinstance(value, str):
        _text(LONGEST_WORDS)(value, name)
        return
    _refuse(name, 'words, {"text": "..."} or {"pattern": "..."}')


def _pattern(value: object) -> None:
    _text(LONGEST_WORDS)(value, "pattern")
    problem = objection(str(value))
    if problem is not None:
        raise BadScript(f"has a step whose pattern {problem}")


Check = Callable[[Any, str], None]
_WORDS: Final[Mapping[str, Check]] = {
    "wait": _number(A_DAY, "a number of seconds"),
    "say": _text(LONGEST_SPEECH),
    "press": _like(KEYS, "1 to 64 of the keys 0-9 A-D * #", 64),
    "hold": _number(A_DAY, "a number of seconds"),
    "hangup": _true,
    "when_heard": _words,
}
_BESIDE: Final[Mapping[str, Mapping[str, Check]]] = {
    "say": {
        "language": _like(LANGUAGE, "a language tag like nl-NL", 35),
        "confidence": _number(1, "a number"),
    },
    "when_heard": {"steps": _steps, "otherwise": _steps},
}
