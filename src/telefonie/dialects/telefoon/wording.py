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

CURRENCY: Final = "EUR"

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
ANSWERED_BY: Final[Mapping[Heard, str]] = {
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
# What customers may hear of a call; every other fact stays in the journal.
TOLD: Final[Mapping[Kind, str]] = {
    Kind.PLACED: "call.initiated",
    Kind.RANG: "call.ringing",
    Kind.ANSWERED: "call.answered",
    Kind.CONSENTED: "call.consent",
    Kind.ENDED: "call.completed",
    Kind.DETECTED: "call.amd",
}


def call_json(call: Call) -> dict[str, Any]:
    """A Call as this API shows it: what is not known is left out."""
    shown = _order_json(call)
    if call.answered_at is not None:
        shown["start_time"] = iso(call.answered_at)
    if call.heard is not None:
        shown["answered_by"] = ANSWERED_BY[call.heard]
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
        "tts_language": order.language,
    }
    url = call.redirect[0] if call.redirect else order.document_url
    known = {
        "url": url,
        "status_callback": order.report_url,
        "metadata": order.metadata or None,
        "parent_call_id": order.parent_id,
        "trunk_id": order.trunk,
    }
    return shown | {name: value for name, value in known.items() if value is not None}


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
    shown = call_json(call)
    return shown | ({"recording_url": link(call.recording, now)} if call.recording else {})


def gone_reply(_: object) -> Reply:
    """The answer to ending something."""
    return Reply(204)
