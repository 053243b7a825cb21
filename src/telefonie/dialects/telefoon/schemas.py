"""The only module that says which fields of calls this API reads and shows."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from telefonie.dialects.telefoon.languages import Tongue
from telefonie.web.fields import (
    EXTENSION,
    Absent,
    Dialable,
    Flag,
    FromInstant,
    ToInstant,
    WebUrl,
    WholeNumber,
)
from telefonie.web.paging import Paging
from telefonie.web.parties import Reachable

RING_SECONDS: Final = 30
LIMIT_SECONDS: Final = 14_400
LONGEST_SECONDS: Final = 86_400

StatusWord: TypeAlias = Literal[
    "queued", "ringing", "in-progress", "completed", "failed", "busy", "no-answer", "canceled"
]
DirectionWord: TypeAlias = Literal["inbound", "outbound"]
MethodWord: TypeAlias = Literal["GET", "POST"]
DetectionWord: TypeAlias = Literal["enable", "detect_message_end"]
EventWord: TypeAlias = Literal[
    "call.initiated", "call.ringing", "call.answered", "call.consent", "call.completed", "call.amd"
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
_ORDER: Final[dict[str, Any]] = {"to": "+447700900000", "from": "+31201234567", "tts_language": "nl-NL"}


class CallCreation(BaseModel):
    """What is asked for when a call is made."""

    model_config = ConfigDict(
        json_schema_extra={
            "not": {"required": ["send_digits", "machine_detection"]},
            "examples": [_ORDER],
        }
    )

    to: Reachable = Field(
        description="The phone number to call, in E.164 form; or a `sip:` address, through a trunk if its "
        "domain is that of one."
    )
    from_: Dialable = Field(
        alias="from",
        description="The phone number to show as the caller; one of the account's own where it must be.",
    )
    url: WebUrl | Absent = Field(
        None, description="Asked for the call-flow document, in XML or JSON, once the call has been answered."
    )
    status_callback: WebUrl | Absent = Field(None, description="Told about each change of the call's status.")
    timeout: Annotated[WholeNumber, Field(ge=1, le=600)] = Field(
        RING_SECONDS, description="Seconds of ringing after which nobody is expected to answer any more."
    )
    record: Flag | Absent = Field(
        None, description="Whether the call is recorded, if whoever answers has nothing against it."
    )
    tts_language: Tongue | Absent = Field(
        None,
        description="The language of Say and Gather where a document names none, and of the announcement "
        "before a recording; en-US unless set.",
    )
    recording_channels: Literal[1, 2] = Field(
        1,
        description="2: what the far end says on the first channel, what it hears on the second.",
        json_schema_extra=EXTENSION,
    )
    recording_status_callback: WebUrl | Absent = Field(
        None,
        description="Told how recordings of the call get on; `status_callback` is, unless set.",
        json_schema_extra=EXTENSION,
    )
    method: MethodWord = Field("POST", description="How `url` is asked.", json_schema_extra=EXTENSION)
    fallback_url: WebUrl | Absent = Field(
        None, description="Asked when `url` fails.", json_schema_extra=EXTENSION
    )
    status_callback_events: Annotated[list[EventWord], Field(max_length=20)] | Absent = Field(
        None,
        description="Which events `status_callback` is told: all but call.amd unless set.",
        json_schema_extra=EXTENSION,
    )
    machine_detection: DetectionWord | Absent = Field(
        None,
        description="Listen whether a person or a machine answers: give the first verdict, or wait for the "
        "end of a machine's greeting. Not together with `send_digits`.",
        json_schema_extra=EXTENSION,
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


class CallQuery(Paging):
    """Which calls to list, newest first."""

    status: StatusWord | Absent = Field(None, description="Only calls with this status.")
    direction: DirectionWord | Absent = Field(None, description="Only calls of this direction.")
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
    from_: str = Field(alias="from", description="The number or address it came from.")
    to: str = Field(description="The number or address that was called.")
    duration: int | Absent = Field(None, ge=0, description="Seconds of talk, once the call has ended.")
    start_time: str | Absent = Field(None, description="When the call was answered.", json_schema_extra=_TIME)
    end_time: str | Absent = Field(None, description="When the call ended.", json_schema_extra=_TIME)
    price: str | Absent = Field(
        None, description="What it cost, once an answered call has ended; negative for a charge."
    )
    price_unit: str | Absent = Field(
        None,
        min_length=3,
        max_length=3,
        description="Currency of the price: EUR, unless the account has another.",
    )
    recording_url: str | Absent = Field(
        None,
        description="Where its recording is, if there is one; the address works for a while, without a key.",
        json_schema_extra={"format": "uri"} | EXTENSION,
    )
    url: str | Absent = Field(
        None,
        description="Where the call-flow document comes from.",
        json_schema_extra={"format": "uri"} | EXTENSION,
    )
    status_callback: str | Absent = Field(
        None, description="Who is told about the call.", json_schema_extra={"format": "uri"} | EXTENSION
    )
    tts_language: str = Field(
        description="The language of Say and Gather where a document names none.", json_schema_extra=EXTENSION
    )
    answered_by: Literal["human", "machine", "fax", "unknown"] | Absent = Field(
        None,
        description="What answered, if detection was asked for and has made up its mind.",
        json_schema_extra=EXTENSION,
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
    trunk_id: str | Absent = Field(
        None,
        description="The SIP trunk that it goes through.",
        json_schema_extra={"format": "uuid"} | EXTENSION,
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
