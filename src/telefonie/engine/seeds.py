"""The only module that draws ids from an account's seed: the same requests give the same ids in every run."""

from __future__ import annotations

from uuid import NAMESPACE_OID, uuid5


def seeded(seed: str, count: int) -> str:
    """The next id that an account with a seed draws."""
    return str(uuid5(uuid5(NAMESPACE_OID, seed), str(count)))
