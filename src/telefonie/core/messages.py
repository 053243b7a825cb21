"""The only module that names what calls, rooms and queues tell each other: a closed union of plain values.

A message is written with the decision that sends it and applied by a later one, exactly once and in order.
`ticket` names the verb that asked: what comes for a verb that is gone is dropped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, TypeAlias

# -- between a call and the legs that it dials (or takes out of a queue) --


@dataclass(frozen=True, slots=True)
class LegReady:
    """A leg was answered, has heard its whisper, and could be connected."""

    ticket: int
    leg: str


@dataclass(frozen=True, slots=True)
class LegEnded:
    """A leg is over. `status` is core's word for how; `seconds` counts from its answer."""

    ticket: int
    leg: str
    status: str
    cause: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Connect:
    """To a leg that is ready: you are connected with that call now."""

    call: str


@dataclass(frozen=True, slots=True)
class Disconnect:
    """To a leg or a call that was connected: the other has gone. `hang_up`: this leg is not wanted any more."""

    call: str
    hang_up: bool = True


@dataclass(frozen=True, slots=True)
class Overhear:
    """Words that were said on another leg and can be heard on this one."""

    call: str  # whose far end said it
    at: int
    text: str
    language: str
    ms: int


# -- between a call and a room or queue --


@dataclass(frozen=True, slots=True)
class Enter:
    """To a room: this call comes in."""

    call: str
    ticket: int
    name: str  # of the room
    face: str
    room: str = ""  # its id instead of its name: then it must be there already
    starts: bool = True  # whether its coming may begin the conference
    ends: bool = False  # whether its going ends it
    muted: bool = False
    most: int = 250
    label: str = ""
    listens: bool = False  # whether it must be told what others say
    beep: str = "both"  # both, enter, exit, none
    quorum: int = 2  # so many must be there before it may begin
    heard_by: Sequence[str] | None = None  # only these calls hear it; None: all
    hears: Sequence[str] | None = None  # it hears only these calls; None: all
    coach: str = ""  # the one call that hears it, which must be in the room
    currency: str = ""  # of what a recording costs
    terms: Mapping[str, Any] = field(default_factory=dict)  # of the room, if this call is the first
    base: str | None = None  # where relative URLs in them lead from


@dataclass(frozen=True, slots=True)
class Exit:
    """To a room: this call goes. `why` is neutral: hung_up, redirected, ..."""

    call: str
    name: str
    why: str = "hung_up"
    room: str = ""  # its id instead of its name
    status: str = ""  # of a call that never came in: core's word for how it ended


@dataclass(frozen=True, slots=True)
class RoomSaid:
    """To a room: what one member's far end said, for those who listen."""

    call: str
    name: str
    at: int
    text: str
    language: str
    ms: int


@dataclass(frozen=True, slots=True)
class Admitted:
    """From a room: you are in. `started`: the conference is under way, nobody waits. `code`: of a warning."""

    ticket: int
    room: str
    started: bool
    name: str
    held: bool = False
    beep: str = "both"
    code: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """From a room or queue: you cannot come in."""

    ticket: int
    code: int  # 0: nothing is wrong with the document, there is just no place
    message: str


@dataclass(frozen=True, slots=True)
class Started:
    """From a room: the conference begins."""

    ticket: int
    room: str


@dataclass(frozen=True, slots=True)
class Dismissed:
    """From a room: it is over for you. `why`: ender_left, ender_removed, last_left, removed, closed."""

    ticket: int
    room: str
    why: str


@dataclass(frozen=True, slots=True)
class Uninvited:
    """From a room to a call that is still on the way: do not come. `why` as of `Dismissed`."""

    room: str
    why: str


@dataclass(frozen=True, slots=True)
class Steered:
    """From a room: so you take part from now on. None: as before."""

    ticket: int
    room: str
    muted: bool | None = None
    held: bool | None = None


@dataclass(frozen=True, slots=True)
class Announced:
    """From a room: hear what this document says."""

    ticket: int
    room: str
    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class LineUp:
    """To a queue: this call waits in it."""

    call: str
    ticket: int
    name: str
    face: str
    most: int | None = None  # how long the queue may become from now on
    again: bool = False  # it waits already, and asks for its place


@dataclass(frozen=True, slots=True)
class StepOut:
    """To a queue: this call waits no more."""

    call: str
    name: str


@dataclass(frozen=True, slots=True)
class TakeFirst:
    """To a queue: this call wants whoever waits at its head, now or later."""

    call: str
    ticket: int
    name: str
    whisper: str = ""  # URL that the one who waited hears before they are connected
    method: str = "POST"
    base: str | None = None  # where a relative one leads from


@dataclass(frozen=True, slots=True)
class TakeNobody:
    """To a queue: this call does not want anybody any more."""

    call: str
    name: str


@dataclass(frozen=True, slots=True)
class Queued:
    """From a queue: you wait, at this place (1 is the head)."""

    ticket: int
    queue: str
    place: int
    size: int
    average: int  # seconds that those waited who were taken
    most: int  # how long the queue may become


@dataclass(frozen=True, slots=True)
class Called:
    """From a queue to the one who waited: that call takes you. You are its leg under its ticket."""

    ticket: int
    queue: str
    by: str
    by_ticket: int
    waited: int  # seconds
    whisper: str = ""
    method: str = "POST"
    base: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """From a queue to the one who asked: this call comes, and will be ready."""

    ticket: int
    queue: str
    leg: str
    waited: int


Message: TypeAlias = (
    LegReady
    | LegEnded
    | Connect
    | Disconnect
    | Overhear
    | Enter
    | Exit
    | RoomSaid
    | Admitted
    | Refused
    | Started
    | Dismissed
    | Uninvited
    | Steered
    | Announced
    | LineUp
    | StepOut
    | TakeFirst
    | TakeNobody
    | Queued
    | Called
    | Taken
)
ToRoom: TypeAlias = Enter | Exit | RoomSaid
ToQueue: TypeAlias = LineUp | StepOut | TakeFirst | TakeNobody

_ALL: Final = {
    each.__name__: each
    for each in (
        *(
            LegReady,
            LegEnded,
            Connect,
            Disconnect,
            Overhear,
            Enter,
            Exit,
            RoomSaid,
            Admitted,
            Refused,
        ),
        *(Uninvited, Steered, Announced),
        *(Started, Dismissed, LineUp, StepOut, TakeFirst, TakeNobody, Queued, Called, Taken),
    )
}


def packed(message: Message) -> dict[str, Any]:
    """A message as plain values, to be stored."""
    return {"type": type(message).__name__, **asdict(message)}


def unpacked(found: dict[str, Any]) -> Message:
    """What `packed` made."""
    given = dict(found)
    message: Message = _ALL[given.pop("type")](**given)
    return message
