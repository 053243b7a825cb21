"""The only module that calls others for a call, connects it with the first who is ready, and tells what came of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar, Final

from telefonie.core.call import Order, Status
from telefonie.core.derive import leg_id, part_id
from telefonie.core.events import Kind
from telefonie.core.messages import Connect, Disconnect, LegEnded, LegReady
from telefonie.flow import recordings
from telefonie.flow.deeds import (
    BeginRecording,
    Deed,
    EndRecording,
    GetMedia,
    Hush,
    Link,
    Note,
    PickUp,
    PlaceLeg,
    PlaySound,
    Send,
    Tell,
    Unlink,
)
from telefonie.flow.dialed import End, State, left, outcome
from telefonie.flow.markup import Spot
from telefonie.flow.program import Alarm, Load, Next, Scene, Step, Verb, Wait
from telefonie.flow.recorder import torn
from telefonie.flow.signals import Key, MediaFailed, MediaReady, Signal, Woke
from telefonie.flow.targets import Taping, Target

LIMIT: Final = "limit"
TONE: Final = "tone"
LEAST_TONE_MS: Final = 1_000  # a shorter sound is not repeated more often than this


@dataclass(frozen=True, slots=True)
class Dial(Verb):
    """Call somebody, or several, and connect the first who is ready."""

    answers: ClassVar[bool] = False  # it picks up by itself, at once or when somebody is ready
    name: str
    spot: Spot
    targets: tuple[Target, ...]
    caller: str | None = None  # None: the call's own
    ring_ms: int = 30_000
    limit_ms: int = 14_400_000
    on_bridge: bool = False  # an inbound call rings on until somebody is ready
    star: bool = False  # the star key drops who was called
    in_turn: bool = False
    action: str | None = None
    method: str = "POST"
    taping: Taping | None = None
    tone: str = ""  # the country whose ringing the caller hears
    tone_url: str | None = None

    # -- calling --

    def begin(self, scene: Scene) -> Step:
        """Call all at once, or the first."""
        before: tuple[Deed, ...] = () if self.on_bridge else (PickUp(),)
        rings = any(each.callee for each in self.targets)
        state = State(tone=rings and (not self.on_bridge or scene.call.answered_at is not None))
        if self.tone_url and state.tone:
            before = (*before, GetMedia(self.tone_url, TONE))
        elif state.tone:
            before = (*before, self._ringback())
        # Before an inbound call is picked up there is nothing to be heard on it.
        silent = self.on_bridge and scene.call.answered_at is None
        if self.taping is not None and self.taping.from_ringing and not silent:
            state, taped = self._tape(scene, self.taping, state)
            before = (*before, *taped)
        return self._call(scene, state, before)

    def _tape(self, scene: Scene, taping: Taping, state: State) -> tuple[State, tuple[Deed, ...]]:
        """The talk is recorded from now on, if it is not already."""
        if state.tape:
            return state, ()
        recording_id = part_id(scene.call.id, "recording", f"dial.{scene.turn}")
        tape = recordings.tape(scene, recording_id, taping.about)
        return replace(state, tape=recording_id), (BeginRecording(tape),)

    def _ringback(self) -> PlaySound:
        rounds = len(self.targets) if self.in_turn else 1
        return PlaySound(self.ring_ms * rounds, what="ringback", tone=self.tone)

    def _call(self, scene: Scene, state: State, before: tuple[Deed, ...] = ()) -> Step:
        """Call who comes next; one who cannot be dialled has failed at once."""
        legs, last, at = dict(state.legs), state.last, state.next
        placed: list[Deed] = []
        while at < len(self.targets) and not (self.in_turn and legs):
            target = self.targets[at]
            if target.callee:
                number = scene.turn + len(placed)
                legs[leg_id(scene.call.id, number)] = at
                placed.append(PlaceLeg(number, self._order(scene, target)))
            else:
                last = asdict(End(target=at))
            at += 1
        called = replace(state, legs=legs, last=last, next=at)
        if not legs:
            return self._finish(scene, called, End(**(last or {})), before)
        return self._wait(called, (*before, *placed))

    def _order(self, scene: Scene, target: Target) -> Order:
        # A leg's own limit is a last resort: what counts is how long the two are connected.
        most = max(self.limit_ms, 14_400_000)
        order = target.order(scene.call.order, self.shown(scene))
        return replace(order, ring_ms=self.ring_ms, limit_ms=most, **self.reports(scene, target))

    def shown(self, scene: Scene) -> str:
        """The caller that is shown."""
        return self.caller or scene.call.order.caller

    def reports(self, scene: Scene, target: Target) -> dict[str, Any]:  # noqa: ARG002 - for who needs the call
        """Who is told about a leg."""
        return {"report_url": target.report_url, "report_on": target.report_on}

    def _wait(self, state: State, deeds: tuple[Deed, ...] = ()) -> Wait:
        alarms: tuple[Alarm, ...] = ()
        if state.connected and not state.over:
            alarms = (Alarm(LIMIT, state.since + self.limit_ms, guard=True),)
        elif state.tone_ends and not state.over:
            alarms = (Alarm(TONE, state.tone_ends, sounds=True),)
        return Wait(asdict(state), alarms, deeds)

    # -- what happens meanwhile --

    def on(self, scene: Scene, signal: Signal) -> Step | None:
        """A leg is ready or over, the caller has pressed the star, time is up."""
        state = State(**scene.memory)
        match signal:
            case LegReady(leg=leg) if leg in state.legs and not state.connected and not state.over:
                return self._connect(scene, state, leg)
            case LegEnded() if signal.leg in state.legs:
                return self._ended(scene, state, signal)
            case Key(digit="*") if self.star and not state.over:
                return self._drop(scene, state)
            case Woke(name="limit") if state.connected:
                return self._drop(scene, state)
            case Woke() | MediaReady() | MediaFailed() if not state.connected:
                return self._sound(scene, state, signal)
            case _:
                return None

    def _connect(self, scene: Scene, state: State, leg: str) -> Step:
        own = scene.call.id
        others = tuple(Send(each, Disconnect(own)) for each in state.legs if each != leg)
        taped, taping = self._tape(scene, self.taping, state) if self.taping else (state, ())
        deeds: tuple[Deed, ...] = (
            PickUp(),
            *_hushed(state),
            Note(Kind.CONNECTED, {"call_id": leg}),
            Link(call=leg),
            Send(leg, Connect(own)),
            *taping,
            *others,
        )
        connected = replace(taped, connected=leg, since=scene.now, tone=False, tone_ends=0)
        return self._wait(connected, deeds)

    def _ended(self, scene: Scene, state: State, ended: LegEnded) -> Step:
        leg = ended.leg
        left = replace(state, legs={each: at for each, at in state.legs.items() if each != leg})
        detached = ended.status == Status.TALKING.value  # it has gone on with a document of its own
        status = Status.COMPLETED.value if detached else ended.status
        answered = status == Status.COMPLETED.value and not detached
        spent = ended.seconds if answered else None
        end = End(leg, state.legs[leg], status, ended.cause, spent, leg == state.connected)
        if end.bridged:
            return self._finish(scene, left, end)
        failed = replace(left, last=asdict(end))
        if left.connected or left.legs:
            return self._wait(failed)
        return self._finish(scene, failed, end) if state.over else self._call(scene, failed)

    def _drop(self, scene: Scene, state: State) -> Step:
        away = tuple(Send(each, Disconnect(scene.call.id)) for each in state.legs)
        return self._wait(replace(state, over=True), away)

    def _sound(self, scene: Scene, state: State, signal: Signal) -> Step | None:
        """The customer's own sound of ringing, again and again."""
        if isinstance(signal, MediaFailed):
            return self._wait(state, (self._ringback(),))
        ms, key = (
            (signal.ms, signal.key) if isinstance(signal, MediaReady) else (state.tone_ms, state.tone_key)
        )
        again = scene.sound + max(ms, LEAST_TONE_MS)
        playing = replace(state, tone_ms=ms, tone_key=key, tone_ends=again)
        return self._wait(playing, (PlaySound(ms, self.tone_url or "", "ringback", sound=key),))

    # -- what came of it --

    def _finish(self, scene: Scene, state: State, end: End, before: tuple[Deed, ...] = ()) -> Step:
        deeds = (*before, *self._put_down(state, "dial_ended"))
        return self.conclude(scene, self.outcome(scene, end, state.tape), deeds)

    def outcome(self, scene: Scene, end: End, tape: str) -> dict[str, Any]:  # noqa: ARG002 - for who needs the call
        """What the customer is told."""
        return outcome(end, self.targets, tape)

    def conclude(self, scene: Scene, outcome: dict[str, Any], deeds: tuple[Deed, ...]) -> Step:  # noqa: ARG002
        """Ask how to go on, or go on."""
        if self.action is None:
            return Next(deeds)
        return Load(self.action, self.method, self.name, outcome, deeds=deeds)

    def told(self, scene: Scene, outcome: dict[str, Any]) -> tuple[Deed, ...]:  # noqa: ARG002
        """What the customer is told when the caller has gone: nobody waits for an answer."""
        return (Tell(self.action, self.method, self.name, outcome),) if self.action is not None else ()

    def _put_down(self, state: State, why: str) -> tuple[Deed, ...]:
        """Connections, tapes and tones end."""
        deeds: tuple[Deed, ...] = _hushed(state)
        if state.connected:
            deeds = (*deeds, Unlink(), Note(Kind.PARTED, {"call_id": state.connected}))
        return (*deeds, EndRecording(state.tape, why)) if state.tape else deeds

    @property
    def tells_for_legs(self) -> bool:
        """Whether it has to tell what legs leave to it, also when its call goes on elsewhere."""
        return False

    def stop(self, scene: Scene) -> tuple[Deed, ...]:
        """Whoever was called is put away. If nobody else tells the customer what came of it, this does."""
        state = State(**scene.memory)
        away = tuple(Send(each, Disconnect(scene.call.id)) for each in state.legs)
        deeds = (*away, *self._put_down(state, torn(scene)))
        if scene.call.ended_at is None and not self.tells_for_legs:
            return deeds
        return (*deeds, *self.told(scene, self.outcome(scene, left(state, scene.now), state.tape)))


def _hushed(state: State) -> tuple[Deed, ...]:
    return (Hush(),) if state.tone else ()
