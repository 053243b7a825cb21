"""The only module that knows when two spellings name the same phone."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 255
_FILLING: Final = re.compile(r"[\s().\-/\u2010-\u2015\u00a0]+")
_DIGITS: Final = re.compile(r"[1-9][0-9]{0,14}")
_SIP: Final = re.compile(r"(sips?):([^\s@;?<>]{1,128}@)?([A-Za-z0-9.\-\[\]:]{1,128})", re.IGNORECASE)
_NAMED: Final = re.compile(r"(client|app):([A-Za-z0-9_.@+\-]{1,128})", re.IGNORECASE)


def canonical(address: str) -> str | None:
    """The one spelling under which a phone is kept, or None if nothing could be called so.

    A telephone number in its international form comes to its digits alone. A SIP address loses what
    tells how to get there (parameters and headers), since the phone at its end is the same.
    """
    text = address.strip()
    if len(text) > LONGEST:
        return None
    if text[:4].lower() in {"sip:", "sips"}:
        return _sip(text)
    if named := _NAMED.fullmatch(text):
        return f"{named[1].lower()}:{named[2]}"
    return _number(text)


def _sip(text: str) -> str | None:
    found = _SIP.fullmatch(re.split(r"[;?]", text, maxsplit=1)[0])
    return f"{found[1].lower()}:{found[2] or ''}{found[3].lower()}" if found else None


def _number(text: str) -> str | None:
    number = text[4:] if text[:4].lower() == "tel:" else text
    bare = _FILLING.sub("", number.replace("(0)", ""))  # the zero is for callers inside the country
    if bare.startswith("+"):
        bare = bare[1:]
    elif bare.startswith("00"):
        bare = bare[2:]
    return bare if _DIGITS.fullmatch(bare) else None
