"""The only module through which rooms and queues change: what calls tell them, and what customers wish of rooms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from telefonie.core import bulletins, presiding, queues, rooms
from telefonie.core.attending import Opening, SteerRecording, Wish
from telefonie.core.bulletins import Effect
from telefonie.core.derive import meeting_id
from telefonie.core.errors import Unknown
from telefonie.core.events import Actor
from telefonie.core.hall import Hall, Reply
from telefonie.core.meeting import OPEN, Kind, Meeting
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
from telefonie.core.room import Did, Fact, Room, Terms

__all__ = ["OPEN", "Change", "Kind", "Meeting", "Place", "apply", "decide", "open_room", "place_of"]

QUORUM: Final = 2  # of a room that is opened before anybody comes


@dataclass(frozen=True, slots=True)
class Change:
    """What a message or wish came to. No meeting: it found none, and made none."""

    meeting: Meeting | None
    replies: tuple[Reply, ...] = ()
    facts: tuple[Fact, ...] = ()
    effects: tuple[Effect, ...] = ()


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


# -- what calls tell --


def apply(meeting: Meeting | None, message: ToMeeting, place: Place, new_id: str, at: int) -> Change:
    """A message to a room or queue. `meeting`: the live one of that name, if there is one."""
    if meeting is not None and not meeting.live:
        meeting = None
    now = at if meeting is None else max(at, meeting.touched_at)
    if isinstance(message, Enter | Exit | RoomSaid):
        return _to_room(meeting, message, place, new_id, now)
    queue = meeting.state if meeting is not None and isinstance(meeting.state, Queue) else None
    told = queues.apply(queue, new_id if meeting is None else meeting.id, message, now)
    return Change(_changed(meeting, told.queue, message, place, new_id, now), told.replies)


def _to_room(meeting: Meeting | None, message: ToRoom, place: Place, new_id: str, now: int) -> Change:
    room = meeting.state if meeting is not None and isinstance(meeting.state, Room) else None
    if meeting is not None:  # it may have been named by its id
        message = replace(message, name=meeting.name)
    told = rooms.apply(room, new_id if meeting is None else meeting.id, message, now)
    changed = _changed(meeting, told.room, message, place, new_id, now)
    if changed is None or changed is meeting or told.room is None:
        return Change(changed, told.replies)
    currency = message.currency if isinstance(message, Enter) else ""
    published = bulletins.publish(changed, told.room, told.happened, currency)
    return Change(published.meeting, told.replies, published.facts, published.effects)


def _changed(
    meeting: Meeting | None,
    state: Room | Queue | None,
    message: ToMeeting,
    place: Place,
    new_id: str,
    now: int,
) -> Meeting | None:
    """The meeting as it is now, the very same if nothing has changed."""
    if state is None or (meeting is not None and meeting.state is state):
        return meeting
    if meeting is not None:
        return replace(meeting, touched_at=now, state=state)
    face = message.face if isinstance(message, Enter | LineUp) else ""
    return Meeting(new_id, place.account_id, face, place.name, now, now, state)


# -- what customers wish --


def open_room(account_id: str, face: str, opening: Opening, room_id: str, now: int) -> Change:
    """A room before anybody comes. It lives on until somebody has come and all have gone, or it is closed."""
    terms = Terms(opening.report_url, opening.report_method, record=opening.record, channels=opening.channels)
    hall = Hall(Room(opening.most, QUORUM, terms=terms), room_id, now, Actor.CUSTOMER)
    hall.note(Did.CREATED)
    made = hall.change()
    meeting = Meeting(room_id, account_id, face, opening.name or room_id, now, now, hall.room)
    published = bulletins.publish(meeting, hall.room, made.happened)
    return Change(published.meeting, (), published.facts, published.effects)


def decide(meeting: Meeting, wish: Wish, at: int) -> Change:
    """What a customer wishes of a room. Raises when its state does not allow it."""
    room, now = meeting.state, max(at, meeting.touched_at)
    if not isinstance(room, Room):
        raise Unknown(presiding.ROOM, meeting.id)
    touched = replace(meeting, touched_at=now)
    if isinstance(wish, SteerRecording):
        steered = bulletins.steered(touched, wish, now)
        return Change(steered.meeting, (), (), steered.effects)
    decided = presiding.decide(room, meeting.id, wish, now)
    assert decided.room is not None  # noqa: S101 - customers decide about rooms that are there
    published = bulletins.publish(touched, decided.room, decided.happened)
    return Change(published.meeting, decided.replies, published.facts, published.effects)
