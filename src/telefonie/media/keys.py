"""The only module that says which names files may be kept under: none leads out of its place."""

from __future__ import annotations

import re
from typing import Final

from telefonie.engine.media import Unkept

PIECE: Final = 64 * 1024  # what is read at once
LONGEST: Final = 255
_STEP: Final = r"[A-Za-z0-9][A-Za-z0-9_.-]*"
_KEY: Final = re.compile(rf"{_STEP}(?:/{_STEP})*/?")


def checked(key: str) -> str:
    """The key, if it is one."""
    if len(key) > LONGEST or not _KEY.fullmatch(key):
        raise Unkept(f"{key[:80]!r} is no name under which a file can be kept.")
    return key
