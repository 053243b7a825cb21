"""The only module that lets two faces live at one mount: some first words of a path are one's, the rest the other's."""

from __future__ import annotations

from collections.abc import Collection

from starlette.types import ASGIApp, Receive, Scope, Send


class Shared:
    """What lies below one of these words is for the first face, everything else for the second."""

    def __init__(self, words: Collection[str], first: ASGIApp, second: ASGIApp) -> None:
        self._words = frozenset(word.strip("/") for word in words)
        self._first = first
        self._second = second

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a request to whoever it is for."""
        path: str = scope["path"].removeprefix(scope.get("root_path", ""))
        word = path.removeprefix("/").partition("/")[0]
        await (self._first if word in self._words else self._second)(scope, receive, send)
