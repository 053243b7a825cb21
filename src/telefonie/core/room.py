"""The only module that says what a room is: plain values; how they change stands in `rooms` and `presiding`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, Final

from telefonie.core import recordings
from telefonie.core.events import Actor
from telefonie.core.recordings import News, Recording


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


USUAL: Final = (
    Did.CREATED,
    Did.STARTED,
    Did.JOINED,
    Did.LEFT,
    Did.MUTED,
    Did.UNMUTED,
    Did.HELD,
    Did.UNHELD,
    Did.ENDED,
)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened in a room; `by` that call, or about it ("": by the customer, about all).

    `why` of leaving: hung_up, redirected, star, time_limit, document_failed, removed, ended, closed, add_failed.
    `why` of ending: closed, ender_left, ender_removed, last_left, last_removed.

    `data` of joining: muted, held, label, beep, heard_by and hears (ids of calls, or None for all); of leaving:
    beep, and of somebody who never came in joined=False and the status of his call; of modifying: heard_by and
    hears as they are now; of announcing: the url. `beep` is the member's setting: both, enter, exit or none.
    """

    did: Did
    at: int
    by: str = ""
    why: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    ordinal: int = 0  # within the room
    actor: Actor = Actor.PLATFORM


@dataclass(frozen=True, slots=True)
class Terms:
    """What the first who came has settled: who is told of what, and whether all of it is recorded."""

    report_url: str | None = None
    report_method: str = "POST"
    report_on: tuple[Did, ...] = USUAL
    record: bool = False
    channels: int = 1
    trim: bool = False
    recording_url: str | None = None  # None: where the room is told of
    recording_method: str = "POST"
    recording_on: tuple[News, ...] = recordings.USUAL
    application: str | None = None  # that of the call which came first
    conversation: str = ""  # likewise


@dataclass(frozen=True, slots=True)
class Member:
    """A call that is in a room. A guest is one that is still on the way: he has no ticket yet."""

    call: str
    ticket: int
    joined_at: int  # of a guest: when he was invited
    label: str = ""
    starts: bool = True
    ends: bool = False
    muted: bool = False
    listens: bool = False
    beep: str = "both"
    heard_by: tuple[str, ...] | None = None
    hears: tuple[str, ...] | None = None
    held: bool = False  # he hears music, neither hears the others nor is heard

    @property
    def coach(self) -> str:
        """The one call that hears him, if there is just one."""
        return self.heard_by[0] if self.heard_by is not None and len(self.heard_by) == 1 else ""

    def reaches(self, other: Member) -> bool:
        """Whether the other is told what this one says."""
        if self.muted or self.held or other.held or not other.listens or other.call == self.call:
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
    guests: tuple[Member, ...] = ()  # invited, and not in yet; a place is kept for each
    terms: Terms = Terms()
    visited: bool = False  # somebody has been in
    recording: Recording | None = None
    sound: tuple[int, int] | None = None  # from when to when anything could be heard in it, where that counts
    events: int = 0
    reports: int = 0  # facts that were told
    told: int = 0  # letters in its lane: those, and what was told of its recording
    ending: tuple[str, str] | None = None  # once it is over: by whose going (or ""), and why

    @property
    def live(self) -> bool:
        """Whether anybody may still come in."""
        return self.status is not Status.ENDED

    @property
    def places(self) -> int:
        """How many may still come in."""
        return self.most - len(self.members) - len(self.guests)

    def member(self, call: str) -> Member | None:
        """That call, if it is in."""
        return next((each for each in self.members if each.call == call), None)

    def guest(self, call: str) -> Member | None:
        """That call, if it is on the way."""
        return next((each for each in self.guests if each.call == call), None)


# -- as stored: what is as usual is left out --


def _usual(kind: Any) -> dict[str, Any]:
    return {each.name: each.default for each in fields(kind)}


_ROOM: Final = _usual(Room)
_MEMBER: Final = _usual(Member)
_TERMS: Final = _usual(Terms)


def _unusual(it: Any, usual: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, default in usual.items() if (value := getattr(it, name)) != default}


def packed(room: Room) -> dict[str, Any]:
    """A room as plain values."""
    out = _unusual(room, _ROOM)
    for name in ("members", "guests"):
        out[name] = [_unusual(each, _MEMBER) for each in getattr(room, name)]
    if "terms" in out:
        out["terms"] = packed_terms(room.terms)
    if room.recording is not None:
        out["recording"] = recordings.packed(room.recording)
    return out


def unpacked(found: Mapping[str, Any]) -> Room:
    """What `packed` made."""
    given = dict(found)
    for name in ("members", "guests"):
        given[name] = tuple(_member(each) for each in given.get(name, ()))
    if given.get("recording") is not None:
        given["recording"] = recordings.unpacked(given["recording"])
    for name in ("sound", "ending"):
        if given.get(name) is not None:
            given[name] = tuple(given[name])
    terms = unpacked_terms(given.pop("terms", {}))
    return Room(status=Status(given.pop("status", Status.WAITING)), terms=terms, **given)


def _member(found: Mapping[str, Any]) -> Member:
    given = dict(found)
    for name in ("heard_by", "hears"):
        if given.get(name) is not None:
            given[name] = tuple(given[name])
    return Member(**given)


def packed_terms(terms: Terms) -> dict[str, Any]:
    """Settings as plain values: lists, since messages carry them too."""
    out = _unusual(terms, _TERMS)
    return {name: [*value] if isinstance(value, tuple) else value for name, value in out.items()}


def unpacked_terms(found: Mapping[str, Any]) -> Terms:
    """What `packed_terms` made."""
    given = dict(found)
    if "report_on" in given:
        given["report_on"] = tuple(Did(each) for each in given["report_on"])
    if "recording_on" in given:
        given["recording_on"] = tuple(News(each) for each in given["recording_on"])
    return Terms(**given)
