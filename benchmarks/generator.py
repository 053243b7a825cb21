"""The only module that loads a server: keep-alive connections that each send the next request at once.

A program of its own (`python -m benchmarks.generator`): it writes bytes made beforehand and reads no more of
an answer than its status and length, so that one core drives a server several times faster than ours.
"""

from __future__ import annotations

import asyncio
import time
from itertools import cycle
from typing import Any, cast

from benchmarks.jsonlines import Answer, run


class Load:
    """One round: what is sent, and what came back."""

    def __init__(self, requests: list[bytes], expect: bytes, limit: int | None) -> None:
        self.requests = cycle(requests)
        self.expect = expect
        self.left = limit
        self.busy = 0
        self.over = asyncio.Event()
        self.sending = True
        self.took: list[float] = []
        self.done_at: list[float] = []
        self.wrong = ""

    def next(self) -> bytes | None:
        """The next request, unless enough were sent."""
        if not self.sending or self.wrong or self.left == 0:
            return None
        if self.left is not None:
            self.left -= 1
        return next(self.requests)

    def release(self) -> None:
        """A connection has nothing more to do."""
        self.busy -= 1
        if not self.busy:
            self.over.set()


class Client(asyncio.Protocol):
    """One connection."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._rest = b""
        self._sent = 0.0
        self._waiting = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's does not inherit from it

    def begin(self) -> None:
        self._load.busy += 1
        self._send()

    def _send(self) -> None:
        request = self._load.next()
        assert self._transport is not None
        self._waiting = request is not None
        if request is None:
            self._transport.close()
            self._load.release()
            return
        self._sent = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        whole = self._rest + data if self._rest else data
        end = _end(whole)
        if end is None or len(whole) < end:
            self._rest = whole
            return
        self._rest = b""
        load = self._load
        if whole[9:12] != load.expect and not load.wrong:
            load.wrong = whole[:600].decode("latin-1")
        now = time.perf_counter()
        load.took.append(now - self._sent)
        load.done_at.append(now)
        self._send()

    def connection_lost(self, error: Exception | None) -> None:
        if self._waiting:
            self._load.wrong = self._load.wrong or f"the server closed the connection: {error}"
            self._load.release()


def _end(answer: bytes) -> int | None:
    """Where an answer ends, once that can be seen."""
    head = answer.find(b"\r\n\r\n")
    if head < 0:
        return None
    fields = answer[:head].lower()
    at = fields.find(b"content-length:")
    if at >= 0:
        stop = fields.find(b"\r\n", at)
        return head + 4 + int(fields[at + 15 : stop if stop > 0 else head])
    if answer[9:12] == b"204":
        return head + 4
    last = answer.find(b"0\r\n\r\n", head)  # chunked
    return None if last < 0 else last + 5


def _request(port: int, method: str, path: str, headers: dict[str, str], body: str) -> bytes:
    content = body.encode()
    fields = {"Host": f"127.0.0.1:{port}", **headers}
    if body:
        fields |= {"Content-Type": "application/json", "Content-Length": str(len(content))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + content


async def _round(asked: dict[str, Any]) -> Answer:
    """Either for so many `seconds` (after a `warmup` that does not count), or until `count` are answered."""
    port, count = asked["port"], asked.get("count")
    pairs = [(path, body) for path in asked["paths"] for body in asked.get("bodies", [""])]
    given = asked.get("headers", {})
    requests = [_request(port, asked["method"], path, given, body) for path, body in pairs]
    load = Load(requests, str(asked["expect"]).encode(), count)
    loop = asyncio.get_running_loop()
    clients = [
        (await loop.create_connection(lambda: Client(load), "127.0.0.1", port))[1]
        for _ in range(asked["connections"])
    ]
    worked = time.process_time()
    began = time.perf_counter()
    for client in clients:
        client.begin()
    if count is None:
        await asyncio.sleep(asked["warmup"] + asked["seconds"])
        load.sending = False
    await asyncio.wait_for(load.over.wait(), asked.get("patience", 60))
    if load.wrong:
        raise RuntimeError(load.wrong)
    lasted = time.perf_counter() - began
    return _result(load, asked, began) | {"processor": (time.process_time() - worked) / lasted}


def _result(load: Load, asked: dict[str, Any], began: float) -> Answer:
    if asked.get("count") is None:
        first = began + asked["warmup"]
        last = first + asked["seconds"]
        counted = [took for took, at in zip(load.took, load.done_at, strict=True) if first <= at < last]
        seconds = asked["seconds"]
    else:
        counted, seconds = load.took, load.done_at[-1] - began
    if not counted:
        raise RuntimeError("no request was answered in time")
    counted.sort()
    return {
        "count": len(counted),
        "answered": len(load.took),
        "seconds": seconds,
        "rate": len(counted) / seconds,
        "median_ms": counted[len(counted) // 2] * 1000,
        "p99_ms": counted[int(len(counted) * 0.99)] * 1000,
        "began": began,
    }


async def _begin() -> Answer:
    return {"ready": True}


if __name__ == "__main__":
    run(_begin, _round)
