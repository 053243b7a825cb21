"""The only module that runs a server inside one of our programs, which ends with its input."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable
from typing import Any, Final

import uvicorn

from benchmarks.jsonlines import Answer, run

_LOOK_SECONDS: Final = 0.002


def host(make: Callable[[socket.socket], Awaitable[uvicorn.Server]]) -> None:
    """Say the port once it listens; there are no questions to it but those over HTTP."""
    logging.basicConfig(level=logging.WARNING)
    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
    tasks: set[asyncio.Task[None]] = set()

    async def begin() -> Answer:
        server = await make(listening)
        tasks.add(asyncio.create_task(server.serve(sockets=[listening])))
        while not server.started:  # noqa: ASYNC110 - it has nothing to wait for but this
            await asyncio.sleep(_LOOK_SECONDS)
        return {"port": listening.getsockname()[1]}

    async def reply(asked: dict[str, Any]) -> Answer:
        raise ValueError(asked)

    run(begin, reply)
