"""The only module that says which fields of calls this API reads and shows."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from telefonie.dialects.vonage import loose, voices
from telefonie.dialects.vonage.endpoints import Caller, Endpoint
from telefonie.dialects.vonage.loose import WHOLE, Flag, Keys, Level, Method, OneUrl
from telefonie.web.fields import DIGITS_ONLY, EXTENSION, Absent, FromInstant, Text, ToInstant
from telefonie.web.paging import LAST
from telefonie.web.problems import Detail, Reason, invalid

LIMIT_SECONDS: Final = 7_200
LONGEST_SECONDS: Final = 86_400
RING_SECONDS: Final = 60
LONGEST_RING: Final = 120
LONGEST_TEXT: Final = 1_500
MOST_LOOPS: Final = 1_000
CON: Final = "CON-"

StatusWord: TypeAlias = Literal[
    "started",
    "ringing",
    "answered",
    "machine",
    "completed",
    "busy",
    "cancelled",
    "failed",
    "rejected",
    "timeout",
    "unanswered",
]
DirectionWord: TypeAlias = Literal["outbound", "inbound"]
ActionWord: TypeAlias = Literal["hangup", "mute", "unmute", "earmuff", "unearmuff", "transfer"]
MachineWord: TypeAlias = Literal["continue", "hangup"]
_CONVERSATION: Final = re.compile(r"(?:CON-)?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})")
_LIVE: Final = "Only once the call is completed."


def _document(value: object) -> object:
    """Only its outline counts here; what stands in it is judged when it is run."""
    if not isinstance(value, list):
        raise PydanticCustomError("list_type", loose.WRONG_TYPE)
    if not all(isinstance(each, dict) for each in value):
        raise PydanticCustomError("actions", "must be an array of objects, each of them an action")
    return value


def _conversation(value: str) -> str:
    found = _CONVERSATION.fullmatch(value)
    if found is None:
        raise PydanticCustomError("conversation", "must be CON- and a UUID")
    return found[1].lower()


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


Actions: TypeAlias = Annotated[
    list[dict[str, Any]],
    BeforeValidator(_document),
    WithJsonSchema({"type": "array", "items": {"type": "object"}}),
]
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


class MachineDetection(BaseModel):
    """How it is found out whether a machine has answered."""

    behavior: MachineWord = Field("continue", description="What follows if one has.")
    mode: Literal["default", "detect", "detect_beep"] = Field(
        "detect", description="Whether the document waits for the verdict, and for a machine's beep."
    )
    beep_timeout: Annotated[int, Field(ge=30, le=120), WHOLE] = Field(
        45,
        validation_alias=AliasChoices("beep_timeout", "beepTimeout"),
        description="Seconds to wait for the beep.",
    )


class CallCreation(BaseModel):
    """What is asked for when a call is made."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "to": [{"type": "phone", "number": "447700900000"}],
                    "from": {"type": "phone", "number": "447700900001"},
                    "ncco": [{"action": "talk", "text": "Hello World"}],
                }
            ]
        }
    )

    to: Annotated[list[Endpoint], Field(min_length=1, max_length=1)] = Field(
        description="Who is called: one."
    )
    from_: Caller | Absent = Field(
        None,
        alias="from",
        description="Who calls. Without it, and with `random_from_number`, one of the application's numbers.",
    )
    random_from_number: Flag = Field(
        default=False, description="One of the application's numbers calls.", json_schema_extra=EXTENSION
    )
    ncco: Actions | Absent = Field(None, description="What is done once it is answered.")
    answer_url: OneUrl | Absent = Field(None, description="Asked what is done, if `ncco` does not say it.")
    answer_method: Method = Field("GET", description="How it is asked.")
    event_url: OneUrl | Absent = Field(
        None, description="Told how the call gets on; without it, the application's."
    )
    event_method: Method | Absent = Field(None, description="How it is told: POST, unless said.")
    machine_detection: MachineWord | Absent = Field(None, description="What follows if a machine answers.")
    advanced_machine_detection: MachineDetection | Absent = Field(
        None,
        description="The same in detail; it goes before `machine_detection`.",
        json_schema_extra=EXTENSION,
    )
    advancedMachineDetection: MachineDetection | Absent = Field(
        None, description="As some clients spell it.", json_schema_extra=EXTENSION
    )
    length_timer: Annotated[int, Field(ge=1, le=LONGEST_SECONDS), WHOLE] = Field(
        LIMIT_SECONDS, description="Seconds of talk after which it is ended."
    )
    ringing_timer: Annotated[int, Field(ge=1, le=LONGEST_RING), WHOLE] = Field(
        RING_SECONDS, description="Seconds of ringing after which it is given up."
    )

    @model_validator(mode="after")
    def _fits_together(self) -> CallCreation:
        if self.ncco is None and self.answer_url is None:
            raise invalid(Detail("ncco", "or `answer_url` is required", Reason.MISSING))
        if self.random_from_number and self.from_ is not None:
            raise invalid(Detail("random_from_number", "cannot be used together with `from`"))
        return self


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

    text: Annotated[Text, StringConstraints(min_length=1)] = Field(
        max_length=LONGEST_TEXT, description="Plain, or SSML inside `speak`."
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


class CallQuery(BaseModel):
    """Which calls to list."""

    status: StatusWord | Absent = Field(None, description="Only calls with this status.")
    date_start: FromInstant | Absent = Field(None, description="Only calls answered at this time or later.")
    date_end: ToInstant | Absent = Field(None, description="Only calls answered at this time or earlier.")
    page_size: Annotated[int, Field(ge=1, le=100, description="Calls on a page."), DIGITS_ONLY] = 10
    record_index: Annotated[int, Field(ge=0, le=LAST, description="Which page, from 0."), DIGITS_ONLY] = 0
    order: Literal["asc", "desc"] = Field("asc", description="The oldest first, or the newest.")
    conversation_uuid: Annotated[str, AfterValidator(_conversation)] | Absent = Field(
        None, description="Only the calls of this conversation."
    )


class Href(BaseModel):
    """A link."""

    href: str


class SelfLink(BaseModel):
    """Where it is found."""

    self: Href


class PageLinks(SelfLink):
    """Where the other pages are found."""

    first: Href
    last: Href
    next: Href | Absent = Field(None, description="Not on the last page.")
    prev: Href | Absent = Field(None, description="Not on the first page.")


class Party(BaseModel):
    """Who called, or was called."""

    model_config = ConfigDict(extra="allow")

    type: Literal["phone", "sip", "websocket", "vbc"]
    number: str | Absent = None
    uri: str | Absent = None
    extension: str | Absent = None


class Placed(BaseModel):
    """A call that was just made."""

    uuid: str = Field(description="Identifier of the call.")
    status: StatusWord
    direction: DirectionWord
    conversation_uuid: str = Field(description="Identifier of the conversation that it belongs to.")


class Call(BaseModel):
    """A call as it stands."""

    links: SelfLink = Field(alias="_links")
    uuid: str = Field(description="Identifier of the call.")
    conversation_uuid: str = Field(description="Identifier of the conversation that it belongs to.")
    to: Party = Field(description="Who was called.")
    from_: Party = Field(alias="from", description="Who called.")
    status: StatusWord
    direction: DirectionWord
    rate: str | Absent = Field(None, description=f"The price of a minute. {_LIVE}")
    price: str | Absent = Field(None, description=f"What it cost. {_LIVE}")
    duration: str | Absent = Field(None, description=f"Seconds of talk. {_LIVE}")
    start_time: str | Absent = Field(None, description=f"When it was answered. {_LIVE}")
    end_time: str | Absent = Field(None, description=f"When it ended. {_LIVE}")
    network: str | Absent = Field(None, description=f"MCC and MNC of the far end's network. {_LIVE}")


class Embedded(BaseModel):
    """What a page holds."""

    calls: list[Call]


class CallPage(BaseModel):
    """A page of calls."""

    count: int = Field(description="How many calls fit in all.")
    page_size: int
    record_index: int
    links: PageLinks = Field(alias="_links")
    embedded: Embedded = Field(alias="_embedded")


class Done(BaseModel):
    """What was done to a call."""

    message: Literal["Talk started", "Talk stopped", "Stream started", "Stream stopped", "DTMF sent"]
    uuid: str = Field(description="Identifier of the call.")


class Nothing(BaseModel):
    """An empty object."""


class Invalid(BaseModel):
    """A field that is not as it must be."""

    name: str
    reason: str


class Fault(BaseModel):
    """What every error answer looks like; of a bad field `type` is 400, `title` and `invalid_parameters` are there."""

    type: str | int
    error_title: str | Absent = None
    title: str | Absent = None
    invalid_parameters: list[Invalid] | Absent = None
