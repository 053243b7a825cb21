"""The only module that stores what came of an attempt, and reads it again."""

from __future__ import annotations

from telefonie.engine.letters import Receipt
from telefonie.store.codec import dump, load


def dump_receipt(receipt: Receipt) -> str:
    """A receipt as text."""
    return dump({name: getattr(receipt, name) for name in Receipt.__slots__})


def load_receipt(text: str) -> Receipt:
    """What `dump_receipt` wrote."""
    found = load(text)
    for name in ("request_headers", "response_headers"):
        found[name] = tuple((key, value) for key, value in found[name])
    return Receipt(**found)
