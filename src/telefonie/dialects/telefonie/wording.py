"""The only module that words calls as this API does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from telefonie.core import prices
from telefonie.core.call import Call, Cause, Direction, EndedBy, Status
from telefonie.core.events import Kind
from telefonie.core.phones import Detection, Heard
from telefonie.engine.ports import Reply
from telefonie.web.fields import iso
from telefonie.web.links import Link

CURRENCY: Final = "USD"

STATUS: Final[Mapping[Status, str]] = {
    Status.QUEUED: "queued",
    Status.RINGING: "ringing",
    Status.TALKING: "in-progress",
    Status.COMPLETED: "completed",
    Status.FAILED: "failed",
    Status.BUSY: "busy",
    Status.UNANSWERED: "no-answer",
    Status.CANCELED: "canceled",
}
DIRECTION: Final[Mapping[Direction, str]] = {
    Direction.OUTBOUND: "outbound",
    Direction.INBOUND: "inbound",
}
# The contract has no word for a fax; `answered_by_detail` tells it from other machines.
ANSWERED_BY: Final[Mapping[Heard, str]] = {
    Heard.HUMAN: "human",
    Heard.MACHINE: "machine",
    Heard.FAX: "machine",
    Heard.UNKNOWN: "unknown",
}
ANSWERED_BY_DETAIL: Final[Mapping[Heard, str]] = {
    Heard.HUMAN: "human",
    Heard.MACHINE: "machine",
    Heard.FAX: "fax",
    Heard.UNKNOWN: "unknown",
}
CAUSE: Final[Mapping[Cause, str]] = {
    Cause.HUNG_UP: "hangup",
    Cause.CANCELED: "canceled",
    Cause.BUSY: "busy",
    Cause.DECLINED: "declined",
    Cause.UNREACHABLE: "unreachable",
    Cause.RING_TIMEOUT: "ring_timeout",
    Cause.UNAVAILABLE: "unavailable",
    Cause.TIME_LIMIT: "time_limit",
    Cause.DOCUMENT_FAILED: "document_failed",
    Cause.UNKNOWN_NUMBER: "unknown_number",
    Cause.DISCONNECTED: "disconnected",
}
ENDED_BY: Final[Mapping[EndedBy, str]] = {
    EndedBy.CUSTOMER: "customer",
    EndedBy.FAR_END: "far_end",
    EndedBy.PLATFORM: "platform",
}
DETECTION: Final[Mapping[Detection, str]] = {
    Detection.FIRST_VERDICT: "enable",
    Detection.GREETING_END: "detect_message_end",
}
# What customers may hear of a call; None stays in the journal.
EVENT: Final[Mapping[Kind, str | None]] = {
    Kind.PLACED: "call.initiated",
    Kind.RANG: "call.ringing",
    Kind.ANSWERED: "call.answered",
    Kind.ENDED: "call.completed",
    Kind.DETECTED: "call.amd",
    Kind.BEEPED: None,
    Kind.CLOSED: None,
    Kind.CONSENTED: "call.consent",
    Kind.KEYS_SENT: None,
    Kind.REDIRECTED: None,
    Kind.FIELDS_IGNORED: None,
    Kind.STEPPED: None,
    Kind.FETCHED: None,
    Kind.WARNED: None,
    Kind.UNUSABLE: None,
    Kind.SAID: None,
    Kind.OVERHEARD: None,
    Kind.HUSHED: None,
    Kind.HEARD: None,
    Kind.MISSED: None,
    Kind.PLAYED: None,
    Kind.PRESSED: None,
    Kind.GATHERED: None,
    Kind.RECORDED: None,
    Kind.DIALED: None,
    Kind.CONNECTED: None,
    Kind.PARTED: None,
    Kind.JOINED: None,
    Kind.LEFT: None,
    Kind.MUTED: None,
    Kind.UNMUTED: None,
    Kind.DEAFENED: None,
    Kind.UNDEAFENED: None,
    Kind.HELD: None,
    Kind.UNHELD: None,
    Kind.DISCONNECTED: None,
    Kind.STREAMED: None,
    Kind.DID: None,
}


def call_json(call: Call, recording_url: str | None = None) -> dict[str, Any]:
    """A Call as this API shows it: what is not known is left out. `recording_url`: see `with_recording`."""
    shown = _order_json(call)
    if recording_url is not None:
        shown["recording_url"] = recording_url
    if call.answered_at is not None:
        shown["start_time"] = iso(call.answered_at)
    if call.heard is not None:
        shown["answered_by"] = ANSWERED_BY[call.heard]
        shown["answered_by_detail"] = ANSWERED_BY_DETAIL[call.heard]
    shown |= {name: True for name, on in (("muted", call.muted), ("hold", call.held)) if on}
    if call.ended_at is not None:
        _add_ending(shown, call, call.ended_at)
    return shown


def _order_json(call: Call) -> dict[str, Any]:
    order = call.order
    shown: dict[str, Any] = {
        "id": call.id,
        "status": STATUS[call.status],
        "direction": DIRECTION[order.direction],
        "from": order.caller,
        "to": order.callee,
        "created_at": iso(call.created_at),
        "timeout": order.ring_ms // 1000,
    }
    url = call.redirect[0] if call.redirect else order.document_url
    if url is not None:
        shown["url"] = url
    if order.report_url is not None:
        shown["status_callback"] = order.report_url
    if order.metadata:
        shown["metadata"] = order.metadata
    if order.parent_id is not None:
        shown["parent_call_id"] = order.parent_id
    if order.room_id is not None:
        shown["conference_id"] = order.room_id
    return shown


def _add_ending(shown: dict[str, Any], call: Call, ended_at: int) -> None:
    duration = prices.seconds(call.answered_at, ended_at)
    shown["end_time"] = iso(ended_at)
    shown["duration"] = duration
    if call.answered_at is not None:
        shown["price"] = prices.charge(duration, call.order.rate)
        shown["price_unit"] = call.order.currency
    if call.cause is not None:
        shown["end_reason"] = CAUSE[call.cause]
    if call.ended_by is not None:
        shown["ended_by"] = ENDED_BY[call.ended_by]


def with_recording(call: Call, link: Link, now: int) -> dict[str, Any]:
    """A Call, and the address of its recording, if it has one, which holds for a while from `now` on."""
    return call_json(call, link(call.recording, now) if call.recording else None)


def gone_reply(_call: Call) -> Reply:
    """The answer to ending a call."""
    return Reply(204)
