"""The only module through which a call changes: its state, its far end and its documents together."""

from __future__ import annotations

from telefonie.core import calls, far_end
from telefonie.core.call import Order, Status
from telefonie.core.commands import (
    Answer,
    BreakOff,
    Cancel,
    HangUp,
    Hold,
    Leave,
    LeaveAlone,
    Mute,
    Redirect,
    Refuse,
    Wake,
)
from telefonie.core.errors import Illegal
from telefonie.core.events import Actor, Kind
from telefonie.core.far_end import Act
from telefonie.core.messages import Connect, Disconnect, Message, Overhear
from telefonie.flow.commands import Command, Fetched, Press, Receive, SayByHand
from telefonie.flow.life import Life
from telefonie.flow.signals import Key, SpeechBegan, SpeechEnded, Spoken, Woke
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
        case Redirect(url, method, document):
            life.tell(command)
            life.redirect(url, method, document)
        case (
            Answer() | Refuse() | HangUp() | Leave() | Cancel() | BreakOff() | Mute() | Hold() | LeaveAlone()
        ):
            life.tell_and_follow(command)
        case Fetched():
            life.fetched(command)
        case Receive(message):
            _receive(life, message)
        case Press(digits):
            _talking(life, "press keys")
            life.far = far_end.press(life.far or far_end.FarEnd(), life.now, digits)
        case SayByHand(text, language, confidence):
            _talking(life, "be spoken on")
            life.far = far_end.say(life.far or far_end.FarEnd(), life.now, text, language, confidence)
    if not isinstance(command, Wake):
        _wake(life, life.now)
    return life.change()


def alarm(leg: Leg) -> tuple[int | None, int | None]:
    """When the call must be looked at next, and when the next thing happens that somebody may wait for."""
    due, awaited = calls.alarm(leg.call)
    if leg.far is None and leg.run is None:
        return due, awaited
    acts = far_end.due(leg.far) if leg.far is not None else None
    bells = leg.run.alarms if leg.run is not None else ()
    return (
        _soonest(due, acts, *(each.at for each in bells)),
        _soonest(awaited, acts, *(each.at for each in bells if not each.guard)),
    )


def _soonest(*moments: int | None) -> int | None:
    return min((each for each in moments if each is not None), default=None)


def _talking(life: Life, wish: str) -> None:
    if life.call.status is not Status.TALKING:
        raise Illegal("call", life.call.status, wish)


# -- time --


def _wake(life: Life, now: int) -> None:
    """Everything planned up to now, in order, each at its own moment."""
    while not life.over and _next(life, now):
        pass


def _next(life: Life, now: int) -> bool:
    """Let the one thing happen that comes next. At one moment the far end comes before the documents,
    so that a key at the very end of a time-out counts."""
    timer = calls.first(life.call)
    acts = far_end.due(life.far) if life.far is not None else None
    bells = life.run.alarms if life.run else ()
    bell = min(bells, key=lambda each: each.at, default=None)
    soonest = _soonest(timer and timer.due, acts, bell and bell.at)
    if soonest is None or soonest > now:
        return False
    life.now = max(soonest, life.call.touched_at)
    if timer is not None and timer.due == soonest:
        life.follow_events(life.take(calls.elapse(life.call, timer)))
    elif acts == soonest:
        _act(life)
    elif bell is not None:
        _ring(life, bell.name, bell.at)
    return True


def _ring(life: Life, name: str, at: int) -> None:
    """An alarm rings once, for the verb that set it."""
    for depth, frame in enumerate(life.frames):
        for each in frame.alarms:
            if (each.name, each.at) == (name, at):
                life.silence(depth, each)
                life.signal(Woke(name), frame.ticket)
                return


# -- the far end --


def _act(life: Life) -> None:
    assert life.far is not None  # noqa: S101 - asked for its next act a moment ago
    life.far, acts = far_end.wake(life.far, life.now)
    for act in acts:
        if life.over:
            return
        _do(life, act)


def _do(life: Life, act: Act) -> None:
    match act:
        case far_end.Says(_, text, language, confidence, ms, greeting):
            data = {"text": text, "language": language, "ms": ms, "confidence": confidence}
            life.note(Kind.SAID, data, Actor.FAR_END)
            if life.audible:
                life.pass_on(text, language, ms)
                life.signal(SpeechBegan(Spoken(life.now, text, language, confidence, ms, greeting)))
        case far_end.Finished(at, text, language, confidence, ms, greeting):
            if life.audible:
                life.signal(SpeechEnded(Spoken(at - ms, text, language, confidence, ms, greeting)))
        case far_end.Pressed(_, digit):
            life.note(Kind.PRESSED, {"digits": digit}, Actor.FAR_END)
            life.signal(Key(digit))
        case far_end.Beeped(_, ms):
            life.note(Kind.PLAYED, {"what": "beep", "ms": ms}, Actor.FAR_END)
        case far_end.Holds(_, on):
            life.tell_and_follow(Hold(on, Actor.FAR_END))
        case far_end.HangsUp():
            life.tell_and_follow(Leave())
        case far_end.Heard(_, wanted, text):
            life.note(Kind.HEARD, {"wanted": wanted, "text": text}, Actor.FAR_END)
        case far_end.Missed(_, wanted):
            life.note(Kind.MISSED, {"wanted": wanted}, Actor.FAR_END)


# -- messages --


def _receive(life: Life, message: Message) -> None:
    if life.over:
        return
    match message:
        case Connect(call):
            life.link(call, "")
            life.note(Kind.CONNECTED, {"call_id": call})
            if not life.signal(message):
                life.lose_patience()
        case Disconnect(call, hang_up):
            if life.run is not None and life.run.link_call == call:
                life.link("", "")
                life.note(Kind.PARTED, {"call_id": call})
            if not life.signal(message) and hang_up:
                life.tell_and_follow(HangUp(Actor.PLATFORM))
        case Overhear(call, at, text, language, ms):
            if not life.call.held:
                data = {"text": text, "language": language, "ms": ms, "call_id": call}
                life.note(Kind.OVERHEARD, data, Actor.FAR_END)
            life.hear(at, ms, text)
        case _:
            life.signal(message, getattr(message, "ticket", 0))
