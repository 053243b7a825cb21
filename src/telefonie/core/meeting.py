"""The only module that says what a meeting is: a room or a queue of an account, found by its name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from telefonie.core.queues import Queue
from telefonie.core.room import Room

OPEN: Final = "open"  # the status of a queue, which never changes


class Kind(StrEnum):
    """What calls meet in."""

    ROOM = "room"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True)
class Meeting:
    """One room or queue. At most one of a kind and name is live in an account."""

    id: str
    account_id: str
    face: str  # the API that shows it: that of the call which came first, or on which it was opened
    name: str
    created_at: int
    touched_at: int
    state: Room | Queue

    @property
    def kind(self) -> Kind:
        """Which of the two it is."""
        return Kind.ROOM if isinstance(self.state, Room) else Kind.QUEUE

    @property
    def live(self) -> bool:
        """Whether its name leads to it."""
        return self.state.live if isinstance(self.state, Room) else True

    @property
    def over(self) -> bool:
        """Whether nothing goes on there: a room that has ended, a queue in which nobody waits."""
        if isinstance(self.state, Room):
            return not self.state.live
        return not (self.state.waiters or self.state.askers)

    @property
    def status(self) -> str:
        """The word by which lists find it."""
        return self.state.status.value if isinstance(self.state, Room) else OPEN
