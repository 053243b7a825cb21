"""The only module that keeps what programs say: written down as it comes, put where files are kept in long pieces."""

from __future__ import annotations

import asyncio
import logging
import os
import struct
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Final

from telefonie.core.score import Audio
from telefonie.engine.media import Blobs, Unkept
from telefonie.engine.streaming import BYTES_PER_SAMPLE
from telefonie.flow.commands import Sounds

HEADER: Final = 44
LONGEST_S: Final = 10  # of one file, while the program goes on
QUIET_S: Final = 1.0  # of wall time, after which a run has ended
_log: Final = logging.getLogger(__name__)


@dataclass(slots=True)
class _Tape:
    """A file that is being written."""

    key: str
    path: Path
    rate: int
    size: int = 0  # bytes of sound
    touched: float = 0.0


@dataclass(slots=True, eq=False)
class Reel:
    """All that one program says. `brief`: somebody far away waits to hear it, so that it is put at once."""

    account_id: str
    call_id: str
    rate: int
    tapes: int = 0
    tape: _Tape | None = None
    brief: bool = False
    unput: list[_Tape] = field(default_factory=list)

    def key(self) -> str:
        """Of its next file: the same in every run."""
        self.tapes += 1
        name = sha256(f"{self.call_id} said {self.tapes}".encode()).hexdigest()
        return f"{self.account_id}/sounds/{name}.wav"


Said = tuple[int, bytes]  # a moment of the account's time, and PCM


class Spool:
    """Writes for all programs of a process."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self._open: dict[str, _Tape] = {}

    async def add(self, said: Sequence[tuple[Reel, Sequence[Said]]]) -> list[tuple[Sounds, ...]]:
        """Write this down; for each program what it comes to, as its call is told."""
        found = await asyncio.to_thread(self._add_all, said)
        for reel, _ in said:
            await self._put(reel)
        return found

    async def settle(self, reel: Reel, *, over: bool = False) -> None:
        """Put what has come to its end, or all that there is."""
        tape = reel.tape
        if tape is not None and (over or monotonic() - tape.touched > QUIET_S):
            reel.unput.append(tape)
            reel.tape = None
        await self._put(reel)

    async def read(self, audio: Audio, skip: int, ms: int) -> bytes:
        """So much of what was said; what is not kept is left out."""
        start, size = (each * audio.rate // 1000 * BYTES_PER_SAMPLE for each in (skip, ms))
        tape = self._open.get(audio.key)
        if tape is not None:
            return await asyncio.to_thread(_part, tape.path, HEADER + start, size)
        if await self._blobs.find(audio.key) is None:
            return b""
        return b"".join([each async for each in self._blobs.read(audio.key, HEADER + start, size)])

    @staticmethod
    def wave(path: Path, pcm: bytes, rate: int) -> Path:
        """A file of one's own of it."""
        path.write_bytes(_header(len(pcm), rate) + pcm)
        return path

    # -- files --

    def _add_all(self, said: Sequence[tuple[Reel, Sequence[Said]]]) -> list[tuple[Sounds, ...]]:
        return [tuple(self._added(reel, at, pcm) for at, pcm in runs) for reel, runs in said]

    def _added(self, reel: Reel, at: int, pcm: bytes) -> Sounds:
        tape = reel.tape or self._begin(reel)
        per_ms = reel.rate * BYTES_PER_SAMPLE
        skip, ms = tape.size * 1000 // per_ms, len(pcm) * 1000 // per_ms
        with tape.path.open("ab") as file:
            file.write(pcm)
        tape.size += len(pcm)
        tape.touched = monotonic()
        if tape.size >= LONGEST_S * per_ms or reel.brief:
            reel.unput.append(tape)
            reel.tape = None
        return Sounds(at, ms, tape.key, skip)

    def _begin(self, reel: Reel) -> _Tape:
        self._blobs.workroom.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix="said-", dir=self._blobs.workroom)
        os.close(handle)
        Path(name).write_bytes(bytes(HEADER))
        tape = _Tape(reel.key(), Path(name), reel.rate)
        self._open[tape.key] = tape
        reel.tape = tape
        return tape

    async def _put(self, reel: Reel) -> None:
        """What is ready goes to where files are kept; what cannot be kept is silence."""
        ready, reel.unput = reel.unput, []
        for tape in ready:
            try:
                await asyncio.to_thread(_finish, tape)
                await self._blobs.put(tape.key, tape.path)
            except (Unkept, OSError) as failed:
                _log.warning("What a program said on call %s is not kept: %s", reel.call_id, failed)
            del self._open[tape.key]


def _finish(tape: _Tape) -> None:
    with tape.path.open("r+b") as file:
        file.write(_header(tape.size, tape.rate))


def _header(size: int, rate: int) -> bytes:
    """Of plain samples on one channel."""
    kind = struct.pack(
        "<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, rate * BYTES_PER_SAMPLE, BYTES_PER_SAMPLE, 8 * BYTES_PER_SAMPLE
    )
    return (
        struct.pack("<4sI4s", b"RIFF", size + HEADER - 8, b"WAVE") + kind + struct.pack("<4sI", b"data", size)
    )


def _part(path: Path, start: int, size: int) -> bytes:
    with path.open("rb") as file:
        file.seek(start)
        return file.read(size)
