"""The only module that says which fields this API reads and shows."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from telefonie.web.fields import (
    E164_PATTERN,
    EXTENSION,
    Absent,
    Dialable,
    Flag,
    FromInstant,
    Text,
    ToInstant,
    WebUrl,
    WholeNumber,
)
from telefonie.web.paging import Paging

RING_SECONDS: Final = 30
LIMIT_SECONDS: Final = 14_400
LONGEST_SECONDS: Final = 86_400

StatusWord: TypeAlias = Literal[
    "queued", "ringing", "in-progress", "completed", "failed", "busy", "no-answer", "canceled"
]
DirectionWord: TypeAlias = Literal["inbound", "outbound"]
MethodWord: TypeAlias = Literal["GET", "POST"]
Channels: TypeAlias = Annotated[WholeNumber, Field(ge=1, le=2)]
DetectionWord: TypeAlias = Literal["enable", "detect_message_end"]
EventWord: TypeAlias = Literal[
    "call.initiated",
    "call.ringing",
    "call.answered",
    "call.completed",
    "call.amd",
    "call.consent",
    "initiated",
    "ringing",
    "answered",
    "completed",
    "amd",
    "consent",
]
EndReason: TypeAlias = Literal[
    "hangup",
    "canceled",
    "busy",
    "declined",
    "unreachable",
    "ring_timeout",
    "time_limit",
    "document_failed",
    "unknown_number",
    "unavailable",
    "disconnected",
]
Keys: TypeAlias = Annotated[str, StringConstraints(max_length=32, pattern=r"^[0-9A-D#*wW]*$")]
Metadata: TypeAlias = Annotated[
    dict[
        Annotated[str, StringConstraints(min_length=1, max_length=40)],
        Annotated[str, StringConstraints(max_length=500)],
    ],
    Field(max_length=20),
]


def _plus(value: object) -> object:
    """A plus that was not encoded arrives in a query as a space."""
    return "+" + value[1:] if isinstance(value, str) and value.startswith(" ") else value


NumberFilter: TypeAlias = Annotated[Text, BeforeValidator(_plus)]


def _never_both(one: str, other: str, *examples: dict[str, str]) -> dict[str, Any]:
    return {"not": {"required": [one, other]}, "examples": list(examples)}


def _only_one_of(names: tuple[str, ...], *examples: dict[str, str]) -> dict[str, Any]:
    pairs = [{"required": [one, other]} for n, one in enumerate(names) for other in names[n + 1 :]]
    return {"not": {"anyOf": pairs}, "examples": list(examples)}


# A number, a SIP address (with what tells how to get there), or one of the account's own clients.
TARGET: Final = (
    r"^(\+[1-9][0-9]{1,14}|sips?:([A-Za-z0-9_.+%-]{1,64}@)?[A-Za-z0-9.-]{1,128}(:[0-9]{1,5})?(;[A-Za-z0-9_.=;-]{1,64})?"
    r"|client:[A-Za-z0-9_.@+-]{1,128})$"
)
CHANGES: Final = ("status", "url", "muted", "hold", "transfer_to")
_ORDER: Final = {"to": "+13125550100", "from": "+13125550199"}


class CallCreation(BaseModel):
    """What is asked for when a call is made."""

    model_config = ConfigDict(json_schema_extra=_never_both("send_digits", "machine_detection", _ORDER))

    to: Dialable = Field(description="The phone number to call, in E.164 form.")
    from_: Dialable = Field(
        alias="from",
        description="The phone number to show as the caller; one of the account's own where it must be.",
    )
    url: WebUrl | Absent = Field(
        None, description="Asked for the call-flow document once the call has been answered."
    )
    method: MethodWord = Field("POST", description="How `url` is asked.")
    status_callback: WebUrl | Absent = Field(None, description="Told about each change of the call's status.")
    timeout: Annotated[WholeNumber, Field(ge=1, le=600)] = Field(
        RING_SECONDS, description="Seconds of ringing after which nobody is expected to answer any more."
    )
    record: Flag | Absent = Field(None, description="Whether the call is recorded.")
    recording_channels: Channels = Field(
        1,
        description="Of its recording: 1, or 2 for one with what the far end says on the first channel and what "
        "it hears on the second.",
        json_schema_extra=EXTENSION,
    )
    recording_status_callback: WebUrl | Absent = Field(
        None,
        description="Told how recordings of the call get on; `status_callback` is, unless set.",
        json_schema_extra=EXTENSION,
    )
    fallback_url: WebUrl | Absent = Field(
        None, description="Asked when `url` fails.", json_schema_extra=EXTENSION
    )
    status_callback_events: Annotated[list[EventWord], Field(max_length=20)] | Absent = Field(
        None,
        description="Which events `status_callback` is told, with or without `call.` before them: "
        "initiated, ringing, answered, consent and completed unless set, and amd.",
        json_schema_extra=EXTENSION,
    )
    machine_detection: DetectionWord | Absent = Field(
        None,
        description="Listen whether a person or a machine answers: give the first verdict, or wait for the "
        "end of a machine's greeting. Not together with `send_digits`.",
        json_schema_extra=EXTENSION,
    )
    async_amd: Flag = Field(
        default=False,
        description="Do not let the document wait for the verdict of `machine_detection`; the event `call.amd` "
        "tells it.",
        json_schema_extra=EXTENSION,
    )
    async_amd_status_callback: WebUrl | Absent = Field(
        None, description="Asked to take note of the verdict.", json_schema_extra=EXTENSION
    )
    send_digits: Keys | Absent = Field(
        None,
        description="Keys to press once the call is answered; w waits half a second, W a whole one.",
        json_schema_extra=EXTENSION,
    )
    time_limit: Annotated[WholeNumber, Field(ge=1, le=LONGEST_SECONDS)] = Field(
        LIMIT_SECONDS,
        description="Seconds of talk after which the call is ended.",
        json_schema_extra=EXTENSION,
    )
    metadata: Metadata | Absent = Field(
        None, description="Your own notes on the call, shown wherever it is.", json_schema_extra=EXTENSION
    )


class CallUpdate(BaseModel):
    """What may be changed about a live call: one thing at a time."""

    model_config = ConfigDict(json_schema_extra=_only_one_of(CHANGES, {"status": "completed"}))

    status: Literal["completed", "canceled"] | Absent = Field(
        None, description="`completed` ends the call, `canceled` only one that nobody answered yet."
    )
    url: WebUrl | Absent = Field(None, description="Go on with the document found there.")
    method: MethodWord = Field("POST", description="How `url` is asked.")
    muted: Flag | Absent = Field(
        None,
        description="Whether what the far end says is kept from everybody who could hear it.",
        json_schema_extra=EXTENSION,
    )
    hold: Flag | Absent = Field(
        None,
        description="Whether the far end is put on hold: it hears music, and nobody hears it.",
        json_schema_extra=EXTENSION,
    )
    transfer_to: Annotated[str, StringConstraints(pattern=TARGET)] | Absent = Field(
        None,
        description="Call this number, or `sip:` or `client:` address, and connect the far end with it. Whom it "
        "was connected with leaves.",
        json_schema_extra=EXTENSION,
    )


class CallQuery(Paging):
    """Which calls to list, newest first."""

    status: StatusWord | Absent = Field(None, description="Only calls with this status.")
    direction: DirectionWord | Absent = Field(None, description="Only calls of this direction.")
    from_: NumberFilter | Absent = Field(None, alias="from", description="Only calls from this number.")
    to: NumberFilter | Absent = Field(None, description="Only calls to this number.")
    date_from: FromInstant | Absent = Field(
        None,
        description="Only calls created at this time or later; a date stands for its first moment.",
        json_schema_extra=EXTENSION,
    )
    date_to: ToInstant | Absent = Field(
        None,
        description="Only calls created at this time or earlier; a date stands for its last moment.",
        json_schema_extra=EXTENSION,
    )


_TIME: Final[dict[str, Any]] = {"format": "date-time"}


class Call(BaseModel):
    """A voice call made or received. Fields that are not known are left out."""

    id: str = Field(description="Identifier of the call.", json_schema_extra={"format": "uuid"})
    status: StatusWord = Field(description="Where the call is in its life.")
    direction: DirectionWord = Field(description="Whether it came in or went out.")
    from_: str = Field(alias="from", description="The number it came from.", pattern=E164_PATTERN)
    to: str = Field(description="The number that was called.", pattern=E164_PATTERN)
    duration: int | Absent = Field(None, ge=0, description="Seconds of talk, once the call has ended.")
    start_time: str | Absent = Field(None, description="When the call was answered.", json_schema_extra=_TIME)
    end_time: str | Absent = Field(None, description="When the call ended.", json_schema_extra=_TIME)
    price: str | Absent = Field(
        None, description="What it cost, once an answered call has ended; negative for a charge."
    )
    price_unit: str | Absent = Field(None, min_length=3, max_length=3, description="Currency of the price.")
    recording_url: str | Absent = Field(
        None, description="Where the recording is, if there is one.", json_schema_extra={"format": "uri"}
    )
    url: str | Absent = Field(
        None, description="Where the call-flow document comes from.", json_schema_extra={"format": "uri"}
    )
    status_callback: str | Absent = Field(
        None, description="Who is told about the call.", json_schema_extra={"format": "uri"}
    )
    answered_by: Literal["human", "machine", "unknown"] | Absent = Field(
        None, description="What answered, if detection was asked for and has made up its mind."
    )
    answered_by_detail: Literal["human", "machine", "fax", "unknown"] | Absent = Field(
        None, description="The same, with a word of its own for a fax.", json_schema_extra=EXTENSION
    )
    created_at: str = Field(description="When the call was made.", json_schema_extra=_TIME | EXTENSION)
    timeout: int = Field(description="Seconds it may ring.", json_schema_extra=EXTENSION)
    metadata: dict[str, str] | Absent = Field(
        None, description="Your own notes.", json_schema_extra=EXTENSION
    )
    parent_call_id: str | Absent = Field(
        None,
        description="The call that dialled this one as its leg.",
        json_schema_extra={"format": "uuid"} | EXTENSION,
    )
    conference_id: str | Absent = Field(
        None,
        description="The conference into which it was placed to bring somebody.",
        json_schema_extra={"format": "uuid"} | EXTENSION,
    )
    muted: bool | Absent = Field(
        None, description="True while the far end is muted.", json_schema_extra=EXTENSION
    )
    hold: bool | Absent = Field(
        None, description="True while the far end is on hold.", json_schema_extra=EXTENSION
    )
    end_reason: EndReason | Absent = Field(
        None, description="Why the call ended.", json_schema_extra=EXTENSION
    )
    ended_by: Literal["customer", "far_end", "platform"] | Absent = Field(
        None, description="Who ended it.", json_schema_extra=EXTENSION
    )


class CallList(BaseModel):
    """A page of calls."""

    calls: list[Call] = Field(description="The calls of this page.")
    total: int = Field(ge=0, description="How many calls fit in all.")
    page: int = Field(ge=1, description="The page's number.")
    page_size: int = Field(ge=1, description="The most that a page holds.")
