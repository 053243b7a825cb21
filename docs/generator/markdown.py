"""The only module that knows how a table is written in Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_BAR: Final = r"\|"  # inside of `code`, too
_STAR: Final = r"\*"  # else it would begin words in italics; inside of `code` it stands for itself


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table."""
    head = list(heads)
    return "\n".join(_line(cells) for cells in (head, ["---"] * len(head), *rows))


def code(text: object) -> str:
    """Something as it is typed."""
    return f"`{text}`"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(text: str) -> str:
    parts = text.replace("|", _BAR).split("`")
    return "`".join(part if at % 2 else part.replace("*", _STAR) for at, part in enumerate(parts))
