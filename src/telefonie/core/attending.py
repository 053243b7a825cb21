"""The only module that names what customers may want of a room beside what calls do: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from telefonie.core.call import Order, Status
from telefonie.core.recordings import Trigger
from telefonie.core.room import Member


@dataclass(frozen=True, slots=True)
class Opening:
    """A room that is wanted before anybody comes. Without a name it is called by its id."""

    name: str = ""
    most: int = 250
    record: bool = False
    channels: int = 1  # of its recording
    report_url: str | None = None
    report_method: str = "POST"


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody who is called, and comes in when he answers."""

    order: Order
    label: str = ""
    muted: bool = False
    held: bool = False
    starts: bool = True
    ends: bool = False
    coach: str = ""  # the one call that hears him
    beep: str = "both"


@dataclass(frozen=True, slots=True)
class Steering:
    """What is to become of somebody in a room. None: as it is."""

    muted: bool | None = None
    held: bool | None = None
    coach: str | None = None  # "": everybody hears him again
    ends: bool | None = None
    announce_url: str | None = None  # a document that he hears, and nobody else
    announce_method: str = "POST"


# -- what is put to a room --


@dataclass(frozen=True, slots=True)
class Invite:
    """Keep a place for this guest, who is being called."""

    guest: Member


@dataclass(frozen=True, slots=True)
class Steer:
    """Change how this call takes part."""

    call: str
    steering: Steering


@dataclass(frozen=True, slots=True)
class Remove:
    """This call must go, or need not come any more."""

    call: str


@dataclass(frozen=True, slots=True)
class Announce:
    """Let all who are in hear what a document says."""

    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Close:
    """End it, whoever is in."""


@dataclass(frozen=True, slots=True)
class SteerRecording:
    """Pause the room's recording, or let it go on. `skips`: a pause leaves nothing behind."""

    id: str
    trigger: Trigger
    skips: bool = False


ToState: TypeAlias = Invite | Steer | Remove | Announce | Close
Wish: TypeAlias = ToState | SteerRecording


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody in a room, or on the way into it. `status` is that of his call; `joined`: he is in."""

    call_id: str
    room_id: str
    status: Status
    joined: bool
    label: str = ""
    muted: bool = False
    held: bool = False
    starts: bool = True
    ends: bool = False
    coach: str = ""


def participant(room_id: str, member: Member, status: Status, *, joined: bool) -> Participant:
    """A member or guest as customers know him."""
    return Participant(
        member.call,
        room_id,
        status,
        joined,
        member.label,
        member.muted,
        member.held,
        member.starts,
        member.ends,
        member.coach,
    )
