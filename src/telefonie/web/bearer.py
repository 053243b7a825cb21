"""The only module that says for which application a bearer token speaks."""

from __future__ import annotations

import json
import time
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from starlette.requests import Request

from telefonie.web.access import engine_of, remember, stay_in_region
from telefonie.web.ids import as_id
from telefonie.web.problems import Problem, ProblemKind
from telefonie.web.reading import header

if TYPE_CHECKING:
    from telefonie.engine.applications import Known

LEEWAY_SECONDS: Final = 45  # clocks of customers are not all right
USUAL_SECONDS: Final = 900  # how long a token without an end is good
LEAST_SECONDS: Final = 30
MOST_SECONDS: Final = 86_400
LONGEST: Final = 8_192

_LATEST: Final = 10**12
_SCHEME: Final = "bearer"
_ALGORITHM: Final = "RS256"  # and no other: who may choose how he is judged is let in


class BadToken(Exception):
    """A token that opens nothing; why is for the log, not for whoever sent it."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it came. Nothing of it is to be believed before its signature was verified."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    signed: bytes
    signature: bytes


async def application_of(request: Request, claim: str) -> Known:
    """The application for which the request's token speaks, by the name of the claim that says which one.

    Whatever is wrong with the token, the answer is the same.
    """
    try:
        token = read(token_in(header(request, b"authorization")))
        named = named_in(token, claim)
        known = await engine_of(request).applications.known(named)
        if known is None:
            raise BadToken("no such application")
        verify(token, known, time.time())
    except BadToken as bad:
        raise _unauthorized() from bad
    remember(request, account=known.account.id)
    stay_in_region(engine_of(request).region, known.account)
    return known


def token_in(authorization: str | None) -> str:
    """The token in a header."""
    scheme, _, token = (authorization or "").strip().partition(" ")
    token = token.strip()
    if scheme.lower() != _SCHEME or not token:
        raise BadToken("no bearer token")
    if len(token) > LONGEST:
        raise BadToken("too long")
    return token


def read(text: str) -> Token:
    """The parts of a token. By hand, since libraries take longer to load and to read than the signature takes."""
    try:
        if "=" in text:  # one spelling of a token, and no other
            raise ValueError
        said, claims, signature = text.split(".")
        return Token(_object(said), _object(claims), f"{said}.{claims}".encode("ascii"), _bytes(signature))
    except (ValueError, RecursionError) as error:
        raise BadToken("unreadable") from error


def _object(part: str) -> Mapping[str, Any]:
    found = json.loads(_bytes(part))
    if not isinstance(found, dict):
        raise ValueError
    return found


def _bytes(part: str) -> bytes:
    return b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)


def named_in(token: Token, claim: str) -> str:
    """The application that a token names."""
    named = token.claims.get(claim)
    found = as_id(named) if isinstance(named, str) else None
    if found is None:
        raise BadToken("names no application")
    return found


def verify(token: Token, known: Known, now: float) -> None:
    """Whether a token was signed for this application, and is good now (seconds of the wall since 1970)."""
    if token.header.get("alg") != _ALGORITHM or "crit" in token.header:
        raise BadToken("signed in another way")
    for key in known.keys(int(now * 1000)):
        try:
            key.verify(token.signature, token.signed, PKCS1v15(), SHA256())
        except InvalidSignature:
            continue
        return _judge(token.claims, now)
    raise BadToken("signed by somebody else")


def _judge(claims: Mapping[str, Any], now: float) -> None:
    issued = _seconds(claims, "iat")
    if issued is None or not claims.get("jti"):
        raise BadToken("without iat or jti")
    expires = _seconds(claims, "exp")
    if expires is None:
        expires = issued + USUAL_SECONDS
    if not LEAST_SECONDS <= expires - issued <= MOST_SECONDS:
        raise BadToken("good for too short or too long")
    begins = _seconds(claims, "nbf")
    if max(issued, issued if begins is None else begins) > now + LEEWAY_SECONDS:
        raise BadToken("not good yet")
    if expires + LEEWAY_SECONDS <= now:
        raise BadToken("no longer good")


def _seconds(claims: Mapping[str, Any], name: str) -> float | None:
    """A moment among the claims; None if there is none."""
    value = claims.get(name)
    if value is None:
        return None
    # (What is "not a number" is neither before nor after anything, so it fails here, too.)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LATEST:
        raise BadToken(f"{name} is no number")
    return value


def _unauthorized() -> Problem:
    challenge = ("WWW-Authenticate", 'Bearer realm="telefonie"')
    message = "Send a token that your application signed: Authorization: Bearer <token>."
    return Problem(ProblemKind.UNAUTHORIZED, "bad_token", message, headers=[challenge])
