"""The only module that says which fields of rooms, and of those who are in them, this API reads and shows."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from telefonie.dialects.telefoon.languages import Tongue
from telefonie.dialects.telefoon.schemas import RING_SECONDS, CallCreation
from telefonie.web.fields import EXTENSION, Absent, Dialable, Flag, Text, WebUrl, WholeNumber
from telefonie.web.paging import MaybePaging
from telefonie.web.parties import Reachable

FEWEST: Final = 2
MOST: Final = 100
LONGEST_NAME: Final = 128

StatusWord: TypeAlias = Literal["init", "in-progress", "completed"]
ParticipantStatusWord: TypeAlias = Literal[
    "queued", "connecting", "ringing", "connected", "complete", "failed"
]
Name: TypeAlias = Annotated[Text, StringConstraints(max_length=LONGEST_NAME, strip_whitespace=True)]
_TIME: Final[dict[str, Any]] = {"format": "date-time"}
_UUID: Final[dict[str, Any]] = {"format": "uuid"}


class ConferenceCreation(BaseModel):
    """How a room is to be. Everything may be left out."""

    friendly_name: Name | Absent = Field(
        None,
        description="What people call the room; calls come into it by this name. One live room has it at a time.",
    )
    max_participants: Annotated[WholeNumber, Field(ge=FEWEST, le=MOST)] = Field(
        MOST, description="How many fit in at once."
    )
    record: Flag = Field(
        default=False,
        description="Whether it is recorded. Whoever is called into it hears so first, and may stay away.",
    )
    status_callback: WebUrl | Absent = Field(
        None, description="Told what happens in the room.", json_schema_extra=EXTENSION
    )


class ConferenceQuery(MaybePaging):
    """Which rooms to list, newest first."""

    status: StatusWord | Absent = Field(
        None, description="Only rooms with this status.", json_schema_extra=EXTENSION
    )


class Conference(BaseModel):
    """A room in which calls meet. Fields that are not known are left out."""

    id: str = Field(description="Identifier of the room.", json_schema_extra=_UUID)
    friendly_name: str | Absent = Field(None, description="What people call it, if it was given a name.")
    status: StatusWord = Field(description="Where it is in its life.")
    participant_count: int = Field(ge=0, description="How many are in it.")
    date_created: str = Field(description="When it was made.", json_schema_extra=_TIME)


class ConferenceList(BaseModel):
    """Rooms, newest first."""

    conferences: list[Conference] = Field(description="The rooms.")
    total: int = Field(ge=0, description="How many there are in all.", json_schema_extra=EXTENSION)


class ParticipantCreation(BaseModel):
    """Who is called into a room, and how they come in."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"to": "+447700900000", "from": "+31201234567"}]}
    )

    to: Reachable = Field(description="The number or `sip:` address to call.")
    from_: Dialable = Field(alias="from", description="The phone number to show as the caller.")
    muted: Flag = Field(default=False, description="Come in without a voice.")
    hold: Flag = Field(default=False, description="Come in on hold: hearing music, and heard by nobody.")
    timeout: Annotated[WholeNumber, Field(ge=1, le=600)] = Field(
        RING_SECONDS, description="Seconds of ringing."
    )
    tts_language: Tongue | Absent = Field(
        None, description="Of the announcement that the room is recorded; en-US unless set."
    )
    status_callback: WebUrl | Absent = Field(None, description="Told about each change of the call's status.")

    def call(self) -> CallCreation:
        """The same wish, as far as it is one for a call."""
        shared = CallCreation.model_fields.keys() & type(self).model_fields.keys()
        return CallCreation.model_validate(
            self.model_dump(include=set(shared), by_alias=True, exclude_none=True)
        )


class ParticipantUpdate(BaseModel):
    """What is to become of somebody in a room; what is left out stays as it is."""

    muted: Flag | Absent = Field(None, description="Whether the others do not hear them.")
    hold: Flag | Absent = Field(None, description="Whether they are on hold.")


class Participant(BaseModel):
    """Somebody in a room, or on the way into it."""

    call_id: str = Field(description="The call by which they take part.", json_schema_extra=_UUID)
    conference_id: str = Field(description="The room.", json_schema_extra=_UUID)
    muted: bool = Field(description="Whether the others do not hear them.")
    hold: bool = Field(description="Whether they are on hold.")
    status: ParticipantStatusWord = Field(description="How far their call has come.")


class ParticipantList(BaseModel):
    """Those who are in a room, or on the way into it."""

    participants: list[Participant] = Field(description="They, newest first.")
