"""The only module that stands between a server and its database, and can cut the line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit


class _End(asyncio.Protocol):
    """One end of one connection: what comes in here goes out at the other."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.other: _End | None = None
        self.held = bytearray()  # what came before the other end was there
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.line.ends.add(self)

    def data_received(self, data: bytes) -> None:
        if self.other is None or self.other.transport is None:
            self.held += data
        else:
            self.other.transport.write(data)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the loop's way to call it
        self.line.ends.discard(self)
        if self.other is not None and self.other.transport is not None:
            self.other.transport.close()

    def join(self, other: _End) -> None:
        """From now on what comes in at one goes out at the other."""
        self.other, other.other = other, self
        for one, far in ((self, other), (other, self)):
            assert far.transport is not None
            far.transport.write(bytes(one.held))
            one.held.clear()


class Line:
    """All connections to one database."""

    def __init__(self, host: str, port: int) -> None:
        self._far = (host, port)
        self._server: asyncio.Server | None = None
        self._joining: set[asyncio.Task[None]] = set()
        self.ends: set[_End] = set()
        self.port = 0

    async def mend(self) -> None:
        """Connections can be made."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._new, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    def cut(self) -> None:
        """All connections are gone, and none can be made."""
        assert self._server is not None
        self._server.close()
        for each in [*self._joining]:
            each.cancel()
        for end in [*self.ends]:
            if end.transport is not None:
                end.transport.abort()

    def _new(self) -> _End:
        near = _End(self)
        task = asyncio.ensure_future(self._reach(near))
        self._joining.add(task)
        task.add_done_callback(self._joining.discard)
        return near

    async def _reach(self, near: _End) -> None:
        _, far = await asyncio.get_running_loop().create_connection(lambda: _End(self), *self._far)
        if near.transport is None or near.transport.is_closing():
            assert far.transport is not None
            far.transport.abort()
        else:
            near.join(far)


@asynccontextmanager
async def line_to(url: str) -> AsyncIterator[tuple[Line, str]]:
    """A line to a database, and the address of its near end."""
    parts = urlsplit(url)
    line = Line(parts.hostname or "", parts.port or 5432)
    await line.mend()
    login = parts.netloc.rpartition("@")[0]
    try:
        yield line, urlunsplit(parts._replace(netloc=f"{login}@127.0.0.1:{line.port}"))
    finally:
        line.cut()
