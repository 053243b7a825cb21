"""The only module that signs letters: Standard Webhooks 1.0.0 with shared secrets (v1)."""

import binascii
import hmac
from functools import lru_cache
from typing import Final

_PREFIX: Final = "whsec_"
_KEY_BYTES: Final = range(24, 65)


def new_secret(chance: bytes) -> str:
    """A secret made of the random bytes handed in, 24 to 64 of them."""
    if len(chance) not in _KEY_BYTES:
        raise ValueError(f"a signing secret needs 24 to 64 random bytes, not {len(chance)}")
    return _PREFIX + _base64(chance)


def key_of(secret: str) -> bytes:
    """The bytes inside a secret. The message of the error never repeats the secret."""
    encoded = secret.removeprefix(_PREFIX)
    try:
        key = binascii.a2b_base64(encoded.encode("ascii"), strict_mode=True)
    except ValueError:
        key = b""
    if not key or encoded == secret:
        raise ValueError("a signing secret is whsec_ followed by base64")
    return key


def signature(secrets: tuple[str, ...], letter_id: str, timestamp: int, body: bytes) -> str:
    """The webhook-signature value: one signature for each secret valid now."""
    signed = f"{letter_id}.{timestamp}.".encode() + body
    return " ".join([_sign(secret, signed) for secret in secrets])


def _sign(secret: str, signed: bytes) -> str:
    keyed = _keyed(secret).copy()
    keyed.update(signed)
    return "v1," + _base64(keyed.digest())


@lru_cache(maxsize=4096)
def _keyed(secret: str) -> hmac.HMAC:
    """Kept, since decoding a secret and hashing its key cost more than signing a letter."""
    return hmac.new(key_of(secret), digestmod="sha256")


def _base64(raw: bytes) -> str:
    return binascii.b2a_base64(raw, newline=False).decode("ascii")
