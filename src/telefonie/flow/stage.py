"""The only module that holds a call while a decision about it is under way: facts and wishes gather here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from telefonie.core import calls, far_end
from telefonie.core.call import Call, Direction, Status
from telefonie.core.commands import Command
from telefonie.core.events import Actor, Event, Kind
from telefonie.core.far_end import FarEnd
from telefonie.core.messages import Message, Overhear, RoomSaid
from telefonie.flow import tapes
from telefonie.flow.effects import Ask, Effect, Post, Purpose
from telefonie.flow.run import Run, hushed, on_tape


@dataclass(frozen=True, slots=True)
class Leg:
    """A call with everything that moves it: its far end, and where it stands in its documents."""

    call: Call
    far: FarEnd | None = None
    run: Run | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision came to."""

    leg: Leg
    events: tuple[Event, ...] = ()
    effects: tuple[Effect, ...] = ()


class Stage:
    """One decision about one call. It changes while the decision is taken, and is then thrown away."""

    def __init__(self, leg: Leg, now: int) -> None:
        self.call = leg.call
        self.far = leg.far
        self.run = leg.run
        self.now = max(now, leg.call.touched_at)
        self.events: list[Event] = []
        self.effects: list[Effect] = []

    def change(self) -> Change:
        """The decision."""
        return Change(Leg(self.call, self.far, self.run), tuple(self.events), tuple(self.effects))

    @property
    def over(self) -> bool:
        """Whether the call has ended."""
        return self.call.status in calls.ENDED

    @property
    def ringing_in(self) -> bool:
        """Whether somebody calls and nobody has picked up yet."""
        return self.call.status is Status.RINGING and self.call.order.direction is Direction.INBOUND

    # -- facts --

    def take(self, change: calls.Change) -> tuple[Event, ...]:
        """What the rules of calls decided; answers what happened, for those who go by it."""
        self.call = change.call
        self.events.extend(change.events)
        self.effects.extend(change.effects)
        for event in change.events:
            self._listen(event)
        return change.events

    def _listen(self, event: Event) -> None:
        """What can be heard from now on, for the recordings of the call."""
        if self.run is None:
            return
        sound = tapes.sound(self.call, event)
        if sound is not None:
            self.run = on_tape(self.run, sound, self.now)
        elif event.kind in tapes.SILENCES:
            self.run = hushed(self.run, self.now)

    def note(self, kind: Kind, data: Mapping[str, Any], actor: Actor = Actor.PLATFORM) -> None:
        """Write a fact down."""
        self.take(calls.note(self.call, kind, actor, data, self.now))

    def warn(self, code: int, message: str, **more: Any) -> None:
        """Something was wrong with what the customer sent; the call goes on."""
        self.note(Kind.WARNED, {"code": code, "message": message, **more})

    def unusable(self, code: int, message: str, url: str, purpose: str, **spot: Any) -> None:
        """What was asked for did not come, or is none; where documents are strict, that is a fact of its own."""
        self.warn(code, message, url=url, **spot)
        if self.call.order.strict:
            self.note(Kind.UNUSABLE, {"code": code, "reason": message, "url": url, "purpose": purpose})

    def tell(self, command: Command) -> tuple[Event, ...]:
        """Put a command to the rules of calls."""
        return self.take(calls.apply(self.call, command, self.now))

    # -- wishes --

    def turn(self) -> int:
        """A number that this call has not used yet."""
        run = self.run or Run()
        self.run = replace(run, turn=run.turn + 1)
        return run.turn + 1

    def ask(self, purpose: Purpose, url: str, method: str, **more: Any) -> int:
        """Ask the customer's server; answers the number under which the reply comes."""
        number = self.turn()
        given: dict[str, Any] = {"at": self.now, "base": None, **more}
        self.effects.append(
            Ask(number=number, call=self.call, purpose=purpose, url=url, method=method, **given)
        )
        return number

    def post(self, to: str | None, message: Message) -> None:
        """A message to another call, or to the room or queue that it names."""
        self.effects.append(Post(to, message, self.call, self.turn(), self.now))

    # -- who hears what --

    def hear(self, at: int, ms: int, text: str) -> None:
        """Words reach the far end, unless it listens to music."""
        if self.far is not None and not self.call.held and not self.call.away:
            self.far = far_end.hear(self.far, at, ms, text)

    def hush(self) -> None:
        """What is being said to the far end stops."""
        self.note(Kind.HUSHED, {})
        if self.far is not None:
            self.far = far_end.hush(self.far, self.now)

    @property
    def audible(self) -> bool:
        """Whether what the far end says is heard by anybody."""
        return not self.call.muted and not self.call.held and not self.call.away

    def pass_on(self, text: str, language: str, ms: int) -> None:
        """What the far end says reaches whoever is connected."""
        run = self.run
        if run is None:
            return
        if run.link_call:
            self.post(run.link_call, Overhear(self.call.id, self.now, text, language, ms))
        if run.link_room:
            self.post(None, RoomSaid(self.call.id, run.link_room, self.now, text, language, ms))
