"""The only module that derives ids: the same parent and name give the same id in every run."""

from __future__ import annotations

from hashlib import sha1
from typing import Final


def derived(parent: str, name: str) -> str:
    """The id of something that belongs to the thing with the id `parent`: a UUID of version 8.

    It begins as its parent does, so that what belongs together lies together in every index.
    """
    text = sha1(f"{parent} {name}".encode(), usedforsecurity=False).hexdigest()
    return f"{parent[:13]}-8{text[:3]}-{_VARIANT[text[3]]}{text[4:7]}-{text[7:19]}"


_VARIANT: Final = dict(zip("0123456789abcdef", "89ab" * 4, strict=True))


def report_id(call_id: str, sequence: int) -> str:
    """The event id of what is told about a call as number `sequence`."""
    return derived(call_id, f"report:{sequence}")


def leg_id(call_id: str, number: int) -> str:
    """The id of a call that a call makes."""
    return derived(call_id, f"leg:{number}")


def conversation_id(call_id: str) -> str:
    """What a call and all its legs share, on a face that shows it."""
    return derived(call_id, "conversation")


def part_id(call_id: str, kind: str, number: str) -> str:
    """The id of something that a call's document begins: a recording, a stream."""
    return derived(call_id, f"{kind}:{number}")


def fetch_id(call_id: str, number: int) -> str:
    """The id of a request that a call makes for its document, and the event id in it."""
    return derived(call_id, f"fetch:{number}")


def meeting_id(account_id: str, kind: str, name: str) -> str:
    """Where messages to the room or queue of that name are kept."""
    return derived(account_id, f"{kind}:{name}")
