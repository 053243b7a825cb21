"""The only module that says what the engine hands to a postman and what it gets back."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Fault(StrEnum):
    """Why an attempt brought no complete answer."""

    BAD_URL = "bad_url"
    BAD_REQUEST = "bad_request"  # a method, header or secret that cannot be put on the wire
    FORBIDDEN_TARGET = "forbidden_target"
    DNS = "dns"
    CONNECT = "connect"  # could not connect, or the connection was lost before an answer
    TLS = "tls"
    TIMEOUT = "timeout"
    PROTOCOL = "protocol"  # something answered, but not in complete and correct HTTP


@dataclass(frozen=True, slots=True)
class Letter:
    """One HTTP request to a customer, worded and ready."""

    id: str  # the event's id: constant over retries; the webhook-id header
    account_id: str
    method: str  # POST or GET
    url: str
    body: str  # JSON text; "" for GET
    secrets: tuple[str, ...] = ()  # signing secrets valid now ("whsec_..."), newest first; () = unsigned
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of one attempt. A status and an error together: the answer began and never ended."""

    status: int | None  # HTTP status, None when no answer came
    error: str  # "" or a Fault
    message: str  # for people: what was wrong and what to do; "" without an error
    request_headers: tuple[tuple[str, str], ...]  # as sent, secrets masked
    response_headers: tuple[tuple[str, str], ...]  # secrets masked; bounded in number and size
    body: str  # what was read of the answer, at most 16 KiB of it
    body_cut: bool  # there was more, or might have been
    sent_at: float  # wall seconds
    took_ms: float


class Postman(Protocol):
    """Carries letters; never raises for anything a letter or its receiver does."""

    async def send(self, letter: Letter) -> Receipt: ...

    async def close(self) -> None: ...
