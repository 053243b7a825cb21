"""The only module that says what a verb is: a value that begins, is told what happened, and answers with a step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeAlias

from telefonie.core.call import Call
from telefonie.core.events import Actor, Kind
from telefonie.flow.asides import Aside
from telefonie.flow.deeds import Deed
from telefonie.flow.markup import Remark, Spot
from telefonie.flow.signals import Signal, Spoken
from telefonie.flow.tapes import Tape

Memory: TypeAlias = Mapping[str, Any]
NO_MEMORY: Memory = {}


@dataclass(frozen=True, slots=True)
class Base:
    """Where a document came from, after redirects; relative URLs are resolved against it."""

    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Scene:
    """What a verb sees. `memory` is what it last said it would remember (empty when it begins)."""

    now: int
    call: Call
    memory: Memory = field(default_factory=dict)
    base: Base | None = None  # None: a document that was handed in, so only absolute URLs can be asked
    language: str = "en-US"  # of this call, where the document names none
    whisper: bool = False  # a document that a called leg runs before it is connected
    speaking: Spoken | None = None  # what the far end is saying at this moment
    turn: int = 0  # counts what the call has begun so far: names things that must not repeat
    listens: bool = False  # whether the far end is, or may come to be, waiting for words
    asides: tuple[Aside, ...] = ()  # what goes on beside the documents
    tapes: tuple[Tape, ...] = ()  # the call's recordings that go on
    lag: int = 0  # how far the clock of sound is behind

    @property
    def sound(self) -> int:
        """The moment on the clock of sound, on which words and files take their time."""
        return self.now - self.lag

    def told_at(self, url: str | None, method: str) -> tuple[str | None, str]:
        """Where an action tells what came of it, and how: where it says so, or else where the call's events go."""
        order = self.call.order
        if url is not None:
            return url, method
        return order.report_url, order.report_method if order.strict else method


# -- steps: what a verb answers with --


@dataclass(frozen=True, slots=True)
class Alarm:
    """A verb's wish to be woken, with the signal `Woke(name)`."""

    name: str
    at: int
    guard: bool = False  # it happens when its time has passed, but nobody waits for it (a time limit)
    sounds: bool = False  # `at` is a moment on the clock of sound, which stands still during an interjection


@dataclass(frozen=True, slots=True)
class Wait:
    """Not done yet: remember this, wake me then. All alarms of before are forgotten."""

    memory: Memory = field(default_factory=dict)
    alarms: tuple[Alarm, ...] = ()
    deeds: tuple[Deed, ...] = ()


@dataclass(frozen=True, slots=True)
class Next:
    """Done: the next verb."""

    deeds: tuple[Deed, ...] = ()


@dataclass(frozen=True, slots=True)
class Load:
    """Done: ask for a document, with the outcome of this verb; what it answers takes the place of this one.

    `url` may be relative; None asks for the current document once more. `verb` None: no verb's action but a
    plain redirect. `outcome` has neutral names and values (strings, numbers, core's enums); the call's face words them.
    `lenient`: an empty answer, or none at all, lets the next verb run instead of ending the call.
    """

    url: str | None
    method: str = "POST"
    verb: str | None = None
    outcome: Mapping[str, Any] = field(default_factory=dict)
    lenient: bool = False
    deeds: tuple[Deed, ...] = ()


@dataclass(frozen=True, slots=True)
class Return:
    """Leave this document for the one below it: of waiting in a queue (Leave), or of a whisper."""

    deeds: tuple[Deed, ...] = ()


@dataclass(frozen=True, slots=True)
class Quit:
    """End the call. `refuse`: turn an unanswered inbound call down instead ("busy" or "declined")."""

    deeds: tuple[Deed, ...] = ()
    refuse: str = ""


Step: TypeAlias = Wait | Next | Load | Return | Quit


class Verb:
    """One instruction. Frozen dataclasses inherit from this; everything that changes is in the memory.

    `answers`: an unanswered inbound call is picked up before this verb begins. `whispers`: it may stand in a
    document that is run for one of two before they are connected.
    """

    answers: ClassVar[bool] = True
    whispers: ClassVar[bool] = False
    name: str  # as the document spells it
    spot: Spot

    def join(self, before: list[Verb]) -> None:
        """Come to stand behind these in a JSON document; most do just that."""
        before.append(self)

    def begin(self, scene: Scene) -> Step:
        """What it does first."""
        raise NotImplementedError

    def on(self, scene: Scene, signal: Signal) -> Step | None:  # noqa: ARG002 - most verbs wait for nothing
        """What follows from something that happened while it waits. None: nothing."""
        return None

    def stop(self, scene: Scene) -> tuple[Deed, ...]:  # noqa: ARG002 - most verbs leave nothing behind
        """What to put away when it is torn out: the call ended, or went on with another document."""
        return ()


Ending: TypeAlias = Callable[[Aside, int, str], tuple[Deed, ...]]
"""What is to be done when something beside the documents ends, now, and why ("call_ended" with the call):
notes, messages and reports, nothing that waits."""


@dataclass(frozen=True, slots=True)
class Program:
    """A document that was read: what to run, and what was odd about it."""

    verbs: tuple[Verb, ...]
    remarks: tuple[Remark, ...] = ()
    fault: Remark | None = None  # why a strict reader refuses it


__all__ = [
    "Actor",
    "Alarm",
    "Base",
    "Ending",
    "Kind",
    "Load",
    "Memory",
    "Next",
    "Program",
    "Quit",
    "Return",
    "Scene",
    "Step",
    "Verb",
    "Wait",
]
