"""The only module that says for which application a bearer token speaks."""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import jwt
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
# The signature is all that is left to the library: the rules about time are ours, and other claims mean nothing.
_OURS: Final = ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")
_SIGNATURE_ONLY: Final[Any] = {"verify_signature": True, **{f"verify_{name}": False for name in _OURS}}


class BadToken(Exception):
    """A token that opens nothing; why is for the log, not for whoever sent it."""


async def application_of(request: Request, claim: str) -> Known:
    """The application for which the request's token speaks, by the name of the claim that says which one.

    Whatever is wrong with the token, the answer is the same.
    """
    try:
        token = token_in(header(request, b"authorization"))
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


def named_in(token: str, claim: str) -> str:
    """The application that a token names; nothing of it is verified yet."""
    said = token.split(".")[1:2]
    try:
        # By hand, since the library takes as long for it as for the signature.
        claims = json.loads(urlsafe_b64decode(f"{said[0]}{'=' * (-len(said[0]) % 4)}"))
    except (IndexError, ValueError, RecursionError) as error:
        raise BadToken("unreadable") from error
    named = claims.get(claim) if isinstance(claims, dict) else None
    found = as_id(named) if isinstance(named, str) else None
    if found is None:
        raise BadToken("names no application")
    return found


def verify(token: str, known: Known, now: float) -> None:
    """Whether a token was signed for this application, and is good now (seconds of the wall since 1970)."""
    for key in known.keys(int(now * 1000)):
        try:
            claims = jwt.decode(token, key, algorithms=["RS256"], options=_SIGNATURE_ONLY)
        except (jwt.PyJWTError, ValueError):
            continue
        return _judge(claims, now)
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
