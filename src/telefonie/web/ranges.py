"""The only module that reads what a request says about parts and versions of a file (RFC 9110, sections 13 and 14)."""

from __future__ import annotations

import re
from typing import Final

_UNIT: Final = re.compile(r"bytes=(.*)", re.IGNORECASE)
_ONE: Final = re.compile(r"[ \t]*([0-9]{0,20})-([0-9]{0,20})[ \t]*")
_TAG: Final = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


class Unsatisfiable(Exception):
    """Nothing of the file lies in the range that is asked for."""


def part(header: str | None, size: int) -> tuple[int, int] | None:
    """From which byte on, and how many, of a file of this size; None: the whole of it.

    What cannot be understood is ignored, as the RFC wants it. So are several ranges in one request: whoever
    asks for them must be ready for the whole file, and no player does.
    """
    unit = _UNIT.fullmatch(header or "")
    one = _ONE.fullmatch(unit[1]) if unit else None
    if one is None:
        return None
    first, last = one.groups()
    if not first:
        return _end_of(last, size) if last else None
    start, end = int(first), min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return None
    if start >= size:
        raise Unsatisfiable
    return start, end - start + 1


def _end_of(count: str, size: int) -> tuple[int, int]:
    """The last bytes of it."""
    length = min(int(count), size)
    if length == 0:
        raise Unsatisfiable
    return size - length, length


def unchanged(if_none_match: str | None, etag: str) -> bool:
    """Whether the client has this version already."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == "*" or etag in _TAG.findall(if_none_match)


def still(if_range: str | None, etag: str) -> bool:
    """Whether the part that a client has is of this version. We give no dates, so a date never is."""
    return if_range is None or if_range.strip() == etag
