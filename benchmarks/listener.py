"""The only module that listens at sockets as a customer's program does, and notes when each frame came.

A program of its own (`python -m benchmarks.listener`). Asked to at `/echo` it says what it hears.
"""

from __future__ import annotations

import time
from itertools import pairwise
from typing import Any, Final

from aiohttp import WSMsgType, web

from benchmarks.jsonlines import Answer, run

_FRAME_MS: Final = 20.0


class Listener:
    """Answers the benchmark's questions."""

    def __init__(self) -> None:
        self.port = 0
        self._came: dict[web.WebSocketResponse, list[float]] = {}

    async def begin(self) -> Answer:
        app = web.Application()
        app.router.add_get("/quiet", self._listen)
        app.router.add_get("/echo", self._echo)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, backlog=1024)
        await site.start()
        self.port = runner.addresses[0][1]
        return {"port": self.port}

    async def reply(self, asked: dict[str, Any]) -> Answer:
        if asked["wish"] == "reset":
            self._came = {socket: [] for socket in self._came if not socket.closed}
            return {"port": self.port, "lines": len(self._came)}
        came = list(self._came.values())
        apart = sorted(
            abs((after - before) * 1000 - _FRAME_MS) for each in came for before, after in pairwise(each)
        )
        behind = sorted(late for each in came for late in _behind(each))
        return {"frames": sum(map(len, came)), "apart": spread(apart), "behind": spread(behind)}

    async def _listen(self, request: web.Request) -> web.WebSocketResponse:
        return await self._attend(request, echoes=False)

    async def _echo(self, request: web.Request) -> web.WebSocketResponse:
        return await self._attend(request, echoes=True)

    async def _attend(self, request: web.Request, *, echoes: bool) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        self._came[socket] = []
        async for message in socket:
            if message.type is WSMsgType.BINARY:
                self._came[socket].append(time.perf_counter())
                if echoes:
                    await socket.send_bytes(message.data)
        return socket


def _behind(came: list[float]) -> list[float]:
    """How much later than the most punctual frame of its line each one came, in milliseconds."""
    from_start = [moment * 1000 - n * _FRAME_MS for n, moment in enumerate(came)]
    first = min(from_start, default=0.0)
    return [each - first for each in from_start]


def spread(values: list[float]) -> dict[str, float]:
    """Of sorted values the middle, what one in a hundred is above, and the worst."""
    if not values:
        return {"p50": 0.0, "p99": 0.0, "max": 0.0}
    return {"p50": values[len(values) // 2], "p99": values[len(values) * 99 // 100], "max": values[-1]}


if __name__ == "__main__":
    listener = Listener()
    run(listener.begin, listener.reply)
