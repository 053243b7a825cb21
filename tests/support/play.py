"""The only module that plays calls without a store: pure rules, a customer made of a table, time by hand.

play = Play({"/": "<Response><Say>Hello</Say></Response>"})
call = play.call()
play.pass_time(60)
assert call.said == ["Hello"]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from telefonie.core.call import Call, Direction, Order, Status
from telefonie.core.commands import Opened, Wake
from telefonie.core.effects import KeepRecording, Notify, NotifyRecording
from telefonie.core.events import Actor, Event, Kind
from telefonie.core.messages import Message
from telefonie.core.phones import Behaviour, Step
from telefonie.core.recordings import Recording
from telefonie.engine.orders import absolute
from telefonie.engine.post import absolute as there
from telefonie.engine.post import resolved
from telefonie.flow import legs, run
from telefonie.flow.commands import Command, Fetched, Lost, Page, Press, Receive, SayByHand, Sound
from telefonie.flow.effects import Ask, CloseSocket, Effect, NewLeg, OpenSocket, Post, Purpose
from telefonie.flow.legs import Leg

ROOT: Final = "https://app.test/"
ORDER: Final = Order(
    Direction.OUTBOUND, "+3197010280", "+31201234567", "0.01", "USD", document_url=ROOT, ring_ms=30_000
)
XML: Final = "text/xml; charset=utf-8"
JSON: Final = "application/json"

# What the customer's server has at a path: a document, a reply, or something that looks at the question.
Answer: TypeAlias = "str | Page | Sound | Lost | Callable[[Ask], str | Page | Sound | Lost]"
EMPTY: Final = "<Response/>"


def page(text: str, url: str = "", status: int = 200, content_type: str = "") -> Page:
    """A document as it comes over the wire."""
    kind = content_type or (JSON if text.lstrip().startswith("[") else XML)
    return Page(status, kind, text.encode(), url)


@dataclass(eq=False)
class Played:
    """One call that is being played."""

    play: Play
    leg: Leg
    events: list[Event] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.leg.call.id

    @property
    def call(self) -> Call:
        return self.leg.call

    @property
    def status(self) -> Status:
        return self.leg.call.status

    @property
    def over(self) -> bool:
        return self.leg.call.ended_at is not None

    def of(self, kind: Kind, actor: Actor | None = None) -> list[Mapping[str, Any]]:
        """What its timeline says of one kind of thing."""
        return [each.data for each in self.events if each.kind is kind and actor in (None, each.actor)]

    def at(self, kind: Kind, actor: Actor | None = None) -> list[float]:
        """When things of this kind happened, in seconds after the answer (or the placing, before it)."""
        start = self.leg.call.answered_at
        zero = self.leg.call.created_at if start is None else start
        return [
            (each.at - zero) / 1000
            for each in self.events
            if each.kind is kind and actor in (None, each.actor)
        ]

    @property
    def said(self) -> list[str]:
        """What its documents said."""
        return [str(each["text"]) for each in self.of(Kind.SAID, Actor.PLATFORM)]

    @property
    def warned(self) -> list[int]:
        """The codes of its warnings."""
        return [int(each["code"]) for each in self.of(Kind.WARNED)]

    @property
    def steps(self) -> list[str]:
        """The verbs that began."""
        return [str(each["verb"]) for each in self.of(Kind.STEPPED)]

    def tell(self, command: Command) -> None:
        """Put a command to it, now."""
        self.play.tell(self.id, command)

    def press(self, digits: str) -> None:
        """The far end presses keys, by hand."""
        self.tell(Press(digits))

    def speak(self, text: str, **more: Any) -> None:
        """The far end says something, by hand."""
        self.tell(SayByHand(text, **more))


class Play:
    """Calls, a customer and a clock. `pages` by path (or whole URL); paths that are not there answer 404."""

    def __init__(self, pages: Mapping[str, Answer] | None = None) -> None:
        self.pages: dict[str, Answer] = dict(pages or {})
        self.now = 1_893_456_000_000
        self.calls: dict[str, Played] = {}
        self.asked: list[Ask] = []  # every request, in order; URLs absolute
        self.reported: list[Notify] = []
        self.recordings: dict[str, Recording] = {}  # as they stand
        self.news: list[NotifyRecording] = []
        self.phones: dict[str, Behaviour] = {}  # who picks up, by number
        self.slow: dict[str, int] = {}  # milliseconds that the answer of a path takes
        self.programs: dict[str, Command] = {}  # what becomes of a socket, by its address; else it opens
        self.let_go: list[str] = []  # calls whose sockets were closed from here
        self.meet: Callable[[Post], Iterable[tuple[str, Message]]] = lambda _: ()  # rooms and queues
        self._due: list[tuple[int, int, str, Command]] = []  # replies and messages on their way
        self._count = 0

    # -- beginning --

    def call(
        self,
        document: str | None = None,
        *,
        script: Iterable[Step] = (),
        phone: Behaviour | None = None,
        **order: Any,
    ) -> Played:
        """A call out, answered; with a document it is what `/` answers. Time stands at the answer."""
        if document is not None:
            self.pages["/"] = document
        chosen = phone or Behaviour()
        if script:
            chosen = replace(chosen, script=tuple(script))
        played = self.place(phone=chosen, **order)
        while not played.over and played.call.answered_at is None:
            self._step(self.now + 120_000)
        self._settle()
        return played

    def place(self, **order: Any) -> Played:
        """A call out, queued."""
        self._count += 1
        call_id = f"{self._count:08x}-0000-4000-8000-000000000000"
        change = legs.place(call_id, "a1", "plain", replace(ORDER, **order), self.now)
        return self._new(change)

    def arrive(self, document: str | None = None, *, script: Iterable[Step] = (), **order: Any) -> Played:
        """A call in; what `/` answers decides whether anybody picks up."""
        if document is not None:
            self.pages["/"] = document
        self._count += 1
        call_id = f"{self._count:08x}-0000-4000-8000-000000000000"
        phone = Behaviour(script=tuple(script))
        asked = replace(
            ORDER,
            direction=Direction.INBOUND,
            caller="+31612345678",
            callee="+3197010280",
            phone=phone,
            ring_ms=60_000,
        )
        played = self._new(legs.arrive(call_id, "a1", "plain", replace(asked, **order), self.now))
        self._settle()
        return played

    def _new(self, change: legs.Change) -> Played:
        played = Played(self, change.leg)
        self.calls[change.leg.call.id] = played
        self._keep(played, change)
        return played

    # -- time --

    def pass_time(self, seconds: float) -> None:
        """Let time pass, and everything happen that is due by then."""
        until = self.now + round(seconds * 1000)
        self._settle()
        while self._step(until):
            pass
        self.now = until

    def finish(self) -> None:
        """Until nothing is left that anybody waits for."""
        self._settle()
        while self._step(self.now + 86_400_000, awaited=True):
            pass

    def _step(self, until: int, *, awaited: bool = False) -> bool:
        """The next moment at which something is due."""
        moments = [at for at, _, _, _ in self._due]
        for played in self.calls.values():
            due = legs.alarm(played.leg)[1 if awaited else 0]
            moments += [] if due is None else [due]
        if not moments or min(moments) > until:
            return False
        self.now = max(self.now, min(moments))
        self._settle()
        return True

    def _settle(self) -> None:
        """Everything that is due at this moment: replies and messages first, then alarms."""
        while True:
            ready = sorted(each for each in self._due if each[0] <= self.now)[:1]
            if ready:
                self._due.remove(ready[0])
                self.tell(ready[0][2], ready[0][3])
                continue
            woken = [each for each in self.calls.values() if self._is_due(each)]
            if not woken:
                return
            self.tell(woken[0].id, Wake())

    def _is_due(self, played: Played) -> bool:
        due = legs.alarm(played.leg)[0]
        return due is not None and due <= self.now

    # -- deciding --

    def tell(self, call_id: str, command: Command) -> None:
        """A decision. What it is put to went through the store, so that nothing lives in memory alone."""
        played = self.calls[call_id]
        self._keep(played, legs.apply(_stored(played.leg), command, self.now))

    def _keep(self, played: Played, change: legs.Change) -> None:
        played.leg = change.leg
        played.events.extend(change.events)
        for effect in change.effects:
            self._grant(effect)

    def _grant(self, effect: Effect) -> None:
        match effect:
            case Notify():
                self.reported.append(effect)
            case KeepRecording() | NotifyRecording():
                self._note_recording(effect)
            case Ask():
                self._ask(effect)
            case NewLeg(leg_id, order, parent, at, base):
                phone = self.phones.get(order.callee, order.phone)
                placed = replace(absolute(order, base), phone=phone)
                self._new(legs.place(leg_id, parent.account_id, parent.face, placed, at))
            case Post():
                self._post(effect)
            case OpenSocket() | CloseSocket():
                self._move_socket(effect)

    def _note_recording(self, effect: KeepRecording | NotifyRecording) -> None:
        recording = there(effect.recording, effect.base)
        if isinstance(effect, KeepRecording):
            self.recordings[recording.id] = recording
        else:
            self.news.append(replace(effect, recording=recording))

    def _move_socket(self, wish: OpenSocket | CloseSocket) -> None:
        call = wish.call
        if isinstance(wish, CloseSocket):
            self.let_go.append(call.id)
        elif call.order.socket is not None:
            self._send(wish.at, call.id, self.programs.get(call.order.socket.uri, Opened()))

    def _send(self, at: int, call_id: str, command: Command) -> None:
        self._count += 1
        self._due.append((at, self._count, call_id, command))

    def _post(self, sent: Post) -> None:
        if sent.to is not None:
            self._send(sent.at, sent.to, Receive(sent.message))
            return
        for to, message in self.meet(sent):
            self._send(sent.at, to, Receive(message))

    def _ask(self, ask: Ask) -> None:
        url = resolved(ask.base, ask.url)
        question = replace(ask, url=url)
        self.asked.append(question)
        found: Any = self.pages.get(url, self.pages.get(_path(url), Lost(11200, "not found", 404)))
        if callable(found):
            found = found(question)
        if isinstance(found, str):
            found = page(found, url)
        if isinstance(found, Page) and not found.url:
            found = replace(found, url=url)
        if ask.purpose is Purpose.SOUND and isinstance(found, Page):
            found = Lost(12300, "no sound", found.status)
        told = ask.purpose in (Purpose.TELL, Purpose.VERDICT)
        came = ask.at + self.slow.get(_path(url), 0)
        self._send(came, ask.call.id, Fetched(ask.number, url, ask.method, 0, found, told))

    # -- what the customer was asked --

    @property
    def actions(self) -> list[tuple[str, dict[str, Any]]]:
        """The outcomes that verbs reported with a question, and where."""
        return [
            (_path(each.url), dict(each.outcome)) for each in self.asked if each.purpose is Purpose.ACTION
        ]

    @property
    def fetched(self) -> list[str]:
        """The paths of all documents and files that were asked for."""
        return [_path(each.url) for each in self.asked]

    def legs_of(self, parent: Played) -> list[Played]:
        """The legs that a call dialled, in order."""
        return [each for each in self.calls.values() if each.call.order.parent_id == parent.id]


def _path(url: str) -> str:
    """What stands there, if it is a URL at all."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _stored(leg: Leg) -> Leg:
    if leg.run is None:
        return leg
    return replace(leg, run=run.unpacked(_plain(run.packed(leg.run)), run.sources(leg.run)))


def _plain(value: Any) -> Any:
    """As JSON gives it back: tuples are lists, keys are text."""
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


__all__ = ["EMPTY", "JSON", "ROOT", "XML", "Play", "Played", "page"]
