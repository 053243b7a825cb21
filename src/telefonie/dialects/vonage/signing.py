"""The only module that signs what customers of this API are sent: a bearer token over the very bytes of the body."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any, Final

from telefonie.core.applications import Application
from telefonie.web.answers import as_json

ISSUER: Final = "Vonage"
_HEAD: Final = {"alg": "HS256", "typ": "JWT"}


def authorization(application: Application, body: str, wall_s: int, jti: str) -> tuple[tuple[str, str], ...]:
    """The header that proves who sends this, if the application wants it proved; of a GET the body is empty."""
    if not (application.signed and application.secret):
        return ()
    return (("Authorization", f"Bearer {bearer(application, body, wall_s, jti)}"),)


def bearer(application: Application, body: str, wall_s: int, jti: str) -> str:
    """A token for one attempt, since receivers may judge its age. Times are the wall's."""
    claims = {
        "iat": wall_s,
        "jti": jti,
        "iss": ISSUER,
        "payload_hash": hashlib.sha256(_bytes(body)).hexdigest(),
        "api_key": api_key(application.account_id),
        "application_id": application.id,
    }
    signed = f"{_part(_HEAD)}.{_part(claims)}"
    seal = hmac.new(_bytes(application.secret), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{_base64(seal)}"


def api_key(account_id: str) -> str:
    """An account as this API names it: eight digits and letters."""
    return account_id.replace("-", "")[:8]


def _bytes(text: str) -> bytes:
    # What cannot be encoded cannot be sent either, and the postman says so.
    return text.encode("utf-8", "replace")


def _part(content: dict[str, Any]) -> str:
    return _base64(as_json(content).encode())


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
