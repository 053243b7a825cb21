"""The only module that names what can be put before the committer: a closed union."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from telefonie.core.accounts import Account
from telefonie.core.attending import Opening, Wish
from telefonie.core.call import Order, Status
from telefonie.core.meeting import Meeting
from telefonie.core.phones import Step
from telefonie.core.room import Member
from telefonie.engine.letters import Receipt
from telefonie.engine.ports import Carriage, Once, Reply, Wording
from telefonie.engine.questions import GOOD, Question
from telefonie.flow.commands import Command
from telefonie.flow.legs import Change
from telefonie.store.claims import Held


@dataclass(frozen=True, slots=True)
class Place:
    """Place a new call."""

    account: Account
    face: str
    order: Order
    call_id: str
    word: Wording
    once: Once | None
    inbound: bool = False  # somebody calls one of the account's numbers: its record completes the order
    script: tuple[Step, ...] | None = None  # of who calls in, instead of their phone's
    caller: str = ""  # who calls in, if the order must not show it
    guest: Member | None = None  # as whom the far end is expected in the room that the order names

    @property
    def account_id(self) -> str:
        return self.account.id

    @property
    def far_end(self) -> str:
        """The number of the phone that the platform talks with."""
        return (self.caller or self.order.caller) if self.inbound else self.order.callee


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell a call something. `face` None: whichever face it was made on."""

    account_id: str
    face: str | None
    call_id: str
    command: Command
    word: Callable[[Change], Reply]
    ignored: tuple[str, ...] = ()  # what the request named beside, and nobody knows
    once: Once | None = None  # what it makes is made once for each key


@dataclass(frozen=True, slots=True)
class Settle:
    """Take note of an attempt to deliver a letter."""

    held: Held
    receipt: Receipt
    sequence: int | None  # its place among what is told of the call; None for one sent again by hand
    schedule: tuple[float, ...]
    question: Question | None = None  # what was asked with it, if the call waits for what comes
    of_room: bool = False  # it is told of a room, whose lock guards its lane
    carriage: Carriage | None = None  # by which the attempt was made, if not by the account's schedule

    @property
    def account_id(self) -> str:
        return self.held.account_id

    @property
    def good(self) -> range:
        """The statuses with which an answer counts."""
        return GOOD if self.carriage is None else self.carriage.good


@dataclass(frozen=True, slots=True)
class OpenRoom:
    """Make a room before anybody comes."""

    account: Account
    face: str
    opening: Opening
    room_id: str
    word: Callable[[Meeting], Reply]
    once: Once | None

    @property
    def account_id(self) -> str:
        return self.account.id


@dataclass(frozen=True, slots=True)
class TellRoom:
    """Put a wish to a room. `face` None: whichever face shows it. `call_id`: of whom it is about, so that the
    state of his call can be told."""

    account_id: str
    face: str | None
    room_id: str
    wish: Wish
    word: Callable[[Meeting, Status | None], Reply]
    call_id: str | None = None


Decision = Place | Tell | Settle | OpenRoom | TellRoom
