"""The only module that stores what came of an attempt, and reads it again."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Final

from telefonie.engine.letters import Receipt
from telefonie.store.codec import dump, load

_ALWAYS: Final = tuple(each.name for each in fields(Receipt) if each.default is MISSING)
_OF_WANTED: Final = ("content_type", "url", "length_ms", "redirects")


def dump_receipt(receipt: Receipt) -> str:
    """A receipt as text; all of a document that is kept with it is the beginning, in `body`."""
    names = _ALWAYS + _OF_WANTED if receipt.url else _ALWAYS
    return dump({name: getattr(receipt, name) for name in names})


def load_receipt(text: str) -> Receipt:
    """What `dump_receipt` wrote."""
    found = load(text)
    for name in ("request_headers", "response_headers"):
        found[name] = tuple((key, value) for key, value in found[name])
    return Receipt(**found)
