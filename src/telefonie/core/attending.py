"""The only module that names what customers may want of a room beside what calls do: plain values."""

from __future__ import annotations

from dataclasses import dataclass

from telefonie.core.call import Order, Status


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
