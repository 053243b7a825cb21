"""The only module that reads the Idempotency-Key header."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from starlette.requests import Request

from telefonie.engine.ports import Once
from telefonie.web.problems import Problem, ProblemKind
from telefonie.web.reading import header, raw_body

_PRINTABLE: Final = re.compile(r"[\x20-\x7e]{1,255}")


async def once(request: Request) -> Once | None:
    """What makes this request the same as another one, if its sender named it."""
    key = header(request, b"idempotency-key")
    if key is None:
        return None
    if not _PRINTABLE.fullmatch(key):
        message = "The header Idempotency-Key must hold 1 to 255 printable ASCII characters."
        raise Problem(ProblemKind.INVALID, "bad_idempotency_key", message)
    sent = hashlib.sha256(f"{request.method} {request.scope['path']}\n".encode("utf-8", "surrogateescape"))
    sent.update(await raw_body(request))
    return Once(key, sent.hexdigest())
