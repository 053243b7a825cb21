"""The only module that posts the bodies of callbacks without a server around it: the bar for delivering them.

A program of its own (`python -m benchmarks.poster`): a bare loop over the HTTP client that the server's
postman uses, and, for comparison, over the postman itself (who signs, guards and takes receipts).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Final

import aiohttp

from benchmarks.jsonlines import Answer, run
from telefonie.core import calls
from telefonie.core.call import Direction, Order
from telefonie.core.commands import Wake
from telefonie.core.derive import report_id
from telefonie.dialects.telefonie.letters import TelefonieFace
from telefonie.dialects.telefonie.wishes import USUAL
from telefonie.engine.doorman import Seal
from telefonie.engine.letters import Letter
from telefonie.engine.seeds import seeded
from telefonie.reach import Guard
from telefonie.web.links import Links
from telefonie.webhooks import HttpPostman

AT_ONCE: Final = 64  # as many as the server has under way to one customer
_SECRETS: Final = ("whsec_dGhpcnR5LXR3byBieXRlcyBmb3IgYSBiZW5jaG1hcms=",)
_HEADERS: Final = {"Content-Type": "application/json"}
Send = Callable[[Letter], Awaitable[None]]


def letters(url: str, count: int) -> list[Letter]:
    """What the server would post about a quarter as many calls, in the order in which it comes about."""
    face = TelefonieFace(Links(Seal(secret=b"bench"), "http://127.0.0.1:8080"))
    found = []
    for n in range(count // 4):
        call_id = seeded("bench", n)
        order = Order(
            Direction.OUTBOUND,
            "+31201234567",
            f"+3120{2_000_000 + n}",
            "0.0140",
            "USD",
            None,
            "POST",
            None,
            url,
            USUAL,
        )
        placed = calls.place(call_id, call_id, "telefonie", order, 1_800_000_000_000)
        lived = calls.apply(placed.call, Wake(), 1_800_000_060_000)
        for notice in (*placed.effects, *lived.effects):
            event_id = report_id(call_id, notice.sequence)
            body = face.report(notice, event_id).body
            found.append(Letter(event_id, call_id, "POST", url, body, _SECRETS))
    return found


async def _drain(waiting: Iterator[Letter], send: Send) -> None:
    for letter in waiting:
        await send(letter)


async def _all(found: list[Letter], send: Send) -> float:
    waiting = iter(found)
    began = time.perf_counter()
    await asyncio.gather(*(_drain(waiting, send) for _ in range(AT_ONCE)))
    return time.perf_counter() - began


async def _barely(found: list[Letter]) -> float:
    connector = aiohttp.TCPConnector(limit=AT_ONCE)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:

        async def send(letter: Letter) -> None:
            async with session.post(letter.url, data=letter.body.encode(), headers=_HEADERS) as answer:
                await answer.read()
                if answer.status != 200:
                    raise RuntimeError(f"the receiver answered {answer.status}")

        return await _all(found, send)


async def _by_postman(found: list[Letter]) -> float:
    postman = HttpPostman(Guard(allow_private=True), "Telefonie/bench", connections=AT_ONCE)

    async def send(letter: Letter) -> None:
        receipt = await postman.send(letter)
        if receipt.status != 200:
            raise RuntimeError(f"the receiver answered {receipt.status} {receipt.message}")

    try:
        return await _all(found, send)
    finally:
        await postman.close()


async def _begin() -> Answer:
    return {"ready": True}


async def _reply(asked: dict[str, Any]) -> Answer:
    found = letters(asked["url"], asked["count"])
    seconds = await (_by_postman if asked["postman"] else _barely)(found)
    return {"rate": len(found) / seconds}


if __name__ == "__main__":
    run(_begin, _reply)
