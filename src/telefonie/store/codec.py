"""The only module that turns the domain's values into stored text and back; defaults are left out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final

from telefonie.core import far_end
from telefonie.core.accounts import Consent, NumberPolicy, Retention, Settings
from telefonie.core.call import (
    Call,
    Cause,
    Direction,
    EndedBy,
    Order,
    Status,
    Timer,
    Trigger,
)
from telefonie.core.events import Kind
from telefonie.core.phones import DEFAULT, Behaviour, Detection, Heard, Outcome
from telefonie.core.sockets import Socket
from telefonie.flow import run
from telefonie.flow.legs import Leg

_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
_NO_ORDER: Final = Order(Direction.OUTBOUND, "", "", "", "")
# Columns of their own, or written by hand below.
_ELSEWHERE: Final = frozenset(
    {
        "direction",
        "caller",
        "callee",
        "report_on",
        "phone",
        "ignored",
        "metadata",
        "headers",
        "application",
        "conversation",
        "socket",
    }
)
_LINE: Final = ("muted", "held", "away", "deaf")
_PLAIN: Final = tuple(each.name for each in fields(Order) if each.name not in _ELSEWHERE)
_plain: Final = attrgetter(*_PLAIN)
_USUAL: Final = _plain(_NO_ORDER)
_STATE: Final = (
    "rang_at",
    "answered_at",
    "ended_at",
    "cause",
    "ended_by",
    "heard",
    "redirect",
    "script",
    "recording",
)


def dump(value: object) -> str:
    """Compact JSON."""
    return _dump(value)


def load(text: str) -> Any:
    """What `dump` wrote."""
    return json.loads(text)


def dump_order(order: Order) -> str:
    """Everything of an order that has no column of its own."""
    told = zip(_PLAIN, _plain(order), _USUAL, strict=True)
    out: dict[str, object] = {name: value for name, value, usual in told if value != usual}
    if order.report_on:
        out["report_on"] = order.report_on
    if order.metadata is not None:
        out["metadata"] = dict(order.metadata)
    if order.headers is not None:
        out["headers"] = dict(order.headers)
    if order.ignored:
        out["ignored"] = order.ignored
    if order.socket is not None:
        out["socket"] = _socket_fields(order.socket)
    if order.phone is not DEFAULT:
        out["phone"] = behaviour_fields(order.phone)
    return _dump(out)


def _socket_fields(socket: Socket) -> dict[str, object]:
    out: dict[str, object] = {"uri": socket.uri, "rate": socket.rate, "headers": dict(socket.headers)}
    if socket.authorization is not None:
        out["authorization"] = dict(socket.authorization)
    return out


def load_order(row: Any) -> Order:
    """The order of a stored call."""
    found: dict[str, Any] = json.loads(row.placing)
    if "report_on" in found:
        found["report_on"] = tuple(Kind(each) for each in found["report_on"])
    if "ignored" in found:
        found["ignored"] = tuple(found["ignored"])
    if "detection" in found:
        found["detection"] = Detection(found["detection"])
    if "socket" in found:
        found["socket"] = Socket(**found["socket"])
    if "phone" in found:
        found["phone"] = behaviour(found["phone"])
    found.setdefault("rate", "")
    found.setdefault("currency", "")
    found["application"], found["conversation"] = row.application_id, row.conversation or ""
    return Order(Direction(row.direction), row.caller, row.callee, **found)


def dump_state(call: Call) -> str:
    """Everything of a call that changes and has no column of its own."""
    out: dict[str, object] = {"touched_at": call.touched_at, "events": call.events}
    if call.told:
        out |= {"reports": call.reports, "told": call.told}
    if call.timers:
        out["timers"] = [[timer.due, timer.trigger, timer.guard] for timer in call.timers]
    for name in _STATE:
        value = getattr(call, name)
        if value is not None:
            out[name] = value
    for name in _LINE:
        if getattr(call, name):
            out[name] = True
    return _dump(out)


def dump_flow(leg: Leg) -> str | None:
    """What moves a call beside its own timers."""
    if leg.far is None and leg.run is None:
        return None
    out: dict[str, object] = {}
    if leg.far is not None:
        out["far"] = far_end.packed(leg.far)
    if leg.run is not None:
        out["run"] = run.packed(leg.run)
    return _dump(out)


def dump_documents(leg: Leg) -> str | None:
    """The documents of a call, apart, since they are long and seldom change."""
    return None if leg.run is None or not leg.run.frames else _dump(run.sources(leg.run))


def load_leg(row: Any) -> Leg:
    """A row of the calls table with everything that moves the call."""
    call = load_call(row)
    if row.flow is None:
        return Leg(call)
    found = json.loads(row.flow)
    far = far_end.unpacked(found["far"]) if "far" in found else None
    documents = json.loads(row.documents) if row.documents else []
    return Leg(call, far, run.unpacked(found["run"], documents) if "run" in found else None)


def load_call(row: Any) -> Call:
    """A row of the calls table as the domain knows it."""
    found: dict[str, Any] = json.loads(row.state)
    found.setdefault("told", found.get("reports", 0))  # until 0003 nothing but events stood in a lane
    found["timers"] = tuple(Timer(due, Trigger(what), guard) for due, what, guard in found.get("timers", ()))
    for name, kind in (("cause", Cause), ("ended_by", EndedBy), ("heard", Heard)):
        if name in found:
            found[name] = kind(found[name])
    for name in ("redirect", "script"):
        if name in found:
            found[name] = tuple(found[name])
    return Call(
        row.id, row.account_id, row.face, load_order(row), Status(row.status), row.created_at, **found
    )


def behaviour_fields(phone: Behaviour) -> dict[str, object]:
    """What is particular about a phone."""
    return {
        each.name: getattr(phone, each.name)
        for each in fields(Behaviour)
        if getattr(phone, each.name) != getattr(DEFAULT, each.name)
    }


def behaviour(found: Mapping[str, Any]) -> Behaviour:
    """The phone of which that is particular."""
    given = dict(found)
    if "outcome" in given:
        given["outcome"] = Outcome(given["outcome"])
    if "script" in given:
        given["script"] = tuple(given["script"])
    return Behaviour(**given)


def dump_settings(settings: Settings) -> str:
    """An account's settings."""
    out: dict[str, Any] = {each.name: getattr(settings, each.name) for each in fields(Settings)}
    out["rates"] = {prefix: str(Decimal(rate)) for prefix, rate in settings.rates.items()}
    out["retention"] = asdict(settings.retention)
    return _dump(out)


def load_settings(text: str) -> Settings:
    """An account's settings; one that is not stored has its default."""
    found: dict[str, Any] = json.loads(text)
    found["number_policy"] = NumberPolicy(found.get("number_policy", NumberPolicy.OPEN))
    if found.get("consent"):
        found["consent"] = Consent(found["consent"])
    if "retry_seconds" in found:
        found["retry_seconds"] = tuple(found["retry_seconds"])
    if "retention" in found:
        found["retention"] = Retention(**found["retention"])
    return Settings(**found)
