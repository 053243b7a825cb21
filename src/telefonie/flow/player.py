"""The only module that runs instructions: begins them, tells them what happened, does what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from telefonie.core import far_end
from telefonie.core.commands import Answer, Command, HangUp, Refusal, Refuse
from telefonie.core.derive import leg_id
from telefonie.core.events import Actor, Kind
from telefonie.flow import deeds as do
from telefonie.flow import taping
from telefonie.flow.effects import NewLeg, Purpose
from telefonie.flow.frames import Frames
from telefonie.flow.program import Load, Next, Quit, Return, Scene, Step, Verb, Wait
from telefonie.flow.run import Asking, Frame
from telefonie.flow.signals import SideEnded, Signal, Spoken

NOT_IN_WHISPERS: Final = 13201
REFUSALS: Final = {"busy": Refusal.BUSY, "declined": Refusal.DECLINED}


class Player(Frames):
    """Runs the documents of one call for the time of a decision."""

    # -- what `Life` does about it --

    def tell_and_follow(self, command: Command) -> None:
        """Put a command to the rules of calls, and do what follows for the documents."""
        raise NotImplementedError

    def ready(self) -> None:
        """A leg has heard its whisper."""
        raise NotImplementedError

    def end_of_document(self, *, failed: bool) -> None:
        """The call's own document has run out."""
        raise NotImplementedError

    # -- telling verbs --

    def signal(self, signal: Signal, ticket: int = 0) -> bool:
        """Tell the verbs under way, the topmost first, until one has something to do with it.

        With a ticket only the verb that it names is told.
        """
        for depth in range(len(self.frames) - 1, -1, -1):
            frame = self.frames[depth]
            if frame.memory is None or (ticket and frame.ticket != ticket):
                continue
            step = frame.source.program.verbs[frame.index].on(self.scene(depth), signal)
            if step is not None:
                self.follow(depth, step)
                self.go_on()
                return True
        return False

    def scene(self, depth: int) -> Scene:
        """What the verb at work in this frame sees."""
        frame = self.frames[depth]
        speaking = None
        if self.far is not None and self.audible and (said := far_end.speaking(self.far, self.now)):
            speaking = Spoken(said.at, said.text, said.language, said.confidence, said.ms, said.greeting)
        return Scene(
            self.now,
            self.call,
            frame.memory or {},
            frame.source.base,
            self.call.order.language,
            frame.whisper,
            speaking,
            self.run.turn if self.run else 0,
            listens=self.far is not None and far_end.listens(self.far),
            asides=self.asides,
            tapes=self.run.tapes if self.run else (),
            lag=self.now - self.run.sound_at(self.now) if self.run else 0,
        )

    def go_on(self) -> None:
        """Run until something has to be waited for, or the call is over."""
        while not self.over and self.frames and not self.asking:
            frame = self.frames[-1]
            if frame.asking is not None or frame.memory is not None:
                return
            verbs = frame.source.program.verbs
            if frame.index < len(verbs) and self._out_of_place(frame, verbs[frame.index]):
                self.put(len(self.frames) - 1, _after(frame))
            elif frame.index < len(verbs):
                self._begin(verbs[frame.index])
            else:
                self._ran_out(frame)

    def _begin(self, verb: Verb) -> None:
        depth = len(self.frames) - 1
        if self.frames[depth].whisper and not verb.whispers:
            message = f"{verb.name} may not stand in a document that is run before two are connected"
            self.warn(NOT_IN_WHISPERS, message, line=verb.spot.line, column=verb.spot.column)
            self.put(depth, _after(self.frames[depth]))
            return
        # Where documents are strict, a call is answered by its first instruction, whichever that is.
        if (verb.answers or self.call.order.strict) and self.ringing_in:
            self.tell_and_follow(Answer(Actor.PLATFORM))
            if self.asking:
                return  # it begins when the far end has been asked whether it may be recorded
        self.put(depth, replace(self.frames[depth], ticket=self.turn(), memory={}))
        self.note(Kind.STEPPED, {"verb": verb.name, "line": verb.spot.line, "column": verb.spot.column})
        self.follow(depth, verb.begin(self.scene(depth)))

    def _out_of_place(self, frame: Frame, verb: Verb) -> bool:
        """Whether a document that runs beside another may not have this verb."""
        if not frame.only or verb.name in frame.only:
            return False
        line, column = verb.spot.line, verb.spot.column
        message = f"<{verb.name}> may not stand in this document, so it is passed over"
        self.warn(frame.code, message, line=line, column=column)
        return True

    def _ran_out(self, frame: Frame) -> None:
        """No instruction is left in the topmost document."""
        if len(self.frames) > 1:
            self.drop_above(len(self.frames) - 2)
            self.signal(SideEnded())
        elif frame.whisper:
            self.frames = ()
            self.ready()
        else:
            self.end_of_document(failed=frame.failing)

    # -- doing what a step says --

    def follow(self, depth: int, step: Step) -> None:
        """Do what a verb answered. Frames above it go, unless it waits on."""
        if not isinstance(step, Wait):
            self.drop_above(depth)
        ticket = self.frames[depth].ticket
        self._do(step.deeds, depth)
        # What was done may have ended the call, or this verb: then nothing is left to follow.
        if not self.over and depth < len(self.frames) and self.frames[depth].ticket == ticket:
            self._move(depth, step)

    def _move(self, depth: int, step: Step) -> None:
        frame = self.frames[depth]
        match step:
            case Wait(memory, alarms):
                self.put(depth, replace(frame, memory=memory, alarms=alarms))
            case Next():
                self.put(depth, _after(frame))
            case Load():
                self._load(depth, step)
            case Return():
                self._return(depth)
            case Quit():
                self._quit(step.refuse)

    def _load(self, depth: int, step: Load) -> None:
        frame = self.frames[depth]
        base = frame.source.url or None
        purpose = Purpose.ACTION if step.verb else Purpose.REDIRECT
        url = frame.source.url if step.url is None else step.url
        at = self.paced()
        number = self.ask(purpose, url, step.method, at=at, base=base, verb=step.verb, outcome=step.outcome)
        asking = Asking(number, purpose.value, url, base, step.lenient)
        if self.call.order.strict and self.call.order.fallback_url:
            asking = replace(asking, verb=step.verb, outcome=step.outcome)
        self.put(depth, replace(_after(frame), asking=asking))

    def _return(self, depth: int) -> None:
        if depth:
            self.drop_above(depth - 1)
            self.signal(SideEnded(left=True))
        elif self.frames[0].whisper:
            self.frames = ()
            self.ready()
        else:
            self.put(depth, _after(self.frames[depth]))

    def _quit(self, refuse: str) -> None:
        if refuse and self.ringing_in:
            self.tell_and_follow(Refuse(REFUSALS[refuse], Actor.CUSTOMER))
            return
        if self.ringing_in:
            self.tell_and_follow(Answer(Actor.PLATFORM))
        self.tell_and_follow(HangUp(Actor.CUSTOMER))

    # -- deeds --

    def _do(self, deeds: Sequence[do.Deed], depth: int) -> None:
        for deed in deeds:
            if not self.over:
                _DEEDS[type(deed)](self, deed, depth)

    def _play(self, deed: do.PlaySound, _: int) -> None:
        data: dict[str, Any] = {"what": deed.what, "ms": deed.ms}
        if deed.tone:
            data["tone"] = deed.tone
        if deed.sound:
            data["sound"] = deed.sound
        self.play(deed.ms, {"url": deed.url, **data} if deed.url else data)

    def _get_media(self, deed: do.GetMedia, depth: int) -> None:
        frame = self.frames[depth]
        base = frame.source.base
        number = self.ask(Purpose.SOUND, deed.url, "GET", base=base and base.url)
        self.put(depth, replace(frame, media=(*frame.media, (number, deed.tag))))

    def _tell_customer(self, deed: do.Tell, depth: int) -> None:
        base = self.frames[depth].source.base
        more = {"verb": deed.verb, "outcome": deed.outcome}
        self.ask(Purpose.TELL, deed.url, deed.method, base=base and base.url, **more)

    def _place_leg(self, deed: do.PlaceLeg, depth: int) -> None:
        new = leg_id(self.call.id, deed.number)
        ticket = self.frames[depth].ticket
        own = self.call.order
        # A leg belongs to what its parent belongs to, and its documents are read as that one's are.
        order = replace(
            deed.order,
            parent_id=self.call.id,
            ticket=ticket,
            application=own.application,
            conversation=own.conversation,
            region=own.region,
            strict=own.strict,
            fallback_url=own.fallback_url if own.strict else None,
            fallback_method=own.fallback_method,
        )
        self.turn()  # so that `scene.turn` names another leg next time
        self.note(Kind.DIALED, {"to": order.callee, "call_id": new})
        base = self.frames[depth].source.url or None
        self.effects.append(NewLeg(new, order, self.call, self.now, base))

    def _beside(self, deed: do.RunBeside, depth: int) -> None:
        self.drop_above(depth)
        base = deed.base or self.frames[depth].source.url or None
        more = {"verb": deed.verb or None, "outcome": deed.outcome}
        number = self.ask(Purpose.BESIDE, deed.url, deed.method, at=self.paced(), base=base, **more)
        asking = Asking(number, Purpose.BESIDE.value, deed.url, base)
        beside = Frame(asking=asking, whisper=deed.whisper, only=deed.only, code=deed.code)
        self.frames = (*self.frames, beside)

    def _begin_recording(self, deed: do.BeginRecording, depth: int) -> None:
        taping.begin(self, replace(deed.tape, base=self.frames[depth].source.url or None))

    def _pick_up(self, _: do.PickUp, __: int) -> None:
        if self.ringing_in:
            self.tell_and_follow(Answer(Actor.PLATFORM))


def _after(frame: Frame) -> Frame:
    """The same document, at the next instruction."""
    return replace(frame, index=frame.index + 1, memory=None, alarms=(), media=(), asking=None)


_DEEDS: Final[dict[type, Any]] = {
    do.Note: lambda player, deed, _: player.note(deed.kind, deed.data, deed.actor),
    do.Warn: lambda player, deed, _: player.warn(deed.code, deed.message),
    do.Speak: lambda player, deed, _: player.utter(deed.plan, deed.voice),
    do.PlaySound: Player._play,
    do.Hush: lambda player, _, __: player.quiet(),
    do.SendKeys: lambda player, deed, _: player.send_keys(deed.digits),
    do.GetMedia: Player._get_media,
    do.Tell: Player._tell_customer,
    do.PlaceLeg: Player._place_leg,
    do.Send: lambda player, deed, _: player.post(deed.to, deed.message),
    do.ToMeeting: lambda player, deed, _: player.post(None, deed.message),
    do.Link: lambda player, deed, _: player.link(deed.call, deed.room),
    do.Unlink: lambda player, _, __: player.link("", ""),
    do.RunBeside: Player._beside,
    do.StopBeside: lambda player, _, depth: player.drop_above(depth),
    do.PickUp: Player._pick_up,
    do.StartAside: lambda player, deed, depth: player.start_aside(deed.aside, depth),
    do.StopAside: lambda player, deed, _: player.stop_asides(deed.why, deed.id),
    do.BeginRecording: Player._begin_recording,
    do.EndRecording: lambda player, deed, _: player.end_recording(deed),
}
