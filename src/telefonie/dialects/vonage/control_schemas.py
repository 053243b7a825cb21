"""The only module that says which fields this API reads where calls are changed."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from telefonie.dialects.vonage import voices
from telefonie.dialects.vonage.loose import WHOLE, Flag, Keys, Level, Method, OneUrl
from telefonie.dialects.vonage.schemas import Actions
from telefonie.web.fields import EXTENSION, Absent
from telefonie.web.problems import Detail, Reason, invalid

LONGEST_TEXT: Final = 1_500
MOST_LOOPS: Final = 1_000

ActionWord: TypeAlias = Literal["hangup", "mute", "unmute", "earmuff", "unearmuff", "transfer"]


def _known(tag: str) -> str:
    if tag not in voices.LANGUAGES:
        raise PydanticCustomError(
            "language", "must be one of the languages spoken here, like en-US or cmn-CN"
        )
    return tag


def _voice(name: str) -> str:
    if name not in voices.LANGUAGE_OF:
        raise PydanticCustomError("voice", "must be the name of a voice, like Kimberly")
    return name


Language: TypeAlias = Annotated[
    str,
    StringConstraints(max_length=20),
    AfterValidator(_known),
    WithJsonSchema({"type": "string", "enum": list(voices.LANGUAGES)}),
]
Voice: TypeAlias = Annotated[
    str,
    AfterValidator(_voice),
    WithJsonSchema({"type": "string", "enum": list(voices.LANGUAGE_OF)}),
]


class Destination(BaseModel):
    """Where a call goes on."""

    type: Literal["ncco"]
    url: OneUrl | Absent = Field(None, description="Asked for the document.")
    ncco: Actions | Absent = Field(None, description="The document itself.", json_schema_extra=EXTENSION)

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Destination:
        if self.url is None and self.ncco is None:
            raise invalid(Detail("destination.url", "or `ncco` is required", Reason.MISSING))
        return self


class Modification(BaseModel):
    """What shall be different about a call."""

    action: ActionWord = Field(description="What is done.")
    destination: Destination | Absent = Field(None, description="Where a `transfer` leads.")

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Modification:
        if self.action == "transfer" and self.destination is None:
            raise invalid(Detail("destination", "is required", Reason.MISSING))
        return self


_LOOP: Final = f"How often; 0 is without end. After {MOST_LOOPS:,} times it is enough, anyway."
_LEVEL: Final = "How loud, from -1 to 1 in steps of 0.1."


class Speech(BaseModel):
    """Something to be said."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT)] = Field(
        description="Plain, or SSML inside `speak`."
    )
    voice_name: Voice | Absent = Field(
        None,
        description=f"A voice of old, which says the language, too; {voices.DEFAULT}, unless anything is said.",
    )
    language: Language | Absent = Field(None, description="The language.", json_schema_extra=EXTENSION)
    style: Annotated[int, Field(ge=0, le=voices.MOST_STYLES), WHOLE] | Absent = Field(
        None, description="Which voice of the language; the first, unless said.", json_schema_extra=EXTENSION
    )
    premium: Flag = Field(default=False, description="A better voice.", json_schema_extra=EXTENSION)
    loop: Annotated[int, Field(ge=0, le=2**31), WHOLE] = Field(1, description=_LOOP)
    level: Level = Field(0.0, description=_LEVEL)


class Sound(BaseModel):
    """A file to be played."""

    stream_url: OneUrl = Field(description="Where it is.")
    loop: Annotated[int, Field(ge=0, le=2**31), WHOLE] = Field(1, description=_LOOP)
    level: Level = Field(0.0, description=_LEVEL)


def times(loop: int) -> int:
    """How often something is said or played that is wished for so often."""
    return min(loop, MOST_LOOPS)


class Tones(BaseModel):
    """Keys to be pressed."""

    digits: Keys = Field(description="0 to 9, * and #; p waits half a second.")


class Subscription(BaseModel):
    """Who is told each key that is pressed."""

    event_url: OneUrl | Absent = Field(None, description="Where.")
    eventUrl: OneUrl | Absent = Field(None, description="As some clients spell it.")
    event_method: Method = Field("POST", description="How.")

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Subscription:
        if self.event_url is None and self.eventUrl is None:
            raise invalid(Detail("event_url", "is required", Reason.MISSING))
        return self
