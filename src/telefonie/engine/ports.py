"""The only module that names what the engine needs from above: wording of answers and letters."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol, TypeAlias, runtime_checkable

from telefonie.core.accounts import Consent
from telefonie.core.applications import Application
from telefonie.core.call import Call
from telefonie.core.effects import Notify, NotifyRecording, NotifyRoom
from telefonie.core.events import Kind
from telefonie.engine.streaming import Codec
from telefonie.flow.effects import Ask


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to a request, worded: it can be stored with the decision it tells of, and given again."""

    status: int
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()


class Role(StrEnum):
    """What a letter is to the application that gets it."""

    ANSWER = "answer"  # a request for its instructions
    FALLBACK = "fallback"  # the same, where those cannot be had
    EVENT = "event"


class Manner(NamedTuple):
    """Whose manners a letter has; what they are, its face says whenever it is carried."""

    face: str
    application: str | None
    role: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter to a customer as a face words it; `event` is the face's word for what happened.

    Without a manner it is signed with the account's secrets, and tried again on the account's schedule.
    """

    event: str
    method: str
    url: str
    body: str
    manner: Manner | None = None


@dataclass(frozen=True, slots=True)
class Carriage:
    """How one attempt at a letter with manners of its own is made, and what comes of its answer.

    It is tried a second time, at once, when no connection came about or none lasted, when no answer came in time, or
    when the answer was one of `again_on`; never a third time.
    """

    headers: tuple[tuple[str, str], ...]
    connect_s: float
    total_s: float
    again_on: frozenset[int]
    good: range = range(200, 300)  # statuses with which it has arrived


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
    told: tuple[Kind, ...]  # what the customer hears of a call that comes in

    def report(self, notice: Notify, event_id: str) -> Draft | None:
        """What happened to a call. None: this API has no word for it, and nobody is told."""
        ...

    def report_recording(self, notice: NotifyRecording, event_id: str) -> Draft | None:
        """How a recording gets on."""
        ...

    def report_room(self, notice: NotifyRoom, event_id: str) -> Draft | None:
        """What happened in a room."""
        ...

    def ask(self, question: Ask, event_id: str) -> Draft:
        """A request for a document, or about what a verb came to; `question.url` is absolute."""
        ...


@runtime_checkable
class Carrier(Protocol):
    """A face whose letters have manners of their own."""

    def carriage(
        self, role: Role, application: Application | None, method: str, body: str, wall_s: int, jti: str
    ) -> Carriage:
        """How a letter is carried now. `jti` names the attempt."""
        ...


@runtime_checkable
class Talker(Protocol):
    """A face whose calls may have programs at their far ends."""

    def codec(self, call: Call, application: Application | None, wall_s: int, jti: str) -> Codec:
        """How one talks with the program at the socket of this call. `jti` names the handshake."""
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
