"""The only module that plays a customer's whole web server: documents by path, and every request kept.

async with a_shop({"/voice": "<Response><Say>Hello</Say></Response>"}) as shop:
    ...  # {"url": shop.at("/voice")}
    assert shop.asked("/voice")[0].json["event"] == "call.instructions"
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]  # names in lower case
    body: bytes

    @property
    def json(self) -> Any:
        """Its body."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Page:
    """What is answered; by its first character the content type is told, if none is given."""

    text: str | bytes = ""
    status: int = 200
    content_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


Answer: TypeAlias = "str | Page | Callable[[Asked], str | Page]"


@dataclass(eq=False)
class Shop:
    """A server on loopback. What it has no page for it answers with 204."""

    pages: dict[str, Answer]
    url: str = ""
    requests: list[Asked] = field(default_factory=list)

    def at(self, path: str) -> str:
        """The URL of one of its pages."""
        return self.url + path

    def asked(self, path: str) -> list[Asked]:
        """The requests to one of its pages, in order."""
        return [each for each in self.requests if each.path == path]

    def events(self, path: str) -> list[str]:
        """The events that these requests told."""
        return [each.json["event"] for each in self.asked(path)]

    async def _serve(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = Asked(request.method, request.path, dict(request.query), headers, await request.read())
        self.requests.append(asked)
        answer = self.pages.get(request.path, Page(status=204))
        found = answer(asked) if callable(answer) else answer
        page = Page(found) if isinstance(found, str) else found
        raw = page.text.encode() if isinstance(page.text, str) else page.text
        kind = page.content_type or ("application/json" if raw[:1] == b"[" else "text/xml")
        return web.Response(
            body=raw,
            status=page.status,
            headers={"Content-Type": kind, **page.headers} if raw else page.headers,
        )


@asynccontextmanager
async def a_shop(pages: Mapping[str, Answer] | None = None) -> AsyncIterator[Shop]:
    """A customer's server, as long as it is needed."""
    shop = Shop(dict(pages or {}))
    app = web.Application(client_max_size=4 * 1024 * 1024)
    app.router.add_route("*", "/{path:.*}", shop._serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        shop.url = f"http://{host}:{port}"
        yield shop
    finally:
        await runner.cleanup()
