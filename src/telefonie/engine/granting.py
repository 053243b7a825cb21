"""The only module that turns a change and its wishes into rows; all are worded before anything is noted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

from telefonie.core import meetings
from telefonie.core.effects import KeepRecording, Notify, NotifyRecording, NotifyRoom
from telefonie.core.recordings import Recording
from telefonie.engine import post
from telefonie.engine.orders import TURNED_AWAY, leg_order
from telefonie.engine.ports import Faces
from telefonie.flow import legs
from telefonie.flow.effects import Ask, CloseSocket, Effect, NewLeg, OpenSocket, Post
from telefonie.flow.legs import Change
from telefonie.store.lanes import Outgoing
from telefonie.store.messages import Message
from telefonie.store.streams import Wanted
from telefonie.store.unit import Unit

TOO_MANY: Final = 20429  # of the warning on a leg that is over the account's limit
Worded: TypeAlias = Change | meetings.Change | Outgoing | Message | Recording | Wanted


def save(unit: Unit, faces: Faces, *changes: Change) -> None:
    """Changes with their events and wishes: all of it, or nothing when something cannot be worded."""
    note(unit, [each for change in changes for each in worded(unit, faces, change)])


def worded(unit: Unit, faces: Faces, change: Change) -> list[Worded]:
    """A change and what it wishes, legs with what they wish in turn."""
    found: list[Worded] = [change]
    for effect in change.effects:
        found.extend(_granted(unit, faces, effect))
    return found


def worded_meeting(faces: Faces, change: meetings.Change) -> list[Worded]:
    """What became of a room or queue, and what it wishes."""
    found: list[Worded] = [] if change.meeting is None else [change]
    for effect in change.effects:
        match effect:
            case NotifyRoom():
                found.extend(_sent(post.about_room(effect, faces[effect.lane.face])))
            case KeepRecording(recording):
                found.append(recording)
            case NotifyRecording():
                found.extend(_sent(post.about_recording(effect, faces[effect.lane.face])))
    return found


def _sent(letter: Outgoing | None) -> list[Worded]:
    """A letter, if there is a word for it."""
    return [] if letter is None else [letter]


def note(unit: Unit, items: Iterable[Worded]) -> None:
    """What has been worded becomes part of the transaction."""
    for each in items:
        match each:
            case Change(leg, events):
                unit.save(leg, events)
            case meetings.Change():
                unit.meetings.save(each)
            case Outgoing():
                unit.send(each)
            case Recording():
                unit.recordings.append(each)
            case Message() | Wanted():
                unit.post(each)


def _granted(unit: Unit, faces: Faces, effect: Effect) -> list[Worded]:
    match effect:
        case Notify():
            return _sent(post.outgoing(effect, faces[effect.call.face]))
        case KeepRecording(recording, base):
            return [post.absolute(recording, base)]
        case NotifyRecording():
            return _sent(post.about_recording(effect, faces[effect.lane.face]))
        case Ask():
            return [post.question(effect, faces[effect.call.face])]
        case Post() | OpenSocket() | CloseSocket():
            return [_posted(effect)]
        case NewLeg():
            return _placed(unit, faces, effect)


def _placed(unit: Unit, faces: Faces, wish: NewLeg) -> list[Worded]:
    """A leg; one over the account's limit says so, and fails."""
    order = leg_order(unit.conn, wish, unit.wall)
    leg = legs.place(wish.id, wish.call.account_id, wish.call.face, order, wish.at)
    if order.phone is not TURNED_AWAY:
        return worded(unit, faces, leg)
    message = "The account makes more calls in a second than it may."
    warned = legs.turned_away(leg.leg, TOO_MANY, message, wish.at)
    return [each for change in (leg, warned) for each in worded(unit, faces, change)]


def _posted(effect: Post | OpenSocket | CloseSocket) -> Message | Wanted:
    match effect:
        case Post():
            return post.message(effect)
        case OpenSocket(call, at):
            return Wanted(call.id, call.account_id, at)
        case CloseSocket(call, at):
            return Wanted(call.id, call.account_id, at, ends=True)
