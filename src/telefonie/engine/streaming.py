"""The only module that says what the engine wants of the sockets at whose other end a program talks and listens.

Sound is PCM: 16 bit, signed, little endian, one channel, at the rate of the codec. Offsets are milliseconds
of the stream, whose beginning (`Line.begin`) is the moment at which the leg was answered. They are of the
account's time: at twice the speed a second of the stream lasts half a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

from telefonie.engine.letters import Fault

FRAME_MS: Final = 20
BYTES_PER_SAMPLE: Final = 2


def frame_bytes(rate: int) -> int:
    """How long a frame is, in bytes of PCM."""
    return rate * FRAME_MS // 1000 * BYTES_PER_SAMPLE


@dataclass(frozen=True, slots=True)
class Said:
    """The program says something: PCM of any length."""

    pcm: bytes


@dataclass(frozen=True, slots=True)
class Clear:
    """The program takes back what it has said and nobody has heard yet."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The program wants to know when everything that it has said before has been heard."""

    payload: object


Message: TypeAlias = Said | Clear | Mark


class Codec(Protocol):
    """A dialect's way of talking over a socket. Pure; one for each connection, so it may count what it words."""

    @property
    def url(self) -> str:
        """Where the program listens: ws:// or wss://."""
        ...

    @property
    def rate(self) -> int:
        """Samples a second: 8000, 16000 or 24000, or whatever makes whole frames."""
        ...

    @property
    def backlog(self) -> int:
        """How many frames the program may be ahead of what is heard; more is dropped."""
        ...

    def headers(self) -> tuple[tuple[str, str], ...]:
        """Of the handshake; signed anew each time."""
        ...

    def opening(self) -> tuple[str | bytes, ...]:
        """What is sent first, once the connection stands."""
        ...

    def frame(self, pcm: bytes) -> str | bytes:
        """A frame of what the program hears."""
        ...

    def key(self, digit: str, ms: int) -> str | bytes | None:
        """Somebody pressed a key, so long. None: such are not told."""
        ...

    def cleared(self) -> str | bytes | None:
        """What was taken back will not be heard."""
        ...

    def marked(self, payload: object) -> str | bytes | None:
        """Everything before the mark has been heard, or taken back."""
        ...

    def closing(self) -> tuple[str | bytes, ...]:
        """What is sent last."""
        ...

    def read(self, message: str | bytes) -> Message | None:
        """What the program wants; None: it is not understood, and ignored."""
        ...


class Listener(Protocol):
    """Who is told what the program does; on the loop that opened the line, one after the other, never blocking."""

    def said(self, at_ms: int, pcm: bytes) -> None:
        """The program was heard from this offset on: at most half a second of it, told once it has been heard.

        What goes on without a gap comes in pieces of which one begins where the other ended. Long silence
        (nothing but zeros) is not told.
        """
        ...

    def dropped(self, at_ms: int) -> None:
        """The program was further ahead than its codec allows, and will not be heard in full. Told once."""
        ...

    def closed(self, at_ms: int, why: str) -> None:
        """The program has closed the connection, or it was lost (`why` is for people). Nothing is told later.

        Not told of a line that was closed from here.
        """
        ...


@dataclass(frozen=True, slots=True)
class Pace:
    """How the stream moves: so many times as fast as the wall clock, or by hand (`speed` 0)."""

    speed: float = 1.0

    @property
    def by_hand(self) -> bool:
        return self.speed == 0


REAL: Final = Pace()
BY_HAND: Final = Pace(0)


class Unopened(Exception):
    """There is no connection. `refused`: somebody answered in HTTP, but will not or cannot open one."""

    def __init__(self, fault: Fault, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.fault = fault
        self.reason = reason  # for people
        self.status = status  # of HTTP, when there was an answer
        self.refused = status is not None


class Line(Protocol):
    """One open connection. Nothing here raises or waits for the program, except where it says so.

    Nothing is sent but the codec's opening until `begin`. What is wished of a closed line has no effect.
    """

    @property
    def at_ms(self) -> int:
        """How far the stream is; 0 before it begins. On a line in real time it moves on by itself."""
        ...

    def begin(self) -> None:
        """The leg is answered: offset 0 is now."""
        ...

    def hear(self, at_ms: int, pcm: bytes, track: str = "") -> None:
        """The program hears this from that offset on. Whatever sounds at the same time is mixed.

        Its beginning is lost if the offset has passed: who needs time to make sound schedules all of it a
        constant later. `track` names whose voice it is, to be able to cut it alone.
        """
        ...

    def cut(self, at_ms: int, track: str | None = None) -> None:
        """What was to be heard from that offset on is not, of this track or of all of them."""
        ...

    def key(self, at_ms: int, digit: str, ms: int) -> None:
        """Tell of a key at that offset, or at once if it has passed."""
        ...

    def set_pace(self, pace: Pace) -> None:
        """Go on like this from where the stream is: the account's clock was changed."""
        ...

    async def run_to(self, at_ms: int) -> None:
        """Of a line moved by hand: let the program hear everything up to here, as fast as it reads.

        Afterwards it has read it all, and what it had said by then has been told as far as it was heard
        before this offset. What it says while it reads is heard from where it was in its reading. Returns
        early when the connection ends. On a line in real time it returns at once.
        """
        ...

    async def close(self) -> None:
        """End the stream: what has been heard so far is told, and nothing afterwards. Said goodbye is behind."""
        ...


class Sockets(Protocol):
    """Opens lines to programs."""

    async def open(self, codec: Codec, listener: Listener, pace: Pace) -> Line:
        """Connect and send the opening; raises Unopened. Cancel it to give up."""
        ...

    async def close(self) -> None:
        """Close all lines, and open no more."""
        ...
