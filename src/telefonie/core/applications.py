"""The only module that says what an application is: whose server answers for calls, and who may steer them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

CONNECT_MS: Final = 1_000
TOTAL_MS: Final = 5_000
EVENT_MS: Final = 10_000  # events may take longer: nobody waits for them on the line


@dataclass(frozen=True, slots=True)
class Hook:
    """An address of the customer's and how it is asked. `url` None: nowhere."""

    url: str | None = None
    method: str = "GET"
    connect_ms: int = CONNECT_MS
    total_ms: int = TOTAL_MS


@dataclass(frozen=True, slots=True)
class Application:
    """One application of an account. Times are the wall's, in milliseconds."""

    id: str
    account_id: str
    name: str
    public_key: str = ""  # PEM; "": whoever comes with a token is turned away
    answer: Hook = Hook()
    fallback: Hook = Hook()
    event: Hook = Hook(method="POST", total_ms=EVENT_MS)
    signed: bool = True  # whether the requests to its hooks carry a signature
    secret: str = ""  # which signs them
    region: str | None = None
    rooms_hours: int = 48  # how long a room with a name is kept by it
    calls_days: int = 2  # for how long its calls are shown once they are over
    retiring_key: str = ""  # the key before the present one, while tokens of both are good
    retires_at: int | None = None
    created_at: int = 0
