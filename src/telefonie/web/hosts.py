"""The only module that says by which names the server may be called.

A web page can make a browser believe that its own name means 127.0.0.1 (DNS rebinding). On a server that
opens to well-known keys, that page could then place calls; the name in the Host header gives it away.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable
from typing import Final

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from telefonie.web.gate import REQUEST_ID
from telefonie.web.ids import new_id
from telefonie.web.problems import Problem, ProblemKind

PROBES: Final = frozenset({"/healthz", "/readyz"})  # asked by address, by whoever watches the machine
REMEMBERED: Final = 256
_HOST: Final = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^:\[\]]*)(?::\d*)?")


def is_local(name: str) -> bool:
    """Whether a host name certainly means this machine."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def name_of(header: str) -> str:
    """The name in a Host header, without port and brackets, in small letters; empty if there is none."""
    found = _HOST.fullmatch(header)
    return found[1].strip("[]").rstrip(".").lower() if found else ""


class Names:
    """The names that are answered: local ones, and those listed (`*.example.com` and `*` stand for many)."""

    def __init__(self, listed: Iterable[str]) -> None:
        names = [name.lower() for name in listed]
        self._any = "*" in names
        self._exact = frozenset(name for name in names if not name.startswith("*"))
        self._under = tuple(name[1:] for name in names if name.startswith("*."))

    def answers(self, header: str) -> bool:
        """Whether a request with this Host header is answered."""
        name = name_of(header)
        return self._any or is_local(name) or name in self._exact or name.endswith(self._under)


class Hosts:
    """Turns away whoever calls the server by a name that is not its own."""

    def __init__(self, app: ASGIApp, names: Names, plain: Callable[[Problem, str], Response]) -> None:
        self.app = app
        self._names = names
        self._plain = plain
        self._known: dict[bytes, bool] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through if it calls us by our name."""
        app = self.app
        if scope["type"] != "lifespan" and not self._welcome(scope):
            request_id = new_id()
            scope.setdefault("state", {})[REQUEST_ID] = request_id
            app = self._plain(_refusal(), request_id)
        await app(scope, receive, send)

    def _welcome(self, scope: Scope) -> bool:
        named = False
        for name, value in scope["headers"]:
            if name == b"host":
                named = True
                if not self._answers(value):
                    return scope["path"] in PROBES
        return named or scope["path"] in PROBES

    def _answers(self, value: bytes) -> bool:
        known = self._known.get(value)
        if known is None:
            known = self._names.answers(value.decode("latin-1"))
            if len(self._known) < REMEMBERED:
                self._known[value] = known
        return known


def _refusal() -> Problem:
    message = (
        "This server does not answer to the name in the Host header. If it is yours (a tunnel, a proxy, a "
        "name in your network), start it with --allowed-hosts NAME (TELEFONIE_ALLOWED_HOSTS)."
    )
    return Problem(ProblemKind.FORBIDDEN, "host_not_allowed", message)
