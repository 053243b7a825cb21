"""The only module that keeps lines to programs without a server around it, and the bars for doing so.

A program of its own (`python -m benchmarks.lines`): our sockets; a loop for each line that sends and sleeps,
over the same client; the same frames sent as fast as they go; and a timer that sends nothing.
"""

from __future__ import annotations

import asyncio
import gc
import time
from typing import Any, Final

import aiohttp

from benchmarks.jsonlines import Answer, run
from benchmarks.lateness import Lateness
from telefonie.dialects.vonage.socket import ProgramCodec
from telefonie.engine.streaming import REAL, frame_bytes
from telefonie.reach import Guard
from telefonie.streams import ProgramSockets

_RATE: Final = 16_000
_PERIOD: Final = 20_000_000
_SENTENCE: Final = (b"\x10\x20" * (frame_bytes(_RATE) // 2)) * 100


class Ear:
    """Whoever is told what programs say."""

    def __init__(self) -> None:
        self.said_ms = 0.0

    def said(self, _at_ms: int, pcm: bytes) -> None:
        self.said_ms += len(pcm) / frame_bytes(_RATE) * 20

    def dropped(self, at_ms: int) -> None:
        raise RuntimeError(f"a program was too far ahead after {at_ms} ms")

    def closed(self, _at_ms: int, why: str) -> None:
        raise RuntimeError(why)


def _codec(url: str) -> ProgramCodec:
    return ProgramCodec(url, _RATE, {}, None, lambda: "")


async def _ours(url: str, legs: int, seconds: float) -> Answer:
    """In one of every two seconds each line has something to hear, and of that two voices half of the time."""
    lateness = Lateness()
    sockets = ProgramSockets(Guard(allow_private=True), "Telefonie/bench", late=lateness.add)
    ear = Ear()
    lines = await asyncio.gather(*(sockets.open(_codec(url), ear, REAL) for _ in range(legs)))
    for line in lines:
        line.begin()
        for at in range(0, round(seconds * 1000) + 2000, 4000):
            line.hear(at, _SENTENCE[: len(_SENTENCE) // 2])
            line.hear(at + 2000, _SENTENCE[: len(_SENTENCE) // 2])
            line.hear(at + 2500, _SENTENCE[: len(_SENTENCE) // 4], "other")
    await asyncio.sleep(0.5)
    lateness.clear()
    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.sleep(seconds)
    took, used = time.perf_counter() - began, time.process_time() - cpu
    answer = _told(lateness, took, used) | {"said": ear.said_ms / 1000}
    await sockets.close()
    return answer


async def _sleeping(url: str, legs: int, seconds: float) -> Answer:
    """What one writes first: for each line a task that sends a frame and sleeps until the next is due."""
    lateness = Lateness()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        sockets = [await session.ws_connect(url, compress=0) for _ in range(legs)]
        frame = bytes(frame_bytes(_RATE))

        async def line(n: int, socket: aiohttp.ClientWebSocketResponse) -> None:
            due = time.monotonic_ns() + _PERIOD * n // legs
            while True:
                await asyncio.sleep(max(0, due - time.monotonic_ns()) / 1e9)
                await socket.send_bytes(frame)
                lateness.add((time.monotonic_ns() - due) / 1e9)
                due += _PERIOD

        async def listen(socket: aiohttp.ClientWebSocketResponse) -> None:
            async for _ in socket:
                pass

        tasks = [asyncio.create_task(line(n, socket)) for n, socket in enumerate(sockets)]
        tasks += [asyncio.create_task(listen(socket)) for socket in sockets]
        await asyncio.sleep(0.5)
        lateness.clear()
        began, cpu = time.perf_counter(), time.process_time()
        await asyncio.sleep(seconds)
        took, used = time.perf_counter() - began, time.process_time() - cpu
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for socket in sockets:
            await socket.close()
    return _told(lateness, took, used)


async def _flooding(url: str, legs: int, seconds: float) -> Answer:
    """No pace at all: what a frame costs at least."""
    count = 0
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        sockets = [await session.ws_connect(url, compress=0) for _ in range(legs)]
        frame = bytes(frame_bytes(_RATE))
        began, cpu = time.perf_counter(), time.process_time()
        while time.perf_counter() - began < seconds:
            for socket in sockets:
                await socket.send_bytes(frame)
            count += legs
            await asyncio.sleep(0)
        took, used = time.perf_counter() - began, time.process_time() - cpu
        for socket in sockets:
            await socket.close()
    return {"frames": count, "seconds": took, "cpu": used}


async def _timing(_url: str, _legs: int, seconds: float) -> Answer:
    """Nothing but the timer: how late this machine wakes a process that asks for it 500 times a second."""
    loop, lateness, over = asyncio.get_running_loop(), Lateness(), asyncio.Event()
    due = began = time.monotonic_ns()

    def ring() -> None:
        nonlocal due
        now = time.monotonic_ns()
        while due <= now:
            lateness.add((now - due) / 1e9)
            due += _PERIOD // 10
        if now - began > seconds * 1e9:
            over.set()
        else:
            loop.call_later((due - now) / 1e9, ring)

    cpu = time.process_time()
    ring()
    await over.wait()
    return _told(lateness, seconds, time.process_time() - cpu)


def _told(lateness: Lateness, took: float, used: float) -> Answer:
    late = {name: lateness.quantile(share) for name, share in (("p50", 0.5), ("p99", 0.99))}
    late["max"] = lateness.worst * 1000
    return {"frames": lateness.count, "seconds": took, "cpu": used, "late": late}


_WAYS: Final = {"ours": _ours, "sleeping": _sleeping, "flooding": _flooding, "timer": _timing}


async def _begin() -> Answer:
    gc.collect()
    gc.freeze()  # as the server does when it is up
    return {"ready": True}


async def _reply(asked: dict[str, Any]) -> Answer:
    return await _WAYS[asked["way"]](asked["url"], asked["legs"], asked["seconds"])


if __name__ == "__main__":
    run(_begin, _reply)
