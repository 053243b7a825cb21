"""The only module that joins a call's state, its far end and its documents: what follows from what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from telefonie.core import far_end, phones, prices
from telefonie.core.call import Direction, Timer, Trigger
from telefonie.core.commands import Answer, BreakOff, Command, HangUp
from telefonie.core.events import Actor, Event, Kind
from telefonie.core.messages import LegEnded, LegReady
from telefonie.flow import taping
from telefonie.flow.content import Form
from telefonie.flow.effects import CloseSocket, OpenSocket, Purpose
from telefonie.flow.pages import Paging
from telefonie.flow.run import INVITATION, Run, Source


class Life(Paging):
    """A call, all of it, for the time of a decision."""

    # -- what follows from what happened to the call --

    def tell_and_follow(self, command: Command) -> None:
        """Put a command to the rules of calls, and do what follows for the documents."""
        self.follow_events(self.tell(command))

    def follow_events(self, events: tuple[Event, ...]) -> None:
        """What these facts mean for the far end and the documents."""
        for event in events:
            follow = _FOLLOWS.get(event.kind)
            if follow is not None:
                follow(self, event)

    def _rang(self, event: Event) -> None:
        if self.call.order.socket is not None:
            self.effects.append(OpenSocket(self.call, event.at))

    def _answered(self) -> None:
        order = self.call.order
        if self.call.attended and order.socket is None:
            inbound = order.direction is Direction.INBOUND
            self.far = far_end.begin(self.call.phone, self.now, inbound=inbound, patient=True)
        self.record_or_ask()
        self.start()

    def start(self) -> None:
        """The document of a call out, once it is known who listens, and that he may be recorded or not."""
        order = self.call.order
        judged = order.detection is not None and order.socket is None
        undecided = self.call.heard is None or self.call.awaits_beep
        waits = judged and not order.detection_aside and undecided
        if order.direction is Direction.OUTBOUND and not (waits or self.asking or self.frames):
            self.begin()

    def _detected(self, beep: dict[str, object]) -> None:
        """The verdict, or what came of waiting for the beep after it."""
        order = self.call.order
        asked = not (order.detection_answers and self.over)  # else it was told in its order
        if order.detection_url and asked:
            answered = self.call.answered_at
            took = 0 if answered is None else self.now - answered
            outcome = {"answered_by": self.call.heard, "machine_detection_duration_ms": took, **beep}
            if order.detection_answers:
                self.ask_about(order.detection_url, order.report_method, outcome)
            else:
                self.ask(Purpose.VERDICT, order.detection_url, "POST", outcome=outcome)
        if not (order.detection_aside or self.over):
            self.start()

    def _held(self, by: Actor) -> None:
        """What is being said is not heard to its end: there is music now, or nobody at the phone."""
        self.give_way(documents=True)
        if self.far is not None:
            self.far = far_end.hush(self.far, self.now)
        if by is Actor.CUSTOMER:
            self.note(Kind.PLAYED, {"what": "music"})

    def _ended(self) -> None:
        self.drop_above(-1)
        self.stop_asides("call_ended")
        taping.end_all(self, "call_ended")
        if self.call.order.socket is not None and self.call.rang_at is not None:
            self.effects.append(CloseSocket(self.call, self.now))
        self._report_to_parent()
        self.report_to_room("add_failed")
        self.far = self.run = None

    def _report_to_parent(self) -> None:
        call = self.call
        if call.order.parent_id is None or (self.run is not None and self.run.detached):
            return
        seconds = prices.seconds(call.answered_at, self.now)
        cause = call.cause.value if call.cause else ""
        ended = LegEnded(call.order.ticket, call.id, call.status.value, cause, seconds)
        self.post(call.order.parent_id, ended)

    # -- documents --

    def begin(self) -> None:
        """The call's own document, once somebody listens; a leg without one is ready at once."""
        order = self.call.order
        if order.room_id is not None:
            self.run = replace(self.run or Run(), detached=True)
            self.run_source(Source(INVITATION, order.room_id))
        elif order.document is not None:
            self.run_source(Source(Form.JSON.value, order.document))
        elif order.document_url is not None:
            self.fetch(Purpose.INSTRUCTIONS, order.document_url, order.document_method)
        elif order.parent_id is not None:
            self.ready()

    def redirect(self, url: str, method: str, document: str | None) -> None:
        """Another document takes the place of all that run."""
        if self.asking:
            self.send_on((url, method, document))
            return
        self._leave_documents()
        if document is not None:
            self.run_source(Source(Form.JSON.value, document, url, method))
        else:
            self.fetch(Purpose.INSTRUCTIONS, url, method)

    def go_elsewhere(self, source: Source) -> None:
        """This document takes the place of all that run."""
        if self.asking:
            self.send_on((source.url, source.method, source.text))
            return
        self._leave_documents()
        self.run_source(source)

    def _leave_documents(self) -> None:
        self.drop_above(-1)
        self.give_way(documents=False)
        self.report_to_room("redirected")
        if self.call.order.parent_id is not None and not (self.run or Run()).detached:
            self._report_to_parent()
            self.run = replace(self.run or Run(), detached=True, link_call="", link_room="")
            # It has a document to listen to again, so it does not lose its patience.
            staying = tuple(each for each in self.call.timers if each.trigger is not Trigger.HANG_UP)
            self.call = replace(self.call, timers=staying)

    def end_of_document(self, *, failed: bool) -> None:
        """The call's own document has run out."""
        self.frames = ()
        if self.ringing_in:
            self.tell_and_follow(Answer(Actor.PLATFORM))
        self.tell_and_follow(BreakOff() if failed else HangUp(Actor.PLATFORM))

    def ready(self) -> None:
        """A leg has heard its whisper: who dialled it may connect it now."""
        order = self.call.order
        if order.parent_id is not None:
            self.post(order.parent_id, LegReady(order.ticket, self.call.id))

    def lose_patience(self) -> None:
        """A leg that nobody's document holds hangs up some time after it was connected; a program stays."""
        phone = self.call.phone
        if self.call.order.socket is None and not phone.script and phone.hangs_up_after is None:
            leaves = Timer(self.now + phones.PATIENCE_MS, Trigger.HANG_UP)
            self.call = replace(self.call, timers=(*self.call.timers, leaves))


_FOLLOWS: Final[Mapping[Kind, Callable[[Life, Event], None]]] = {
    Kind.RANG: Life._rang,
    Kind.ANSWERED: lambda life, _: life._answered(),
    Kind.DETECTED: lambda life, _: life._detected({}),
    Kind.BEEPED: lambda life, event: life._detected({"beep": event.data["beep"]}),
    Kind.ENDED: lambda life, _: life._ended(),
    Kind.HELD: lambda life, event: life._held(event.actor),
    Kind.DEAFENED: lambda life, _: life.deafen(),
}
