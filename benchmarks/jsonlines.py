"""The only module through which our helper processes are asked and answer: one JSON object a line."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any, Final

import uvloop

Answer = dict[str, Any]
_LONGEST: Final = 1 << 26


def say(answer: Answer) -> None:
    """One line."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


async def _serve(
    begin: Callable[[], Awaitable[Answer]], reply: Callable[[Answer], Awaitable[Answer]]
) -> None:
    reader = asyncio.StreamReader(limit=_LONGEST)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    say(await begin())
    while line := await reader.readline():
        try:
            say(await reply(json.loads(line)))
        except Exception as failed:  # noqa: BLE001 - told to the one who asked
            say({"error": f"{type(failed).__name__}: {failed}"})


def run(begin: Callable[[], Awaitable[Answer]], reply: Callable[[Answer], Awaitable[Answer]]) -> None:
    """Until the input ends, and with it the benchmark. On the same kind of loop as the server's."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(begin, reply))
