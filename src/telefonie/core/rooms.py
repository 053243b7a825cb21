"""The only module that says how a room goes: who is in, when it starts and ends, and who is told of it.

A room's settings are those of the first who came; each member's own settings are his.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final, TypeAlias

from telefonie.core.messages import (
    Admitted,
    Dismissed,
    Enter,
    Exit,
    Message,
    Overhear,
    Refused,
    RoomSaid,
    Started,
    ToRoom,
)

FULL: Final = 16020
LABEL_IN_USE: Final = 16025
NOT_FOUND: Final = 20404

Reply: TypeAlias = tuple[str, Message]  # to which call


class Status(StrEnum):
    """Where a room is in its life."""

    WAITING = "waiting"
    STARTED = "started"
    ENDED = "ended"


class Trigger(StrEnum):
    """What moves a room along an edge of the table."""

    START = "start"
    END = "end"


TABLE: Final[Mapping[Status, Mapping[Trigger, Status]]] = {
    Status.WAITING: {Trigger.START: Status.STARTED, Trigger.END: Status.ENDED},
    Status.STARTED: {Trigger.END: Status.ENDED},
    Status.ENDED: {},
}


class Did(StrEnum):
    """What happened in a room."""

    CREATED = "created"
    STARTED = "started"
    JOINED = "joined"
    LEFT = "left"
    MUTED = "muted"
    UNMUTED = "unmuted"
    HELD = "held"
    UNHELD = "unheld"
    MODIFIED = "modified"  # who hears whom
    ANNOUNCED = "announced"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened in a room, `by` that call. `why`: of leaving and ending.

    `data` of joining: muted, held, label, beep, heard_by and hears (ids of calls, or None for all); of modifying:
    heard_by and hears as they are now.
    """

    did: Did
    at: int
    by: str = ""
    why: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    ordinal: int = 0  # within the room


@dataclass(frozen=True, slots=True)
class Member:
    """A call that is in a room."""

    call: str
    ticket: int
    joined_at: int
    label: str = ""
    starts: bool = True
    ends: bool = False
    muted: bool = False
    listens: bool = False
    beep: str = "both"
    heard_by: tuple[str, ...] | None = None
    hears: tuple[str, ...] | None = None

    def reaches(self, other: Member) -> bool:
        """Whether the other is told what this one says."""
        if self.muted or not other.listens or other.call == self.call:
            return False
        return _among(other.call, self.heard_by) and _among(self.call, other.hears)


def _among(call: str, those: tuple[str, ...] | None) -> bool:
    return those is None or call in those


@dataclass(frozen=True, slots=True)
class Room:
    """A room as it stands."""

    most: int
    quorum: int
    status: Status = Status.WAITING
    members: tuple[Member, ...] = ()
    started_at: int | None = None
    ended_at: int | None = None

    @property
    def live(self) -> bool:
        """Whether anybody may still come in."""
        return self.status is not Status.ENDED

    def member(self, call: str) -> Member | None:
        """That call, if it is in."""
        return next((each for each in self.members if each.call == call), None)


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision about a room came to. No room: there is none, and none was made."""

    room: Room | None
    replies: tuple[Reply, ...] = ()
    facts: tuple[Fact, ...] = ()


def apply(room: Room | None, room_id: str, message: ToRoom, now: int) -> Change:
    """The one way in which a room changes. A room that has ended is as good as none."""
    here = room if room is not None and room.live else None
    match message:
        case Enter():
            return _enter(here, room_id, message, now)
        case Exit():
            return Change(None) if here is None else _exit(here, room_id, message, now)
        case RoomSaid():
            return Change(here) if here is None else _said(here, message)


# -- coming in --


def _enter(room: Room | None, room_id: str, asked: Enter, now: int) -> Change:
    if room is None and asked.room:
        refused = Refused(asked.ticket, NOT_FOUND, "there is no such room")
        return Change(None, ((asked.call, refused),))
    facts: tuple[Fact, ...] = () if room else (Fact(Did.CREATED, now, asked.call),)
    here = room or Room(asked.most, asked.quorum)
    others = tuple(each for each in here.members if each.call != asked.call)
    refusal = _refusal(here, others, asked)
    if refusal is not None:
        return Change(room, ((asked.call, refusal),))
    if len(others) == len(here.members):
        facts += (Fact(Did.JOINED, now, asked.call),)
    here = replace(here, members=(*others, _member(asked, now)))
    waiting = tuple(each for each in others if not here.started_at)
    starts = Trigger.START in TABLE[here.status] and _may_start(here)
    if starts:
        here = replace(here, status=TABLE[here.status][Trigger.START], started_at=now)
        facts += (Fact(Did.STARTED, now, asked.call),)
    admitted = Admitted(asked.ticket, room_id, here.status is Status.STARTED, asked.name)
    started = [(each.call, Started(each.ticket, room_id)) for each in waiting if starts]
    return Change(here, ((asked.call, admitted), *started), facts)


def _refusal(room: Room, others: tuple[Member, ...], asked: Enter) -> Refused | None:
    if asked.label and any(each.label == asked.label for each in others):
        return Refused(asked.ticket, LABEL_IN_USE, f"the label {asked.label} is in use in this room")
    if len(others) >= room.most:
        return Refused(asked.ticket, FULL, f"the room is full: it takes {room.most}")
    return None


def _member(asked: Enter, now: int) -> Member:
    return Member(
        asked.call,
        asked.ticket,
        now,
        asked.label,
        asked.starts,
        asked.ends,
        asked.muted,
        asked.listens,
        asked.beep,
        None if asked.heard_by is None else tuple(asked.heard_by),
        None if asked.hears is None else tuple(asked.hears),
    )


def _may_start(room: Room) -> bool:
    return len(room.members) >= room.quorum and any(each.starts for each in room.members)


# -- going --

REMOVED: Final = "removed"
# Why a room ended: whether the one who went ends it by going, and whether he was removed.
WHY_ENDED: Final[Mapping[tuple[bool, bool], str]] = {
    (True, False): "ender_left",
    (True, True): "ender_removed",
    (False, False): "last_left",
    (False, True): "last_removed",
}


def _exit(room: Room, room_id: str, asked: Exit, now: int) -> Change:
    member = room.member(asked.call)
    if member is None:
        return Change(room)
    facts = (Fact(Did.LEFT, now, asked.call, asked.why),)
    left = tuple(each for each in room.members if each.call != asked.call)
    if left and not member.ends:
        return Change(replace(room, members=left), (), facts)
    ended = Fact(Did.ENDED, now, asked.call, WHY_ENDED[member.ends, asked.why == REMOVED])
    gone = tuple(Fact(Did.LEFT, now, each.call, "ended") for each in left)
    over = replace(room, members=(), status=TABLE[room.status][Trigger.END], ended_at=now)
    replies = tuple((each.call, Dismissed(each.ticket, room_id, "ender_left")) for each in left)
    return Change(over, replies, (*facts, ended, *gone))


# -- speaking --


def _said(room: Room, said: RoomSaid) -> Change:
    speaker = room.member(said.call)
    if speaker is None or room.status is not Status.STARTED:
        return Change(room)
    words = Overhear(said.call, said.at, said.text, said.language, said.ms)
    return Change(room, tuple((each.call, words) for each in room.members if speaker.reaches(each)))
