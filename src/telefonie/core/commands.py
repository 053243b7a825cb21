"""The only module that names what can be asked of a call: a closed union of imperatives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from telefonie.core.events import Actor
from telefonie.core.phones import Step


class Refusal(StrEnum):
    """How a far end turns a ringing call down."""

    BUSY = "busy"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Wake:
    """Do what was planned for this moment or before it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Pick up the ringing phone. `by`: the far end of a call out, the platform for a call that came in."""

    by: Actor = Actor.FAR_END


@dataclass(frozen=True, slots=True)
class Refuse:
    """Turn the ringing call down."""

    how: Refusal
    by: Actor = Actor.FAR_END


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call, whatever it is doing; one that nobody answered yet is thereby canceled."""

    by: Actor


@dataclass(frozen=True, slots=True)
class Leave:
    """Put the phone down at the far end; only who has answered, or has called, can."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """End the call only if nobody answered yet."""


@dataclass(frozen=True, slots=True)
class BreakOff:
    """End the call because its document cannot be had or run."""


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go on with another document: one that is fetched, or `document` as it is."""

    url: str
    method: str
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Mute:
    """Let nobody hear the far end, or let it be heard again."""

    on: bool


@dataclass(frozen=True, slots=True)
class Deafen:
    """Let the far end hear no other call, or let it hear them again; what its document says it always hears."""

    on: bool


@dataclass(frozen=True, slots=True)
class Hold:
    """Let the far end hear music and nothing else, or take it back. `by`: who holds the line."""

    on: bool
    by: Actor = Actor.CUSTOMER


@dataclass(frozen=True, slots=True)
class Equip:
    """Let the far end go by this script instead of its phone's; only before the call has been answered."""

    script: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """The socket of the ringing call is open: the program is there."""


@dataclass(frozen=True, slots=True)
class Unopened:
    """It could not be opened. `refused`: something said no; else nobody answered in time."""

    code: int
    why: str
    refused: bool = True


@dataclass(frozen=True, slots=True)
class Closed:
    """The socket is closed: by the program, or (`by` the platform) it was lost on the way."""

    why: str
    by: Actor = Actor.FAR_END


@dataclass(frozen=True, slots=True)
class LeaveAlone:
    """Change nothing: an update that names no change."""


Command = (
    Wake
    | Answer
    | Refuse
    | HangUp
    | Leave
    | Cancel
    | BreakOff
    | Redirect
    | Mute
    | Deafen
    | Hold
    | Equip
    | Opened
    | Unopened
    | Closed
    | LeaveAlone
)
