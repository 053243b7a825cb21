"""The only module that reads, judges and makes RSA keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_public_key,
)

from telefonie.core.errors import Unfit

LONGEST_PEM: Final = 8_192
_FIELD: Final = "public_key"
_BITS: Final = 2_048
_MOST_BITS: Final = 8_192
_EXPONENT: Final = 65_537
_LARGEST_EXPONENT: Final = 2**32  # with a huge one, whoever sends tokens makes us reckon for long


@dataclass(frozen=True, slots=True)
class Pair:
    """Two keys in PEM: what is signed with the one is verified with the other."""

    private: str
    public: str


def pair() -> Pair:
    """A new pair; it takes a processor for some tenths of a second."""
    private = generate_private_key(_EXPONENT, _BITS)
    text = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return Pair(text, spelled(private.public_key()))


def spelled(key: RSAPublicKey) -> str:
    """A public key in its one spelling."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def public_key(pem: str) -> RSAPublicKey:
    """What somebody gave as a public key. Raises Unfit with what is wrong with it."""
    if "PRIVATE KEY" in pem:
        issue = (
            "is a private key, which nobody else should ever see: make a new pair, and send the public one"
        )
        raise Unfit(_FIELD, issue)
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        issue = "must be a public RSA key in PEM, which begins with -----BEGIN PUBLIC KEY-----"
        raise Unfit(_FIELD, issue) from error
    if not isinstance(key, RSAPublicKey):
        raise Unfit(_FIELD, "must be an RSA key: tokens are signed by RS256")
    if not _BITS <= key.key_size <= _MOST_BITS:
        raise Unfit(_FIELD, f"has {key.key_size} bits; it must have {_BITS} to {_MOST_BITS}")
    if key.public_numbers().e > _LARGEST_EXPONENT:
        raise Unfit(_FIELD, f"has an unusual exponent; take {_EXPONENT}")
    return key
