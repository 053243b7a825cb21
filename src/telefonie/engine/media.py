"""The only module that says what the engine wants of a studio, and of the place where files are kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from telefonie.core.score import Score


class Form(StrEnum):
    """What kind of file."""

    WAV = "wav"
    MP3 = "mp3"
    OGG = "ogg"
    LEAN = "lean.mp3"  # MP3 of 32 kbit/s for each channel

    @property
    def ending(self) -> str:
        """Of a file's name."""
        return self.value.rpartition(".")[2]


class Unrenderable(Exception):
    """This recording cannot be made to sound; the text is for people."""


class Unkept(Exception):
    """Where files are kept does not answer, or takes no more; the text is for people."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A file that is kept: how long it is, and a word that changes with its content."""

    key: str
    size: int
    etag: str


class Studio(Protocol):
    """Makes sound of scores, in a process of its own; raises Unrenderable and nothing else."""

    async def render(self, score: Score, form: Form, rate: int, sounds: dict[str, Path], into: Path) -> None:
        """Write the file. `sounds`: where the files that were played lie, by their keys."""
        ...

    async def close(self) -> None: ...


class Blobs(Protocol):
    """Where files are kept: a folder that all replicas share, or a bucket. Keys are paths with slashes.

    Whatever goes wrong with the place is Unkept.
    """

    @property
    def workroom(self) -> Path:
        """Where files that are to be kept are best written first."""
        ...

    async def find(self, key: str) -> Blob | None: ...

    async def put(self, key: str, file: Path) -> Blob:
        """Keep this file, which is gone afterwards; whoever looks for it sees all of it or nothing."""
        ...

    def read(self, key: str, start: int, length: int) -> AsyncIterator[bytes]: ...

    async def copy(self, key: str, into: Path) -> bool:
        """A file of one's own of it; whether there was one."""
        ...

    async def delete(self, key: str) -> None:
        """With a slash at the end: all below it. What is not there needs no deleting."""
        ...

    def keys(self, prefix: str) -> AsyncIterator[tuple[str, float]]:
        """What is kept below a prefix, and since when (wall seconds)."""
        ...

    async def sweep(self, seconds: float) -> int:
        """Remove what somebody began to write so long ago and never finished; how much it was."""
        ...

    async def link(self, key: str, seconds: int) -> str | None:
        """An address at which anybody can have it for so long; None: only from us."""
        ...

    async def close(self) -> None: ...
