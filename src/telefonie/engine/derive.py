"""The only module that derives ids: the same parent and name give the same id in every run."""

from __future__ import annotations

from uuid import NAMESPACE_OID, UUID, uuid5


def derived(parent: str, name: str) -> str:
    """The id of something that belongs to the thing with the id `parent`."""
    return str(uuid5(UUID(parent), name))


def seeded(seed: str, count: int) -> str:
    """The next id that an account with a seed draws."""
    return str(uuid5(uuid5(NAMESPACE_OID, seed), str(count)))


def report_id(call_id: str, sequence: int) -> str:
    """The event id of what is told about a call as number `sequence`."""
    return derived(call_id, f"report:{sequence}")
