"""The only module that turns worded text into HTTP answers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from starlette.responses import Response

from telefonie.engine.ports import Reply

# One encoder for all: building one costs more than using it.
as_json: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def answer(reply: Reply) -> Response:
    """A reply that was worded with its decision."""
    kind = "application/json" if reply.body else None
    return Response(reply.body, reply.status, dict(reply.headers), kind)


def ok(content: object, status: int = 200, headers: Iterable[tuple[str, str]] = ()) -> Response:
    """Any content that JSON can hold."""
    return Response(as_json(content), status, dict(headers), "application/json")
