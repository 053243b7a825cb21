"""The only module that words what is said to and by a program at a websocket endpoint."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from telefonie.engine.streaming import Clear, Mark, Message, Said

# The vendor keeps about a minute of what a program says ahead of time, and drops the rest.
BACKLOG: Final = 3072
# The first message says these two itself, whatever the customer's headers say.
_OURS: Final = ("event", "content-type")


class ProgramCodec:
    """One connection (`engine.streaming.Codec`): bare frames of sound, and texts of JSON beside them.

    `token`: signs one as those of webhooks are signed, for programs whose endpoint asks for it.
    """

    def __init__(
        self,
        uri: str,
        rate: int,
        headers: Mapping[str, Any],
        authorization: Mapping[str, Any] | None,
        token: Callable[[], str],
    ) -> None:
        self.url: Final = uri
        self.rate: Final = rate
        self.backlog: Final = BACKLOG
        self._headers = headers
        self._authorization = authorization or {}
        self._token = token

    def headers(self) -> tuple[tuple[str, str], ...]:
        kind = self._authorization.get("type")
        if kind == "vonage":
            return (("Authorization", f"Bearer {self._token()}"),)
        if kind == "custom":
            return (("Authorization", str(self._authorization.get("value", ""))),)
        return ()

    def opening(self) -> tuple[str | bytes, ...]:
        theirs = {name: value for name, value in self._headers.items() if name not in _OURS}
        return (_text("connected", **{"content-type": f"audio/l16;rate={self.rate}"}, **theirs),)

    def frame(self, pcm: bytes) -> str | bytes:
        return pcm

    def key(self, digit: str, ms: int) -> str | bytes | None:
        return _text("dtmf", digit=digit, duration=ms)

    def cleared(self) -> str | bytes | None:
        return _text("cleared")

    def marked(self, payload: object) -> str | bytes | None:
        return str(payload)

    def closing(self) -> tuple[str | bytes, ...]:
        return ()

    def read(self, message: str | bytes) -> Message | None:
        if isinstance(message, bytes):
            return Said(message)
        try:
            return _wish(json.loads(message))
        except (ValueError, RecursionError):
            return None


def _wish(found: object) -> Message | None:
    if not isinstance(found, dict):
        return None
    if found.get("action") == "clear":
        return Clear()
    if found.get("action") == "notify":
        # Worded now: what can be read may still be nested too deeply to be written again.
        return Mark(_text("notify", payload=found.get("payload", {})))
    return None


def _text(event: str, **members: Any) -> str:
    return json.dumps({"event": f"websocket:{event}", **members}, separators=(",", ":"))
