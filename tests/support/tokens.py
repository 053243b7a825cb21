"""The only module that makes tokens as applications sign them; the keys are made once a run."""

from __future__ import annotations

from functools import cache
from itertools import count
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from telefonie.core.accounts import Account
from telefonie.core.applications import Application
from telefonie.engine.applications import Known
from telefonie.engine.keypairs import Pair, pair, public_key

CLAIM: Final = "the_application"
APPLICATION_ID: Final = "0a000000-0000-4000-8000-000000000001"
NOW: Final = 1_893_456_000  # seconds
_TOKENS: Final = count(1)


def keys(which: int = 0) -> Pair:
    """Some pair of keys, the same for the same number."""
    return _made(which)


@cache
def _made(_which: int) -> Pair:
    return pair()


def known(retires_at: int | None = None) -> Known:
    """An application whose key is the first pair's; and the second's, where that one has not retired."""
    application = Application(APPLICATION_ID, "an account", "test", keys().public, retires_at=retires_at)
    old = None if retires_at is None else public_key(keys(1).public)
    return Known(Account("an account", "test", 0), application, public_key(keys().public), old)


def token(
    application_id: str = APPLICATION_ID,
    now: float = NOW,
    *,
    private: str = "",
    algorithm: str = "RS256",
    claim: str = CLAIM,
    without: tuple[str, ...] = (),
    headers: dict[str, Any] | None = None,
    **claims: Any,
) -> str:
    """A token as an SDK makes it, but for what is said otherwise."""
    usual = {claim: application_id, "iat": int(now), "jti": f"t{next(_TOKENS)}", "exp": int(now) + 900}
    given = {name: value for name, value in (usual | claims).items() if name not in without}
    return jwt.encode(given, _read(private or keys().private), algorithm=algorithm, headers=headers)


@cache
def _read(private: str) -> Any:
    """A private key as it signs; to read one takes longer than all else. What is no key stays a text."""
    try:
        return load_pem_private_key(private.encode(), None)
    except ValueError:
        return private
