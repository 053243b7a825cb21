"""The only module that makes up ids, keys and secrets: below it, chance comes in as an argument."""

from __future__ import annotations

import base64
import re
import secrets
import time
from itertools import count
from typing import Final

_PROCESS: Final = secrets.token_hex(6)
_REQUESTS: Final = count(1)
_FIXED: Final = (0xF << 76) | (0x3 << 62)  # where a UUID says its version and variant
_SEVEN: Final = (0x7 << 76) | (0x2 << 62)
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def new_id() -> str:
    """An id for a new thing: a UUID of version 7, which begins with the time.

    What is made together lies together in every index then. With wholly random ids each row dirties a page
    of its own in each of them, and the more is stored, the more a commit writes.
    """
    value = (time.time_ns() // 1_000_000 << 80) | int.from_bytes(secrets.token_bytes(10))
    text = f"{value & ~_FIXED | _SEVEN:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def new_request_id() -> str:
    """An id for the logs: unlike any other, but no secret. There is one for each request, so it is cheap."""
    return f"{_PROCESS}-{next(_REQUESTS):x}"


def new_key() -> str:
    """An API key: long and random, so that its hash needs no salt."""
    return f"tk_{secrets.token_urlsafe(32)}"


def new_secret() -> str:
    """A signing secret in the spelling of Standard Webhooks."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


def new_signature_secret() -> str:
    """A secret for requests that are signed by a token of ours: long enough for the signing, and plain text."""
    return secrets.token_urlsafe(32)


def as_id(text: str) -> str | None:
    """An id out of a path in its one spelling, or None if there can be no such thing."""
    return text.lower() if _UUID.fullmatch(text) else None
