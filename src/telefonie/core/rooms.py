"""The only module that says how a room goes: who is in, when it starts and ends, and who is told of it.

A room's settings are those of the first who came; each member's own settings are his.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from telefonie.core.hall import Change, Hall
from telefonie.core.messages import (
    Admitted,
    Dismissed,
    Enter,
    Exit,
    Overhear,
    Refused,
    RoomSaid,
    Started,
    ToRoom,
    Uninvited,
)
from telefonie.core.room import TABLE, Did, Fact, Member, Room, Status, Terms, Trigger, unpacked_terms

__all__ = ["TABLE", "Did", "Fact", "Member", "Room", "Status", "Terms", "Trigger"]

FULL: Final = 16020
LABEL_IN_USE: Final = 16025
NOT_FOUND: Final = 20404
NO_COACH: Final = 13240


def apply(room: Room | None, room_id: str, message: ToRoom, now: int) -> Change:
    """The one way in which calls change a room. A room that has ended is as good as none."""
    here = room if room is not None and room.live else None
    match message:
        case Enter():
            return _enter(here, room_id, message, now)
        case Exit():
            return Change(None) if here is None else _exit(Hall(here, room_id, now), message)
        case RoomSaid():
            return Change(here) if here is None else _said(here, message)


# -- coming in --


def _enter(room: Room | None, room_id: str, asked: Enter, now: int) -> Change:
    if room is None and asked.room:
        return Change(None, ((asked.call, Refused(asked.ticket, NOT_FOUND, "there is no such room")),))
    here = room or Room(asked.most, asked.quorum, terms=unpacked_terms(asked.terms))
    again, guest = here.member(asked.call), here.guest(asked.call)
    refusal = None if guest else _refusal(here, asked, again=again is not None)
    if refusal is not None:
        return Change(room, ((asked.call, Refused(asked.ticket, *refusal)),))
    hall = Hall(here, room_id, now)
    if room is None:
        hall.note(Did.CREATED, asked.call)
    lost = bool(asked.coach) and not expected(here, asked.coach)
    member = _seated(guest, asked, now) if guest else _member(asked, now, coached=not lost)
    _let_in(hall, member, again)
    started = here.status is Status.STARTED or _may_start(hall.room)
    admitted = Admitted(asked.ticket, room_id, started, asked.name, member.held, member.beep)
    hall.reply(asked.call, replace(admitted, code=NO_COACH if lost else 0))
    if started and here.status is not Status.STARTED:
        _start(hall, asked.call)
    return hall.change()


def _let_in(hall: Hall, member: Member, again: Member | None) -> None:
    room, call = hall.room, member.call
    members = (*(each for each in room.members if each.call != call), member)
    if again is not None:
        hall.room = replace(room, members=members)
        return
    guests = tuple(each for each in room.guests if each.call != call)
    hall.note(Did.JOINED, call, "", _as_he_is(member), member, members=members, guests=guests, visited=True)


def _start(hall: Hall, by: str) -> None:
    room = hall.room
    hall.note(Did.STARTED, by, status=TABLE[room.status][Trigger.START], started_at=hall.now)
    for each in room.members:
        if each.call != by:
            hall.reply(each.call, Started(each.ticket, hall.id))


def expected(room: Room, call: str) -> bool:
    """Whether that call is in, or on the way."""
    return room.member(call) is not None or room.guest(call) is not None


def label_in_use(room: Room, label: str, but: str = "") -> bool:
    """Whether somebody else in the room, or on the way into it, goes by that label."""
    others = (each for each in (*room.members, *room.guests) if each.call != but)
    return bool(label) and any(each.label == label for each in others)


def _refusal(room: Room, asked: Enter, *, again: bool) -> tuple[int, str] | None:
    if label_in_use(room, asked.label, asked.call):
        return LABEL_IN_USE, f"the label {asked.label} is in use in this room"
    if room.places <= 0 and not again:
        return FULL, f"the room is full: it takes {room.most}"
    return None


def _member(asked: Enter, now: int, *, coached: bool) -> Member:
    heard_by = asked.heard_by
    if asked.coach:
        heard_by = (asked.coach,) if coached else None
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
        None if heard_by is None else tuple(heard_by),
        None if asked.hears is None else tuple(asked.hears),
    )


def _seated(guest: Member, asked: Enter, now: int) -> Member:
    """One who was invited takes part as was settled then, and since."""
    return replace(guest, ticket=asked.ticket, joined_at=now, listens=asked.listens)


def _as_he_is(member: Member) -> dict[str, Any]:
    return {
        "muted": member.muted,
        "held": member.held,
        "label": member.label,
        "beep": member.beep,
        **who_hears_whom(member),
    }


def who_hears_whom(member: Member) -> dict[str, Any]:
    """Of a member: ids of calls, or None for all."""
    found = {"heard_by": member.heard_by, "hears": member.hears}
    return {name: None if each is None else list(each) for name, each in found.items()}


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


def _exit(hall: Hall, asked: Exit) -> Change:
    member = hall.room.member(asked.call)
    if member is not None:
        leave(hall, member, asked.why)
    elif (guest := hall.room.guest(asked.call)) is not None:
        give_up(hall, guest, asked.why, asked.status)
    return hall.change()


def leave(hall: Hall, member: Member, why: str) -> None:
    """A member goes; that may be the end of it."""
    _gone(hall, member, why)
    if member.ends or _deserted(hall.room):
        end(hall, member.call, WHY_ENDED[member.ends, why == REMOVED])


def give_up(hall: Hall, guest: Member, why: str, status: str) -> None:
    """A guest will not come: his place is free. If nobody else is left or on the way, it is over."""
    _not_coming(hall, guest, why, status)
    if hall.room.visited and _deserted(hall.room):
        end(hall, guest.call, WHY_ENDED[False, why == REMOVED])


def end(hall: Hall, by: str, why: str, gone: str = "ended") -> None:
    """Everybody goes, nobody need come any more, and then it is over."""
    for each in hall.room.members:
        _gone(hall, each, gone)
        hall.reply(each.call, Dismissed(each.ticket, hall.id, why))
    for each in hall.room.guests:
        _not_coming(hall, each, gone)
        hall.reply(each.call, Uninvited(hall.id, why))
    over = TABLE[hall.room.status][Trigger.END]
    hall.note(Did.ENDED, by, why, status=over, ended_at=hall.now, ending=(by, why))


def _deserted(room: Room) -> bool:
    return not room.members and not room.guests


def _gone(hall: Hall, member: Member, why: str) -> None:
    left = tuple(each for each in hall.room.members if each.call != member.call)
    hall.note(Did.LEFT, member.call, why, {"beep": member.beep}, member, members=left)


def _not_coming(hall: Hall, guest: Member, why: str, status: str = "") -> None:
    left = tuple(each for each in hall.room.guests if each.call != guest.call)
    data = {"joined": False, "status": status} if status else {"joined": False}
    hall.note(Did.LEFT, guest.call, why, data, guest, guests=left)


# -- speaking --


def _said(room: Room, said: RoomSaid) -> Change:
    speaker = room.member(said.call)
    if speaker is None or room.status is not Status.STARTED:
        return Change(room)
    words = Overhear(said.call, said.at, said.text, said.language, said.ms)
    replies = tuple((each.call, words) for each in room.members if speaker.reaches(each))
    heard = not speaker.muted and not speaker.held and speaker.heard_by is None
    return Change(sounding(room, said.at, said.ms) if heard else room, replies)


def sounding(room: Room, at: int, ms: int) -> Room:
    """Something can be heard in it. Only where silence is cut off a recording this is remembered."""
    if not room.terms.trim or not room.terms.record or room.started_at is None:
        return room
    start, until = room.sound or (at, at)
    return replace(room, sound=(min(start, at), max(until, at + ms)))
