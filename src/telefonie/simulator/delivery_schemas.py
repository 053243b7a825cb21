"""The only module that says what is said of deliveries on the wire."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from telefonie.engine.mailroom import DeliveryState
from telefonie.simulator.clock_schemas import Time
from telefonie.web.fields import Absent, Text
from telefonie.web.paging import Paging

_EXAMPLE: Final[dict[str, Any]] = {
    "id": "0f9d1f0e-6c0c-5f6e-8d6e-2f8f0a4c9a11",
    "event_id": "5b0a6f0e-1c1f-5c3f-9d57-1b9b5b2c8f10",
    "event": "call.completed",
    "call_id": "7a1f2f30-6f0c-4f6e-8d6e-2f8f0a4c9a11",
    "method": "POST",
    "url": "https://example.com/calls",
    "state": "delivered",
    "attempt_count": 1,
    "created_at": "2030-01-01T09:00:13.000Z",
    "finished_at": "2030-01-01T09:00:13.000Z",
    "last_status": 200,
}
_ATTEMPT: Final[dict[str, Any]] = {
    "number": 1,
    "at": "2030-01-01T09:00:13.000Z",
    "sent_at": "2026-05-04T12:30:00.250Z",
    "took_ms": 3.204,
    "request": {
        "method": "POST",
        "url": "https://example.com/calls",
        "headers": [{"name": "Content-Type", "value": "application/json"}],
        "body": "{}",
    },
    "response": {"status": 200, "headers": [], "body": "", "body_cut": False},
}


class DeliveryFilter(Paging):
    """Which deliveries to list."""

    call_id: Annotated[Text, Field(max_length=64)] | Absent = Field(None, description="Of this call only.")
    conference_id: Annotated[Text, Field(max_length=64)] | Absent = Field(
        None, description="Of this conference only."
    )
    event: Annotated[Text, Field(max_length=64)] | Absent = Field(
        None, description="Of this event only, named as in the body that is sent."
    )
    state: DeliveryState | Absent = Field(None, description="How far they are.")


class Delivery(BaseModel):
    """One letter to a customer, and how far it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    id: str
    event_id: str = Field(description="The same over all attempts and replays; sent as `webhook-id`.")
    event: str = Field(description="What happened, as the body calls it.")
    call_id: str | Absent = Field(None, description="The call that it tells of.")
    conference_id: str | Absent = Field(None, description="The conference that it tells of instead.")
    method: str
    url: str
    state: DeliveryState
    attempt_count: int
    created_at: Time
    next_attempt_at: Time | Absent = Field(None, description="When it is sent next, by the account's clock.")
    finished_at: Time | Absent = Field(None, description="When it was delivered or given up.")
    last_status: int | Absent = Field(None, description="The status of the last answer.")
    last_error: str | Absent = Field(None, description="Why the last attempt brought no answer.")
    replay_of: str | Absent = Field(None, description="The delivery that this one repeats.")


class Header(BaseModel):
    """One header."""

    name: str
    value: str


class SentRequest(BaseModel):
    """What was sent; secrets are masked."""

    method: str
    url: str
    headers: list[Header]
    body: str


class GotResponse(BaseModel):
    """What was answered; secrets are masked, and of a long body only the beginning is kept."""

    status: int
    headers: list[Header]
    body: str
    body_cut: bool


class Attempt(BaseModel):
    """One try."""

    number: int
    at: Time = Field(description="By the account's clock.")
    sent_at: Time = Field(description="By the wall clock.")
    took_ms: float
    request: SentRequest
    response: GotResponse | Absent = Field(None, description="Left out when no answer came.")
    error: str | Absent = Field(None, description="Why there was no complete answer.")
    message: str | Absent = Field(None, description="The same for people, and what to do.")


class DeliveryWithAttempts(Delivery):
    """One letter, what it says, and every attempt at bringing it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{**_EXAMPLE, "body": "{}", "attempts": [_ATTEMPT]}]}
    )

    body: str = Field(description="What is sent, byte for byte.")
    attempts: list[Attempt]


class DeliveryList(BaseModel):
    """Deliveries, newest first."""

    deliveries: list[Delivery]
    total: int
    page: int
    page_size: int
