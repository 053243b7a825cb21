"""The only module that stands for a studio, a place for files and sockets where an engine was given none."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from telefonie.core.score import Score
from telefonie.engine.letters import Fault
from telefonie.engine.media import Blob, Form, Unkept, Unrenderable
from telefonie.engine.streaming import Codec, Line, Listener, Pace, Unopened

_NOWHERE: Final = "This server has no place where files are kept."


class NoStudio:
    """Renders nothing."""

    async def render(self, score: Score, form: Form, rate: int, sounds: dict[str, Path], into: Path) -> None:
        raise Unrenderable("This server has no studio.")

    async def close(self) -> None:
        return None


class NoBlobs:
    """Keeps nothing, so that there never is anything."""

    workroom = Path(tempfile.gettempdir())

    async def find(self, key: str) -> Blob | None:
        return None

    async def put(self, key: str, file: Path) -> Blob:
        raise Unkept(_NOWHERE)

    async def read(self, key: str, start: int, length: int) -> AsyncIterator[bytes]:
        raise Unkept(_NOWHERE)
        yield b""

    async def copy(self, key: str, into: Path) -> bool:
        return False

    async def delete(self, key: str) -> None:
        return None

    async def keys(self, prefix: str) -> AsyncIterator[tuple[str, float]]:
        nothing: tuple[tuple[str, float], ...] = ()
        for each in nothing:
            yield each

    async def sweep(self, seconds: float) -> int:
        return 0

    async def link(self, key: str, seconds: int) -> str | None:
        return None

    async def close(self) -> None:
        return None


class NoSockets:
    """Opens none."""

    async def open(self, codec: Codec, listener: Listener, pace: Pace) -> Line:
        raise Unopened(Fault.CONNECT, "This server opens no sockets.")

    async def close(self) -> None:
        return None
