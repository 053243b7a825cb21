"""The only module that receives callbacks: the fastest HTTP server that suffices, and a look at what came.

A program of its own (`python -m benchmarks.receiver`). While it is loaded it only cuts requests apart and
keeps them; whether all came, once and in order, is looked at afterwards.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict
from typing import Any, cast

from benchmarks.jsonlines import Answer, run

_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


class Box:
    """What has come since the last reset."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.last = 0.0
        self.wanted = 0
        self.full = asyncio.Event()

    def put(self, body: bytes) -> None:
        self.bodies.append(body)
        self.last = time.perf_counter()
        if len(self.bodies) == self.wanted:
            self.full.set()


class Server(asyncio.Protocol):
    """One connection of a customer's server."""

    def __init__(self, box: Box) -> None:
        self._box = box
        self._rest = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's does not inherit from it

    def data_received(self, data: bytes) -> None:
        whole = self._rest + data if self._rest else data
        assert self._transport is not None
        while (head := whole.find(b"\r\n\r\n")) >= 0:
            fields = whole[:head].lower()
            at = fields.index(b"content-length:") + 15
            stop = fields.find(b"\r\n", at)
            end = head + 4 + int(fields[at : stop if stop > 0 else head])
            if len(whole) < end:
                break
            self._box.put(whole[head + 4 : end])
            self._transport.write(_OK)
            whole = whole[end:]
        self._rest = whole


def _look(bodies: list[bytes]) -> Answer:
    """How many callbacks came, of how many calls, how many twice, and whether each call's came in order."""
    found: dict[str, list[int]] = defaultdict(list)
    for body in bodies:
        said = json.loads(body)
        found[said["call_id"]].append(said["sequence_number"])
    once = {call: sorted(set(numbers)) for call, numbers in found.items()}
    in_order = sum(numbers == once[call] for call, numbers in found.items())
    events = sum(len(numbers) for numbers in once.values())
    return {
        "calls": len(found),
        "events": events,
        "twice": len(bodies) - events,
        "disordered": len(found) - in_order,
    }


class Receiver:
    """Answers the benchmark's questions."""

    def __init__(self) -> None:
        self.box = Box()

        self.port = 0

    async def begin(self) -> Answer:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Server(self.box), "127.0.0.1", 0, backlog=2048)
        self.port = server.sockets[0].getsockname()[1]
        return {"port": self.port}

    async def reply(self, asked: dict[str, Any]) -> Answer:
        match asked["wish"]:
            case "port":
                return {"port": self.port}
            case "reset":
                self.box.bodies.clear()
                self.box.full.clear()
                self.box.wanted = asked["count"]
                return {"cleared": True}
            case "await":
                try:
                    await asyncio.wait_for(self.box.full.wait(), asked["patience"])
                except TimeoutError:
                    raise RuntimeError(
                        f"{len(self.box.bodies)} of {self.box.wanted} callbacks came"
                    ) from None
                return {"last": self.box.last}
            case "look":
                return _look(self.box.bodies)
            case _:
                raise ValueError(asked["wish"])


if __name__ == "__main__":
    receiver = Receiver()
    run(receiver.begin, receiver.reply)
