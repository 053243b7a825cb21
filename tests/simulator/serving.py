"""The only module of these tests that plays a customer's web server with documents: it answers by path."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

XML: Final = "text/xml"
JSON: Final = "application/json"


@dataclass(slots=True)
class Site:
    """What was asked of it: method and path, and the bodies."""

    url: str = ""
    asked: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    pages: Mapping[str, str] = field(default_factory=dict)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        method, path = head.split(" ", 2)[:2]
        length = head.lower().partition("content-length:")[2].partition("\r\n")[0]
        self.bodies.append((await reader.readexactly(int(length or 0))).decode())
        path = path.partition("?")[0]
        self.asked.append(f"{method} {path}")
        page = self.pages.get(path)
        status, text = ("404 Not Found", "") if page is None else ("200 OK", page)
        kind = JSON if text.startswith("[") else XML
        lines = [
            f"HTTP/1.1 {status}",
            f"Content-Type: {kind}",
            f"Content-Length: {len(text.encode())}",
            "Connection: close",
        ]
        writer.write("\r\n".join([*lines, "", text]).encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()


@asynccontextmanager
async def serving(pages: Mapping[str, str]) -> AsyncIterator[Site]:
    """A customer's web server on loopback."""
    site = Site(pages=pages)
    server = await asyncio.start_server(site._serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()[:2]
    site.url = f"http://{host}:{port}"
    async with server:
        yield site
