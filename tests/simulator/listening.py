"""The only module of these tests that plays a customer's web server: it keeps what it gets, and answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Listener:
    """`answers` are the statuses to give, one after the other; when none is left it is 200."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)  # somebody waits for an answer
    willing: asyncio.Event = field(default_factory=asyncio.Event)  # answers are given

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length:")[2].split("\r\n", 1)[0])
        self.bodies.append(json.loads(await reader.readexactly(length)))
        self.asked.set()
        await self.willing.wait()
        status = self.answers.pop(0) if self.answers else 200
        text = "heard you"
        lines = [
            f"HTTP/1.1 {status} Told",
            f"Content-Length: {len(text)}",
            "X-Told: yes",
            "Connection: close",
        ]
        writer.write("\r\n".join([*lines, "", text]).encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()


@asynccontextmanager
async def listening(*answers: int) -> AsyncIterator[Listener]:
    """A customer's web server on loopback."""
    listener = Listener(answers=list(answers))
    listener.willing.set()
    server = await asyncio.start_server(listener._serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()[:2]
    listener.url = f"http://{host}:{port}/events"
    async with server:
        yield listener
