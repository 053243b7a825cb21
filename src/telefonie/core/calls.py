"""The only module in which a call changes its state: `place`, `arrive` and `apply`, by the table of edges."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from telefonie.core import phones
from telefonie.core.call import Call, Cause, Direction, EndedBy, Order, Timer
from telefonie.core.call import Status as S
from telefonie.core.call import Trigger as T
from telefonie.core.changes import Change, and_also, note, record
from telefonie.core.commands import (
    Answer,
    BreakOff,
    Cancel,
    Closed,
    Command,
    Deafen,
    Equip,
    HangUp,
    Hold,
    Leave,
    LeaveAlone,
    Mute,
    Opened,
    Redirect,
    Refusal,
    Refuse,
    Unopened,
    Wake,
)
from telefonie.core.edges import ENDED, ENDING, TABLE, UNREACHED, WISHES
from telefonie.core.errors import Illegal
from telefonie.core.events import Actor, Kind
from telefonie.core.phones import Heard, Outcome
from telefonie.core.speaking import ENGLISH, speaking_ms

__all__ = [
    "ENDED",
    "TABLE",
    "UNREACHED",
    "WISHES",
    "Change",
    "alarm",
    "apply",
    "arrive",
    "elapse",
    "first",
    "note",
    "place",
]

_SORRY: Final = "The number you have dialed is not in service."
# Carriers play this to the caller after the call was turned away; it is no part of the call.
_OUT_OF_SERVICE: Final[Mapping[str, object]] = {
    "text": _SORRY,
    "language": ENGLISH,
    "ms": speaking_ms(_SORRY),
    "announcement": True,
}


def place(call_id: str, account_id: str, face: str, order: Order, now: int) -> Change:
    """A new call, queued; it rings when the network has found the phone."""
    first = T.FAIL if order.phone.outcome is Outcome.FAILED else T.RING
    timers = (Timer(now + order.phone.rings_after, first),)
    call = Call(call_id, account_id, face, order, S.QUEUED, now, now, timers)
    return _begun(call, Actor.CUSTOMER)


def arrive(call_id: str, account_id: str, face: str, order: Order, now: int) -> Change:
    """A call that comes in: it rings at once, and its document decides whether anybody picks up."""
    call = Call(call_id, account_id, face, order, S.RINGING, now, now, rang_at=now)
    if face == UNREACHED:
        change = and_also(_begun(call, Actor.FAR_END), Kind.SAID, Actor.PLATFORM, _OUT_OF_SERVICE)
        return _then(change, _finish(change.call, S.FAILED, Cause.UNKNOWN_NUMBER, now, Actor.PLATFORM))
    timers = (Timer(now + order.ring_ms, T.GIVE_UP),)
    return and_also(_begun(replace(call, timers=timers), Actor.FAR_END), Kind.RANG, Actor.PLATFORM, {})


def _begun(call: Call, actor: Actor) -> Change:
    change = record(call, Kind.PLACED, actor, {}, call.created_at)
    if call.order.ignored:
        fields = list(call.order.ignored)
        change = and_also(change, Kind.FIELDS_IGNORED, Actor.PLATFORM, {"fields": fields})
    return change


def apply(call: Call, command: Command, now: int) -> Change:
    """The one way in which a call changes. Raises Illegal when its state has no such edge."""
    now = max(now, call.touched_at)
    match command:
        case Wake():
            return _wake(call, now)
        case Redirect():
            return _send_on(call, command, now)
        case Mute() | Deafen() | Hold():
            return _set_line(call, command, now)
        case Equip() | LeaveAlone():
            return _equip(call, command)
        case Opened() | Unopened() | Closed():
            return _of_socket(call, command, now)
        case Answer() | Refuse() | HangUp() | Leave() | Cancel() | BreakOff():
            return _move(call, *_told(call, command, now))


def _told(
    call: Call, command: Answer | Refuse | HangUp | Leave | Cancel | BreakOff, now: int
) -> tuple[T, int, Actor]:
    # Who calls in does not pick up: what is done by hand to the ringing phone is done on this side.
    inbound = call.order.direction is Direction.INBOUND
    match command:
        case Answer(by):
            _must_be_phone(call)
            return T.ANSWER, now, Actor.PLATFORM if inbound else by
        case Refuse(how, by):
            _must_be_phone(call)
            refuser = Actor.CUSTOMER if inbound else by
            return T.FIND_BUSY if how is Refusal.BUSY else T.DECLINE, now, refuser
        case BreakOff():
            return T.BREAK_OFF, now, Actor.PLATFORM
        case HangUp(by):
            return T.HANG_UP, now, by
        case Leave():
            # Who calls may give up while it rings; who is called must pick up before he can put down.
            gives_up = inbound and call.status is S.RINGING
            return T.ABANDON if gives_up else T.LEAVE, now, Actor.FAR_END
        case Cancel():
            return T.CANCEL, now, Actor.CUSTOMER


def _of_socket(call: Call, command: Opened | Unopened | Closed, now: int) -> Change:
    """What became of the socket at whose other end the program is."""
    match command:
        case Opened():
            return _move(call, T.ANSWER, now, Actor.FAR_END)
        case Unopened(code, why, refused):
            trigger = T.FAIL if refused else T.GIVE_UP
            _must(call, trigger)
            warned = note(call, Kind.WARNED, Actor.PLATFORM, {"code": code, "message": why}, now)
            return _then(warned, _move(warned.call, trigger, now, Actor.PLATFORM))
        case Closed(why, by):
            _must(call, T.DISCONNECT)
            gone = note(call, Kind.DISCONNECTED, by, {"why": why}, now)
            return _then(gone, _move(gone.call, T.DISCONNECT, now, by))


def _must_be_phone(call: Call) -> None:
    if call.order.socket is not None:
        raise Illegal("call", call.status, "be picked up by hand: at its far end is a program")


def _must(call: Call, trigger: T) -> None:
    """Before anything is written down: whether there is such an edge."""
    if trigger not in TABLE[call.status]:
        raise Illegal("call", call.status, WISHES[trigger])


def _then(first: Change, second: Change) -> Change:
    """Both, one after the other."""
    return Change(second.call, first.events + second.events, first.effects + second.effects)


def alarm(call: Call) -> tuple[int | None, int | None]:
    """When the call must be looked at next, and when the next thing happens that somebody may wait for."""
    due = min((timer.due for timer in call.timers), default=None)
    awaited = min((timer.due for timer in call.timers if not timer.guard), default=None)
    return due, awaited


def elapse(call: Call, timer: Timer) -> Change:
    """What was planned with this timer happens, at its own moment: a late wake makes nothing late."""
    rest = tuple(each for each in call.timers if each is not timer)
    at = max(timer.due, call.touched_at)
    actor = Actor.PLATFORM if timer.trigger in _BY_PLATFORM else Actor.FAR_END
    return _move(call, timer.trigger, at, actor, timers=rest)


def first(call: Call) -> Timer | None:
    """What is planned next; of several at one moment the one that was planned first."""
    return min(call.timers, key=lambda each: each.due, default=None)


def _wake(call: Call, now: int) -> Change:
    """Everything planned up to now, in order."""
    change = Change(call)
    while (timer := first(change.call)) is not None and timer.due <= now:
        change = _then(change, elapse(change.call, timer))
    return change


def _send_on(call: Call, command: Redirect, now: int) -> Change:
    """On to another document; one that is handed in stands on the timeline as it is."""
    if command.document is None:
        there = (command.url, command.method)
        return _move(call, T.REDIRECT, now, Actor.CUSTOMER, redirect=there)
    if T.REDIRECT not in TABLE[call.status]:
        raise Illegal("call", call.status, WISHES[T.REDIRECT])
    return note(call, Kind.REDIRECTED, Actor.CUSTOMER, {"document": command.document}, now)


def _equip(call: Call, command: Equip | LeaveAlone) -> Change:
    if isinstance(command, LeaveAlone):
        return Change(call)
    if call.status not in (S.QUEUED, S.RINGING):
        raise Illegal("call", call.status, "be given a script, which its far end goes by from the answer on")
    return Change(replace(call, script=command.script))


_LINE_WISHES: Final = {Mute: "be muted", Deafen: "be deafened", Hold: "be held"}
# What each field of a call is called when it comes on, and when it goes off.
_LINE: Final = {
    "muted": (Kind.MUTED, Kind.UNMUTED),
    "deaf": (Kind.DEAFENED, Kind.UNDEAFENED),
    "held": (Kind.HELD, Kind.UNHELD),
    "away": (Kind.HELD, Kind.UNHELD),
}


def _set_line(call: Call, command: Mute | Deafen | Hold, now: int) -> Change:
    """Who hears whom; telling it once more what is so already is no error."""
    if call.status is not S.TALKING:
        raise Illegal("call", call.status, _LINE_WISHES[type(command)])
    by, name = Actor.CUSTOMER, "held"
    match command:
        case Mute():
            name = "muted"
        case Deafen():
            name = "deaf"
        case Hold(by=by):
            name = "away" if by is Actor.FAR_END else "held"
    if command.on == getattr(call, name):
        return Change(call)
    on, off = _LINE[name]
    return record(call, on if command.on else off, by, {}, now, **{name: command.on})


_BY_PLATFORM: Final = frozenset({T.RING, T.FAIL, T.GIVE_UP, T.DETECT, T.BEEP, T.EXPIRE})


def _move(call: Call, trigger: T, now: int, actor: Actor, **changes: Any) -> Change:
    """Along an edge of the table, with what else changes on the way."""
    status = TABLE[call.status].get(trigger)
    if status is None:
        raise Illegal("call", call.status, WISHES[trigger])
    if status in ENDED:
        hung_up = Cause.CANCELED if status is S.CANCELED else Cause.HUNG_UP
        return _finish(call, status, ENDING.get(trigger, hung_up), now, actor)
    return _ENTER[trigger](call, now, actor, {"status": status, **changes})


def _finish(call: Call, status: S, cause: Cause, now: int, actor: Actor) -> Change:
    by = EndedBy(actor.value)
    data = {"status": status.value, "cause": cause.value, "ended_by": by.value}
    ending: dict[str, Any] = {"status": status, "timers": (), "ended_at": now, "cause": cause, "ended_by": by}
    unanswered = call.answered_at is None
    quiet = unanswered and call.order.parent_tells
    change = record(call, Kind.ENDED, actor, data, now, quiet=quiet, **ending)
    # Whoever was turned down has heard everything with that; of all others there is a last word.
    if unanswered and cause is not Cause.DECLINED and Kind.CLOSED in call.order.report_on:
        return and_also(change, Kind.CLOSED, Actor.PLATFORM, data)
    return change


def _ring(call: Call, now: int, actor: Actor, changes: dict[str, Any]) -> Change:
    order = call.order
    timers: tuple[Timer, ...] = (Timer(now + order.ring_ms, T.GIVE_UP),)
    # A phone that nobody picks up has no plan but the caller's patience. An answer at the very
    # moment of giving up counts as an answer, so the far end's timer stands first.
    # Nor has a program: it is there as soon as its socket is open.
    if order.phone.outcome is not Outcome.NO_ANSWER and order.socket is None:
        what = _PLANS.get(order.phone.outcome, T.ANSWER)
        timers = (Timer(now + order.phone.answers_after, what), *timers)
    return record(call, Kind.RANG, actor, {}, now, **changes | {"rang_at": now, "timers": timers})


_PLANS: Final = {
    Outcome.BUSY: T.FIND_BUSY,
    Outcome.REJECTED: T.DECLINE,
    Outcome.UNAVAILABLE: T.FIND_NOBODY,
    Outcome.FAILED: T.FAIL,
}


def _answer(call: Call, now: int, actor: Actor, changes: dict[str, Any]) -> Change:
    order = call.order
    timers = []  # of several at one moment the first comes first
    if order.detection is not None and order.socket is None:
        timers.append(Timer(now + phones.verdict(order.phone, order.detection)[0], T.DETECT))
    # Who has somebody to talk with stays, or leaves as `far_end` says.
    if not call.attended and order.socket is None:
        timers.append(Timer(now + phones.leaves_after(order.phone), T.HANG_UP))
    timers.append(Timer(now + order.limit_ms, T.EXPIRE, guard=True))
    changes |= {"answered_at": now, "timers": tuple(timers)}
    change = record(call, Kind.ANSWERED, actor, {}, now, **changes)
    if order.keys:
        change = and_also(change, Kind.KEYS_SENT, Actor.PLATFORM, {"digits": order.keys})
    return change


def _detect(call: Call, now: int, actor: Actor, changes: dict[str, Any]) -> Change:
    if call.order.detection is None:
        return Change(replace(call, **changes))
    order = call.order
    judged, heard = phones.verdict(order.phone, call.order.detection)
    if heard is Heard.MACHINE and order.beep_ms:
        after, _ = phones.beep(order.phone, judged, order.beep_ms)
        timers = changes.get("timers", call.timers)
        changes["timers"] = (*timers, Timer(now + after - judged, T.BEEP))
    drops = order.drops_machines and heard in phones.MACHINES
    # Nobody can answer any more to the verdict that ends a call, so it is told in its order, before the end.
    aloud = drops and order.detection_answers
    told: dict[str, Any] = {"aloud": aloud, "heard": heard, **changes}
    change = record(call, Kind.DETECTED, actor, {"heard": heard.value}, now, **told)
    if not drops:
        return change
    ended = _finish(change.call, S.COMPLETED, Cause.HUNG_UP, now, Actor.PLATFORM)
    return Change(ended.call, change.events + ended.events, change.effects + ended.effects)


def _beep(call: Call, now: int, actor: Actor, changes: dict[str, Any]) -> Change:
    order = call.order
    if order.detection is None:
        return Change(replace(call, **changes))
    judged = phones.verdict(order.phone, order.detection)[0]
    beeped = phones.beep(order.phone, judged, order.beep_ms)[1]
    return record(call, Kind.BEEPED, actor, {"beep": beeped}, now, **changes)


def _redirect(call: Call, now: int, actor: Actor, changes: dict[str, Any]) -> Change:
    url, method = changes.get("redirect") or call.redirect or ("", "")
    return record(call, Kind.REDIRECTED, actor, {"url": url, "method": method}, now, **changes)


_ENTER: Final[Mapping[T, Callable[[Call, int, Actor, dict[str, Any]], Change]]] = {
    T.RING: _ring,
    T.ANSWER: _answer,
    T.DETECT: _detect,
    T.BEEP: _beep,
    T.REDIRECT: _redirect,
}
