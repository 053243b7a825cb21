"""The only module that serves what ours is compared with, on the very HTTP server that ours runs on.

A program of its own: `python -m benchmarks.serving storeless|bare`.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.types import ASGIApp

from benchmarks.bare import build as build_bare
from benchmarks.jsonlines import Answer, run
from benchmarks.storeless import StorelessEngine
from telefonie.app import build_app
from telefonie.cli import address
from telefonie.cli.process import Server
from telefonie.dialects.telefonie.wording import TelefonieFace
from telefonie.settings import DEVELOPMENT_KEY, Settings


async def _storeless() -> ASGIApp:
    engine = StorelessEngine({"telefonie": TelefonieFace()}, DEVELOPMENT_KEY)
    await engine.start()
    return build_app(engine, Settings(), known_keys=True)


async def _bare() -> ASGIApp:
    return build_bare()


def _program(build: Callable[[], Awaitable[ASGIApp]]) -> None:
    logging.basicConfig(level=logging.WARNING)
    listening = address.take("127.0.0.1", 0)
    tasks: set[asyncio.Task[None]] = set()

    async def begin() -> Answer:
        ready = asyncio.Event()
        server = Server(await build(), ready.set)
        tasks.add(asyncio.create_task(server.serve(sockets=[listening])))
        await ready.wait()
        return {"port": listening.getsockname()[1]}

    async def reply(asked: dict[str, Any]) -> Answer:
        raise ValueError(asked)

    run(begin, reply)


if __name__ == "__main__":
    _program({"storeless": _storeless, "bare": _bare}[sys.argv[1]])
