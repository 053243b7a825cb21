"""The only module that says what a meeting is: a room or a queue of an account, found by its name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, TypeAlias

from telefonie.core import queues, rooms
from telefonie.core.derive import meeting_id
from telefonie.core.messages import (
    Enter,
    Exit,
    LineUp,
    Message,
    RoomSaid,
    StepOut,
    TakeFirst,
    TakeNobody,
    ToQueue,
    ToRoom,
)
from telefonie.core.queues import Queue
from telefonie.core.rooms import Fact, Reply, Room

OPEN: Final = "open"  # the status of a queue, which never changes


class Kind(StrEnum):
    """What calls meet in."""

    ROOM = "room"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True)
class Meeting:
    """One room or queue. At most one of a kind and name is live in an account."""

    id: str
    account_id: str
    face: str  # the API that shows it: that of the call which came first
    name: str
    created_at: int
    touched_at: int
    state: Room | Queue

    @property
    def kind(self) -> Kind:
        """Which of the two it is."""
        return Kind.ROOM if isinstance(self.state, Room) else Kind.QUEUE

    @property
    def live(self) -> bool:
        """Whether its name leads to it."""
        return self.state.live if isinstance(self.state, Room) else True

    @property
    def over(self) -> bool:
        """Whether nothing goes on there: a room that has ended, a queue in which nobody waits."""
        if isinstance(self.state, Room):
            return not self.state.live
        return not (self.state.waiters or self.state.askers)

    @property
    def status(self) -> str:
        """The word by which lists find it."""
        return self.state.status.value if isinstance(self.state, Room) else OPEN


@dataclass(frozen=True, slots=True)
class Change:
    """What a message came to. No meeting: it found none, and made none."""

    meeting: Meeting | None
    replies: tuple[Reply, ...] = ()
    facts: tuple[Fact, ...] = ()


ToMeeting: TypeAlias = ToRoom | ToQueue


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes: by the name of a room or queue, or by a room's id."""

    account_id: str
    kind: Kind
    name: str = ""
    id: str = ""

    @property
    def subject(self) -> str:
        """Under which messages to it are kept."""
        return meeting_id(self.account_id, self.kind.value, self.id or self.name)


def place_of(account_id: str, message: Message) -> Place:
    """The room or queue that a message names."""
    match message:
        case Enter(room=room) | Exit(room=room) if room:
            return Place(account_id, Kind.ROOM, id=room)
        case Enter(name=name) | Exit(name=name) | RoomSaid(name=name):
            return Place(account_id, Kind.ROOM, name)
        case LineUp(name=name) | StepOut(name=name) | TakeFirst(name=name) | TakeNobody(name=name):
            return Place(account_id, Kind.QUEUE, name)
        case _:
            raise TypeError(f"{type(message).__name__} names no room and no queue")


def apply(meeting: Meeting | None, message: ToMeeting, place: Place, new_id: str, at: int) -> Change:
    """A message to a room or queue. `meeting`: the live one of that name, if there is one."""
    if meeting is not None and not meeting.live:
        meeting = None
    now = at if meeting is None else max(at, meeting.touched_at)
    own_id = new_id if meeting is None else meeting.id
    state = None if meeting is None else meeting.state
    changed: Room | Queue | None
    facts: tuple[Fact, ...] = ()
    if isinstance(message, Enter | Exit | RoomSaid):
        if meeting is not None:  # it may have been named by its id
            message = replace(message, name=meeting.name)
        in_room = rooms.apply(state if isinstance(state, Room) else None, own_id, message, now)
        changed, replies, facts = in_room.room, in_room.replies, in_room.facts
    else:
        in_queue = queues.apply(state if isinstance(state, Queue) else None, own_id, message, now)
        changed, replies = in_queue.queue, in_queue.replies
    if changed is None or changed is state:
        return Change(meeting, replies, facts)
    if meeting is not None:
        return Change(replace(meeting, touched_at=now, state=changed), replies, facts)
    face = message.face if isinstance(message, Enter | LineUp) else ""
    return Change(Meeting(new_id, place.account_id, face, place.name, now, now, changed), replies, facts)
