"""A codec without a vendor, and a listener that writes everything down."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field

from telefonie.engine.streaming import Clear, Mark, Message, Said, frame_bytes

RATE = 8_000
FRAME = frame_bytes(RATE)
SILENCE = bytes(FRAME)


def tone(frames: int, level: int = 1) -> bytes:
    """So many frames of a sound that can be told from others by its level."""
    return level.to_bytes(2, "little", signed=True) * (FRAME // 2 * frames)


@dataclass
class Plain:
    """Frames are bare; everything else is one word, or a word and a value, in JSON."""

    url: str
    rate: int = RATE
    backlog: int = 100
    said_headers: tuple[tuple[str, str], ...] = ()
    read_so_far: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def headers(self) -> tuple[tuple[str, str], ...]:
        return self.said_headers

    def opening(self) -> tuple[str | bytes, ...]:
        return ('["hello"]',)

    def frame(self, pcm: bytes) -> str | bytes:
        return pcm

    def key(self, digit: str, ms: int) -> str | bytes | None:
        return json.dumps(["key", digit, ms])

    def cleared(self) -> str | bytes | None:
        return '["cleared"]'

    def marked(self, payload: object) -> str | bytes | None:
        return json.dumps(["marked", payload])

    def closing(self) -> tuple[str | bytes, ...]:
        return ('["goodbye"]',)

    def read(self, message: str | bytes) -> Message | None:
        self.read_so_far += 1
        self.changed.set()
        if isinstance(message, bytes):
            return Said(message)
        word, *values = json.loads(message)
        if word == "clear":
            return Clear()
        return Mark(values[0]) if word == "mark" else None

    async def has_read(self, count: int) -> None:
        """Wait until so many messages of the program have been taken."""
        while self.read_so_far < count:
            self.changed.clear()
            await self.changed.wait()


@dataclass
class Notes:
    """What a listener was told."""

    said_pieces: list[tuple[int, bytes]] = field(default_factory=list)
    dropped_at: list[int] = field(default_factory=list)
    closed_at: list[tuple[int, str]] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def said(self, at_ms: int, pcm: bytes) -> None:
        self.said_pieces.append((at_ms, pcm))

    def dropped(self, at_ms: int) -> None:
        self.dropped_at.append(at_ms)

    def closed(self, at_ms: int, why: str) -> None:
        self.closed_at.append((at_ms, why))
        self.over.set()

    @property
    def shape(self) -> list[tuple[int, int]]:
        """Where each piece began, and how many milliseconds it was long."""
        return [(at, len(pcm) * 20 // FRAME) for at, pcm in self.said_pieces]

    @property
    def sound(self) -> bytes:
        """Everything that was said, without the pauses between."""
        return b"".join(pcm for _, pcm in self.said_pieces)
