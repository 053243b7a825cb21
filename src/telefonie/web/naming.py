"""The only module that tells two faces at one path apart: by the name in the Host header.

A vendor's clients keep their paths when only the name of their server is pointed here.
"""

from __future__ import annotations

from starlette.routing import Match, Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from telefonie.web.hosts import name_of


class ByName:
    """Whoever calls by this name finds a face of his own at this path; everything else is as for everybody."""

    def __init__(self, app: ASGIApp, name: str, path: str, face: ASGIApp) -> None:
        self.app = app
        self._name = name
        self._mount = Mount(path, face)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a request where its name leads."""
        if scope["type"] == "http" and self._is_meant(scope):
            match, inner = self._mount.matches(scope)
            if match is not Match.NONE:
                scope.update(inner)
                await self._mount.handle(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def _is_meant(self, scope: Scope) -> bool:
        return any(
            name == b"host" and name_of(value.decode("latin-1")) == self._name
            for name, value in scope["headers"]
        )
