"""The only module that words a call for the simulator: neutral, whichever face made it."""

from __future__ import annotations

from collections.abc import Mapping

from telefonie.core import prices
from telefonie.core.call import Call, Order, Timer
from telefonie.core.calls import ENDED, alarm
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
        "parent_call_id": order.parent_id,
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
        "muted": it.muted,
        "held": it.held,
        "away": it.away,
        "redirected_to": it.redirect and {"url": it.redirect[0], "method": it.redirect[1]},
        "phone": behaviour(it.phone),
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
        "document": order.document,
        "fallback_url": order.fallback_url,
        "status_callback": order.report_url,
        "ring_timeout": order.ring_ms / 1000,
        "time_limit": order.limit_ms / 1000,
        "record": order.record,
        "language": order.language,
        "machine_detection": order.detection and words.DETECTION[order.detection].value,
        "machine_detection_async": None if order.detection is None else order.detection_aside,
        "machine_detection_callback": order.detection_url,
        "send_digits": order.keys or None,
        "trunk_id": order.trunk,
        "sip_headers": None if order.headers is None else dict(order.headers),
        "metadata": None if order.metadata is None else dict(order.metadata),
        "ignored_fields": list(order.ignored) or None,
    }
