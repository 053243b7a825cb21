"""A customer's server, down to the bytes: it answers exactly what a test tells it to."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp.abc import AbstractResolver, ResolveResult


@dataclass(frozen=True, slots=True)
class Heard:
    """One request, as it came over the wire."""

    line: str
    headers: dict[str, str]
    body: bytes
    connection: int  # which connection it came on, from 1


Talk = Callable[[Heard, asyncio.StreamWriter], Awaitable[bool]]


@dataclass(slots=True)
class Peer:
    """Where the server is, and what it heard."""

    port: int = 0
    connections: int = 0
    heard: list[Heard] = field(default_factory=list)

    def url(self, path: str = "/callback", host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


def says(answer: bytes, *, stay: bool = True) -> Talk:
    """A server that always answers this."""

    async def talk(_heard: Heard, out: asyncio.StreamWriter) -> bool:
        out.write(answer)
        await out.drain()
        return stay

    return talk


def response(status: str = "200 OK", body: bytes = b"", **headers: str) -> bytes:
    """A whole answer; header_names are written with underscores."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@asynccontextmanager
async def customer(talk: Talk, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[Peer]:
    """A server on loopback that talks like this, until the end of the block."""
    peer = Peer()
    conversations: set[asyncio.Task[None]] = set()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        conversations.add(task)
        peer.connections += 1
        try:
            await _converse(peer, talk, reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass  # the postman hung up, or the test is over
        finally:
            conversations.discard(task)
            writer.transport.abort()

    server = await asyncio.start_server(converse, "127.0.0.1", 0, ssl=tls)
    peer.port = server.sockets[0].getsockname()[1]
    try:
        yield peer
    finally:
        server.close()
        for task in conversations:
            task.cancel()
        await asyncio.gather(*conversations, return_exceptions=True)


async def _converse(
    peer: Peer, talk: Talk, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    mine = peer.connections
    while True:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except asyncio.IncompleteReadError:
            return
        line, *fields = head.rstrip("\r\n").split("\r\n")
        headers = {name: value for name, _, value in (each.partition(": ") for each in fields)}
        body = await reader.readexactly(int(headers.get("Content-Length", "0")))
        heard = Heard(line, headers, body, mine)
        peer.heard.append(heard)
        if not await talk(heard, writer):
            return


async def never(_heard: Heard, _out: asyncio.StreamWriter) -> bool:
    """A server that takes the letter and says nothing."""
    await asyncio.Event().wait()
    return False


async def drops(_heard: Heard, _out: asyncio.StreamWriter) -> bool:
    """A server that takes the letter and hangs up."""
    return False


class Directory(AbstractResolver):
    """A name server: one list of addresses for each time it is asked, the last one for ever."""

    def __init__(self, *answers: list[str], first: Callable[[], Awaitable[None]] | None = None) -> None:
        self.answers = list(answers)
        self.first = first
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        self.asked.append(host)
        if self.first is not None:
            await self.first()
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in found
        ]

    async def close(self) -> None:
        """There is nothing to close."""
