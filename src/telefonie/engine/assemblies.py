"""The only module that decides what customers wish of rooms, within the batch that also tells rooms what calls say."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from telefonie.core import meetings
from telefonie.core.attending import Invite
from telefonie.core.derive import derived
from telefonie.core.errors import Conflict
from telefonie.core.meetings import Change, Meeting
from telefonie.core.room import Room
from telefonie.engine.decisions import OpenRoom, Place, TellRoom
from telefonie.engine.facts import Facts, place_of_room
from telefonie.engine.granting import note, worded_meeting
from telefonie.engine.once import decided_once
from telefonie.engine.ports import Faces, Reply
from telefonie.engine.stewards import replies
from telefonie.store.unit import Unit


def open_room(unit: Unit, faces: Faces, facts: Facts, asked: OpenRoom, room_id: str, now: int) -> Reply:
    """A room before anybody comes, once for each key."""
    return decided_once(facts, asked, now, partial(_open, unit, faces, asked, room_id, now))


def _open(unit: Unit, faces: Faces, asked: OpenRoom, room_id: str, now: int) -> Reply:
    name = asked.opening.name
    if name and unit.meetings.find(place_of_room(asked)) is not None:
        message = f"A conference with the name {name!r} is live; end it first, or take another name."
        raise Conflict("conference_name_in_use", message)
    change = meetings.open_room(asked.account_id, asked.face, asked.opening, room_id, now)
    reply = asked.word(_made(change))
    note(unit, worded_meeting(faces, change))
    return reply


def _made(change: Change) -> Meeting:
    assert change.meeting is not None  # noqa: S101 - customers decide about rooms that are there
    return change.meeting


def tell_room(unit: Unit, faces: Faces, asked: TellRoom, now: int) -> Reply:
    """Put a wish to a room, and tell the calls in it what follows for them."""
    meeting = unit.meetings.room(asked.account_id, asked.face, asked.room_id)
    change = meetings.decide(meeting, asked.wish, now)
    leg = unit.calls.get(asked.call_id or "")
    after = _made(change)
    reply = asked.word(after, None if leg is None else leg.call.status)
    told = replies(asked.account_id, change, _source(meeting), after.touched_at)
    note(unit, [*worded_meeting(faces, change), *told])
    return reply


def _source(meeting: Meeting) -> str:
    """What names the messages that follow from a wish: whatever is told to calls is a fact of its own, too."""
    count = meeting.state.events if isinstance(meeting.state, Room) else 0
    return derived(meeting.id, f"wish:{count}")


def invited(unit: Unit, asked: Place, call_id: str, now: int) -> Change | None:
    """The place that is kept for somebody who is being called; nothing for other calls."""
    room_id = asked.order.room_id
    if room_id is None or asked.guest is None:
        return None
    meeting = unit.meetings.room(asked.account_id, asked.face, room_id)
    return meetings.decide(meeting, Invite(replace(asked.guest, call=call_id, joined_at=now)), now)
