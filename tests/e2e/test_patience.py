"""Whoever begins a request and never ends it does not hold a connection, nor memory, for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from uvicorn.server import ServerState

from telefonie.cli.patience import LONGEST_HEAD, SECONDS, PatientProtocol, end_overdue
from tests.e2e.server import until

pytestmark = pytest.mark.e2e

WHOLE: Final = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"
HALVES: Final = {
    "nothing": b"",
    "half a head": b"GET / HTTP/1.1\r\nHost: he",
    "half a body": b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\n\r\nab",
}


@dataclass(frozen=True, slots=True)
class Line:
    """The one connection to a server that answers at once."""

    near: PatientProtocol
    state: ServerState
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def asks(self) -> bytes:
        """A whole request; the answer's body."""
        self.writer.write(WHOLE)
        async with asyncio.timeout(5):
            await self.reader.readuntil(b"\r\n\r\n")
            return await self.reader.readexactly(2)

    def passes(self, seconds: float) -> None:
        """What the server does so much later."""
        end_overdue(self.state.connections, asyncio.get_running_loop().time() + seconds)

    async def ended(self) -> bool:
        """Wait until the server hangs up."""
        with suppress(ConnectionError):
            async with asyncio.timeout(5):
                await self.reader.read()
        return True


@asynccontextmanager
async def line() -> AsyncIterator[Line]:
    config = uvicorn.Config(PlainTextResponse("ok"), interface="asgi3", log_config=None, lifespan="off")
    config.load()
    state = ServerState()
    made: list[PatientProtocol] = []

    def make() -> PatientProtocol:
        made.append(PatientProtocol(config, state, {}))
        return made[-1]

    server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    await until(lambda: bool(state.connections), 5, "a connection")
    try:
        yield Line(made[0], state, reader, writer)
    finally:
        server.close()
        writer.transport.abort()
        await until(lambda: not state.connections and not state.tasks, 5, "the end of the connection")


@pytest.mark.parametrize("half", HALVES.values(), ids=HALVES.keys())
async def test_what_does_not_come_is_not_waited_for(half: bytes) -> None:
    async with line() as held:
        connected = held.near.waiting_since
        held.writer.write(half)
        await until(lambda: not half or held.near.waiting_since != connected, 5, "half a request")
        held.passes(SECONDS - 1)
        assert not held.near.transport.is_closing()
        held.passes(SECONDS + 1)
        assert await held.ended()


async def test_nor_is_it_after_other_requests() -> None:
    async with line() as held:
        assert await held.asks() == b"ok"
        held.writer.write(HALVES["half a body"])
        await until(lambda: held.near.waiting_since is not None, 5, "half a request")
        held.passes(SECONDS + 1)
        assert await held.ended()


async def test_between_requests_a_line_may_rest() -> None:
    async with line() as held:
        assert await held.asks() == b"ok"
        held.passes(100 * SECONDS)
        assert await held.asks() == b"ok"


async def test_a_head_has_an_end() -> None:
    async with line() as held:
        held.writer.write(b"GET / HTTP/1.1\r\nHost: here\r\n")
        for _ in range(LONGEST_HEAD // 1000 + 1):
            held.writer.write(b"X-More: " + b"x" * 1000 + b"\r\n")
        async with asyncio.timeout(5):
            assert (await held.reader.readline()).startswith(b"HTTP/1.1 431 ")
            await held.reader.readuntil(b"\r\n\r\n")
        assert await held.ended()
