"""The only module that calls a bare ASGI application the way a server would."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, if anything did."""

    status: int | None
    body: bytes


async def ask(
    app: ASGIApp, path: str = "/", method: str = "GET", headers: dict[str, str] | None = None
) -> Answer:
    """One request without a body."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    pairs = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    scope: dict[str, Any] = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"token=TOPSECRET",
        "headers": pairs, "root_path": "", "http_version": "1.1", "scheme": "http",
    }  # fmt: skip
    await app(scope, receive, send)
    status = next((message["status"] for message in sent if message["type"] == "http.response.start"), None)
    return Answer(status, b"".join(message.get("body", b"") for message in sent))
