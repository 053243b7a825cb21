"""The only module that words deliveries and their attempts."""

from __future__ import annotations

from collections.abc import Sequence

from telefonie.engine.letters import Receipt
from telefonie.engine.mailroom import Attempt, Delivery
from telefonie.web.fields import iso

Json = dict[str, object]


def delivery(it: Delivery) -> Json:
    """One letter, and how far it is."""
    known: Json = {
        "id": it.id,
        "event_id": it.event_id,
        "event": it.event,
        "call_id": it.call_id,
        "conference_id": it.room_id,
        "method": it.method,
        "url": it.url,
        "state": it.state.value,
        "attempt_count": it.attempts,
        "created_at": iso(it.created_at),
        "next_attempt_at": None if it.due_at is None else iso(it.due_at),
        "finished_at": None if it.finished_at is None else iso(it.finished_at),
        "last_status": it.last_status,
        "last_error": it.last_error or None,
        "replay_of": it.replay_of,
    }
    return {name: value for name, value in known.items() if value is not None}


def delivery_with_attempts(it: Delivery, attempts: Sequence[Attempt]) -> Json:
    """One letter, what it says, and every attempt at bringing it."""
    return {**delivery(it), "body": it.body, "attempts": [attempt(it, each) for each in attempts]}


def attempt(letter: Delivery, it: Attempt) -> Json:
    """One try."""
    receipt = it.receipt
    known: Json = {
        "number": it.number,
        "at": iso(it.at),
        "sent_at": iso(round(1000 * receipt.sent_at)),
        "took_ms": round(receipt.took_ms, 3),
        "request": {
            "method": letter.method,
            "url": letter.url,
            "headers": _headers(receipt.request_headers),
            "body": letter.body,
        },
        "response": _response(receipt),
        "error": receipt.error or None,
        "message": receipt.message or None,
    }
    return {name: value for name, value in known.items() if value is not None}


def _response(receipt: Receipt) -> Json | None:
    if receipt.status is None:
        return None
    headers = _headers(receipt.response_headers)
    return {
        "status": receipt.status,
        "headers": headers,
        "body": receipt.body,
        "body_cut": receipt.body_cut,
    }


def _headers(pairs: Sequence[tuple[str, str]]) -> list[Json]:
    return [{"name": name, "value": value} for name, value in pairs]
