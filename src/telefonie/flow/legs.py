"""The only module through which a call changes: its state, its far end and its documents together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from telefonie.core import acts, calls, far_end
from telefonie.core.call import Cause, Order, Status
from telefonie.core.commands import HangUp, Hold, Leave, Redirect, Wake
from telefonie.core.events import Actor, Kind
from telefonie.core.messages import (
    Called,
    Connect,
    Disconnect,
    LegEnded,
    LegReady,
    Message,
    Overhear,
    Uninvited,
)
from telefonie.flow import hands
from telefonie.flow.commands import (
    Command,
    Fetched,
    HearSocket,
    Press,
    Receive,
    SayByHand,
    SendKeys,
    StartRecording,
    SteerRecording,
    StopStream,
    StopTalk,
    Stream,
    Talk,
    TellKeys,
)
from telefonie.flow.life import Life
from telefonie.flow.run import CONSENT, INTERJECTED, Run
from telefonie.flow.signals import SpeechBegan, SpeechEnded, Spoken, Woke
from telefonie.flow.stage import Change, Leg

__all__ = ["Change", "Leg", "alarm", "apply", "arrive", "place"]


def place(call_id: str, account_id: str, face: str, order: Order, now: int) -> Change:
    """A new call out."""
    change = calls.place(call_id, account_id, face, order, now)
    return Change(Leg(change.call), change.events, change.effects)


def arrive(call_id: str, account_id: str, face: str, order: Order, now: int) -> Change:
    """A call that comes in; its document decides whether anybody picks up."""
    change = calls.arrive(call_id, account_id, face, order, now)
    life = Life(Leg(change.call), now)
    life.events.extend(change.events)
    life.effects.extend(change.effects)
    if not life.over:
        life.begin()
    return life.change()


def apply(leg: Leg, command: Command, now: int) -> Change:
    """The one way in which a call changes. Raises Illegal when its state does not allow it."""
    life = Life(leg, now)
    match command:
        case Wake():
            _wake(life, now)
        case Fetched() | Receive() | HearSocket():
            _world(life, command)
            _wake(life, life.now)  # what follows at this very moment need not wait for another decision
        case Press() | SayByHand():
            hands.by_hand(life, command)
        case StartRecording() | SteerRecording():
            hands.record(life, command)
        case Talk() | StopTalk() | Stream() | StopStream() | SendKeys() | TellKeys():
            hands.interfere(life, command)
        case Redirect(url, method, document):
            life.tell(command)
            life.redirect(url, method, document)
        case _:
            life.tell_and_follow(command)
    return life.change()


def _world(life: Life, command: Fetched | Receive | HearSocket) -> None:
    match command:
        case Fetched():
            life.fetched(command)
        case HearSocket():
            _hear_socket(life, command)
        case Receive(message) if not life.over:
            _receive(life, message)
        case Receive(message):
            _too_late(life, message)


def _hear_socket(life: Life, command: HearSocket) -> None:
    """It is written down after it was heard, with how long ago that began; also when the call is over by now."""
    socket = life.call.order.socket
    if socket is None:
        return
    for each in command.sounds:
        data = {"what": "audio", "sound": each.sound, "skip": each.skip, "ms": each.ms}
        data["rate"] = socket.rate
        life.note(Kind.PLAYED, {**data, "ago": max(0, life.now - each.at)}, Actor.FAR_END)


def ignored(leg: Leg, fields: tuple[str, ...], now: int) -> Change:
    """What an update named and nobody knows, so that a typing error can be found."""
    life = Life(leg, now)
    life.note(Kind.FIELDS_IGNORED, {"fields": list(fields)})
    return life.change()


def turned_away(leg: Leg, code: int, why: str, now: int) -> Change:
    """A call that will reach nobody: why."""
    life = Life(leg, now)
    if leg.call.order.strict:
        life.note(Kind.UNUSABLE, {"code": code, "reason": why})
    else:
        life.warn(code, why)
    return life.change()


def alarm(leg: Leg) -> tuple[int | None, int | None]:
    """When the call must be looked at next, and when the next thing happens that somebody may wait for."""
    due, awaited = calls.alarm(leg.call)
    if leg.far is None and leg.run is None:
        return due, awaited
    next_act = far_end.due(leg.far) if leg.far is not None else None
    bells = leg.run.alarms if leg.run is not None else ()
    return (
        _soonest(due, next_act, *(each.at for each in bells)),
        _soonest(awaited, next_act, *(each.at for each in bells if not each.guard)),
    )


def _soonest(*moments: int | None) -> int | None:
    return min((each for each in moments if each is not None), default=None)


# -- time --


def _wake(life: Life, now: int) -> None:
    """Everything planned up to now, in order, each at its own moment."""
    while not life.over and _next(life, now):
        pass


def _next(life: Life, now: int) -> bool:
    """Let the one thing happen that comes next. At one moment the far end comes before the documents,
    so that a key at the very end of a time-out counts."""
    timer = calls.first(life.call)
    next_act = far_end.due(life.far) if life.far is not None else None
    bells = life.run.alarms if life.run else ()
    bell = min(bells, key=lambda each: each.at, default=None)
    soonest = _soonest(timer.due if timer else None, next_act, bell.at if bell else None)
    if soonest is None or soonest > now:
        return False
    life.now = max(soonest, life.call.touched_at)
    if timer is not None and timer.due == soonest:
        life.follow_events(life.take(calls.elapse(life.call, timer)))
    elif next_act == soonest:
        _act(life)
    elif bell is not None:
        _ring(life, bell.name, bell.at)
    return True


def _ring(life: Life, name: str, at: int) -> None:
    """An alarm rings once, for the verb that set it."""
    if name == CONSENT and life.asking:
        life.may_record()
        return
    if name == INTERJECTED:
        life.next_round()
        return
    run = life.run or Run()
    for depth, frame in enumerate(life.frames):
        for each in frame.alarms:
            if each.name == name and (alarm := run.alarm(each)) is not None and alarm.at == at:
                life.silence(depth, each)
                life.signal(Woke(name), frame.ticket)
                return


# -- the far end --


def _act(life: Life) -> None:
    assert life.far is not None  # noqa: S101 - asked for its next act a moment ago
    life.far, done = far_end.wake(life.far, life.now)
    for act in done:
        if life.over:
            return
        _ACTS[type(act)](life, act)


def _says(life: Life, act: acts.Says) -> None:
    data = {"text": act.text, "language": act.language, "ms": act.ms, "confidence": act.confidence}
    life.note(Kind.SAID, data, Actor.FAR_END)
    if life.audible:
        life.pass_on(act.text, act.language, act.ms)
        life.signal(SpeechBegan(_spoken(act, life.now)))


def _finished(life: Life, act: acts.Finished) -> None:
    if life.audible:
        life.signal(SpeechEnded(_spoken(act, act.at - act.ms)))


def _spoken(act: acts.Says | acts.Finished, at: int) -> Spoken:
    return Spoken(at, act.text, act.language, act.confidence, act.ms, act.greeting)


def _pressed(life: Life, act: acts.Pressed) -> None:
    life.note(Kind.PRESSED, {"digits": act.digit}, Actor.FAR_END)
    life.press(act.digit)


_ACTS: Final[Mapping[type, Callable[[Life, Any], object]]] = {
    acts.Says: _says,
    acts.Finished: _finished,
    acts.Pressed: _pressed,
    acts.Beeped: lambda life, act: life.note(Kind.PLAYED, {"what": "beep", "ms": act.ms}, Actor.FAR_END),
    acts.Holds: lambda life, act: life.tell_and_follow(Hold(act.on, Actor.FAR_END)),
    acts.HangsUp: lambda life, _: life.tell_and_follow(Leave()),
    acts.Heard: lambda life, act: life.note(
        Kind.HEARD, {"wanted": act.wanted, "text": act.text}, Actor.FAR_END
    ),
    acts.Missed: lambda life, act: life.note(Kind.MISSED, {"wanted": act.wanted}, Actor.FAR_END),
}


# -- messages --


def _receive(life: Life, message: Message) -> None:
    match message:
        case Connect():
            _connect(life, message)
        case Disconnect():
            _disconnect(life, message)
        case Overhear():
            _overhear(life, message)
        case Uninvited():
            _uninvited(life, message)
        case _:
            if not life.signal(message, getattr(message, "ticket", 0)):
                _too_late(life, message)


def _overhear(life: Life, heard: Overhear) -> None:
    if life.call.deaf:
        return
    if not life.call.held:
        data = {"text": heard.text, "language": heard.language, "ms": heard.ms, "call_id": heard.call}
        life.note(Kind.OVERHEARD, data, Actor.FAR_END)
    life.hear(heard.at, heard.ms, heard.text)


def _uninvited(life: Life, message: Uninvited) -> None:
    """Who stands at the door already, or has gone elsewhere, hears of it there, or need not."""
    if life.call.order.room_id == message.room and not (life.run is not None and life.run.detached):
        by_hand = message.why in ("closed", "removed")
        life.tell_and_follow(HangUp(Actor.CUSTOMER if by_hand else Actor.PLATFORM))


def _too_late(life: Life, message: Message) -> None:
    """Nobody here waits for it any more. Who would wait for an answer is told so; others know it already."""
    match message:
        case Called(by=by, by_ticket=by_ticket):
            status, cause = Status.CANCELED.value, Cause.HUNG_UP.value
            life.post(by, LegEnded(by_ticket, life.call.id, status, cause, 0))
        case LegReady(leg=leg):
            life.post(leg, Disconnect(life.call.id, hang_up=False))
        case _:
            pass


def _connect(life: Life, message: Connect) -> None:
    if message.call != life.call.order.parent_id:
        life.signal(message)  # it is nobody's leg: the verb that waits for it, if any does, knows what to do
        return
    life.link(message.call, "")
    life.note(Kind.CONNECTED, {"call_id": message.call})
    said = far_end.speaking(life.far, life.now) if life.far is not None and life.audible else None
    if said is not None and said.at == life.now:
        life.pass_on(said.text, said.language, said.ms)  # it began to speak as the two were connected
    if not life.signal(message):
        life.lose_patience()


def _disconnect(life: Life, message: Disconnect) -> None:
    if life.run is not None and life.run.detached and message.call == life.call.order.parent_id:
        return  # it went its own way before its caller could let it go
    if life.run is not None and life.run.link_call == message.call:
        life.link("", "")
        life.note(Kind.PARTED, {"call_id": message.call})
    if not life.signal(message) and message.hang_up:
        life.tell_and_follow(HangUp(Actor.PLATFORM))
