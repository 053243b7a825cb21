"""The only module that moves the frames of a call: what stands above what, and what is put away with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from telefonie.core.messages import Exit
from telefonie.flow import deeds as do
from telefonie.flow import taping
from telefonie.flow.asides import KEYS, Aside
from telefonie.flow.catalogue import endings
from telefonie.flow.effects import Purpose
from telefonie.flow.program import Alarm, Scene
from telefonie.flow.run import Frame, Run
from telefonie.flow.sounds import Sounds

FREE_DOCUMENTS: Final = 10  # so many may follow each other in no time; then one a second
LEAST_MS: Final = 1_000


class Frames(Sounds):
    """The stack of documents under way."""

    @property
    def frames(self) -> tuple[Frame, ...]:
        """The documents under way, the last one at work."""
        return self.run.frames if self.run else ()

    @frames.setter
    def frames(self, frames: tuple[Frame, ...]) -> None:
        self.run = replace(self.run or Run(), frames=frames)

    @property
    def asking(self) -> bool:
        """Whether the far end is being asked if the call may be recorded."""
        return self.run is not None and self.run.asked is not None

    def put(self, depth: int, frame: Frame) -> None:
        """A frame as it is now."""
        self.frames = (*self.frames[:depth], frame, *self.frames[depth + 1 :])

    def scene(self, depth: int) -> Scene:
        """What the verb at work in this frame sees."""
        raise NotImplementedError

    def drop_above(self, depth: int) -> None:
        """Put away what runs beside the verb of this frame; -1: everything."""
        while len(self.frames) > depth + 1:
            top = len(self.frames) - 1
            frame = self.frames[top]
            left: tuple[do.Deed, ...] = ()
            if frame.memory is not None:
                left = frame.source.program.verbs[frame.index].stop(self.scene(top))
            self.frames = self.frames[:top]
            self._put_away(left, frame.source.url or None)

    def _put_away(self, deeds: tuple[do.Deed, ...], base: str | None) -> None:
        """What is still said of something that is torn out: notes, messages and reports, nothing that waits."""
        for deed in deeds:
            match deed:
                case do.Note(kind, data, actor):
                    self.note(kind, data, actor)
                case do.Send() | do.ToMeeting():
                    self.post(deed.to if isinstance(deed, do.Send) else None, deed.message)
                case do.Unlink() | do.Hush() | do.EndRecording():
                    self._end(deed)
                case do.Tell(url, method, verb, outcome):
                    self.ask(Purpose.TELL, url, method, base=base, verb=verb, outcome=outcome)
                case _:
                    raise TypeError(f"{type(deed).__name__} cannot be done while a verb is put away")

    def _end(self, deed: do.Unlink | do.Hush | do.EndRecording) -> None:
        match deed:
            case do.Unlink():
                self.link("", "")
            case do.Hush():
                self.quiet()
            case do.EndRecording():
                self.end_recording(deed)

    def end_recording(self, deed: do.EndRecording) -> None:
        """A recording is over."""
        taping.end(self, deed.id, deed.why, deed.kept, deed.digits)

    # -- what goes on beside the documents --

    @property
    def asides(self) -> tuple[Aside, ...]:
        """What goes on beside the documents."""
        return self.run.asides if self.run else ()

    def start_aside(self, aside: Aside, depth: int) -> None:
        """Something begins to go on beside the documents."""
        new = replace(aside, base=self.frames[depth].source.url or None)
        self.run = replace(self.run or Run(), asides=(*self.asides, new))

    def stop_asides(self, why: str, only: str | None = None) -> None:
        """Put an end to what goes on beside the documents: all of it, or one thing."""
        for each in self.asides:
            if only in (None, each.id):
                left = tuple(other for other in self.asides if other is not each)
                self.run = replace(self.run or Run(), asides=left)
                self._put_away(endings()[each.kind](each, self.now, why), each.base)

    def silence(self, depth: int, alarm: Alarm) -> None:
        """An alarm has rung."""
        frame = self.frames[depth]
        left = tuple(each for each in frame.alarms if each is not alarm)
        self.put(depth, replace(frame, alarms=left))

    def link(self, call: str, room: str) -> None:
        """Who hears the far end from now on."""
        self.run = replace(self.run or Run(), link_call=call, link_room=room)

    def report_to_room(self, why: str) -> None:
        """Who was called into a room and never reached its door does not come: his place is free."""
        call, run = self.call, self.run or Run()
        if call.order.room_id is not None and not run.detached:
            self.run = replace(run, detached=True)
            self.post(None, Exit(call.id, "", why, call.order.room_id, call.status.value))

    def tell_keys(self, url: str | None, method: str) -> None:
        """From now on each key is told there and nowhere else, whatever a document has asked for."""
        for each in self.asides:
            if each.kind == KEYS:
                self.stop_asides("asked_anew", each.id)
        if url is not None:
            data = {"url": url, "method": method, "verb": "input"}
            aside = Aside(KEYS, f"keys-{self.turn()}", self.now, data=data)
            self.run = replace(self.run or Run(), asides=(*self.asides, aside))

    def report_key(self, digit: str) -> None:
        """Tell the customer of a key, if a document has asked for that."""
        for each in self.asides:
            if each.kind == KEYS:
                url, method, verb = (each.data[name] for name in ("url", "method", "verb"))
                outcome = {"digits": digit, "timed_out": False}
                self.ask(Purpose.TELL, url, method, base=each.base, verb=verb, outcome=outcome)

    def paced(self) -> int:
        """When the next document may be asked for: loops that take no time go once a second."""
        run = self.run or Run()
        streak = run.streak + 1 if run.documents and self.now == run.loaded_at else 0
        if streak <= FREE_DOCUMENTS:
            self.run = replace(run, streak=streak)
            return self.now
        # The second that is waited is none that the documents took: also if nothing comes of what is asked.
        self.run = replace(run, streak=streak, loaded_at=self.now + LEAST_MS)
        return self.now + LEAST_MS

    def loaded(self, *, counts: bool) -> None:
        """A document came, one of those of which a call may have only so many (or one to pass the time)."""
        run = self.run or Run()
        self.run = replace(run, documents=run.documents + counts, loaded_at=self.now)
