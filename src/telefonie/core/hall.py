"""The only module that holds a room while a decision about it is under way: facts and replies gather here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from telefonie.core.events import Actor
from telefonie.core.messages import Message
from telefonie.core.room import Did, Fact, Member, Room

Reply: TypeAlias = tuple[str, Message]  # to which call


@dataclass(frozen=True, slots=True)
class Happened:
    """A fact, the room as it stood right after it, and whom it is about, as he was."""

    fact: Fact
    room: Room
    member: Member | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision about a room came to. No room: there is none, and none was made."""

    room: Room | None
    replies: tuple[Reply, ...] = ()
    happened: tuple[Happened, ...] = ()


class Hall:
    """One decision about one room. It changes while the decision is taken, and is then thrown away."""

    def __init__(self, room: Room, room_id: str, now: int, actor: Actor = Actor.PLATFORM) -> None:
        self.room = room
        self.id = room_id
        self.now = now
        self._actor = actor
        self._replies: list[Reply] = []
        self._happened: list[Happened] = []

    def change(self) -> Change:
        """The decision."""
        return Change(self.room, tuple(self._replies), tuple(self._happened))

    def note(
        self,
        did: Did,
        by: str = "",
        why: str = "",
        data: Mapping[str, Any] | None = None,
        member: Member | None = None,
        **changes: Any,
    ) -> None:
        """Write a fact down with what it changes."""
        self.room = replace(self.room, **changes)
        fact = Fact(did, self.now, by, why, data or {}, actor=self._actor)
        self._happened.append(Happened(fact, self.room, member))

    def reply(self, call: str, message: Message) -> None:
        """Tell a call something."""
        self._replies.append((call, message))
