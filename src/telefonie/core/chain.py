"""The only module that says what an entry of the compliance archive is: plain text whose hash the next one holds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

NOTHING: Final = "0" * 64  # what the first entry holds
ENTRY: Final = "entry.json"


@dataclass(frozen=True, slots=True)
class Content:
    """One file of an entry."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Link:
    """One entry. `archived_at` is wall time in milliseconds."""

    account_id: str
    sequence: int  # from 1
    recording_id: str
    archived_at: int
    files: Mapping[str, Content]
    previous: str

    @property
    def folder(self) -> str:
        """Below which key its files are kept."""
        return f"{shelf(self.account_id)}{self.sequence:06}-{self.recording_id}/"

    @property
    def text(self) -> str:
        """What is hashed: JSON in one spelling only."""
        files = {name: {"sha256": each.sha256, "size": each.size} for name, each in self.files.items()}
        return _canonical(
            {
                "account_id": self.account_id,
                "sequence": self.sequence,
                "recording_id": self.recording_id,
                "archived_at": self.archived_at,
                "files": files,
                "previous": self.previous,
            }
        )

    @property
    def digest(self) -> str:
        """By which the next entry knows it."""
        return sha256(self.text.encode()).hexdigest()

    @property
    def file(self) -> str:
        """The entry as it lies beside its files."""
        return _canonical({**json.loads(self.text), "hash": self.digest})


def shelf(account_id: str) -> str:
    """Below which key an account's archive is kept."""
    return f"{account_id}/archive/"


def link(text: str) -> tuple[Link, str | None]:
    """What an entry's text says, and the hash that it claims. Raises ValueError when it is none."""
    try:
        found: dict[str, Any] = json.loads(text)
        claimed = found.pop("hash", None)
        files = {name: Content(**each) for name, each in found.pop("files").items()}
        return Link(files=files, **found), claimed
    except (AttributeError, KeyError, TypeError) as wrong:
        raise ValueError("it is no entry") from wrong


def broken(links: Sequence[tuple[Link, str | None]]) -> tuple[int, str] | None:
    """The first of an account's entries that does not follow from the one before, and why. From 0."""
    previous = NOTHING
    for place, (each, claimed) in enumerate(links):
        if each.sequence != place + 1:
            return place, f"entry {place + 1} is missing"
        if each.previous != previous:
            return place, "it does not follow from the entry before"
        if claimed is not None and claimed != each.digest:
            return place, "its hash is not that of what it says"
        previous = each.digest
    return None


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
