"""The only module that answers operators: probes, figures, and the way to the documents."""

from __future__ import annotations

import base64
import binascii
import hmac
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from telefonie import __version__
from telefonie.web.docs import Entry, list_of_faces
from telefonie.web.problems import Problem, ProblemKind

if TYPE_CHECKING:
    from telefonie.core.call import Status
    from telefonie.engine.house import Engine, Health
    from telefonie.web.figures import Figures
    from telefonie.web.peers import Peers

Handler: TypeAlias = Callable[[Request], Awaitable[Response]]
_CHALLENGE: Final = (("WWW-Authenticate", 'Basic realm="telefonie"'),)
_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Operation:
    """The pages beside the faces. `admin_key` None: whoever can reach the server may read them all."""

    engine: Engine
    figures: Figures
    admin_key: str | None
    entries: Sequence[Entry]
    words: Mapping[Status, str]
    peers: Peers | None = None

    def routes(self) -> list[Route]:
        """Probes are open: whoever asks them has no key."""
        pages: dict[str, Handler] = {
            "/healthz": self.alive,
            "/readyz": self.ready,
            "/metrics": self._guarded(self.metrics),
            "/docs": self._guarded(self.documents),
        }
        return [Route(path, handler, methods=["GET"]) for path, handler in pages.items()]

    async def alive(self, _request: Request) -> Response:
        """The process answers; nothing else is asked."""
        return JSONResponse({"status": "ok", "version": __version__})

    async def ready(self, _request: Request) -> Response:
        """Whether requests can be served, looked at now."""
        health = await self.engine.health()
        if health.message:
            _LOG.warning("Not ready: %s", health.message)
        body = {
            "status": "ready" if health.ok else "not ready",
            "store": health.store_ok,
            "schema": health.schema_ok,
            "revision": health.schema,
            "worker": health.worker_ok,
        }
        if health.ok:
            return JSONResponse(body)
        return JSONResponse(body | {"message": _why_not(health)}, 503)

    async def metrics(self, request: Request) -> Response:
        """For Prometheus; without the store, what this process knows by itself."""
        # Only whoever scrapes pays for the client library, not every start.
        from telefonie.web.exposition import Scrape, expose  # noqa: PLC0415

        try:
            gauges = await self.engine.gauges()
        except Exception:  # noqa: BLE001 - figures are wanted most when something is broken
            _LOG.warning("The store could not be asked for its figures", exc_info=True)
            gauges = None
        figures = self.peers.together(self.figures) if self.peers else self.figures
        scrape = Scrape(figures, gauges, __version__, self.words)
        accept = request.headers.get("accept", "")
        text, content_type = expose(scrape, accept, with_process=self.peers is None)
        return Response(text, media_type=content_type)

    async def documents(self, _request: Request) -> Response:
        """The list of faces."""
        return list_of_faces(self.entries, __version__)

    def _guarded(self, page: Handler) -> Handler:
        if self.admin_key is None:
            return page
        key = self.admin_key

        async def guarded(request: Request) -> Response:
            if not hmac.compare_digest(given_key(request).encode(), key.encode()):
                raise _locked()
            return await page(request)

        return guarded


def _why_not(health: Health) -> str:
    """For whoever asks without a key: what is wrong, but not where the store is."""
    if not health.store_ok:
        return "The store cannot be reached; the log says why."
    return health.message or "The workers of this process have ended; the log says why."


def given_key(request: Request) -> str:
    """The key as its own header, as a bearer token (Prometheus) or as a password (browsers)."""
    own = request.headers.get("x-admin-key")
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    match scheme.lower():
        case "bearer":
            return own or value.strip()
        case "basic":
            return own or _password(value)
        case _:
            return own or ""


def _password(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _locked() -> Problem:
    message = "Send the admin key in X-Admin-Key, as a bearer token, or as the password of any user."
    return Problem(ProblemKind.UNAUTHORIZED, "admin_key_needed", message, headers=_CHALLENGE)
