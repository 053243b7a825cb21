"""The only module that takes callbacks in and judges them as a customer's server would."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from time import time
from typing import Any, Final

from starlette.types import Message, Receive, Scope, Send

from telefonie.cli.signatures import Letter, Secrets, judge

REMEMBERED: Final = 100_000


@dataclass(slots=True)
class Letterbox:
    """An ASGI application that takes every request. `fail`: so many are answered 503 first."""

    secrets: Secrets
    tell: Callable[[str], None]
    fail: int = 0
    show_bodies: bool = False
    enough: Callable[[int], None] = lambda _: None
    wall: Callable[[], float] = time
    taken: int = 0
    _seen: set[str] = field(default_factory=set)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request, say what it is, and answer."""
        if scope["type"] != "http":
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        letter = Letter(scope["method"], scope["path"], headers, await _whole(receive))
        status = 503 if self.fail > 0 else 200
        self.fail = max(0, self.fail - 1)
        self.tell(self.describe(letter, status))
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})
        if status == 200:
            self.taken += 1
            self.enough(self.taken)

    def describe(self, letter: Letter, status: int) -> str:
        """One line: what happened, to which call, and whether to believe it."""
        words = _told(letter)
        words.append(judge(letter, self.secrets, self.wall()))
        event_id = letter.headers.get("webhook-id", "")
        if event_id in self._seen:
            words.append("(again)")
        if event_id and len(self._seen) < REMEMBERED:
            self._seen.add(event_id)
        if status != 200:
            words.append(f"-> answered {status}")
        line = f"{words[0]:<16} " + " ".join(words[1:])
        return f"{line}\n{letter.body.decode('utf-8', 'replace')}" if self.show_bodies else line


async def _whole(receive: Receive) -> bytes:
    chunks: list[bytes] = []
    more = True
    while more:
        message: Message = await receive()
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(chunks)


def _told(letter: Letter) -> list[str]:
    """What it says: an event of a call, or an event that is one of a leg itself, or anything."""
    body = _object(letter.body)
    call, what = body.get("call"), body.get("event") or body.get("status") or body.get("type")
    words = [_word(what)] if what else [letter.method, letter.path]
    if isinstance(call, dict):
        words += [_word(call.get("status")), "call", _word(call.get("id"))]
    elif "uuid" in body:
        words += ["leg", _word(body["uuid"])]
    return words


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _word(value: object) -> str:
    """A value as part of a line that nobody can break."""
    return "".join(sign for sign in str(value) if sign.isprintable())[:80]
