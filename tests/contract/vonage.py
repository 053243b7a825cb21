"""The only module that says how the Vonage contract is walked, and what in it is put right first, and why."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import httpx

from tests.contract.face import phone
from tests.contract.walk import Contract, Node
from tests.support import tokens

PassTime: TypeAlias = Callable[[float], Awaitable[object]]
_UUID: Final = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_END: Final = {
    "type": "object",
    "required": ["type"],
    "properties": {"type": {"type": "string"}, "number": {"type": "string"}},
}
# How a call is identified: one that came in, and a leg of a connect, without dashes.
_LEG: Final = {"type": "string", "pattern": f"^({_UUID}|[0-9a-f]{{32}})$"}
_CON: Final = {"type": "string", "pattern": f"^CON-{_UUID}$"}
_INSTANT: Final = {"type": "string", "format": "date-time"}
_TEXT: Final = {"type": "string"}
_CREATION: Final = ("paths", "/calls", "post", "requestBody", "content", "application/json", "schema")
_SCHEMAS: Final = ("components", "schemas")
_EVENT: Final = (*_SCHEMAS, "callEvent", "properties")
_STATUSES: Final = [
    *("started", "ringing", "answered", "machine", "completed", "timeout", "failed", "rejected"),
    *("cancelled", "busy", "human", "unanswered"),
]


@dataclass(frozen=True, slots=True)
class Correction:
    """Something that the vendor's document says wrongly, and what really travels instead."""

    where: tuple[str, ...]
    truth: Any
    why: str


RIGHT: Final = (
    Correction((*_SCHEMAS, "to"), _END, "One object, of which the SDKs take no other shape; not an array."),
    Correction((*_SCHEMAS, "from"), _END, "The same."),
    Correction((*_SCHEMAS, "conversation_uuid"), _CON, "With CON- before it, as its own example has it."),
    Correction(
        (*_SCHEMAS, "uuid"), _LEG, "A leg that came in, or of a connect, shows 32 digits without dashes."
    ),
    Correction((*_SCHEMAS, "start_time"), _INSTANT, "An ISO time; the format `timestamp` does not exist."),
    Correction((*_SCHEMAS, "end_time"), _INSTANT, "The same."),
    Correction(
        (*_CREATION, "properties", "ncco"),
        {"type": "array", "items": {"type": "object"}},
        "Actions are objects.",
    ),
    Correction(
        (*_CREATION, "required"),
        ["to", "from"],
        "An application has an event URL of its own, so a call needs none.",
    ),
    Correction((*_EVENT, "status", "enum"), _STATUSES, "Two kinds of events came later."),
    Correction((*_EVENT, "to"), _TEXT, "In events both are plain text."),
    Correction((*_EVENT, "from"), _TEXT, "The same."),
    Correction((*_EVENT, "uuid"), _LEG, "As in answers."),
    Correction((*_EVENT, "conversation_uuid"), _CON, "As in answers."),
)


def put_right(document: dict[str, Any]) -> Node:
    """The document with what really travels; every correction changes something."""
    for each in RIGHT:
        *path, last = each.where
        node = document
        for step in path:
            node = node[step]
        assert node[last] != each.truth
        node[last] = each.truth
    return document


CONTRACT: Final = Contract("nexmo-voice-v1.yaml", {}, apart=("callEvent",), right=put_right)
EVENTS: Final = "https://shop.example/events"
ANSWER: Final = "https://shop.example/answer"


def token(application_id: str) -> str:
    """What a client of that application sends."""
    return tokens.token(application_id, time.time(), claim="application_id")


async def application(client: httpx.AsyncClient, **fields: Any) -> str:
    """A new application of the customer's, with the tests' key."""
    given = {"name": "shop", "public_key": tokens.keys().public, **fields}
    made = await client.post("/v1/simulator/applications", json=given)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def number(digit: int, which: int = 0) -> str:
    """A reserved number as this API writes it."""
    return phone(digit, which).removeprefix("+")


OURS: Final = "13125550199"


def order(to: Mapping[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """The body of a call's creation: somebody who talks until told otherwise."""
    return {
        "to": [to or {"type": "phone", "number": number(0)}],
        "from": {"type": "phone", "number": OURS},
        "ncco": [{"action": "conversation", "name": "lounge"}],
        "event_url": [EVENTS],
        **fields,
    }
