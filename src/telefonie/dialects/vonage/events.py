"""The only module that words what happened to a call: one entry for each fact that this API tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from telefonie.core.call import Call, Cause, EndedBy, Status
from telefonie.core.effects import Notify
from telefonie.core.events import Kind
from telefonie.core.phones import Heard
from telefonie.dialects.vonage import endpoints, wording
from telefonie.dialects.vonage.networks import network_of
from telefonie.dialects.vonage.schemas import CON
from telefonie.web.fields import iso

Content: TypeAlias = dict[str, Any]
Worded: TypeAlias = tuple[str, Content]  # the word under which a delivery is found, and what it says

HEARD: Final[Mapping[Heard, str]] = {
    Heard.HUMAN: "human",
    Heard.MACHINE: "machine",
    Heard.FAX: "machine",
    Heard.UNKNOWN: "human",  # whoever cannot be judged is taken for a person
}
SUB_STATES: Final = {True: "beep_start", False: "beep_timeout"}  # whether the machine has beeped
# Why nobody was reached: in a word, and as SIP says it.
DETAIL: Final[Mapping[Cause, tuple[str, int]]] = {
    Cause.BUSY: ("busy", 486),
    Cause.CANCELED: ("cancelled", 487),
    Cause.HUNG_UP: ("cancelled", 487),
    Cause.RING_TIMEOUT: ("timeout", 480),
    Cause.UNAVAILABLE: ("unavailable", 480),
    Cause.DECLINED: ("declined", 603),
    Cause.UNREACHABLE: ("cannot_route", 404),
    Cause.UNKNOWN_NUMBER: ("number_out_of_service", 404),
    Cause.DOCUMENT_FAILED: ("internal_error", 500),
    Cause.TIME_LIMIT: ("timeout", 480),
    Cause.DISCONNECTED: ("disconnected", 200),
}
_TALKED: Final = 200


def told(notice: Notify) -> Worded | None:
    """The event about one fact of a call; None: this API has none for it."""
    word = _EVENTS.get(notice.event.kind)
    return None if word is None else word(notice)


def common(call: Call, at: int) -> Content:
    """What nearly every event says; parties are plain texts here."""
    return {
        "headers": headers(call),
        **parties(call),
        **whose(call),
        "direction": wording.DIRECTION[call.order.direction],
        "timestamp": iso(at),
    }


def headers(call: Call) -> Content:
    """What went along to a program, or over SIP."""
    order = call.order
    return dict(order.headers or {}) if order.socket is None else dict(order.socket.headers)


def parties(call: Call) -> Content:
    """Who calls whom."""
    order = call.order
    callee = order.callee if order.socket is None else order.socket.uri
    return {"from": endpoints.plain(order.caller), "to": endpoints.plain(callee)}


def whose(call: Call) -> Content:
    """Which leg of which conversation."""
    return {"uuid": wording.uuid_of(call), "conversation_uuid": wording.conversation_of(call)}


def judged(call: Call, at: int, heard: Heard, beep: str | None = None) -> Worded:
    """The verdict of detection. Older receivers look for the call under another name than newer ones."""
    content = {"call_uuid": wording.uuid_of(call), **parties(call), **whose(call), "status": HEARD[heard]}
    if beep is not None:
        content["sub_state"] = beep
    return HEARD[heard], {**content, "timestamp": iso(at)}


def _status(word: str, **more: Any) -> Callable[[Notify], Worded]:
    def event(notice: Notify) -> Worded:
        return word, {**common(notice.call, notice.event.at), "status": word, **more}

    return event


def _detected(notice: Notify) -> Worded:
    return judged(notice.call, notice.event.at, notice.call.heard or Heard.UNKNOWN)


def _beeped(notice: Notify) -> Worded:
    beep = SUB_STATES[bool(notice.event.data.get("beep"))]
    return judged(notice.call, notice.event.at, Heard.MACHINE, beep)


def _ended(notice: Notify) -> Worded:
    call = notice.call
    if call.status is Status.COMPLETED:
        return _completed(notice)
    word = wording.status_of(call)
    return word, {**common(call, notice.event.at), "status": word, **why_not(call)}


def why_not(call: Call) -> Content:
    """Why nobody was reached."""
    detail, code = DETAIL[call.cause or Cause.UNREACHABLE]
    return {"detail": detail, "sip_code": code}


def _completed(notice: Notify) -> Worded:
    """The last word about a call, whether or not anybody answered it."""
    call, at = notice.call, notice.event.at
    by_user = call.ended_by is EndedBy.FAR_END
    content = {
        **common(call, at),
        "status": "completed",
        "start_time": None if call.answered_at is None else iso(call.answered_at),
        "end_time": None if call.ended_at is None else iso(call.ended_at),
        "duration": str(wording.duration_of(call)),
        "rate": wording.rate_of(call),
        "price": wording.price_of(call),
        "network": network_of(wording.far_end_of(call)),
        "sip_code": _TALKED if call.status is Status.COMPLETED else why_not(call)["sip_code"],
        "disconnected_by": "user" if by_user else "platform",
    }
    return "completed", content


def _disconnected(notice: Notify) -> Worded:
    """The program has closed its socket."""
    content = {**common(notice.call, notice.event.at), "status": "disconnected"}
    del content["direction"]
    return "disconnected", content


def _joined(notice: Notify) -> Worded | None:
    """The leg moves into a conversation with a name: the only event that shows that one's id."""
    room = notice.event.data.get("room")
    if room is None:
        return None
    content = {
        "conversation_uuid_from": wording.conversation_of(notice.call),
        "conversation_uuid_to": f"{CON}{room}",
        "timestamp": iso(notice.event.at),
        "type": "transfer",
        "uuid": wording.uuid_of(notice.call),
    }
    return "transfer", content


def _failed(notice: Notify) -> Worded:
    """Something of the customer's could not be had or read."""
    content = {
        "conversation_uuid": wording.conversation_of(notice.call),
        "reason": str(notice.event.data["reason"]),
        "timestamp": iso(notice.event.at),
    }
    return "error", content


_EVENTS: Final[Mapping[Kind, Callable[[Notify], Worded | None]]] = {
    Kind.PLACED: _status("started"),
    Kind.RANG: _status("ringing"),
    Kind.ANSWERED: _status("answered", start_time=None, rate=None, network=None),
    Kind.DETECTED: _detected,
    Kind.BEEPED: _beeped,
    Kind.ENDED: _ended,
    Kind.CLOSED: _completed,
    Kind.DISCONNECTED: _disconnected,
    Kind.JOINED: _joined,
    Kind.UNUSABLE: _failed,
}
# What customers of this API hear of a call.
TOLD: Final = tuple(_EVENTS)
