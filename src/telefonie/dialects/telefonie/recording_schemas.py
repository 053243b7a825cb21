"""The only module that says which fields of recordings this API reads and shows."""

from __future__ import annotations

from typing import Any, Final, Literal, TypeAlias

from pydantic import BaseModel, Field

from telefonie.dialects.telefonie.schemas import Channels, MethodWord
from telefonie.web.fields import EXTENSION, Absent, FromInstant, Text, ToInstant, WebUrl
from telefonie.web.paging import Paging

StatusWord: TypeAlias = Literal["in-progress", "completed", "failed"]
DetailWord: TypeAlias = Literal["in-progress", "paused", "completed", "failed"]
SourceWord: TypeAlias = Literal[
    "outbound_api",
    "number",
    "account",
    "record_verb",
    "record_action",
    "start_verb",
    "dial_verb",
    "start_recording_api",
    "conference",
]
TrackWord: TypeAlias = Literal["both", "inbound", "outbound"]
TrimWord: TypeAlias = Literal["trim-silence", "do-not-trim"]

_ID: Final[dict[str, Any]] = {"format": "uuid"}
_TIME: Final[dict[str, Any]] = {"format": "date-time"}
_URL: Final[dict[str, Any]] = {"format": "uri"}


class RecordingQuery(Paging):
    """Which recordings to list, newest first."""

    call_id: Text | Absent = Field(None, description="Only recordings of this call.")
    status: StatusWord | Absent = Field(None, description="Only recordings with this status.")
    conference_id: Text | Absent = Field(
        None, description="Only recordings of this conference.", json_schema_extra=EXTENSION
    )
    source: SourceWord | Absent = Field(
        None, description="Only recordings that this made begin.", json_schema_extra=EXTENSION
    )
    date_from: FromInstant | Absent = Field(
        None,
        description="Only recordings begun at this time or later; a date stands for its first moment.",
        json_schema_extra=EXTENSION,
    )
    date_to: ToInstant | Absent = Field(
        None,
        description="Only recordings begun at this time or earlier; a date stands for its last moment.",
        json_schema_extra=EXTENSION,
    )


class RecordingCreation(BaseModel):
    """How a call that is under way is recorded."""

    channels: Channels = Field(
        1,
        description="1, or 2 for what the far end says on the first channel and what it hears on the second.",
    )
    track: TrackWord = Field(
        "both",
        description="`inbound` records only what the far end says, `outbound` only what it hears: on one channel.",
    )
    trim: TrimWord = Field(
        "do-not-trim", description="Whether silence at the beginning and at the end is left out."
    )
    recording_status_callback: WebUrl | Absent = Field(
        None,
        description="Told how the recording gets on; whoever is told about the call's recordings, unless set.",
    )
    recording_status_callback_method: MethodWord = Field("POST", description="How it is told.")


class RecordingUpdate(BaseModel):
    """What may be changed about a recording that goes on."""

    status: Literal["paused", "in-progress", "stopped"] | Absent = Field(
        None, description="`paused` pauses it, `in-progress` lets it go on, `stopped` ends it."
    )
    pause_behavior: Literal["silence", "skip"] = Field(
        "silence",
        description="What a pause leaves behind: silence of its length, or nothing. The first pause decides for all.",
    )


class Recording(BaseModel):
    """Sound that was kept of a call or of a conference. Fields that are not known are left out."""

    id: str = Field(description="Identifier of the recording.", json_schema_extra=_ID)
    call_id: str = Field(
        description="The call that was recorded; of a conference the call by whose coming it began."
    )
    status: StatusWord = Field(description="Whether it goes on, is there, or came to nothing.")
    duration: int | Absent = Field(None, ge=0, description="Seconds that it plays, once it is over.")
    channels: Literal[1, 2] = Field(description="How many channels its sound has.")
    source: SourceWord = Field(description="What made it begin.")
    price: str | Absent = Field(
        None, description="What it cost, once it is completed; negative for a charge."
    )
    price_unit: str | Absent = Field(None, min_length=3, max_length=3, description="Currency of the price.")
    media_url: str | Absent = Field(
        None,
        description="Where its sound is as WAV, once it is completed: for a while, and without a key.",
        json_schema_extra=_URL,
    )
    date_created: str = Field(description="When it began.", json_schema_extra=_TIME)
    media_url_mp3: str | Absent = Field(
        None, description="Where its sound is as MP3, likewise.", json_schema_extra=_URL | EXTENSION
    )
    status_detail: DetailWord = Field(
        description="The same as `status`, with a word of its own for a pause.", json_schema_extra=EXTENSION
    )
    conference_id: str | Absent = Field(
        None, description="The conference that was recorded.", json_schema_extra=_ID | EXTENSION
    )
    track: TrackWord = Field(description="Whose sound it holds.", json_schema_extra=EXTENSION)
    start_time: str = Field(description="Where its sound begins.", json_schema_extra=_TIME | EXTENSION)
    end_time: str | Absent = Field(
        None, description="Where its sound ends, once it is over.", json_schema_extra=_TIME | EXTENSION
    )
    end_reason: str | Absent = Field(None, description="Why it is over.", json_schema_extra=EXTENSION)
    consent: Literal["given", "assumed"] | Absent = Field(
        None, description="Whether the far end agreed, where it was asked.", json_schema_extra=EXTENSION
    )


class RecordingList(BaseModel):
    """A page of recordings."""

    recordings: list[Recording] = Field(description="The recordings of this page.")
    total: int = Field(ge=0, description="How many recordings fit in all.")
    page: int = Field(ge=1, description="The page's number.", json_schema_extra=EXTENSION)
    page_size: int = Field(ge=1, description="The most that a page holds.", json_schema_extra=EXTENSION)
