"""The only module that names what a decision about a call's flow may wish of the world: plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from telefonie.core.call import Call, Order
from telefonie.core.effects import KeepRecording, Notify, NotifyRecording
from telefonie.core.messages import Message


class Purpose(StrEnum):
    """What a request is for; the call's face words it accordingly."""

    INSTRUCTIONS = "instructions"  # the first document, or one that the customer sent the call to
    ACTION = "action"  # what a verb came to, and where to go on
    REDIRECT = "redirect"  # where a document sends the call
    FALLBACK = "fallback"
    BESIDE = "beside"  # what the far end hears while it waits
    TELL = "tell"  # of a verb; the answer is not read
    VERDICT = "verdict"  # of detection; the answer is not read
    EVENT = "event"  # something happened, and a document in the answer takes the place of what runs
    SOUND = "sound"  # a file to be played


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask the customer's server for something. What comes of it returns as `Fetched`, but for TELL."""

    number: int  # counts within the call
    call: Call  # as it stands
    at: int  # not before
    purpose: Purpose
    url: str  # may be relative to `base`
    base: str | None
    method: str
    verb: str | None = None
    outcome: Mapping[str, Any] = field(default_factory=dict)  # neutral names and values
    error_code: int | None = None  # of what failed, for the fallback
    error_url: str | None = None
    error_reason: str = ""  # what was wrong, for people
    error_purpose: str = ""  # what the one that failed was for: a value of `Purpose`


@dataclass(frozen=True, slots=True)
class NewLeg:
    """Place a call that belongs to this one."""

    id: str
    order: Order
    call: Call  # whose leg it is
    at: int
    base: str | None = None  # what the URLs of its order may be relative to


@dataclass(frozen=True, slots=True)
class Post:
    """A message to another call (`to`), or to the room or queue that it names."""

    to: str | None
    message: Message
    call: Call  # who sends it
    number: int  # counts within the call, so that each message has a name
    at: int


@dataclass(frozen=True, slots=True)
class OpenSocket:
    """Open the socket of this ringing call; what comes of it returns as `Opened` or `Unopened`."""

    call: Call
    at: int


@dataclass(frozen=True, slots=True)
class CloseSocket:
    """This call is over: let its socket go, once everything that was said before has gone through it."""

    call: Call
    at: int


Effect: TypeAlias = Notify | KeepRecording | NotifyRecording | Ask | NewLeg | Post | OpenSocket | CloseSocket
