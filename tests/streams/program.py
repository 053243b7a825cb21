"""A program at the other end of a socket: a real server on loopback that a test makes talk."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

Answer = Callable[["Program", str | bytes], Awaitable[None]]


@dataclass
class Program:
    """Where it listens, what it was told, and how it is made to talk."""

    port: int = 0
    scheme: str = "ws"
    request_headers: list[dict[str, str]] = field(default_factory=list)
    heard: list[str | bytes] = field(default_factory=list)
    close_code: int | None = None
    pongs: int | None = None  # how many pings are answered; None: all of them
    _socket: asyncio.Future[web.WebSocketResponse] | None = None
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _gone: asyncio.Event = field(default_factory=asyncio.Event)
    _pongs: asyncio.Queue[bytes] = field(default_factory=asyncio.Queue)
    _transport: asyncio.Transport | None = None

    def url(self, host: str = "127.0.0.1", path: str = "/socket") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    @property
    def frames(self) -> list[bytes]:
        return [each for each in self.heard if isinstance(each, bytes)]

    @property
    def texts(self) -> list[Any]:
        return [json.loads(each) for each in self.heard if isinstance(each, str)]

    @property
    def socket(self) -> web.WebSocketResponse:
        assert self._socket is not None
        return self._socket.result()

    async def say(self, *messages: object) -> None:
        """Bytes as they are, all else as text in JSON."""
        for message in messages:
            if isinstance(message, bytes):
                await self.socket.send_bytes(message)
            else:
                await self.socket.send_str(json.dumps(message))

    async def has_heard(self, count: int) -> None:
        """Wait for so many messages, the opening one with them."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self.heard) >= count)

    async def has_frames(self, count: int) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: len(self.frames) >= count)

    async def ping(self, payload: bytes) -> bytes:
        """Ask whether anybody is there; the answer."""
        await self.socket.ping(payload)
        return await self._pongs.get()

    def write(self, octets: bytes) -> None:
        """Whatever it is, on the connection."""
        assert self._transport is not None
        self._transport.write(octets)

    def drop(self) -> None:
        """The connection is lost, without a word."""
        assert self._transport is not None
        self._transport.abort()

    async def has_gone(self) -> None:
        """Wait until the connection has ended on this side, too."""
        await self._gone.wait()

    async def attend(
        self, request: web.Request, answer: Answer | None, *, reads: bool
    ) -> web.WebSocketResponse:
        self.request_headers.append(dict(request.headers))
        socket = web.WebSocketResponse(max_msg_size=0, autoping=False)
        await socket.prepare(request)
        self._transport = request.transport
        assert self._socket is not None
        if not self._socket.done():
            self._socket.set_result(socket)
        if not reads:
            await self._gone.wait()
        async for message in socket:
            if message.type is WSMsgType.PING:
                await self._take_ping(message.data)
            elif message.type is WSMsgType.PONG:
                self._pongs.put_nowait(message.data)
            else:
                await self._take(message.data, answer)
        self.close_code = socket.close_code
        self._gone.set()
        return socket

    async def _take_ping(self, payload: bytes) -> None:
        if self.pongs is not None:
            self.pongs -= 1
            if self.pongs < 0:
                return
        await self.socket.pong(payload)

    async def _take(self, message: str | bytes, answer: Answer | None) -> None:
        async with self._changed:
            self.heard.append(message)
            self._changed.notify_all()
        if answer is not None:
            await answer(self, message)

    def leave(self) -> None:
        self._gone.set()


async def echo(program: Program, message: str | bytes) -> None:
    """A program that says what it hears."""
    if isinstance(message, bytes):
        await program.socket.send_bytes(message)


@asynccontextmanager
async def program(
    answer: Answer | None = None, *, reads: bool = True, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Program]:
    """A program that listens until the end of the block. `reads`: whether it ever looks at what it is sent."""
    there = Program(scheme="wss" if tls else "ws")
    there._socket = asyncio.get_running_loop().create_future()

    async def attend(request: web.Request) -> web.WebSocketResponse:
        return await there.attend(request, answer, reads=reads)

    async def refuse(_request: web.Request) -> web.Response:
        return web.Response(status=403, text="no")

    async def send_away(_request: web.Request) -> web.Response:
        raise web.HTTPFound(there.url().replace("ws", "http", 1))

    app = web.Application()
    app.router.add_get("/socket", attend)
    app.router.add_get("/closed", refuse)
    app.router.add_get("/moved", send_away)
    runner = web.AppRunner(app, shutdown_timeout=0.01, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    there.port = runner.addresses[0][1]
    try:
        yield there
    finally:
        there.leave()
        await runner.cleanup()
