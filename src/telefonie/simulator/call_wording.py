"""The only module that words a call and its timeline for the simulator: neutral, whichever face made it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from telefonie.core import prices
from telefonie.core.call import Call, Order, Status, Timer
from telefonie.core.calls import ENDED, alarm
from telefonie.core.events import Event, Kind
from telefonie.simulator import words
from telefonie.simulator.phone_wording import behaviour
from telefonie.web.fields import iso

Json = dict[str, object]


def call(it: Call) -> Json:
    """Everything known about a call; what is not known is left out."""
    order = it.order
    _, awaited = alarm(it)
    known: Json = {
        "id": it.id,
        "face": it.face,
        "direction": order.direction.value,
        "from": order.caller,
        "to": order.callee,
        "status": words.STATUS[it.status].value,
        "cause": it.cause and it.cause.value,
        "ended_by": it.ended_by and it.ended_by.value,
        "heard": it.heard and it.heard.value,
        "created_at": iso(it.created_at),
        "rang_at": _when(it.rang_at),
        "answered_at": _when(it.answered_at),
        "ended_at": _when(it.ended_at),
        "timers": [_timer(each) for each in it.timers],
        "next_due": _when(awaited),
        "rate": order.rate,
        "currency": order.currency,
        **_bill(it),
        **_order(order),
        "redirected_to": it.redirect and {"url": it.redirect[0], "method": it.redirect[1]},
        "phone": behaviour(order.phone),
    }
    return _known(known)


def _known(fields: Mapping[str, object]) -> Json:
    return {name: value for name, value in fields.items() if value is not None}


def _when(at: int | None) -> str | None:
    return None if at is None else iso(at)


def _timer(timer: Timer) -> Json:
    return {"due": iso(timer.due), "plan": words.PLAN[timer.trigger].value, "guard": timer.guard}


def _bill(it: Call) -> Json:
    """What it cost, once that is known: a call that nobody answered costs nothing and has no price."""
    if it.status not in ENDED or it.ended_at is None:
        return {}
    duration = prices.seconds(it.answered_at, it.ended_at)
    if it.answered_at is None:
        return {"duration": duration}
    return {"duration": duration, "price": prices.charge(duration, it.order.rate)}


def _order(order: Order) -> Json:
    """What was asked for when it was placed."""
    return {
        "url": order.document_url,
        "method": order.document_url and order.document_method,
        "fallback_url": order.fallback_url,
        "status_callback": order.report_url,
        "ring_timeout": order.ring_ms / 1000,
        "time_limit": order.limit_ms / 1000,
        "record": order.record,
        "machine_detection": order.detection and words.DETECTION[order.detection].value,
        "send_digits": order.keys or None,
        "metadata": None if order.metadata is None else dict(order.metadata),
        "ignored_fields": list(order.ignored) or None,
    }


def timeline(it: Call, events: list[Event]) -> Json:
    """Everything that happened to a call, in order."""
    entries = [entry(each, it.created_at) for each in events]
    return {"call_id": it.id, "created_at": iso(it.created_at), "entries": entries, "total": len(entries)}


def entry(event: Event, start: int) -> Json:
    """One thing that happened."""
    return {
        "at": iso(event.at),
        "offset_ms": event.at - start,
        "actor": event.actor.value,
        "type": words.ENTRY[event.kind].value,
        **FIELDS[event.kind](event.data),
    }


def _status(status: Status) -> Callable[[Mapping[str, object]], Json]:
    return lambda _: {"status": words.STATUS[status].value}


def _ended(data: Mapping[str, object]) -> Json:
    return {**data, "status": words.STATUS[Status(str(data["status"]))].value}


# The fields of each kind of entry; the facts carry them under the names that are shown.
FIELDS: Final[Mapping[Kind, Callable[[Mapping[str, object]], Json]]] = {
    Kind.PLACED: _status(Status.QUEUED),
    Kind.RANG: _status(Status.RINGING),
    Kind.ANSWERED: _status(Status.TALKING),
    Kind.ENDED: _ended,
    Kind.DETECTED: dict,
    Kind.KEYS_SENT: dict,
    Kind.REDIRECTED: dict,
    Kind.FIELDS_IGNORED: dict,
    Kind.STEPPED: dict,
    Kind.FETCHED: dict,
    Kind.WARNED: dict,
    Kind.SAID: dict,
    Kind.OVERHEARD: dict,
    Kind.HUSHED: dict,
    Kind.HEARD: dict,
    Kind.MISSED: dict,
    Kind.PLAYED: dict,
    Kind.PRESSED: dict,
    Kind.GATHERED: dict,
    Kind.RECORDED: dict,
    Kind.DIALED: dict,
    Kind.CONNECTED: dict,
    Kind.PARTED: dict,
    Kind.JOINED: dict,
    Kind.LEFT: dict,
    Kind.MUTED: dict,
    Kind.UNMUTED: dict,
    Kind.HELD: dict,
    Kind.UNHELD: dict,
    Kind.STREAMED: dict,
    Kind.DID: dict,
}
