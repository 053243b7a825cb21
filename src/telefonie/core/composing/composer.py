"""The only module that composes the score of a recording: of what happened to calls and in rooms, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from telefonie.core.composing.kept import kept
from telefonie.core.composing.sides import Calls, Rooms, Sides, needed, needed_in_room, of_call, of_room
from telefonie.core.recordings import Recording, Source
from telefonie.core.score import Score


@dataclass(frozen=True, slots=True)
class Needs:
    """What must still be read: the journals of these calls, the facts of these rooms."""

    calls: frozenset[str] = frozenset()
    rooms: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.calls or self.rooms)


def wanted(it: Recording, calls: Calls, rooms: Rooms) -> Needs:
    """What is missing before it can be composed. Once that is read, more may turn out to be missing."""
    if it.room_id is not None:
        others = frozenset(needed_in_room(it.room_id, rooms))
        return Needs(others - calls.keys(), frozenset({it.room_id}) - rooms.keys())
    own = frozenset({it.call_id})
    if not _heard_side(it) or it.call_id not in calls:
        return Needs(own - calls.keys())
    entered = frozenset(calls[it.call_id].rooms())
    return Needs(frozenset(needed(it.call_id, calls, rooms)) - calls.keys(), entered - rooms.keys())


def compose(it: Recording, calls: Calls, rooms: Rooms) -> Score:
    """What it consists of. A journal that is not there leaves silence."""
    keeps = kept(it)
    sides = _sides(it, calls, rooms) if keeps.spans else ((), ())
    split = it.channels > 1 and _said_side(it) and _heard_side(it)
    parts = [
        part
        for side, takes in enumerate(sides)
        for take in takes
        for part in keeps.parts(take, side if split else 0)
    ]
    return Score(it.ms, 2 if split else 1, tuple(sorted(parts, key=lambda each: each.at)))


def _sides(it: Recording, calls: Calls, rooms: Rooms) -> Sides:
    if it.room_id is not None:
        return of_room(it.room_id, calls, rooms)
    said, heard = of_call(it.call_id, calls, rooms)
    return said if _said_side(it) else (), heard if _heard_side(it) else ()


def _said_side(it: Recording) -> bool:
    return it.room_id is not None or it.track != "outbound"


def _heard_side(it: Recording) -> bool:
    """Whether it holds what the far end hears. The Record verb wants the far end's words and nothing else."""
    return it.room_id is not None or (it.track != "inbound" and it.source is not Source.RECORD_VERB)
