"""The only module that puts messages on a connection and takes them off."""

import asyncio
import socket
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import ClientResponse, ClientWebSocketResponse, WSCloseCode, WSMsgType

# A program may say a minute in one go: at 24,000 samples a second that takes 2.9 MB.
MOST_MESSAGE: Final = 4 * 1024 * 1024
ENDS: Final = frozenset({WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR})
# What the system may keep of what a program has not read. Left to itself it would keep minutes of sound.
_KEPT_BY_SYSTEM: Final = 64 * 1024
_NEVER: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds a program is waited for."""

    stall: float = 10.0  # until it has read a frame, where time is moved by hand
    goodbye: float = 5.0  # until it says goodbye, too


class Wire(ClientWebSocketResponse):
    """A connection to a program that is written to without ever waiting for it."""

    def __init__(
        self, reader: Any, writer: Any, protocol: Any, response: ClientResponse, *more: Any, **named: Any
    ):
        super().__init__(reader, writer, protocol, response, *more, **named)
        connection = response.connection
        transport = connection.transport if connection is not None else None
        if transport is None:
            raise ConnectionResetError("the connection was lost")
        # Writing never waits: whoever does not read is cut off instead.
        transport.set_write_buffer_limits(high=_NEVER)
        self._pipe: Final = transport
        self.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _KEPT_BY_SYSTEM)

    @property
    def waiting(self) -> int:
        """How many bytes the system has not taken yet, since the program does not read."""
        return self._pipe.get_write_buffer_size()

    def put(self, message: str | bytes) -> None:
        """Send it; to a connection that is gone, nothing."""
        _at_once(self.send_str(message) if isinstance(message, str) else self.send_bytes(message))

    def put_ping(self, payload: bytes) -> None:
        _at_once(self.ping(payload))

    def put_pong(self, payload: bytes) -> None:
        _at_once(self.pong(payload))

    def cut(self) -> None:
        """No goodbye: the connection is gone."""
        self._pipe.abort()

    async def say_goodbye(self, seconds: float) -> None:
        """Close, and wait for the answer for so long."""
        try:
            async with asyncio.timeout(seconds):
                await self.close()
        except TimeoutError:
            self.cut()

    async def next(self) -> tuple[WSMsgType, Any, str]:
        """What comes next: its kind, its content, and the program's reason if it is the end."""
        message = await self.receive()
        return message.type, message.data, message.extra or ""


def _at_once(sending: Coroutine[Any, Any, None]) -> None:
    """Run it to its end, which it reaches without waiting, and save a task for each frame.

    It would wait after writing, for a connection that takes no more; this one always does.
    """
    try:
        sending.send(None)
    except StopIteration:
        pass
    except ConnectionError:
        pass  # whoever reads learns that it is lost


def why_ended(kind: WSMsgType, content: object, reason: str) -> str:
    """In which way the program, or the connection, came to the end that `next` has given."""
    if kind is WSMsgType.CLOSE:
        said = f"{content}, {reason}" if reason else f"{content}"
        return f"the program closed the connection ({said})"
    if kind is WSMsgType.ERROR and getattr(content, "code", None) == WSCloseCode.MESSAGE_TOO_BIG:
        return f"the program sent a message of more than {MOST_MESSAGE >> 20} MiB"
    if kind is WSMsgType.ERROR:
        return "the program broke the rules of the connection"
    return "the connection was lost"
