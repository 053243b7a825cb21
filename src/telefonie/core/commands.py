"""The only module that names what can be asked of a call: a closed union of imperatives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from telefonie.core.events import Actor


class Refusal(StrEnum):
    """How a far end turns a ringing call down."""

    BUSY = "busy"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Wake:
    """Do what was planned for this moment or before it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Pick up the ringing phone."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """Turn the ringing call down."""

    how: Refusal


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call, whatever it is doing; one that nobody answered yet is thereby canceled."""

    by: Actor


@dataclass(frozen=True, slots=True)
class Leave:
    """Put the phone down at the far end; only who has answered can."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """End the call only if nobody answered yet."""


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go on with another document."""

    url: str
    method: str


@dataclass(frozen=True, slots=True)
class LeaveAlone:
    """Change nothing: an update that names no change."""


Command = Wake | Answer | Refuse | HangUp | Leave | Cancel | Redirect | LeaveAlone
