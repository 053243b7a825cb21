"""The only module that says which fields this API reads and shows of rooms and of those who are in them."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from telefonie.dialects.telefonie.schemas import (
    LIMIT_SECONDS,
    LONGEST_SECONDS,
    RING_SECONDS,
    CallCreation,
    EventWord,
    Metadata,
    MethodWord,
)
from telefonie.web.fields import (
    EXTENSION,
    Absent,
    AskedFlag,
    Dialable,
    Flag,
    FromInstant,
    Text,
    ToInstant,
    WebUrl,
    WholeNumber,
)
from telefonie.web.paging import MaybePaging

FEWEST: Final = 2
MOST: Final = 250
LONGEST_NAME: Final = 128

StatusWord: TypeAlias = Literal["init", "in-progress", "completed"]
ParticipantStatusWord: TypeAlias = Literal[
    "queued", "connecting", "ringing", "connected", "complete", "failed"
]
EndReason: TypeAlias = Literal[
    "conference-ended-via-api",
    "participant-with-end-conference-on-exit-left",
    "participant-with-end-conference-on-exit-kicked",
    "last-participant-left",
    "last-participant-kicked",
]
BeepWord: TypeAlias = Literal["true", "false", "onEnter", "onExit"]
Name: TypeAlias = Annotated[Text, StringConstraints(max_length=LONGEST_NAME, strip_whitespace=True)]
CallId: TypeAlias = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", to_lower=True),
]
_UUID: Final[dict[str, Any]] = {"format": "uuid"}
_TIME: Final[dict[str, Any]] = {"format": "date-time"}

# -- rooms --


class ConferenceCreation(BaseModel):
    """How a room is to be. Everything may be left out."""

    friendly_name: Name | Absent = Field(
        None,
        description="What people call the room; calls come into it by this name. One live room has it at a time.",
    )
    max_participants: Annotated[WholeNumber, Field(ge=FEWEST, le=MOST)] = Field(
        MOST, description="How many fit in at once."
    )
    record: Flag = Field(default=False, description="Whether it is recorded, from the moment it starts.")
    status_callback: WebUrl | Absent = Field(None, description="Told what happens in the room.")
    recording_channels: Annotated[WholeNumber, Field(ge=1, le=2)] = Field(
        1,
        description="Of the recording: everybody on one, or who came first on one and all others on another.",
        json_schema_extra=EXTENSION,
    )


class ConferenceUpdate(BaseModel):
    """What may be done to a live room: one thing at a time."""

    model_config = ConfigDict(
        json_schema_extra={
            "not": {"required": ["status", "announce_url"]},
            "examples": [{"status": "completed"}],
        }
    )

    status: Literal["completed"] | Absent = Field(None, description="End it; everybody leaves.")
    announce_url: WebUrl | Absent = Field(
        None, description="A document, or a sound, that everybody in the room hears."
    )
    announce_method: MethodWord = Field("POST", description="How `announce_url` is asked.")


class ConferenceQuery(MaybePaging):
    """Which rooms to list, newest first."""

    status: StatusWord | Absent = Field(None, description="Only rooms with this status.")
    friendly_name: Text | Absent = Field(
        None, description="Only rooms of exactly this name.", json_schema_extra=EXTENSION
    )
    date_from: FromInstant | Absent = Field(
        None,
        description="Only rooms created at this time or later; a date stands for its first moment.",
        json_schema_extra=EXTENSION,
    )
    date_to: ToInstant | Absent = Field(
        None,
        description="Only rooms created at this time or earlier; a date stands for its last moment.",
        json_schema_extra=EXTENSION,
    )


class Conference(BaseModel):
    """A room in which calls meet. Fields that are not known are left out."""

    id: str = Field(description="Identifier of the room.", json_schema_extra=_UUID)
    friendly_name: str | Absent = Field(None, description="What people call it, if it was given a name.")
    status: StatusWord = Field(description="Where it is in its life.")
    participant_count: int = Field(ge=0, description="How many are in it.")
    max_participants: int = Field(ge=1, description="How many fit in at once.")
    date_created: str = Field(description="When it was made.", json_schema_extra=_TIME)
    started_at: str | Absent = Field(
        None, description="When it started.", json_schema_extra=_TIME | EXTENSION
    )
    ended_at: str | Absent = Field(None, description="When it ended.", json_schema_extra=_TIME | EXTENSION)
    reason_conference_ended: EndReason | Absent = Field(
        None, description="Why it ended.", json_schema_extra=EXTENSION
    )
    call_id_ending_conference: str | Absent = Field(
        None, description="The call by whose going it ended.", json_schema_extra=_UUID | EXTENSION
    )
    recording_id: str | Absent = Field(
        None, description="Its recording, once that has begun.", json_schema_extra=_UUID | EXTENSION
    )


class ConferenceList(BaseModel):
    """Rooms."""

    conferences: list[Conference] = Field(description="The rooms, newest first.")
    total: int = Field(ge=0, description="How many fit in all.", json_schema_extra=EXTENSION)
    page: int = Field(ge=1, description="The page's number.", json_schema_extra=EXTENSION)
    page_size: int = Field(ge=1, description="The most that a page holds.", json_schema_extra=EXTENSION)


# -- those who are in them --


class ParticipantCreation(BaseModel):
    """Who is called into a room, and how they come in."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"to": "+13125550100", "from": "+13125550199"}]}
    )

    to: Dialable = Field(description="The phone number to call, in E.164 form.")
    from_: Dialable = Field(
        alias="from",
        description="The phone number to show as the caller; one of the account's own where it must be.",
    )
    muted: Flag = Field(default=False, description="Come in without a voice.")
    hold: Flag = Field(
        default=False,
        description="Come in on hold: hearing music, and heard by nobody.",
        json_schema_extra=EXTENSION,
    )
    label: Name | Absent = Field(
        None,
        description="A name of their own, which nobody else in the room has; it may stand in paths for the call's id.",
        json_schema_extra=EXTENSION,
    )
    start_on_enter: Flag = Field(
        default=True, description="Whether their coming may start the room.", json_schema_extra=EXTENSION
    )
    end_on_exit: Flag = Field(
        default=False, description="Whether their going ends the room.", json_schema_extra=EXTENSION
    )
    coach: CallId | Absent = Field(
        None,
        description="The call of the one participant who hears them.",
        json_schema_extra=EXTENSION,
    )
    beep: Flag | BeepWord = Field(
        default=True,
        description="Whether a tone is heard when they come and go.",
        json_schema_extra=EXTENSION,
    )
    timeout: Annotated[WholeNumber, Field(ge=1, le=600)] = Field(
        RING_SECONDS,
        description="Seconds of ringing after which nobody is expected to answer any more.",
        json_schema_extra=EXTENSION,
    )
    time_limit: Annotated[WholeNumber, Field(ge=1, le=LONGEST_SECONDS)] = Field(
        LIMIT_SECONDS,
        description="Seconds of talk after which the call is ended.",
        json_schema_extra=EXTENSION,
    )
    record: Flag | Absent = Field(
        None, description="Whether the call is recorded, apart from the room.", json_schema_extra=EXTENSION
    )
    status_callback: WebUrl | Absent = Field(
        None, description="Told about each change of the call's status.", json_schema_extra=EXTENSION
    )
    status_callback_events: Annotated[list[EventWord], Field(max_length=20)] | Absent = Field(
        None,
        description="Which events `status_callback` is told, as for any call.",
        json_schema_extra=EXTENSION,
    )
    metadata: Metadata | Absent = Field(
        None, description="Your own notes on the call, shown with it.", json_schema_extra=EXTENSION
    )

    def call(self) -> CallCreation:
        """The same wish, as far as it is one for a call."""
        shared = {name for name in CallCreation.model_fields if name in type(self).model_fields}
        return CallCreation.model_validate(self.model_dump(include=shared, by_alias=True, exclude_none=True))


class ParticipantUpdate(BaseModel):
    """What is to become of somebody in a room; what is left out stays as it is."""

    muted: Flag | Absent = Field(None, description="Whether the others do not hear them.")
    hold: Flag | Absent = Field(
        None, description="Whether they are on hold: hearing music, and heard by nobody."
    )
    coach: CallId | Literal[""] | Absent = Field(
        None, description="The call of the one participant who hears them; empty: everybody hears them again."
    )
    end_on_exit: Flag | Absent = Field(None, description="Whether their going ends the room.")
    announce_url: WebUrl | Absent = Field(
        None, description="A document, or a sound, that they hear, and nobody else."
    )
    announce_method: MethodWord = Field("POST", description="How `announce_url` is asked.")


class ParticipantQuery(MaybePaging):
    """Which of those in a room to list."""

    muted: AskedFlag | Absent = Field(
        None, description="Only those who are muted, or who are not.", json_schema_extra=EXTENSION
    )
    hold: AskedFlag | Absent = Field(
        None, description="Only those who are on hold, or who are not.", json_schema_extra=EXTENSION
    )
    coaching: AskedFlag | Absent = Field(
        None, description="Only those who coach somebody, or who do not.", json_schema_extra=EXTENSION
    )


class Participant(BaseModel):
    """Somebody in a room, or on the way into it. Fields that are not known are left out."""

    call_id: str = Field(description="The call by which they take part.", json_schema_extra=_UUID)
    conference_id: str = Field(description="The room.", json_schema_extra=_UUID)
    muted: bool = Field(description="Whether the others do not hear them.")
    hold: bool = Field(description="Whether they are on hold.")
    status: ParticipantStatusWord = Field(description="How far their call has come.")
    label: str | Absent = Field(None, description="Their own name in this room.", json_schema_extra=EXTENSION)
    start_on_enter: bool = Field(
        description="Whether their coming may start the room.", json_schema_extra=EXTENSION
    )
    end_on_exit: bool = Field(description="Whether their going ends the room.", json_schema_extra=EXTENSION)
    coaching: bool = Field(description="Whether they coach somebody.", json_schema_extra=EXTENSION)
    coach: str | Absent = Field(
        None,
        description="The call of the one participant who hears them.",
        json_schema_extra=_UUID | EXTENSION,
    )


class ParticipantList(BaseModel):
    """Those who are in a room, or on the way into it."""

    participants: list[Participant] = Field(description="They, newest first.")
    total: int = Field(ge=0, description="How many fit in all.", json_schema_extra=EXTENSION)
    page: int = Field(ge=1, description="The page's number.", json_schema_extra=EXTENSION)
    page_size: int = Field(ge=1, description="The most that a page holds.", json_schema_extra=EXTENSION)
