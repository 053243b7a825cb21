"""The only module that ends connections on which no whole request comes, or no goodbye."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LONGEST_HEAD: Final = 64 * 1024
SECONDS: Final = 60.0  # for a whole request: at most a mebibyte, so even a slow line has time enough
GOODBYE_SECONDS: Final = (
    0.5  # when the server stops, for the other side of an encrypted line to take its leave
)
_TOO_LONG: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
)


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's own sets no limit to the size of a head, nor to the time that a request takes to come in."""

    waiting_since: float | None = None  # when the request began that is not yet here; None: nothing is owed
    _head: int | None = None  # bytes of the head that is coming in

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.waiting_since = self.loop.time()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._head is not None:
            self._head += len(data)
            if self._head > LONGEST_HEAD and not self.transport.is_closing():
                self.transport.write(_TOO_LONG)
                self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head = 0
        self.waiting_since = self.loop.time()

    def on_headers_complete(self) -> None:
        self._head = None
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self.waiting_since = None

    def shutdown(self) -> None:
        """A line that rests is closed at once; with TLS that is an exchange, and whoever rests does not listen."""
        super().shutdown()
        if self.transport.is_closing() and self.scheme == "https":
            self.loop.call_later(GOODBYE_SECONDS, self.transport.abort)


def end_overdue(connections: Iterable[object], now: float) -> None:
    """Hang up on all whose request has not come in for too long."""
    ours = [each for each in connections if isinstance(each, PatientProtocol)]
    for each in ours:
        if each.waiting_since is not None and now - each.waiting_since > SECONDS:
            each.transport.abort()
