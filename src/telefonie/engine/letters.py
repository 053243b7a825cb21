"""The only module that says what the engine hands to a postman and what it gets back."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
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
    # Only of what is wanted: an ordinary letter is not carried on, and its answer may be as long as it likes.
    REDIRECTS = "redirects"  # too many, or to what is no URL of ours
    TOO_LARGE = "too_large"
    UNPLAYABLE = "unplayable"  # no sound, or none that we can read


class Want(StrEnum):
    """What is done with a good answer (2xx)."""

    NOTHING = "nothing"  # a letter: it has arrived, that is all; redirects are not followed
    DOCUMENT = "document"  # its body is wanted whole, from wherever it has moved to
    SOUND = "sound"  # it is measured how long the file plays, wherever it has moved to


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
    want: Want = Want.NOTHING
    # How many seconds the receiver is given; None: as many as the postman gives everybody.
    connect_s: float | None = None
    total_s: float | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of one attempt. A status and an error together: there was an answer, but none to go on with."""

    status: int | None  # HTTP status, None when no answer came
    error: str  # "" or a Fault
    message: str  # for people: what was wrong and what to do; "" without an error
    request_headers: tuple[tuple[str, str], ...]  # as sent, secrets masked
    response_headers: tuple[tuple[str, str], ...]  # secrets masked; bounded in number and size
    body: str  # what was read of the answer, at most 16 KiB of it
    body_cut: bool  # there was more, or might have been
    sent_at: float  # wall seconds
    took_ms: float
    # Of what was wanted (`Letter.want`) only:
    raw: bytes = b""  # of a document: its bytes, unpacked; empty when it is a sound
    content_type: str = ""  # as the last one asked has said it
    url: str = ""  # who was asked last, after redirects; without user, password and fragment
    length_ms: int | None = None  # of a sound: how long it plays
    sound: str = ""  # under which key it is kept; "": nowhere
    redirects: int = 0  # how many were followed


class Unplayable(Exception):
    """What was said to be a sound cannot be played; the text is for people."""


class Measurer(Protocol):
    """Says how long files play; raises Unplayable, and nothing else, whatever is in the file."""

    async def length_ms(self, path: str, content_type: str) -> int: ...

    async def close(self) -> None: ...


class Keeper(Protocol):
    """Keeps sounds that were fetched, and says under which key; raises Unkept when it cannot."""

    async def keep(self, account_id: str, path: Path, content_type: str) -> str: ...


class Postman(Protocol):
    """Carries letters; never raises for anything a letter or its receiver does."""

    async def send(self, letter: Letter) -> Receipt: ...

    async def close(self) -> None: ...
