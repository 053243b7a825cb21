"""The only module that signs addresses of media, and tells whether an address was signed here."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Final, Protocol

from starlette.requests import Request

from telefonie.engine.doorman import Seal
from telefonie.web.reading import header

DAY_SECONDS: Final = 86_400
EXPIRES: Final = "expires"
SIGNATURE: Final = "signature"

_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - looked for, not listened on
_SECONDS: Final = re.compile(r"(0|[1-9][0-9]{0,11})")
_HOST: Final = re.compile(r"[A-Za-z0-9._~-]{1,255}(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:[0-9]{1,5})?")


class Verdict(StrEnum):
    """What an address is worth."""

    GOOD = "good"
    WRONG = "wrong"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Links:
    """Makes addresses that open without a key for a while: of the account's time, not of the wall's.

    `fixed`: the address by which others reach us is known; else each request is answered with its own.
    """

    seal: Seal
    base: str
    fixed: bool = False
    seconds: int = DAY_SECONDS

    def at(self, request: Request) -> Links:
        """The same, with addresses that work for whoever sent this request."""
        host = header(request, b"host") or ""
        if self.fixed or not _HOST.fullmatch(host):
            return self
        return replace(self, base=f"{request.scope['scheme']}://{host}")

    def media(self, face_prefix: str, recording_id: str, now_ms: int, form: str = "wav") -> str:
        """Where a recording can be fetched until some time after `now_ms`; `form` is the file's ending."""
        expires = str(now_ms // 1000 + self.seconds)
        path = f"{face_prefix}/recordings/{recording_id}/media.{form}"
        signature = self._signature(recording_id, form, expires)
        return f"{self.base}{path}?{EXPIRES}={expires}&{SIGNATURE}={signature}"

    def genuine(self, recording_id: str, form: str, expires: str, signature: str) -> bool:
        """Whether we made this, as it stands; told without looking anything up."""
        if not _SECONDS.fullmatch(expires):
            return False
        ours = self._signature(recording_id, form, expires)
        return hmac.compare_digest(ours.encode(), signature.encode("utf-8", "surrogatepass"))

    def check(self, recording_id: str, form: str, expires: str, signature: str, now_ms: int) -> Verdict:
        """What an address is worth at a moment of the account's clock."""
        if not self.genuine(recording_id, form, expires, signature):
            return Verdict.WRONG
        return Verdict.GOOD if now_ms < int(expires) * 1000 else Verdict.EXPIRED

    def _signature(self, recording_id: str, form: str, expires: str) -> str:
        said = f"{recording_id}\n{form}\n{expires}".encode("utf-8", "surrogatepass")
        return hmac.new(self.seal.key, said, hashlib.sha256).hexdigest()


class Link(Protocol):
    """Where the sound of a recording can be fetched, for a while from `now` on."""

    def __call__(self, recording_id: str, now_ms: int, form: str = "wav") -> str: ...


def link_of(request: Request) -> Link:
    """Addresses below the face that serves this request, for whoever sent it."""
    links: Links = request.app.state.links
    return partial(links.at(request).media, request.scope.get("root_path", ""))


def url_of(host: str, port: int, scheme: str = "http") -> str:
    """The address of who listens there; who listens everywhere is found on the same machine, too."""
    near = _EVERYWHERE.get(host, host)
    return f"{scheme}://[{near}]:{port}" if ":" in near else f"{scheme}://{near}:{port}"
