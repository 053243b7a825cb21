"""The only module that lets an application be asked from another loop: its work is done where its engine lives."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Bridge:
    """An ASGI application for any loop, before one that belongs to its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._home = asyncio.get_running_loop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise NotImplementedError("whoever made the application starts and stops it")
        work = asyncio.run_coroutine_threadsafe(self._answer(scope, await _whole(receive)), self._home)
        for message in await asyncio.wrap_future(work):
            await send(message)

    async def _answer(self, scope: Scope, body: bytes) -> list[Message]:
        said: list[Message] = []
        given: Iterator[Message] = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def receive() -> Message:
            for message in given:
                return message
            await asyncio.Event().wait()  # nobody leaves before the answer
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            said.append(message)

        await self._app(scope, receive, send)
        return said


async def _whole(receive: Receive) -> bytes:
    chunks: list[bytes] = []
    more = True
    while more:
        message = await receive()
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(chunks)
