"""The only module that words calls and what happened to them as this API does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from telefonie.core import prices
from telefonie.core.call import Call, Cause, Direction, EndedBy, Status
from telefonie.core.effects import Notify
from telefonie.core.events import Kind
from telefonie.core.phones import Detection, Heard
from telefonie.engine.ports import Draft, Reply
from telefonie.flow.effects import Ask, Purpose
from telefonie.web.answers import as_json
from telefonie.web.fields import iso

API_VERSION: Final = "v1"
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
    Cause.TIME_LIMIT: "time_limit",
    Cause.DOCUMENT_FAILED: "document_failed",
    Cause.UNKNOWN_NUMBER: "unknown_number",
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
    Kind.KEYS_SENT: None,
    Kind.REDIRECTED: None,
    Kind.FIELDS_IGNORED: None,
    Kind.STEPPED: None,
    Kind.FETCHED: None,
    Kind.WARNED: None,
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
    Kind.HELD: None,
    Kind.UNHELD: None,
    Kind.STREAMED: None,
    Kind.DID: None,
}


def call_json(call: Call) -> dict[str, Any]:
    """A Call as this API shows it: what is not known is left out."""
    shown = _order_json(call)
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


def call_reply(call: Call) -> Reply:
    """The answer to reading or changing a call."""
    return Reply(200, as_json(call_json(call)))


def gone_reply(_call: Call) -> Reply:
    """The answer to ending a call."""
    return Reply(204)


class TelefonieFace:
    """How customers of this API hear what happened, and are asked what to do."""

    currency = CURRENCY

    def report(self, notice: Notify, event_id: str) -> Draft:
        """The callback about one event of a call."""
        call = notice.call
        word = EVENT[notice.event.kind] or notice.event.kind.value
        content = {
            "event": word,
            "event_id": event_id,
            "timestamp": iso(notice.event.at),
            "sequence_number": notice.sequence,
            "account_id": call.account_id,
            "api_version": API_VERSION,
            "call_id": call.id,
            "call": call_json(call),
        }
        return Draft(word, "POST", call.order.report_url or "", as_json(content))

    def ask(self, question: Ask, event_id: str) -> Draft:
        """A request for a document, or about what a verb came to."""
        call = question.call
        word = ASKED[question.purpose]
        content: dict[str, Any] = {
            "event": word,
            "event_id": event_id,
            "timestamp": iso(question.at),
            "account_id": call.account_id,
            "api_version": API_VERSION,
            "call_id": call.id,
            "call": call_json(call),
        }
        if question.verb is not None:
            content["verb"] = question.verb.lower()
        content |= {
            name: _value(name, value) for name, value in question.outcome.items() if value is not None
        }
        if question.error_code is not None:
            content |= {"error_code": question.error_code, "error_url": question.error_url}
        if question.method == "GET":
            return Draft(word, "GET", with_query(question.url, _flat(content)), "")
        return Draft(word, "POST", question.url, as_json(content))


ASKED: Final[Mapping[Purpose, str]] = {
    Purpose.INSTRUCTIONS: "call.instructions",
    Purpose.REDIRECT: "call.instructions",
    Purpose.BESIDE: "call.instructions",
    Purpose.ACTION: "call.action",
    Purpose.TELL: "call.action",
    Purpose.VERDICT: "call.amd",
    Purpose.FALLBACK: "call.fallback",
    Purpose.SOUND: "call.media",
}


# What verbs say of recordings: moments, and states in the words of the recordings' own contract.
MOMENTS: Final = frozenset({"recording_start_time", "recording_end_time"})
RECORDING: Final = {"in_progress": "in-progress", "completed": "completed", "absent": "failed"}


def _value(name: str, value: object) -> object:
    """What a verb came to, in this API's words where it has its own."""
    match value:
        case int() if name in MOMENTS:
            return iso(value)
        case str() if name == "recording_status":
            return RECORDING[value]
        case Status():
            return STATUS[value]
        case Heard():
            return ANSWERED_BY[value]
        case _:
            return value


def _flat(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The scalar fields for a query; those of the call as `call_...`."""
    pairs: list[tuple[str, str]] = []
    for name, value in content.items():
        if isinstance(value, Mapping):
            pairs += [
                (f"{name}_{inner}", text) for inner, text in _flat(value) if f"{name}_{inner}" not in content
            ]
        elif isinstance(value, bool):
            pairs.append((name, "true" if value else "false"))
        elif isinstance(value, str | int | float):
            pairs.append((name, str(value)))
    return pairs


def with_query(url: str, pairs: list[tuple[str, str]]) -> str:
    """A URL with more fields in its query; a fragment is never sent, and so is lost here."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url  # no URL at all, which the postman will say
    query = "&".join(each for each in (parts.query, urlencode(pairs)) if each)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
