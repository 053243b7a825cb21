"""The only module that names what the engine needs from above: wording of answers and letters."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from telefonie.core.accounts import Consent
from telefonie.core.call import Call
from telefonie.core.effects import Notify, NotifyRecording, NotifyRoom
from telefonie.flow.effects import Ask


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to a request, worded: it can be stored with the decision it tells of, and given again."""

    status: int
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter to a customer as a face words it; `event` is the face's word for what happened."""

    event: str
    method: str
    url: str
    body: str


@dataclass(frozen=True, slots=True)
class Once:
    """What makes a request the same request: the customer's key, and a fingerprint of what was sent."""

    key: str
    fingerprint: str


Wording: TypeAlias = Callable[[Call], Reply]


class Face(Protocol):
    """One API's way of telling customers what happened. Pure: it is asked inside the decision."""

    strict: bool  # whether one thing it does not know makes a whole document unreadable
    currency: str  # of calls on this face, where the account names none
    consent: Consent  # what comes before a recording, likewise

    def report(self, notice: Notify, event_id: str) -> Draft: ...

    def report_recording(self, notice: NotifyRecording, event_id: str) -> Draft:
        """How a recording gets on."""
        ...

    def report_room(self, notice: NotifyRoom, event_id: str) -> Draft:
        """What happened in a room."""
        ...

    def ask(self, question: Ask, event_id: str) -> Draft:
        """A request for a document, or about what a verb came to; `question.url` is absolute."""
        ...


Faces: TypeAlias = Mapping[str, Face]


class Reused(Exception):
    """A request's key came back with another request."""


class Overloaded(Exception):
    """More is waiting than can be promised an answer; come back in a moment."""


# Something that must be done for an account before whoever caused it is answered; the house says what.
Chore: TypeAlias = Callable[[str], Awaitable[None]]


async def no_chore(_account_id: str) -> None:
    """Where there is no house to keep."""
