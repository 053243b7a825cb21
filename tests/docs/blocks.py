"""The only module that takes pages apart into code blocks, each with the remark that stands before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.support.project import ROOT

PAGES: Final = [ROOT / "README.md", *sorted((ROOT / "docs" / "guide").glob("*.md"))]
REMARKS: Final = ("not run", "background", "file", "prints")
_FENCE: Final = re.compile(r"(?P<indent> *)```(?P<language>\S*)$")
_REMARK: Final = re.compile(rf"<!-- (?P<kind>{'|'.join(REMARKS)}): (?P<value>.+) -->")


@dataclass(frozen=True, slots=True)
class Block:
    """A code block. `remark`: what kind of remark stands on the line before it, and `value` what it says."""

    page: Path
    line: int
    language: str
    text: str
    remark: str = ""
    value: str = ""

    @property
    def where(self) -> str:
        """Where to find it."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    @property
    def makes(self) -> list[str]:
        """The targets, if there is nothing in it but calls of make."""
        commands = [line.partition("#")[0].split() for line in self.text.splitlines()]
        commands = [words for words in commands if words]
        return [words[1] for words in commands] if all(words[0] == "make" for words in commands) else []


def blocks(page: Path) -> list[Block]:
    """The code blocks of a page, in order."""
    return list(_blocks(page))


def _blocks(page: Path) -> Iterator[Block]:
    lines = page.read_text("utf-8").splitlines()
    at = 0
    while at < len(lines):
        fence = _FENCE.fullmatch(lines[at])
        if fence is None:
            at += 1
            continue
        end = lines.index(f"{fence['indent']}```", at + 1)
        text = "".join(f"{line.removeprefix(fence['indent'])}\n" for line in lines[at + 1 : end])
        remark = _REMARK.fullmatch(lines[at - 1].strip()) if at else None
        said = (remark["kind"], remark["value"]) if remark else ("", "")
        yield Block(page, at + 1, fence["language"], text, *said)
        at = end + 1
