"""The only module that says what a far end's script may look like: steps, their values, their bounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from telefonie.core.acting import CONFIDENCE
from telefonie.core.patterns import LONGEST, objection
from telefonie.core.phones import Step as Plain
from telefonie.core.script_text import A_DAY, DEEPEST, KEYS, LANGUAGE, MOST_STEPS
from telefonie.core.speaking import ENGLISH
from telefonie.web.fields import Text


def _seconds(value: object) -> int | float:
    """As it was sent, so that 2 is shown as 2 and 2.0 as 2.0. What is not a number compares to nothing."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= A_DAY:
        raise PydanticCustomError("seconds", "must be a number of seconds from 0 to {most}", {"most": A_DAY})
    return value


Pause = Annotated[
    int | float,
    PlainValidator(_seconds),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": A_DAY}),
]


def _share(value: object) -> int | float:
    """As it was sent, like seconds."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise PydanticCustomError("share", "must be a number from 0 to 1")
    return value


Share = Annotated[
    int | float, PlainValidator(_share), WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1})
]
Tongue = Annotated[str, Field(strict=True, pattern=LANGUAGE, max_length=35)]
Keys = Annotated[str, Field(strict=True, pattern=KEYS)]


def _compiles(pattern: str) -> str:
    problem = objection(pattern)
    if problem is not None:
        raise ValueError(problem)
    return pattern


class _Exact(BaseModel):
    """A step says nothing beside its own words; a typing error in a script would go unnoticed for long."""

    model_config = ConfigDict(extra="forbid")


class WaitStep(_Exact):
    """Say nothing for so many seconds."""

    wait: Pause


class SayStep(_Exact):
    """Speak, in American English unless said; `confidence` is how sure a recogniser will be of it."""

    say: Text = Field(min_length=1)
    language: Tongue = ENGLISH
    confidence: Share = CONFIDENCE


class PressStep(_Exact):
    """Press keys; each tone lasts 100 ms, with 100 ms between."""

    press: Keys


class HoldStep(_Exact):
    """Put the line on hold for so many seconds."""

    hold: Pause


class HangUpStep(_Exact):
    """Put the phone down."""

    hangup: Literal[True]


class HeardText(_Exact):
    """These words, anywhere in what is said; capitals do not matter."""

    text: Text = Field(min_length=1, max_length=500)


class HeardPattern(_Exact):
    """A regular expression, found anywhere in what is said."""

    # In this order: behind the second validator its limits would not be shown.
    pattern: Annotated[Text, Field(min_length=1, max_length=LONGEST), AfterValidator(_compiles)]


Words = Annotated[Text, Field(min_length=1, max_length=500)]


def _kind_of_words(value: object) -> str | None:
    if isinstance(value, str):
        return "words"
    return _only_word(value, ("text", "pattern"))


class WhenHeardStep(_Exact):
    """Wait until this is heard, then do the steps; `otherwise` is done when something else was said."""

    when_heard: Annotated[
        Annotated[Words, Tag("words")]
        | Annotated[HeardText, Tag("text")]
        | Annotated[HeardPattern, Tag("pattern")],
        Discriminator(
            _kind_of_words,
            custom_error_type="when_heard",
            custom_error_message='must say what to listen for: words, {"text": "..."} or {"pattern": "..."}',
        ),
    ]
    steps: list[Step] = Field(default_factory=list)
    otherwise: list[Step] = Field(default_factory=list)


_WORDS: Final = ("wait", "say", "press", "hold", "hangup", "when_heard")


def _only_word(value: object, words: Sequence[str]) -> str | None:
    """The one word of a step that tells its kind; for a step that was read already, as for a plain one."""
    keys = type(value).model_fields if isinstance(value, BaseModel) else value
    if not isinstance(keys, Mapping):
        return None
    found = [word for word in words if word in keys]
    return found[0] if len(found) == 1 else None


def _kind_of_step(value: object) -> str | None:
    return _only_word(value, _WORDS)


Step = Annotated[
    Annotated[WaitStep, Tag("wait")]
    | Annotated[SayStep, Tag("say")]
    | Annotated[PressStep, Tag("press")]
    | Annotated[HoldStep, Tag("hold")]
    | Annotated[HangUpStep, Tag("hangup")]
    | Annotated[WhenHeardStep, Tag("when_heard")],
    Discriminator(
        _kind_of_step,
        custom_error_type="step",
        custom_error_message=f"must be an object with exactly one of: {', '.join(_WORDS)}",
    ),
]


def _walk(steps: object, depth: int = 1) -> Iterator[int]:
    """The depth of each step, before anything is known about their shape."""
    if not isinstance(steps, list):
        return
    for step in steps:
        yield depth
        if isinstance(step, dict) and depth <= DEEPEST:
            yield from _walk(step.get("steps"), depth + 1)
            yield from _walk(step.get("otherwise"), depth + 1)


def _bounded(steps: object) -> object:
    for count, depth in enumerate(_walk(steps), start=1):
        if depth > DEEPEST:
            raise ValueError(f"may have steps inside steps {DEEPEST} levels deep, not deeper")
        if count > MOST_STEPS:
            raise ValueError(f"may have at most {MOST_STEPS} steps, those inside others counted")
    return steps


Script = Annotated[list[Step], BeforeValidator(_bounded)]


def plain(script: Sequence[BaseModel]) -> tuple[Plain, ...]:
    """The steps as they were sent: only what was said, nothing added."""
    return tuple(step.model_dump(mode="json", exclude_unset=True) for step in script)
