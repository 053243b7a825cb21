"""The only module that says how the Vonage contract is walked, and what in it is put right first, and why."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
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
# What the vendor's document says wrongly, by the place where it stands; what really travels instead.
RIGHT: Final[Mapping[tuple[str, ...], Any]] = {
    # One object, of which the SDKs take no other shape; the document says an array.
    ("components", "schemas", "to"): _END,
    ("components", "schemas", "from"): _END,
    # The id with CON- before it, as its own example has it, is no UUID.
    ("components", "schemas", "conversation_uuid"): {"type": "string", "pattern": f"^CON-{_UUID}$"},
    # No such format exists; real answers have ISO times.
    ("components", "schemas", "start_time"): {"type": "string", "format": "date-time"},
    ("components", "schemas", "end_time"): {"type": "string", "format": "date-time"},
    # A leg that came in shows 32 digits without dashes.
    ("components", "schemas", "uuid"): {"type": "string", "pattern": f"^({_UUID}|[0-9a-f]{{32}})$"},
    # Actions are objects.
    (
        "paths",
        "/calls",
        "post",
        "requestBody",
        "content",
        "application/json",
        "schema",
        "properties",
        "ncco",
    ): {
        "type": "array",
        "items": {"type": "object"},
    },
    # An application has an event URL of its own, so a call needs none.
    ("paths", "/calls", "post", "requestBody", "content", "application/json", "schema", "required"): [
        "to",
        "from",
    ],
    # Two kinds of events came later.
    ("components", "schemas", "callEvent", "properties", "status", "enum"): [
        *("started", "ringing", "answered", "machine", "completed", "timeout", "failed", "rejected"),
        *("cancelled", "busy", "human", "unanswered"),
    ],
    # In events both are plain text.
    ("components", "schemas", "callEvent", "properties", "to"): {"type": "string"},
    ("components", "schemas", "callEvent", "properties", "from"): {"type": "string"},
    ("components", "schemas", "callEvent", "properties", "uuid"): {
        "type": "string",
        "pattern": f"^({_UUID}|[0-9a-f]{{32}})$",
    },
    ("components", "schemas", "callEvent", "properties", "conversation_uuid"): {
        "type": "string",
        "pattern": f"^CON-{_UUID}$",
    },
}


def put_right(document: dict[str, Any]) -> Node:
    """The document with what really travels; every correction changes something."""
    for (*path, last), truth in RIGHT.items():
        node = document
        for step in path:
            node = node[step]
        assert node[last] != truth
        node[last] = truth
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
