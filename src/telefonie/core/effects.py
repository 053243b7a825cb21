"""The only module that names what a decision may wish of the world: plain data, granted by others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from telefonie.core.call import Call
from telefonie.core.events import Event
from telefonie.core.meeting import Meeting
from telefonie.core.recordings import News, Recording
from telefonie.core.room import Fact, Member


@dataclass(frozen=True, slots=True)
class Lane:
    """Whose letters leave in order: those of a call, or of a room. `place` counts them from 0."""

    account_id: str
    face: str
    subject: str
    place: int


@dataclass(frozen=True, slots=True)
class Notify:
    """Tell the customer about this event, after everything told before it."""

    event: Event
    sequence: int  # counts the events told about this call, from 0
    call: Call  # as it stood right after the event
    place: int  # in the call's lane, where recordings are told, too


@dataclass(frozen=True, slots=True)
class KeepRecording:
    """Let this recording stand in the store as it is now."""

    recording: Recording
    base: str | None = None  # what its URL may be relative to


@dataclass(frozen=True, slots=True)
class NotifyRecording:
    """Tell the customer how a recording gets on; its events have a sequence of their own."""

    news: News
    at: int
    sequence: int
    recording: Recording
    lane: Lane
    base: str | None = None  # as above


@dataclass(frozen=True, slots=True)
class NotifyRoom:
    """Tell the customer what happened in a room, after everything told before it."""

    fact: Fact
    sequence: int  # counts what was told of this room, from 0
    room: Meeting  # as it stood right after it
    member: Member | None  # whom it is about, as he was
    lane: Lane
    url: str
    method: str = "POST"


Effect: TypeAlias = Notify  # of a call alone; `flow` adds its own
