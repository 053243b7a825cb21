"""The only module that plays the customer's server: it takes down whatever comes, and is not always kind."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

import httptools


class Answer(Enum):
    """What a letter is met with."""

    TAKEN = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    BROKEN = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"
    MOVED = b"HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"
    DROPPED = b""


@dataclass(frozen=True, slots=True)
class Fate:
    """How a letter is met, and how many seconds after it came."""

    answer: Answer = Answer.TAKEN
    after: float = 0.0
    document: str = ""  # what is answered to who asks for one

    @property
    def wire(self) -> bytes:
        """The answer as it is written."""
        if not self.document:
            return self.answer.value
        kind = "application/json" if self.document.startswith("[") else "text/xml"
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(self.document)}\r\n\r\n"
        return (head + self.document).encode("ascii")


@dataclass(frozen=True, slots=True)
class Arrival:
    """One letter as it came in, and how it was met."""

    path: str
    headers: dict[str, str]
    body: bytes
    answer: Answer
    at: float

    @property
    def event_id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(slots=True)
class Customer:
    """A server that keeps what it is sent, in the order in which it came."""

    # Given the body and how often this event has come before.
    meet: Callable[[Any, int], Fate] = lambda _body, _before: Fate()
    # No answer is given while this is not set.
    free: asyncio.Event = field(default_factory=asyncio.Event)
    arrivals: list[Arrival] = field(default_factory=list)
    url: str = ""
    visits: dict[str, int] = field(default_factory=dict)
    lines: set[asyncio.Transport] = field(default_factory=set)
    documents: Mapping[str, str] = field(default_factory=dict)  # by path

    def take(self, path: str, headers: dict[str, str], body: bytes) -> Fate:
        """Take one letter down."""
        event_id = headers.get("webhook-id", "")
        before = self.visits.get(event_id, 0)
        self.visits[event_id] = before + 1
        fate = self.meet(json.loads(body), before)
        if fate.answer is Answer.TAKEN:
            fate = replace(fate, document=self.documents.get(path, ""))
        now = asyncio.get_running_loop().time()
        self.arrivals.append(Arrival(path, headers, body, fate.answer, now))
        return fate

    def hold_from(self, count: int) -> None:
        """Leave the letter of that number, and all later ones, without an answer."""

        def meet(_body: Any, _before: int) -> Fate:
            if len(self.arrivals) + 1 >= count:
                self.free.clear()
            return Fate()

        self.meet = meet

    def let_go(self) -> None:
        """Answer everything, from now on at once."""
        self.meet = lambda _body, _before: Fate()
        self.free.set()


class _Line(asyncio.Protocol):
    """One connection. The parser calls the methods named on_..."""

    def __init__(self, customer: Customer) -> None:
        self._customer = customer
        self._parser = httptools.HttpRequestParser(self)
        self._path = ""
        self._headers: dict[str, str] = {}
        self._body = b""
        self._waiting: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._customer.lines.add(transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        self._path, self._headers, self._body = "", {}, b""

    def on_url(self, url: bytes) -> None:
        self._path += url.decode()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.decode().lower()] = value.decode()

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        fate = self._customer.take(self._path, self._headers, self._body)
        if self._customer.free.is_set() and not fate.after:
            self._give(fate)
            return
        task = asyncio.ensure_future(self._give_later(fate))
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the loop's way to call it
        self._customer.lines.discard(self._transport)
        for task in self._waiting:
            task.cancel()

    async def _give_later(self, fate: Fate) -> None:
        await asyncio.sleep(fate.after)
        await self._customer.free.wait()
        self._give(fate)

    def _give(self, fate: Fate) -> None:
        if fate.answer is Answer.DROPPED:
            self._transport.abort()
        else:
            self._transport.write(fate.wire)


@asynccontextmanager
async def receiving(meet: Callable[[Any, int], Fate] | None = None) -> AsyncIterator[Customer]:
    """A customer's server for the length of a block."""
    customer = Customer() if meet is None else Customer(meet)
    customer.free.set()
    server = await asyncio.get_running_loop().create_server(lambda: _Line(customer), "127.0.0.1", 0)
    customer.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/callbacks"
    try:
        yield customer
    finally:
        server.close()
        for transport in list(customer.lines):
            transport.abort()
