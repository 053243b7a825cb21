"""The only module that prepares what is to be said: plain text, in pieces that can be spoken at one go."""

import re
import unicodedata
from typing import Final

PIECE: Final = 500  # characters
# More than anybody could speak or follow; what is beyond that is left out.
_MOST_IN_A_SECOND: Final = 200
_MARKS: Final = re.compile(r"</?[A-Za-z][^<>]{0,1000}>|<[!?][^<>]{0,1000}>")


def plain(text: str, ms: int) -> str:
    """Only what can be pronounced in this time: no marks, nothing that controls."""
    most = 20 + ms * _MOST_IN_A_SECOND // 1000
    bare = _MARKS.sub(" ", text[: 4 * most])
    kept = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in bare)
    return " ".join(kept.split())[:most]


def pieces(text: str) -> list[str]:
    """The text, parted between words where it is long."""
    found = []
    while len(text) > PIECE:
        cut = text.rfind(" ", 0, PIECE) + 1 or PIECE
        found.append(text[:cut])
        text = text[cut:]
    return [*found, text] if text else found


def shares(text: str, count: int) -> list[tuple[int, int, str]]:
    """Which samples are each piece's: from where, how many. Characters follow each other evenly."""
    parts, said, start = [], 0, 0
    for piece in pieces(text):
        said += len(piece)
        end = count * said // len(text)
        parts.append((start, end - start, piece))
        start = end
    return parts
