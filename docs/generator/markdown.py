"""The only module that knows how a table is written in Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_BAR: Final = r"\|"
_STAR: Final = r"\*"  # else it would begin words in italics; inside of `code` there is none in our tables


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table."""
    head = list(heads)
    return "\n".join(_line(cells) for cells in (head, ["---"] * len(head), *rows))


def code(text: object) -> str:
    """Something as it is typed."""
    return f"`{text}`"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', _BAR).replace('*', _STAR) for cell in cells)} |"
