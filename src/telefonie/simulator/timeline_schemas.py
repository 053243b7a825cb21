"""The only module that says what an entry of a timeline may hold: a type, and the fields of that type."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from telefonie.core.call import Cause, EndedBy
from telefonie.core.events import Actor
from telefonie.core.phones import Heard
from telefonie.simulator.clock_schemas import Time
from telefonie.simulator.words import EntryWord, StatusWord
from telefonie.web.fields import Absent

E: TypeAlias = EntryWord


class _Entry(BaseModel):
    at: Time
    offset_ms: int = Field(description="Since the call was created.")
    actor: Actor = Field(description="Who made it happen.")


class _Open(_Entry):
    """What an instruction tells of itself stands beside, under names of its own."""

    model_config = ConfigDict(extra="allow")


class StatusEntry(_Entry):
    """The call is in another state now."""

    type: Literal[E.STATUS]
    status: StatusWord
    cause: Cause | Absent = Field(None, description="Why it ended.")
    ended_by: EndedBy | Absent = Field(None, description="Who ended it.")


class ClosedEntry(_Entry):
    """Told where the customer wants a last word on a call that nobody answered."""

    type: Literal[E.CLOSED]
    status: StatusWord
    cause: Cause | Absent = Field(None, description="Why it ended.")
    ended_by: EndedBy | Absent = Field(None, description="Who ended it.")


class DetectedEntry(_Entry):
    """Answering-machine detection has made up its mind."""

    type: Literal[E.DETECTED]
    heard: Heard


class BeepedEntry(_Entry):
    """The machine that answered was listened to for its beep."""

    type: Literal[E.BEEPED]
    beep: bool = Field(description="false: it did not come in time.")


class ConsentedEntry(_Entry):
    """Whether the call may be recorded is known now."""

    type: Literal[E.CONSENTED]
    given: bool
    how: Literal["announced", "assumed", "key", "behaviour"] = Field(
        description="announced: nobody objected to the announcement; assumed: nobody was asked; key: the far end "
        "pressed the key that refuses; behaviour: its phone is set up to refuse."
    )


class PressedEntry(_Entry):
    """Keys were pressed: by the far end, one an entry, or by the platform towards it."""

    type: Literal[E.PRESSED]
    digits: str


class RedirectedEntry(_Entry):
    """The customer sent the call to another document."""

    type: Literal[E.REDIRECTED]
    url: str | Absent = None
    method: str | Absent = None
    document: str | Absent = Field(None, description="Where it was handed in.")


class IgnoredFieldsEntry(_Entry):
    """The call was created with fields that nobody knows."""

    type: Literal[E.IGNORED_FIELDS]
    fields: list[str]


class SteppedEntry(_Open):
    """An instruction of the document begins."""

    type: Literal[E.STEPPED]
    verb: str = Field(description="As the document spells it.")
    line: int
    column: int


class FetchedEntry(_Open):
    """A document or file was asked for, or the customer was told something; and what came of it."""

    type: Literal[E.FETCHED]
    url: str
    method: str
    status: int | Absent = Field(None, description="Of the HTTP answer; left out when none came.")
    ms: int = Field(description="Milliseconds of wall time that it took.")
    code: int | Absent = Field(None, description="What went wrong.")


class WarnedEntry(_Open):
    """Something in a document was not as it should be; the call goes on."""

    type: Literal[E.WARNED]
    code: int
    message: str
    line: int | Absent = None
    column: int | Absent = None
    url: str | Absent = Field(None, description="Of the document or file, where it could not be had.")


class UnusableEntry(_Open):
    """Where documents are read strictly: what was asked for did not come, or is no document."""

    type: Literal[E.UNUSABLE]
    code: int
    reason: str
    url: str | Absent = None
    purpose: str | Absent = Field(None, description="What it was asked for.")


class SaidEntry(_Open):
    """Somebody speaks: the platform by its document, or the far end. The transcript tells how far they came."""

    type: Literal[E.SAID]
    text: str
    ms: int = Field(description="How long it takes to say.")
    language: str | Absent = None
    voice: str | Absent = None
    confidence: float | Absent = Field(None, description="Of a recogniser, in what the far end says.")
    announcement: bool | Absent = Field(
        None, description="By the carrier, to a caller who was not put through: no part of the call."
    )


class OverheardEntry(_Open):
    """Somebody speaks on a call that this one is connected with."""

    type: Literal[E.OVERHEARD]
    text: str
    ms: int
    language: str | Absent = None
    call_id: str = Field(description="On which call it was said.")


class HushedEntry(_Entry):
    """What the platform was saying or playing is cut short."""

    type: Literal[E.HUSHED]


class HeardEntry(_Entry):
    """The far end heard what its script was waiting for."""

    type: Literal[E.HEARD]
    wanted: str = Field(description="The words or the pattern.")
    text: str = Field(description="What was found of it.")


class MissedEntry(_Entry):
    """The far end heard something else than its script was waiting for."""

    type: Literal[E.MISSED]
    wanted: str


class PlayedEntry(_Open):
    """Sound is played; or a machine at the far end beeps, or a program there is heard."""

    type: Literal[E.PLAYED]
    what: str = Field(description="file, music, ringback, beep; audio: what a program says.")
    ms: int | Absent = Field(None, description="How long it plays, if it ends by itself.")
    url: str | Absent = None
    ago: int | Absent = Field(
        None, description="Milliseconds since it began; what a program says is known later."
    )


class GatheredEntry(_Open):
    """What came of waiting for keys or words."""

    type: Literal[E.GATHERED]
    digits: str | Absent = None
    speech: str | Absent = None
    confidence: float | Absent = None
    timed_out: bool | Absent = Field(None, description="Whether nothing, or not enough, came in time.")


class DialedEntry(_Open):
    """Somebody is called; the leg is a call of its own."""

    type: Literal[E.DIALED]
    to: str | Absent = None
    call_id: str | Absent = None


class ConnectedEntry(_Open):
    """This call and that one hear each other from now on, or no longer."""

    type: Literal[E.CONNECTED, E.PARTED]
    call_id: str


class JoinedEntry(_Open):
    """The call comes into a room or queue, or leaves it."""

    type: Literal[E.JOINED, E.LEFT]
    name: str | Absent = None
    room: str | Absent = Field(None, description="The id of the room.")
    queue: str | Absent = Field(None, description="The id of the queue.")
    why: str | Absent = Field(None, description="left: because of what.")


class LineEntry(_Entry):
    """The far end is not heard any more, hears no other call, or hears music; or that is over. `actor` tells who
    holds the line."""

    type: Literal[E.MUTED, E.UNMUTED, E.DEAFENED, E.UNDEAFENED, E.HELD, E.UNHELD]


class LastingEntry(_Open):
    """A recording, or a stream of audio, begins or ends."""

    type: Literal[E.RECORDED, E.STREAMED]
    state: str = Field(
        description="started, stopped; of a recording: started, paused, resumed, finished, absent (nothing came of it)."
    )
    recording_id: str | Absent = None
    ms: int | Absent = Field(None, description="How long it has become.")


class DisconnectedEntry(_Entry):
    """The program at the far end has closed its socket; or (`actor` platform) the connection was lost."""

    type: Literal[E.DISCONNECTED]
    why: str


class DidEntry(_Open):
    """What came of an instruction that has no fact of its own."""

    type: Literal[E.DID]
    verb: str
    what: str | Absent = None


Entry: TypeAlias = Annotated[
    StatusEntry
    | ClosedEntry
    | DetectedEntry
    | BeepedEntry
    | ConsentedEntry
    | PressedEntry
    | RedirectedEntry
    | IgnoredFieldsEntry
    | SteppedEntry
    | FetchedEntry
    | WarnedEntry
    | UnusableEntry
    | SaidEntry
    | OverheardEntry
    | HushedEntry
    | HeardEntry
    | MissedEntry
    | PlayedEntry
    | GatheredEntry
    | DialedEntry
    | ConnectedEntry
    | JoinedEntry
    | LineEntry
    | LastingEntry
    | DisconnectedEntry
    | DidEntry,
    Field(discriminator="type"),
]

_ID: Final = "7a1f2f30-6f0c-4f6e-8d6e-2f8f0a4c9a11"


def _example(second: int, actor: str, kind: str, **fields: object) -> dict[str, Any]:
    at = f"2030-01-01T09:00:0{second}.000Z"
    return {"at": at, "offset_ms": 1000 * second, "actor": actor, "type": kind, **fields}


class Timeline(BaseModel):
    """Everything that happened to a call, in order."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "call_id": _ID,
                    "created_at": "2030-01-01T09:00:00.000Z",
                    "entries": [
                        _example(1, "platform", "status", status="ringing"),
                        _example(3, "far_end", "status", status="in-progress"),
                        _example(3, "far_end", "said", text="Hello?", language="en-US", ms=650),
                        _example(3, "platform", "stepped", verb="Gather", line=1, column=11),
                        _example(5, "far_end", "pressed", digits="1"),
                    ],
                    "total": 5,
                }
            ]
        }
    )

    call_id: str
    created_at: Time
    entries: list[Entry]
    total: int
