"""The only module in which a call changes its state: a table of edges, `place` and `apply`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from telefonie.core import phones
from telefonie.core.call import Call, Cause, Direction, EndedBy, Order, Status, Timer, Trigger
from telefonie.core.commands import (
    Answer,
    BreakOff,
    Cancel,
    Command,
    Equip,
    HangUp,
    Hold,
    Leave,
    LeaveAlone,
    Mute,
    Redirect,
    Refusal,
    Refuse,
    Wake,
)
from telefonie.core.effects import Effect, Notify
from telefonie.core.errors import Illegal
from telefonie.core.events import Actor, Event, Kind
from telefonie.core.phones import Outcome, Step
from telefonie.core.speaking import ENGLISH, speaking_ms

S, T = Status, Trigger
TABLE: Final[Mapping[Status, Mapping[Trigger, Status]]] = {
    S.QUEUED: {T.RING: S.RINGING, T.FAIL: S.FAILED, T.CANCEL: S.CANCELED, T.HANG_UP: S.CANCELED},
    S.RINGING: {
        T.ANSWER: S.TALKING,
        T.FIND_BUSY: S.BUSY,
        T.DECLINE: S.UNANSWERED,
        T.FAIL: S.FAILED,
        T.GIVE_UP: S.UNANSWERED,
        T.CANCEL: S.CANCELED,
        T.HANG_UP: S.CANCELED,
        T.ABANDON: S.CANCELED,
    },
    S.TALKING: {
        T.HANG_UP: S.COMPLETED,
        T.LEAVE: S.COMPLETED,
        T.EXPIRE: S.COMPLETED,
        T.DETECT: S.TALKING,
        T.REDIRECT: S.TALKING,
        T.BREAK_OFF: S.COMPLETED,
    },
    S.COMPLETED: {},
    S.FAILED: {},
    S.BUSY: {},
    S.UNANSWERED: {},
    S.CANCELED: {},
}
ENDED: Final = frozenset(status for status, edges in TABLE.items() if not edges)
WISHES: Final[Mapping[Trigger, str]] = {
    T.RING: "ring",
    T.ANSWER: "be answered",
    T.FIND_BUSY: "be found busy",
    T.DECLINE: "be declined",
    T.FAIL: "fail",
    T.GIVE_UP: "be given up",
    T.CANCEL: "be canceled",
    T.HANG_UP: "be hung up",
    T.LEAVE: "be hung up by its far end, which must have answered first: reject a ringing call",
    T.DETECT: "be judged",
    T.REDIRECT: "be redirected",
    T.EXPIRE: "expire",
    T.ABANDON: "be abandoned",
    T.BREAK_OFF: "be broken off",
}
# Why a call ends on an edge; a hang-up is told by the status. By whom: whoever took the edge.
_ENDING: Final[Mapping[Trigger, Cause]] = {
    T.FIND_BUSY: Cause.BUSY,
    T.DECLINE: Cause.DECLINED,
    T.FAIL: Cause.UNREACHABLE,
    T.GIVE_UP: Cause.RING_TIMEOUT,
    T.CANCEL: Cause.CANCELED,
    T.EXPIRE: Cause.TIME_LIMIT,
    T.BREAK_OFF: Cause.DOCUMENT_FAILED,
}
UNREACHED: Final = "unreached"  # the face of a call to a number that nobody has: no API shows it
_SORRY: Final = "The number you have dialed is not in service."
# Carriers play this to the caller after the call was turned away; it is no part of the call.
_OUT_OF_SERVICE: Final[Mapping[str, object]] = {
    "text": _SORRY,
    "language": ENGLISH,
    "ms": speaking_ms(_SORRY),
    "announcement": True,
}


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision came to: the call as it is now, what happened, what is wished."""

    call: Call
    events: tuple[Event, ...] = ()
    effects: tuple[Effect, ...] = ()


def place(call_id: str, account_id: str, face: str, order: Order, now: int) -> Change:
    """A new call, queued; it rings when the network has found the phone."""
    first = T.FAIL if order.phone.outcome is Outcome.FAILED else T.RING
    timers = (Timer(now + order.phone.rings_after, first),)
    call = Call(call_id, account_id, face, order, S.QUEUED, now, now, timers)
    return _begun(call, Actor.CUSTOMER)


def arrive(call_id: str, account_id: str, face: str, order: Order, now: int) -> Change:
    """A call that comes in: it rings at once, and its document decides whether anybody picks up."""
    call = Call(call_id, account_id, face, order, S.RINGING, now, now, rang_at=now)
    change = _begun(call, Actor.FAR_END)
    if face == UNREACHED:
        change = _record(change, Kind.SAID, Actor.PLATFORM, _OUT_OF_SERVICE)
        missing = replace(change.call, status=S.FAILED)
        return _finish(replace(change, call=missing), Cause.UNKNOWN_NUMBER, now, Actor.PLATFORM)
    change = _record(change, Kind.RANG, Actor.PLATFORM, {})
    timers = (Timer(now + order.ring_ms, T.GIVE_UP),)
    return replace(change, call=replace(change.call, timers=timers))


def _begun(call: Call, actor: Actor) -> Change:
    change = _record(Change(call), Kind.PLACED, actor, {})
    if call.order.ignored:
        fields = list(call.order.ignored)
        change = _record(change, Kind.FIELDS_IGNORED, Actor.PLATFORM, {"fields": fields})
    return change


def apply(call: Call, command: Command, now: int) -> Change:
    """The one way in which a call changes. Raises Illegal when its state has no such edge."""
    now = max(now, call.touched_at)
    match command:
        case Wake():
            return _wake(call, now)
        case Redirect(url, method):
            return _move(Change(replace(call, redirect=(url, method))), T.REDIRECT, now, Actor.CUSTOMER)
        case Mute() | Hold():
            return _set_line(call, command, now)
        case Equip(script):
            return _equip(call, script)
        case LeaveAlone():
            return Change(call)
        case Answer() | Refuse() | HangUp() | Leave() | Cancel() | BreakOff():
            return _move(Change(call), *_told(call, command, now))


def _told(
    call: Call, command: Answer | Refuse | HangUp | Leave | Cancel | BreakOff, now: int
) -> tuple[Trigger, int, Actor]:
    # Who calls in does not pick up: what is done by hand to the ringing phone is done on this side.
    inbound = call.order.direction is Direction.INBOUND
    match command:
        case Answer(by):
            return T.ANSWER, now, Actor.PLATFORM if inbound else by
        case Refuse(how, by):
            refuser = Actor.CUSTOMER if inbound else by
            return T.FIND_BUSY if how is Refusal.BUSY else T.DECLINE, now, refuser
        case BreakOff():
            return T.BREAK_OFF, now, Actor.PLATFORM
        case HangUp(by):
            return T.HANG_UP, now, by
        case Leave():
            gives_up = inbound and call.status is S.RINGING
            return T.ABANDON if gives_up else T.LEAVE, now, Actor.FAR_END
        case Cancel():
            return T.CANCEL, now, Actor.CUSTOMER


def alarm(call: Call) -> tuple[int | None, int | None]:
    """When the call must be looked at next, and when the next thing happens that somebody may wait for."""
    due = min((timer.due for timer in call.timers), default=None)
    awaited = min((timer.due for timer in call.timers if not timer.guard), default=None)
    return due, awaited


def note(call: Call, kind: Kind, actor: Actor, data: Mapping[str, object], now: int) -> Change:
    """A fact that changes no state."""
    return _record(Change(call), kind, actor, data, max(now, call.touched_at))


def elapse(call: Call, timer: Timer) -> Change:
    """What was planned with this timer happens, at its own moment: a late wake makes nothing late."""
    rest = tuple(each for each in call.timers if each is not timer)
    at = max(timer.due, call.touched_at)
    actor = Actor.PLATFORM if timer.trigger in _BY_PLATFORM else Actor.FAR_END
    return _move(Change(replace(call, timers=rest)), timer.trigger, at, actor)


def first(call: Call) -> Timer | None:
    """What is planned next; of several at one moment the one that was planned first."""
    return min(call.timers, key=lambda each: each.due, default=None)


def _wake(call: Call, now: int) -> Change:
    """Everything planned up to now, in order."""
    change = Change(call)
    while (timer := first(change.call)) is not None and timer.due <= now:
        then = elapse(change.call, timer)
        change = Change(then.call, change.events + then.events, change.effects + then.effects)
    return change


def _equip(call: Call, script: tuple[Step, ...]) -> Change:
    if call.status not in (S.QUEUED, S.RINGING):
        raise Illegal("call", call.status, "be given a script, which its far end goes by from the answer on")
    return Change(replace(call, script=script))


def _set_line(call: Call, command: Mute | Hold, now: int) -> Change:
    """Who hears whom; telling it once more what is so already is no error."""
    wish = "be muted" if isinstance(command, Mute) else "be held"
    if call.status is not S.TALKING:
        raise Illegal("call", call.status, wish)
    match command:
        case Mute(on):
            if on == call.muted:
                return Change(call)
            kind = Kind.MUTED if on else Kind.UNMUTED
            return note(replace(call, muted=on), kind, Actor.CUSTOMER, {}, now)
        case Hold(on, by):
            if on == (call.away if by is Actor.FAR_END else call.held):
                return Change(call)
            kind = Kind.HELD if on else Kind.UNHELD
            changed = replace(call, away=on) if by is Actor.FAR_END else replace(call, held=on)
            return note(changed, kind, by, {}, now)


_BY_PLATFORM: Final = frozenset({T.RING, T.FAIL, T.GIVE_UP, T.DETECT, T.EXPIRE})


def _move(change: Change, trigger: Trigger, now: int, actor: Actor) -> Change:
    call = change.call
    status = TABLE[call.status].get(trigger)
    if status is None:
        raise Illegal("call", call.status, WISHES[trigger])
    moved = replace(change, call=replace(call, status=status))
    if status in ENDED:
        return _end(moved, trigger, now, actor)
    return _ENTER[trigger](moved, now, actor)


def _end(change: Change, trigger: Trigger, now: int, actor: Actor) -> Change:
    hung_up = Cause.CANCELED if change.call.status is S.CANCELED else Cause.HUNG_UP
    return _finish(change, _ENDING.get(trigger, hung_up), now, actor)


def _finish(change: Change, cause: Cause, now: int, actor: Actor) -> Change:
    by = EndedBy(actor.value)
    call = replace(change.call, timers=(), ended_at=now, cause=cause, ended_by=by)
    data = {"status": call.status.value, "cause": cause.value, "ended_by": by.value}
    return _record(replace(change, call=call), Kind.ENDED, actor, data, now)


def _ring(change: Change, now: int, actor: Actor) -> Change:
    call = change.call
    order = call.order
    plan = {Outcome.BUSY: T.FIND_BUSY, Outcome.REJECTED: T.DECLINE, Outcome.FAILED: T.FAIL}
    timers = [Timer(now + order.ring_ms, T.GIVE_UP)]
    # A phone that nobody picks up has no plan but the caller's patience. An answer at the very
    # moment of giving up counts as an answer, so the far end's timer stands first.
    if order.phone.outcome is not Outcome.NO_ANSWER:
        what = plan.get(order.phone.outcome, T.ANSWER)
        timers.insert(0, Timer(now + order.phone.answers_after, what))
    ringing = replace(call, rang_at=now, timers=tuple(timers))
    return _record(replace(change, call=ringing), Kind.RANG, actor, {}, now)


def _answer(change: Change, now: int, actor: Actor) -> Change:
    call = change.call
    order = call.order
    timers = []  # of several at one moment the first comes first
    if order.detection is not None:
        timers.append(Timer(now + phones.verdict(order.phone, order.detection)[0], T.DETECT))
    # Who has somebody to talk with stays, or leaves as `far_end` says.
    if not call.attended:
        timers.append(Timer(now + phones.leaves_after(order.phone), T.HANG_UP))
    timers.append(Timer(now + order.limit_ms, T.EXPIRE, guard=True))
    answered = replace(call, answered_at=now, timers=tuple(timers))
    change = _record(replace(change, call=answered), Kind.ANSWERED, actor, {}, now)
    if order.keys:
        change = _record(change, Kind.KEYS_SENT, Actor.PLATFORM, {"digits": order.keys}, now)
    return change


def _detect(change: Change, now: int, actor: Actor) -> Change:
    call = change.call
    if call.order.detection is None:
        return change
    heard = phones.verdict(call.order.phone, call.order.detection)[1]
    return _record(
        replace(change, call=replace(call, heard=heard)), Kind.DETECTED, actor, {"heard": heard.value}, now
    )


def _redirect(change: Change, now: int, actor: Actor) -> Change:
    url, method = change.call.redirect or ("", "")
    return _record(change, Kind.REDIRECTED, actor, {"url": url, "method": method}, now)


_ENTER: Final[Mapping[Trigger, Callable[[Change, int, Actor], Change]]] = {
    T.RING: _ring,
    T.ANSWER: _answer,
    T.DETECT: _detect,
    T.REDIRECT: _redirect,
}


def _record(
    change: Change, kind: Kind, actor: Actor, data: Mapping[str, object], at: int | None = None
) -> Change:
    """Write a fact down, and wish it told if the customer asked to hear of such."""
    call = change.call
    now = call.touched_at if at is None else at
    event = Event(call.events, now, kind, actor, data)
    told = call.order.report_url is not None and kind in call.order.report_on
    sequence = call.reports
    call = replace(call, touched_at=now, events=call.events + 1, reports=sequence + told)
    effects = (*change.effects, Notify(event, sequence, call)) if told else change.effects
    return Change(call, (*change.events, event), effects)
