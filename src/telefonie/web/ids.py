"""The only module that makes up ids, keys and secrets: below it, chance comes in as an argument."""

from __future__ import annotations

import base64
import re
import secrets
import uuid
from itertools import count
from typing import Final

_PROCESS: Final = secrets.token_hex(6)
_REQUESTS: Final = count(1)
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def new_id() -> str:
    """An id for a new thing."""
    return str(uuid.uuid4())


def new_request_id() -> str:
    """An id for the logs: unlike any other, but no secret. There is one for each request, so it is cheap."""
    return f"{_PROCESS}-{next(_REQUESTS):x}"


def new_key() -> str:
    """An API key: long and random, so that its hash needs no salt."""
    return f"tk_{secrets.token_urlsafe(32)}"


def new_secret() -> str:
    """A signing secret in the spelling of Standard Webhooks."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


def as_id(text: str) -> str | None:
    """An id out of a path in its one spelling, or None if there can be no such thing."""
    return text.lower() if _UUID.fullmatch(text) else None
