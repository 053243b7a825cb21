"""The only module that stands for sockets and the programs behind them: lines that write down what is done to them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from telefonie.core.score import Part, Score
from telefonie.engine.media import Form
from telefonie.engine.streaming import Codec, Listener, Message, Pace, Unopened

HEADER: Final = bytes(44)


@dataclass(frozen=True, slots=True)
class PlainCodec:
    """Sound as it is, and nothing else."""

    url: str
    rate: int
    backlog: int = 3_000

    def headers(self) -> tuple[tuple[str, str], ...]:
        return ()

    def opening(self) -> tuple[str | bytes, ...]:
        return ()

    def frame(self, pcm: bytes) -> str | bytes:
        return pcm

    def key(self, digit: str, ms: int) -> str | bytes | None:  # noqa: ARG002
        return digit

    def cleared(self) -> str | bytes | None:
        return None

    def marked(self, payload: object) -> str | bytes | None:  # noqa: ARG002
        return None

    def closing(self) -> tuple[str | bytes, ...]:
        return ()

    def read(self, message: str | bytes) -> Message | None:  # noqa: ARG002
        return None


@dataclass(eq=False)
class FakeLine:
    """A line that stands still until it is moved."""

    url: str
    listener: Listener
    pace: Pace
    rate: int
    at: int = 0
    begun: bool = False
    closed: bool = False
    heard: list[tuple[int, int, str]] = field(default_factory=list)  # from, until, track
    cuts: list[tuple[int, str | None]] = field(default_factory=list)
    keys: list[tuple[int, str, int]] = field(default_factory=list)
    sound: list[bytes] = field(default_factory=list)
    ran_to: list[int] = field(default_factory=list)
    ring: Callable[[], None] = lambda: None  # something was done to it
    # What the program does while time passes by hand: (line, from, until).
    behaviour: Callable[[FakeLine, int, int], None] = lambda *_: None

    @property
    def at_ms(self) -> int:
        return self.at

    def begin(self) -> None:
        self.begun = True
        self.ring()

    def hear(self, at_ms: int, pcm: bytes, track: str = "") -> None:
        self.heard.append((at_ms, at_ms + len(pcm) * 500 // self.rate, track))
        self.sound.append(pcm)
        self.ring()

    def cut(self, at_ms: int, track: str | None = None) -> None:
        self.cuts.append((at_ms, track))

    def key(self, at_ms: int, digit: str, ms: int) -> None:
        self.keys.append((at_ms, digit, ms))

    def set_pace(self, pace: Pace) -> None:
        self.pace = pace
        self.ring()

    async def run_to(self, at_ms: int) -> None:
        self.ran_to.append(at_ms)
        if not self.closed and self.pace.by_hand:
            self.behaviour(self, self.at, at_ms)
            self.at = at_ms

    async def close(self) -> None:
        self.closed = True
        self.ring()

    # -- what the program does --

    def says(self, at_ms: int, ms: int, sample: int = 1_000) -> None:
        """It is heard from that offset on."""
        self.listener.said(at_ms, sample.to_bytes(2, "little") * (self.rate * ms // 1000))

    def goes(self, why: str = "1000") -> None:
        """It closes its socket."""
        self.listener.closed(self.at, why)


@dataclass(eq=False)
class Programs:
    """Sockets (`streaming.Sockets`) behind which there is nothing but a table."""

    refusals: dict[str, Unopened] = field(default_factory=dict)  # by address
    behaviour: Callable[[FakeLine, int, int], None] = lambda *_: None
    ring: Callable[[], None] = lambda: None  # something was done to a line
    lines: list[FakeLine] = field(default_factory=list)
    asked: int = 0
    at_once: int = 0
    most_at_once: int = 0
    open_up: asyncio.Event = field(default_factory=asyncio.Event)
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.open_up.set()

    async def open(self, codec: Codec, listener: Listener, pace: Pace) -> FakeLine:
        self.asked += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self.open_up.wait()
        finally:
            self.at_once -= 1
        if codec.url in self.refusals:
            raise self.refusals[codec.url]
        line = FakeLine(codec.url, listener, pace, codec.rate, behaviour=self.behaviour, ring=self.ring)
        self.lines.append(line)
        self.opened.set()
        return line

    async def close(self) -> None:
        for each in self.lines:
            each.closed = True

    @property
    def line(self) -> FakeLine:
        """The only one, or the last."""
        return self.lines[-1]


class Voices:
    """A studio that makes the same sample of everything, as long as it is to be."""

    def __init__(self) -> None:
        self.asked: list[Part] = []

    async def render(self, score: Score, form: Form, rate: int, sounds: dict[str, Any], into: Path) -> None:  # noqa: ARG002
        self.asked.extend(score.parts)
        pcm = (2_000).to_bytes(2, "little") * (rate * score.ms // 1000)
        await asyncio.to_thread(into.write_bytes, HEADER + pcm)

    async def close(self) -> None:
        return None
