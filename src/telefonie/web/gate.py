"""The only middleware before all faces: request ids, the limit on bodies, and the last net for mistakes."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from typing import Final

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from telefonie.web.ids import new_request_id
from telefonie.web.problems import Problem, ProblemKind, problem_of

LIMIT: Final = 1024 * 1024
DRAINED: Final = 16 * LIMIT  # a client that is still sending would not read our answer
REQUEST_ID: Final = "request_id"  # keys of scope["state"], which every layer below shares
REFUSAL: Final = "refusal"
BODY: Final = "body"
HEADERS: Final = "headers"

_SANE: Final = re.compile(rb"[A-Za-z0-9._-]{1,128}")
_LOG: Final = logging.getLogger(__name__)


class Gate:
    """Wraps the whole application. `plain` words a problem where no face did it."""

    def __init__(self, app: ASGIApp, plain: Callable[[Problem, str], Response]) -> None:
        self.app = app
        self.plain = plain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        request_id = _request_id(headers)
        state = scope.setdefault("state", {})
        state[REQUEST_ID] = request_id.decode()
        state[HEADERS] = headers
        out = _Out(send, request_id)
        try:
            if b"content-length" in headers or b"transfer-encoding" in headers:
                receive = await _take_in(headers, receive, state)
            await self.app(scope, receive, out)
        except ClientDisconnect:
            return
        except Exception as mistake:  # noqa: BLE001 - the last net: a mistake of ours must still be answered
            _LOG.exception("request %s failed", state[REQUEST_ID])
            if not out.started:
                await self.plain(problem_of(mistake), state[REQUEST_ID])(scope, receive, out)


class _Out:
    """Sends an answer with the request's id on it."""

    __slots__ = ("request_id", "send", "started")

    def __init__(self, send: Send, request_id: bytes) -> None:
        self.send = send
        self.request_id = request_id
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            message["headers"] = [*message.get("headers", ()), (b"x-request-id", self.request_id)]
        await self.send(message)


def _request_id(headers: Mapping[bytes, bytes]) -> bytes:
    given = headers.get(b"x-request-id")
    return given if given and _SANE.fullmatch(given) else new_request_id().encode()


async def _take_in(headers: Mapping[bytes, bytes], receive: Receive, state: dict[str, object]) -> Receive:
    """Read the whole body before anybody works on it."""
    declared = headers.get(b"content-length", b"")
    waits = headers.get(b"expect", b"").lower() == b"100-continue"
    if waits and declared.isdigit() and int(declared) > LIMIT:
        state[REFUSAL] = _too_large(close=True)  # it waits for our word before it sends anything
        return receive
    chunks: list[bytes] = []
    size = 0
    more = True
    while more and size <= DRAINED:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= LIMIT:
            chunks.append(chunk)
        else:
            chunks.clear()
        more = message.get("more_body", False)
    if size > LIMIT:
        state[REFUSAL] = _too_large(close=more)
    body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
    state[BODY] = body
    return _again(body, receive)


def _again(body: bytes, receive: Receive) -> Receive:
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _too_large(*, close: bool) -> Problem:
    message = f"The body is larger than {LIMIT} bytes; send less."
    headers = [("Connection", "close")] if close else []
    return Problem(ProblemKind.TOO_LARGE, "body_too_large", message, headers=headers)
