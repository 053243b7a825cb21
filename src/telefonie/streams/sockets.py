"""The only module that keeps the lines to programs, from their opening to the last goodbye."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import Final

from aiohttp.abc import AbstractResolver

from telefonie.engine.letters import Fault
from telefonie.engine.streaming import Codec, Line, Listener, Pace, Unopened
from telefonie.reach import Guard
from telefonie.streams.dialled import Dialler
from telefonie.streams.line import OpenLine
from telefonie.streams.ticker import Clock, LoopClock, Ticker
from telefonie.streams.wire import Patience

_PATIENCE: Final = Patience()


class ProgramSockets:
    """Opens lines (`engine.streaming.Sockets`) on the loop it is used on."""

    def __init__(
        self,
        guard: Guard,
        user_agent: str,
        *,
        connect_seconds: float = 5.0,
        names: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
        clock: Clock | None = None,
        late: Callable[[float], None]
        | None = None,  # told how late each frame leaves in real time, in seconds
        patience: Patience = _PATIENCE,
    ) -> None:
        self._guard = guard
        self._user_agent = user_agent
        self._connect_seconds = connect_seconds
        self._names = names
        self._tls = tls
        self._patience = patience
        self._ticker = Ticker(clock or LoopClock(), late or _untold)
        self._dialler: Dialler | None = None
        self._lines: dict[asyncio.Task[None], OpenLine] = {}
        self._closed = False

    @property
    def count(self) -> int:
        """How many lines there are, with those that are still saying goodbye."""
        return len(self._lines)

    async def open(self, codec: Codec, listener: Listener, pace: Pace) -> Line:
        if self._closed:
            raise _stopping()
        if self._dialler is None:  # made late, since it belongs to the loop that is running
            self._dialler = Dialler(
                self._guard,
                self._user_agent,
                connect_seconds=self._connect_seconds,
                names=self._names,
                tls=self._tls,
            )
        wire = await self._dialler.dial(codec.url, codec.headers())
        if self._closed:
            wire.cut()
            raise _stopping()
        for message in codec.opening():
            wire.put(message)
        line = OpenLine(wire, codec, listener, self._ticker, pace, self._patience)
        listening = asyncio.create_task(line.listen())
        self._lines[listening] = line
        listening.add_done_callback(self._lines.pop)
        return line

    async def close(self) -> None:
        self._closed = True
        for line in tuple(self._lines.values()):
            await line.close()
        await asyncio.gather(*self._lines)
        self._ticker.stop()
        if self._dialler is not None:
            await self._dialler.close()


def _untold(_seconds: float) -> None:
    """Where nobody wants to know."""


def _stopping() -> Unopened:
    return Unopened(Fault.CONNECT, "the server is about to stop")
