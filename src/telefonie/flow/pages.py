"""The only module that takes documents as they come: runs them, and asks elsewhere, or ends the call, without one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from telefonie.core.commands import BreakOff
from telefonie.core.events import Kind
from telefonie.flow.commands import Fetched, Lost, Page, Sound
from telefonie.flow.consent import Consenting
from telefonie.flow.content import Form, decode
from telefonie.flow.effects import Purpose
from telefonie.flow.markup import WRONG_CONTENT_TYPE, Unreadable
from telefonie.flow.program import Program
from telefonie.flow.read import read
from telefonie.flow.run import INVITATION, NOTHING, Asking, Frame, Run, Source
from telefonie.flow.signals import MediaFailed, MediaReady, SideEnded

MOST_DOCUMENTS: Final = 1_000
TOO_MANY_DOCUMENTS: Final = 11215
NO_CONTENT: Final = 204
_SORRY: Final = Source(
    Form.JSON.value, '[{"action":"talk","text":"We are sorry, an application error has occurred. Goodbye."}]'
)
_HANDED_IN: Final = Asking(0, Purpose.INSTRUCTIONS.value, "", None)


class Paging(Consenting):
    """A call whose documents come from its customer."""

    @property
    def is_leg(self) -> bool:
        """Whether it is still what another call has dialled."""
        return self.call.order.parent_id is not None and not (self.run or Run()).detached

    def fetch(self, purpose: Purpose, url: str, method: str) -> None:
        """Ask for a document that takes the place of all that run."""
        number = self.ask(purpose, url, method, at=self.paced())
        self.frames = (Frame(asking=Asking(number, purpose.value, url, None), whisper=self.is_leg),)

    def run_source(self, source: Source, *, failing: bool = False) -> None:
        """Run a document that is at hand."""
        frame = Frame(source, whisper=self.is_leg and not failing, failing=failing)
        try:
            program = source.program
            self._must_fit(source, program)
        except Unreadable as bad:
            self.frames = (frame,)
            self._failed(0, replace(frame, source=NOTHING), _HANDED_IN, bad, source.url)
            return
        self._warn_of(program)
        self.frames = (frame,)
        self.go_on()

    def _must_fit(self, source: Source, program: Program) -> None:
        """Where documents are read strictly, all of one is understood, or none."""
        self._must_be_actions(source)
        if self._is_strict(source) and program.fault is not None:
            raise Unreadable(program.fault.code, program.fault.message, program.fault.spot)

    def _must_be_actions(self, source: Source) -> None:
        if self._is_strict(source) and source.form != Form.JSON.value:
            raise Unreadable(WRONG_CONTENT_TYPE, "the document must be a JSON array of actions")

    def _is_strict(self, source: Source) -> bool:
        return self.call.order.strict and source.form != INVITATION

    def _warn_of(self, program: Program) -> None:
        for each in program.remarks:
            self.warn(each.code, each.message, line=each.spot.line, column=each.spot.column)

    # -- what comes --

    def fetched(self, reply: Fetched) -> None:
        """What came of a request. A reply that nobody waits for any more is dropped."""
        if reply.told:
            self._write_down(reply)
        elif not self._of_documents(reply):
            self._beside_them(reply)

    def _of_documents(self, reply: Fetched) -> bool:
        for depth, frame in enumerate(self.frames):
            if frame.asking is not None and frame.asking.number == reply.number:
                self._write_down(reply)
                self._document_came(depth, frame, frame.asking, reply)
                return True
            for number, tag in frame.media:
                if number == reply.number:
                    self._write_down(reply)
                    self._sound_came(depth, frame, tag, reply)
                    return True
        return False

    def _beside_them(self, reply: Fetched) -> None:
        run = self.run or Run()
        if run.coming is not None and run.coming.number == reply.number:
            self._write_down(reply)
            if not isinstance(reply.result, Page):
                self.came(run.coming, reply.result)
        elif reply.number in run.ears:
            self.run = replace(run, ears=tuple(each for each in run.ears if each != reply.number))
            self._write_down(reply)
            self._answered_to_event(reply)

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
                self.unusable(code, message, reply.url, Purpose.SOUND.value)
                self.signal(MediaFailed(tag, code, message), frame.ticket)
            case Page():
                raise TypeError("a page came where a sound was asked for")

    def _document_came(self, depth: int, frame: Frame, asking: Asking, reply: Fetched) -> None:
        waiting = replace(frame, asking=None)
        try:
            page = _page(reply)
            if asking.lenient and _empty(page):
                self.put(depth, waiting)
                self.go_on()
                return
            source, program = self._read(page, reply.method, beside=depth > 0)
        except Unreadable as bad:
            self._failed(depth, waiting, asking, bad, reply.url)
            return
        self.loaded(counts=not depth)  # who waits for long hears many, and may go on afterwards
        self._warn_of(program)
        self.drop_above(depth)
        self.put(depth, replace(waiting, source=source, index=0, ticket=0))
        self.go_on()

    def _read(self, page: Page, method: str, *, beside: bool) -> tuple[Source, Program]:
        """A reply as a document, read once to see that it can be."""
        document = decode(page.content_type, page.raw)
        source = Source(document.kind.value, document.text, page.url, method)
        if not beside:
            self._must_be_actions(source)  # before it is said what is wrong with it as something else
        program = read(document, page.url)
        if not beside:
            self._must_fit(source, program)
            if (self.run or Run()).documents >= MOST_DOCUMENTS:
                raise Unreadable(TOO_MANY_DOCUMENTS, f"a call may run at most {MOST_DOCUMENTS} documents")
        return source, program

    # -- what does not come, or is no document --

    def _failed(self, depth: int, waiting: Frame, asking: Asking, bad: Unreadable, url: str) -> None:
        self._tell_of(bad, asking.purpose, url)
        if depth:
            self.drop_above(depth - 1)
            self.signal(SideEnded(failed=True))
        elif not self._fell_back(waiting, asking, bad, url):
            if asking.lenient:
                self.put(0, waiting)
                self.go_on()
            else:
                self._break_off()

    def _tell_of(self, bad: Unreadable, purpose: str, url: str) -> None:
        spot = {"line": bad.spot.line, "column": bad.spot.column} if bad.spot else {}
        self.unusable(bad.code, bad.message, url, purpose, **spot)

    def _fell_back(self, waiting: Frame, asking: Asking, bad: Unreadable, url: str) -> bool:
        """Ask at the fallback instead, once."""
        order = self.call.order
        if not order.fallback_url or asking.purpose == Purpose.FALLBACK.value:
            return False
        # Where nothing was asked for, or the call can go on without, only a strict one is asked there.
        if not order.strict and (asking.lenient or not asking.number):
            return False
        about: dict[str, Any] = {"error_code": bad.code, "error_url": url}
        if order.strict:
            about |= {
                "error_url": asking.url or url,  # as the customer wrote it, without what was asked there
                "error_reason": bad.message,
                "error_purpose": asking.purpose,
                "verb": asking.verb,
                "outcome": asking.outcome or {},
            }
        number = self.ask(Purpose.FALLBACK, order.fallback_url, order.fallback_method, **about)
        again = Asking(number, Purpose.FALLBACK.value, order.fallback_url, None, asking.lenient)
        self.put(0, replace(waiting, asking=again))
        return True

    def _break_off(self) -> None:
        """No document can be had: the call ends; the far end is told why, where that is the custom."""
        self.drop_above(-1)
        if self.is_leg or self.call.order.strict:
            self.tell_and_follow(BreakOff())
        else:
            self.run_source(_SORRY, failing=True)

    # -- events whose answers may be documents --

    def ask_about(self, url: str, method: str, outcome: dict[str, Any], verb: str | None = None) -> None:
        """Tell what happened; a document in the answer takes the place of all that run, and nothing else counts."""
        number = self.ask(Purpose.EVENT, url, method, verb=verb, outcome=outcome)
        if not self.over:
            run = self.run or Run()
            self.run = replace(run, ears=(*run.ears, number))

    def _answered_to_event(self, reply: Fetched) -> None:
        page = reply.result
        if not isinstance(page, Page) or not page.raw.lstrip().startswith(b"["):
            return
        try:
            source, _ = self._read(page, reply.method, beside=False)
        except Unreadable as bad:
            self._tell_of(bad, Purpose.EVENT.value, reply.url)
            return
        self.loaded(counts=True)
        self.go_elsewhere(source)

    def go_elsewhere(self, source: Source) -> None:
        """This document takes the place of all that run."""
        raise NotImplementedError


def _page(reply: Fetched) -> Page:
    match reply.result:
        case Lost(code, message):
            raise Unreadable(code, message)
        case Sound():
            raise TypeError("a sound came where a page was asked for")
        case Page() as page:
            return page


def _empty(page: Page) -> bool:
    return page.status == NO_CONTENT or not page.raw.strip()
