"""The only module that watches requests go by: figures of all, log lines of those that matter.

A line for every request would cost more than many of the requests. At level info there is one for an answer
of 400 and above and for whatever took over a second; at level debug there is one for each.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from time import perf_counter
from typing import Any, Final

from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from telefonie.web.figures import Figures

SLOW_SECONDS: Final = 1.0
LONGEST_PATH: Final = 200
NOWHERE: Final = "unmatched"

_METHODS: Final = {name: name for name in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")}
_CLASSES: Final = ("none", "1xx", "2xx", "3xx", "4xx", "5xx")
_LOG: Final = logging.getLogger(__name__)


class Watch:
    """The outermost layer. It changes nothing."""

    def __init__(self, app: ASGIApp, figures: Figures, slow_seconds: float = SLOW_SECONDS) -> None:
        self.app = app
        self.figures = figures
        self.slow_seconds = slow_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through and see what came of it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = perf_counter()
        path = scope["path"]  # a mount changes it on the way
        status = 0

        def seen(message: Message) -> Awaitable[None]:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            return send(message)

        try:
            await self.app(scope, receive, seen)
        finally:
            self._note(scope, path, status, perf_counter() - began)

    def _note(self, scope: Scope, path: str, status: int, seconds: float) -> None:
        method = _METHODS.get(scope["method"], "other")
        self.figures.request(method, template(scope), _CLASSES[status // 100], seconds)
        if status >= 400 or seconds > self.slow_seconds:
            _tell(logging.WARNING if status >= 500 else logging.INFO, scope, path, status, seconds)
        elif _LOG.isEnabledFor(logging.DEBUG):
            _tell(logging.DEBUG, scope, path, status, seconds)


def template(scope: Scope) -> str:
    """The path as its route was declared: there are few of these, and no id or number stands in them."""
    route = scope.get("route")
    if route is None or isinstance(route, Mount):
        return NOWHERE
    declared: str = route.path
    root: str = scope.get("root_path", "")
    return root + declared if root else declared


def _tell(level: int, scope: Scope, path: str, status: int, seconds: float) -> None:
    state: dict[str, Any] = scope.get("state", {})
    method = scope["method"]
    shown = path if len(path) <= LONGEST_PATH else path[:LONGEST_PATH] + "..."
    ms = round(seconds * 1000, 1)
    facts = {
        "request_id": state.get("request_id"),
        "account": state.get("account_id"),
        "call": state.get("call_id"),
        "method": method,
        "path": shown,
        "status": status,
        "ms": ms,
    }
    _LOG.log(level, "%s %s %s", method, shown, status or "(left before the answer)", extra=facts)
