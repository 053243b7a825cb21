"""The only module that says what customers may do to a room, and what follows for those who are in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from telefonie.core.attending import Announce, Close, Invite, Remove, Steer, Steering, ToState
from telefonie.core.errors import Conflict, Illegal, Unknown
from telefonie.core.events import Actor
from telefonie.core.hall import Change, Hall
from telefonie.core.messages import Announced, Dismissed, Steered, Uninvited
from telefonie.core.room import Did, Member, Room
from telefonie.core.rooms import (
    REMOVED,
    end,
    expected,
    give_up,
    label_in_use,
    leave,
    who_hears_whom,
)

ROOM: Final = "conference"  # as every API calls it
MEMBER: Final = "participant"
CLOSED: Final = "closed"
CANCELED: Final = "canceled"
_WISHES: Final[dict[type, str]] = {
    Invite: "take anybody in",
    Steer: "be taken part in",
    Remove: "lose anybody",
    Announce: "hear an announcement",
    Close: "be ended again",
}


def decide(room: Room, room_id: str, wish: ToState, now: int) -> Change:
    """The one way in which customers change a room. Raises when its state does not allow it."""
    if not room.live:
        raise Illegal(ROOM, room.status, _WISHES[type(wish)])
    hall = Hall(room, room_id, now, Actor.CUSTOMER)
    match wish:
        case Invite(guest):
            _invite(hall, guest)
        case Steer(call, steering):
            _steer(hall, call, steering)
        case Remove(call):
            _remove(hall, call)
        case Announce(url, method):
            _announce(hall, url, method)
        case Close():
            end(hall, "", CLOSED, CLOSED)
    return hall.change()


def _invite(hall: Hall, guest: Member) -> None:
    room = hall.room
    if label_in_use(room, guest.label):
        raise Conflict("label_in_use", f"The label {guest.label!r} is in use in this conference.")
    if room.places <= 0:
        raise Conflict("conference_full", f"The conference is full: it takes {room.most}.")
    if guest.coach:
        _check_coach(room, guest.call, guest.coach)
    hall.room = replace(room, guests=(*room.guests, guest))


def _check_coach(room: Room, call: str, coach: str) -> None:
    if coach == call or not expected(room, coach):
        message = f"The call {coach!r} is not in this conference, so nobody can coach it."
        raise Conflict("coach_not_in_conference", message)


def _remove(hall: Hall, call: str) -> None:
    member, guest = hall.room.member(call), hall.room.guest(call)
    if member is not None:
        hall.reply(call, Dismissed(member.ticket, hall.id, REMOVED))
        leave(hall, member, REMOVED)
    elif guest is not None:
        hall.reply(call, Uninvited(hall.id, REMOVED))
        give_up(hall, guest, REMOVED, CANCELED)
    else:
        raise Unknown(MEMBER, call)


def _announce(hall: Hall, url: str, method: str) -> None:
    hall.note(Did.ANNOUNCED, data={"url": url})
    for each in hall.room.members:
        hall.reply(each.call, Announced(each.ticket, hall.id, url, method))


# -- how somebody takes part --


def _steer(hall: Hall, call: str, steering: Steering) -> None:
    if steering.coach:
        _check_coach(hall.room, call, steering.coach)
    member, guest = hall.room.member(call), hall.room.guest(call)
    if member is not None:
        _steer_member(hall, member, steering)
    elif guest is not None:
        _steer_guest(hall, guest, steering)
    else:
        raise Unknown(MEMBER, call)


def _steer_guest(hall: Hall, guest: Member, steering: Steering) -> None:
    """Who is on the way takes part like that when he comes in; there is nothing to be told of it yet."""
    if steering.announce_url is not None:
        raise Illegal(MEMBER, "not in the conference yet", "hear an announcement")
    changed = replace(guest, **_changes(guest, steering))
    guests = tuple(changed if each.call == guest.call else each for each in hall.room.guests)
    hall.room = replace(hall.room, guests=guests)


def _steer_member(hall: Hall, member: Member, steering: Steering) -> None:
    changes = _changes(member, steering)
    for name, (on, off) in _LINE.items():
        if name in changes:
            member = _changed(hall, member, on if changes[name] else off, **{name: changes[name]})
    rest = {name: value for name, value in changes.items() if name not in _LINE}
    if rest:
        member = _changed(hall, member, Did.MODIFIED, **rest)
    if changes.keys() & _LINE.keys():
        told = Steered(member.ticket, hall.id, changes.get("muted"), changes.get("held"))
        hall.reply(member.call, told)
    if steering.announce_url is not None:
        hall.note(Did.ANNOUNCED, member.call, "", {"url": steering.announce_url}, member)
        url, method = steering.announce_url, steering.announce_method
        hall.reply(member.call, Announced(member.ticket, hall.id, url, method))


_LINE: Final = {"muted": (Did.MUTED, Did.UNMUTED), "held": (Did.HELD, Did.UNHELD)}


def _changes(member: Member, steering: Steering) -> dict[str, Any]:
    """What is to be otherwise than it is."""
    asked: dict[str, Any] = {"muted": steering.muted, "held": steering.held, "ends": steering.ends}
    changes = {name: value for name, value in asked.items() if value not in (None, getattr(member, name))}
    if steering.coach is not None:
        heard_by = (steering.coach,) if steering.coach else None
        if heard_by != member.heard_by:
            changes["heard_by"] = heard_by
    return changes


def _changed(hall: Hall, member: Member, did: Did, **changes: Any) -> Member:
    now = replace(member, **changes)
    members = tuple(now if each.call == member.call else each for each in hall.room.members)
    data = {**who_hears_whom(now), "ends": now.ends} if did is Did.MODIFIED else {}
    hall.note(did, member.call, "", data, now, members=members)
    return now
