"""The only module that says what a call is: plain values; how they change stands in `calls`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from telefonie.core import phones
from telefonie.core.events import Kind
from telefonie.core.phones import Behaviour, Detection, Heard, Step
from telefonie.core.sockets import Socket


class Status(StrEnum):
    """Where a call is in its life."""

    QUEUED = "queued"
    RINGING = "ringing"
    TALKING = "talking"
    COMPLETED = "completed"
    FAILED = "failed"
    BUSY = "busy"
    UNANSWERED = "unanswered"
    CANCELED = "canceled"


class Direction(StrEnum):
    """Who dialled: the customer's app, or somebody outside."""

    OUTBOUND = "outbound"
    INBOUND = "inbound"


class Cause(StrEnum):
    """Why a call ended."""

    HUNG_UP = "hung_up"
    CANCELED = "canceled"
    BUSY = "busy"
    DECLINED = "declined"
    UNREACHABLE = "unreachable"
    RING_TIMEOUT = "ring_timeout"
    UNAVAILABLE = "unavailable"
    TIME_LIMIT = "time_limit"
    DOCUMENT_FAILED = "document_failed"
    UNKNOWN_NUMBER = "unknown_number"
    DISCONNECTED = "disconnected"  # the program at the far end closed its socket, or it was lost


class EndedBy(StrEnum):
    """Who ended it."""

    CUSTOMER = "customer"
    FAR_END = "far_end"
    PLATFORM = "platform"


class Trigger(StrEnum):
    """What moves a call along an edge of the table."""

    RING = "ring"
    ANSWER = "answer"
    FIND_BUSY = "find_busy"
    FIND_NOBODY = "find_nobody"
    DECLINE = "decline"
    FAIL = "fail"
    GIVE_UP = "give_up"
    CANCEL = "cancel"
    HANG_UP = "hang_up"
    LEAVE = "leave"
    DETECT = "detect"
    BEEP = "beep"
    REDIRECT = "redirect"
    EXPIRE = "expire"
    ABANDON = "abandon"
    BREAK_OFF = "break_off"
    DISCONNECT = "disconnect"


@dataclass(frozen=True, slots=True)
class Timer:
    """Something planned. A guard runs when its time has passed, but nobody waits for it."""

    due: int
    trigger: Trigger
    guard: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for when the call was placed; it never changes."""

    direction: Direction
    caller: str
    callee: str
    rate: str
    currency: str
    document_url: str | None = None
    document_method: str = "POST"
    fallback_url: str | None = None
    report_url: str | None = None
    report_on: tuple[Kind, ...] = ()
    ring_ms: int = 30_000
    limit_ms: int = 14_400_000
    record: bool = False
    detection: Detection | None = None
    detection_aside: bool = False  # the document does not wait for the verdict
    detection_url: str | None = None  # asked to take note of the verdict
    detection_answers: bool = False  # and what it answers may take the place of what runs
    beep_ms: int = 0  # so long a machine's beep is waited for after the verdict; 0: not at all
    drops_machines: bool = False  # the call ends when a machine has answered
    document: str | None = None  # handed in; then nothing is fetched at first
    parent_id: str | None = None  # the call of which this is a leg
    ticket: int = 0  # which of the parent's instructions made it
    parent_tells: bool = False  # that nobody answered it is told by the parent, which asks how to go on
    language: str = "en-US"  # of documents that name none
    channels: int = 1  # of its recording
    record_source: str = "call"  # what made it recorded: the call itself, the number, the account
    recording_url: str | None = None  # where its recordings are told; None: where the call is
    consent: str = "never"  # what comes before a recording: announce, assume, never
    room_id: str | None = None  # it was placed to bring its far end into this room
    room_recorded: bool = False  # and only if that far end has nothing against being recorded there
    trunk: str | None = None  # the SIP trunk that it goes through
    headers: Mapping[str, str] | None = None  # of SIP, as they go or came with the call
    keys: str = ""
    metadata: Mapping[str, str] | None = None
    ignored: tuple[str, ...] = ()
    phone: Behaviour = phones.DEFAULT
    socket: Socket | None = None  # the far end is a program there, and no phone
    application: str | None = None  # the application it belongs to
    conversation: str = ""  # an id shared by calls that belong together; "": on a face without
    report_method: str = "POST"
    fallback_method: str = "POST"
    region: str = ""  # where its application is at home; "": it does not say
    strict: bool = False  # what is not understood of a document makes all of it unreadable


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it stands. Times are milliseconds of the account's clock."""

    id: str
    account_id: str
    face: str  # the API on which it was made, and which alone shows it
    order: Order
    status: Status
    created_at: int
    touched_at: int  # its last event; nothing may happen to it before that
    timers: tuple[Timer, ...] = ()
    events: int = 0
    reports: int = 0  # events that were told
    told: int = 0  # letters in its lane: those, and what was told of its recordings
    recording: str | None = None  # the first one that was made of it
    rang_at: int | None = None
    answered_at: int | None = None
    ended_at: int | None = None
    cause: Cause | None = None
    ended_by: EndedBy | None = None
    heard: Heard | None = None
    redirect: tuple[str, str] | None = None
    muted: bool = False  # what the far end says is not heard
    deaf: bool = False  # it does not hear other calls
    held: bool = False  # the far end hears music
    away: bool = False  # the far end itself holds the line
    script: tuple[Step, ...] | None = None  # given since the call was placed; else the phone's own counts

    @property
    def phone(self) -> Behaviour:
        """How the far end behaves in this call."""
        phone = self.order.phone
        return phone if self.script is None else replace(phone, script=self.script)

    @property
    def awaits_beep(self) -> bool:
        """Whether a machine has answered, and its beep is listened for."""
        return any(each.trigger is Trigger.BEEP for each in self.timers)

    @property
    def attended(self) -> bool:
        """Whether the far end has somebody to talk with: a document, a caller, a script of its own."""
        order = self.order
        return (
            order.document_url is not None
            or order.document is not None
            or order.parent_id is not None
            or order.room_id is not None
            or order.direction is Direction.INBOUND
            or bool(self.phone.script)
        )
