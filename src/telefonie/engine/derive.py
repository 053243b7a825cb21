"""The only module that derives ids: the same parent and name give the same id in every run."""

from __future__ import annotations

from hashlib import sha1
from typing import Final
from uuid import NAMESPACE_OID, uuid5


def derived(parent: str, name: str) -> str:
    """The id of something that belongs to the thing with the id `parent`: a UUID of version 8.

    It begins as its parent does, so that what belongs together lies together in every index.
    """
    text = sha1(f"{parent} {name}".encode(), usedforsecurity=False).hexdigest()
    return f"{parent[:13]}-8{text[:3]}-{_VARIANT[text[3]]}{text[4:7]}-{text[7:19]}"


_VARIANT: Final = dict(zip("0123456789abcdef", "89ab" * 4, strict=True))


def seeded(seed: str, count: int) -> str:
    """The next id that an account with a seed draws."""
    return str(uuid5(uuid5(NAMESPACE_OID, seed), str(count)))


def report_id(call_id: str, sequence: int) -> str:
    """The event id of what is told about a call as number `sequence`."""
    return derived(call_id, f"report:{sequence}")
