"""The only module that says whether a callback is from whom it says: by a webhook's signature or a bearer token."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Final

from telefonie.webhooks.sign import signature

TOLERANCE_SECONDS: Final = 300
UNSIGNED: Final = "unsigned"
VERIFIED: Final = "verified"
WRONG: Final = "WRONG SIGNATURE"
OLD: Final = "TOO OLD"


@dataclass(frozen=True, slots=True)
class Letter:
    """One request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Secrets:
    """What signatures are checked with: `webhook` as the server prints it, `token` as an application has it."""

    webhook: str | None = None
    token: str | None = None


def judge(letter: Letter, secrets: Secrets, now: float) -> str:
    """Whether the letter is from whom it says, in two words."""
    if letter.headers.get("webhook-signature"):
        return _webhook(letter, secrets.webhook, now)
    scheme, _, token = letter.headers.get("authorization", "").partition(" ")
    return _token(letter, token, secrets.token, now) if scheme == "Bearer" else UNSIGNED


def _webhook(letter: Letter, secret: str | None, now: float) -> str:
    if secret is None:
        return "signed, not checked (--secret)"
    timestamp = letter.headers.get("webhook-timestamp", "")
    if not (timestamp.isascii() and timestamp.isdigit()):
        return WRONG
    expected = signature((secret,), letter.headers.get("webhook-id", ""), int(timestamp), letter.body)
    signed = letter.headers["webhook-signature"].split()
    if not any(hmac.compare_digest(each.encode(), expected.encode()) for each in signed):
        return WRONG
    return _aged(int(timestamp), now)


def _token(letter: Letter, token: str, secret: str | None, now: float) -> str:
    if secret is None:
        return "signed, not checked (--signature-secret)"
    signed, _, seal = token.rpartition(".")
    expected = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    try:
        true = hmac.compare_digest(_raw(seal), expected)
        head, claims = (json.loads(_raw(part)) for part in signed.split("."))
        plain = head["alg"] == "HS256"
        issued, said = int(claims["iat"]), str(claims["payload_hash"])
    except (ValueError, LookupError, TypeError):
        return WRONG
    fits = said == hashlib.sha256(letter.body).hexdigest()
    return _aged(issued, now) if true and plain and fits else WRONG


def _raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(f"{text}{'=' * (-len(text) % 4)}")


def _aged(signed_at: int, now: float) -> str:
    return VERIFIED if abs(now - signed_at) <= TOLERANCE_SECONDS else OLD
