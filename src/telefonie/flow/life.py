"""The only module that joins a call's state, its far end and its documents: what follows from what."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from telefonie.core import far_end, phones, prices
from telefonie.core.call import Direction, Timer, Trigger
from telefonie.core.commands import Answer, BreakOff, Command, HangUp
from telefonie.core.events import Actor, Event, Kind
from telefonie.core.messages import LegEnded, LegHeard, LegReady
from telefonie.flow import taping
from telefonie.flow.commands import Fetched, Lost, Page, Sound
from telefonie.flow.consent import Consenting
from telefonie.flow.content import Document, Form, decode
from telefonie.flow.effects import CloseSocket, OpenSocket, Purpose
from telefonie.flow.markup import Unreadable
from telefonie.flow.program import Program
from telefonie.flow.read import read
from telefonie.flow.run import INVITATION, Asking, Frame, Run, Source
from telefonie.flow.signals import MediaFailed, MediaReady, SideEnded

MOST_DOCUMENTS: Final = 1_000
TOO_MANY_DOCUMENTS: Final = 11215
NO_CONTENT: Final = 204
_SORRY: Final = Source(
    Form.JSON.value, '[{"action":"talk","text":"We are sorry, an application error has occurred. Goodbye."}]'
)
MAIN: Final = frozenset({Purpose.INSTRUCTIONS, Purpose.ACTION, Purpose.REDIRECT, Purpose.FALLBACK})


class Life(Consenting):
    """A call, all of it, for the time of a decision."""

    # -- what follows from what happened to the call --

    def tell_and_follow(self, command: Command) -> None:
        """Put a command to the rules of calls, and do what follows for the documents."""
        self.follow_events(self.tell(command))

    def follow_events(self, events: tuple[Event, ...]) -> None:
        """What these facts mean for the far end and the documents."""
        for event in events:
            match event.kind:
                case Kind.RANG if self.call.order.socket is not None:
                    self.effects.append(OpenSocket(self.call, event.at))
                case Kind.ANSWERED:
                    self._answered()
                case Kind.DETECTED:
                    self._detected()
                case Kind.ENDED:
                    self._ended()
                case Kind.HELD | Kind.DEAFENED:
                    self._hears_less(event)
                case _:
                    pass

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
        waits = judged and not order.detection_aside and self.call.heard is None
        if order.direction is Direction.OUTBOUND and not (waits or self.asking or self.frames):
            self.begin()

    def _detected(self) -> None:
        order = self.call.order
        if order.detection_url:
            answered = self.call.answered_at
            took = 0 if answered is None else self.now - answered
            outcome = {"answered_by": self.call.heard, "machine_detection_duration_ms": took}
            self.ask(Purpose.VERDICT, order.detection_url, "POST", outcome=outcome)
        if self._is_leg and order.parent_id is not None and self.call.heard is not None:
            self.post(order.parent_id, LegHeard(order.ticket, self.call.id, self.call.heard.value))
        if not order.detection_aside:
            self.start()

    def _hears_less(self, event: Event) -> None:
        if event.kind is Kind.DEAFENED:
            self.deafen()
        else:
            self._held(event.actor)

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
        self.drop_above(-1)
        self.give_way(documents=False)
        self.report_to_room("redirected")
        if self.call.order.parent_id is not None and not (self.run or Run()).detached:
            self._report_to_parent()
            self.run = replace(self.run or Run(), detached=True, link_call="", link_room="")
            # It has a document to listen to again, so it does not lose its patience.
            staying = tuple(each for each in self.call.timers if each.trigger is not Trigger.HANG_UP)
            self.call = replace(self.call, timers=staying)
        if document is not None:
            self.run_source(Source(Form.JSON.value, document))
        else:
            self.fetch(Purpose.INSTRUCTIONS, url, method)

    def fetch(self, purpose: Purpose, url: str, method: str) -> None:
        """Ask for a document that takes the place of all that run."""
        whisper = self._is_leg
        number = self.ask(purpose, url, method, at=self.paced())
        self.frames = (Frame(asking=Asking(number, purpose.value, url, None), whisper=whisper),)

    @property
    def _is_leg(self) -> bool:
        return self.call.order.parent_id is not None and not (self.run or Run()).detached

    def run_source(self, source: Source, *, failing: bool = False) -> None:
        """Run a document that is at hand."""
        try:
            program = source.program
        except Unreadable as bad:
            self._give_up(bad.code, bad.message, source.url)
            return
        self._warn_of(program)
        self.frames = (Frame(source, whisper=self._is_leg and not failing, failing=failing),)
        self.go_on()

    def _warn_of(self, program: Program) -> None:
        for each in program.remarks:
            self.warn(each.code, each.message, line=each.spot.line, column=each.spot.column)

    def fetched(self, reply: Fetched) -> None:
        """What came of a request. A reply that nobody waits for any more is dropped."""
        if reply.told:
            self._write_down(reply)
            return
        coming = self.run.coming if self.run else None
        if coming is not None and coming.number == reply.number and not isinstance(reply.result, Page):
            self._write_down(reply)
            self.came(coming, reply.result)
            return
        for depth, frame in enumerate(self.frames):
            if frame.asking is not None and frame.asking.number == reply.number:
                self._write_down(reply)
                self._document_came(depth, frame, frame.asking, reply)
                return
            for number, tag in frame.media:
                if number == reply.number:
                    self._write_down(reply)
                    self._sound_came(depth, frame, tag, reply)
                    return

    def _write_down(self, reply: Fetched) -> None:
        result = reply.result
        data: dict[str, object] = {"url": reply.url, "method": reply.method, "ms": reply.took_ms}
        if result.status is not None:
            data["status"] = result.status
        if isinstance(result, Lost):
            data["code"] = result.code
        self.note(Kind.FETCHED, data)

    def _sound_came(self, depth: int, frame: Frame, tag: str, reply: Fetched) -> None:
        left = tuple(each for each in frame.media if each[0] != reply.number)
        self.put(depth, replace(frame, media=left))
        match reply.result:
            case Sound(_, ms, key):
                self.signal(MediaReady(tag, ms, key), frame.ticket)
            case Lost(code, message):
                self.warn(code, message, url=reply.url)
                self.signal(MediaFailed(tag, code, message), frame.ticket)
            case Page():
                raise TypeError("a page came where a sound was asked for")

    def _document_came(self, depth: int, frame: Frame, asking: Asking, reply: Fetched) -> None:
        waiting = replace(frame, asking=None)
        result = reply.result
        try:
            if isinstance(result, Lost):
                raise Unreadable(result.code, result.message)
            if isinstance(result, Sound):
                raise TypeError("a sound came where a page was asked for")
            if asking.lenient and (result.status == NO_CONTENT or not result.raw.strip()):
                self.put(depth, waiting)
                self.go_on()
                return
            source, program = _source(result, reply.method)
            if (self.run or Run()).documents >= MOST_DOCUMENTS and not depth:
                raise Unreadable(TOO_MANY_DOCUMENTS, f"a call may run at most {MOST_DOCUMENTS} documents")
        except Unreadable as bad:
            self._document_failed(depth, waiting, asking, bad, reply.url)
            return
        self.loaded(counts=not depth)  # who waits for long hears many, and may go on afterwards
        self._warn_of(program)
        self.drop_above(depth)
        self.put(depth, replace(waiting, source=source, index=0, ticket=0))
        self.go_on()

    def _document_failed(self, depth: int, waiting: Frame, asking: Asking, bad: Unreadable, url: str) -> None:
        spot = {"line": bad.spot.line, "column": bad.spot.column} if bad.spot else {}
        self.warn(bad.code, bad.message, url=url, **spot)
        order = self.call.order
        if depth:
            self.drop_above(depth - 1)
            self.signal(SideEnded(failed=True))
        elif asking.lenient:
            self.put(depth, waiting)
            self.go_on()
        elif order.fallback_url and asking.purpose != Purpose.FALLBACK.value:
            number = self.ask(
                Purpose.FALLBACK, order.fallback_url, "POST", error_code=bad.code, error_url=url
            )
            again = Asking(number, Purpose.FALLBACK.value, order.fallback_url, None)
            self.put(depth, replace(waiting, asking=again))
        else:
            self._apologise()

    def _give_up(self, code: int, message: str, url: str) -> None:
        self.warn(code, message, url=url)
        self._apologise()

    def _apologise(self) -> None:
        """No document can be had: the far end is told so, and the call ends."""
        self.drop_above(-1)
        if self._is_leg:
            self.tell_and_follow(BreakOff())
        else:
            self.run_source(_SORRY, failing=True)

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


def _source(page: Page, method: str) -> tuple[Source, Program]:
    """A reply as a document, read once to see that it can be."""
    document: Document = decode(page.content_type, page.raw)
    return Source(document.kind.value, document.text, page.url, method), read(document, page.url)
