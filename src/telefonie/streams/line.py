"""The only module that leads one conversation with a program: what it hears, and what is heard of it."""

from __future__ import annotations

import asyncio
import heapq
import logging
from collections.abc import Callable
from typing import Final

from aiohttp import WSMsgType

from telefonie.engine.streaming import FRAME_MS, Codec, Listener, Pace, frame_bytes
from telefonie.streams.heard import Heard
from telefonie.streams.talk import Talk
from telefonie.streams.ticker import Ticker
from telefonie.streams.wire import ENDS, Patience, Wire, why_ended

_MOST_WAITING_MS: Final = 5_000  # of sound that a program does not read, beside what the system keeps for it
_PERIOD: Final = FRAME_MS * 1_000_000
# On a line moved by hand each frame is followed by a ping, and its pong says that the program has read it:
# what comes before was said by then. So many frames may be under way; more would only blur who was first.
_WINDOW: Final = 10
# Before any frame a ping of its own: what the program says to what it was told while time stood still is said
# at the moment at which it stood.
_NOW: Final = b"now"
_MOST_UNPLACED: Final = 4 << 20  # bytes
_DEAF: Final = "the program does not read what it is sent"
_LOG: Final = logging.getLogger(__name__)


class OpenLine:
    """A line (`engine.streaming.Line`) on the loop that it was opened on."""

    def __init__(
        self,
        wire: Wire,
        codec: Codec,
        listener: Listener,
        ticker: Ticker,
        pace: Pace,
        patience: Patience,
    ) -> None:
        self._wire = wire
        self._codec = codec
        self._listener = listener
        self._ticker = ticker
        self._pace = pace
        self._patience = patience
        self._heard = Heard(codec.rate)
        self._silence = bytes(frame_bytes(codec.rate))
        self._most_waiting = _MOST_WAITING_MS // FRAME_MS * frame_bytes(codec.rate)
        self._keys: list[tuple[int, int, str, int]] = []  # offset, order, digit, length
        self._keys_ever = 0
        self._sent = 0  # frames
        # Moved by hand, its frames that were played are those that the program is known to have read.
        self._talk = Talk(codec, listener, wire.put)
        self._begun = False
        self._ended = False
        self._leave: Callable[[], None] | None = None
        self._moved = asyncio.Event()
        self._goal = 0
        self._present = False
        self._unplaced: list[str | bytes] = []  # what the program has sent since the last pong
        self._unplaced_size = 0
        self._turn = asyncio.Lock()
        self._goodbye: asyncio.Task[None] | None = None

    @property
    def at_ms(self) -> int:
        return self._sent * FRAME_MS

    def begin(self) -> None:
        self._begun = True
        self._send_keys()
        self._set_off()

    def hear(self, at_ms: int, pcm: bytes, track: str = "") -> None:
        self._heard.put(at_ms, pcm, track)

    def cut(self, at_ms: int, track: str | None = None) -> None:
        self._heard.cut(at_ms, track)

    def key(self, at_ms: int, digit: str, ms: int) -> None:
        heapq.heappush(self._keys, (at_ms, self._keys_ever, digit, ms))
        self._keys_ever += 1
        self._send_keys()

    def set_pace(self, pace: Pace) -> None:
        self._stand_still()
        self._pass(self._sent)
        self._pace = pace
        self._moved.set()
        self._set_off()

    async def run_to(self, at_ms: int) -> None:
        async with self._turn:
            await self._run_to(at_ms // FRAME_MS)
        if not self._ended:
            self._talk.tell()

    async def close(self) -> None:
        if self._ended:
            return
        self._end()
        for message in self._codec.closing():
            self._wire.put(message)
        self._goodbye = asyncio.create_task(self._wire.say_goodbye(self._patience.goodbye))

    async def listen(self) -> None:
        """Take what the program sends, until the connection is closed."""
        try:
            await self._listen()
        except Exception:  # noqa: BLE001 - whatever it is, it is this line's alone
            _LOG.exception("a line to a program broke")
            self._break()
        if self._goodbye is not None:
            await self._goodbye

    # --- what the program hears

    def _set_off(self) -> None:
        if self._begun and not self._ended and not self._pace.by_hand and self._leave is None:
            self._leave = self._ticker.join(self._tick, round(_PERIOD / self._pace.speed))

    def _stand_still(self) -> None:
        if self._leave is not None:
            self._leave()
            self._leave = None

    def _tick(self) -> None:
        """A frame each way, in real time."""
        try:
            self._send()
            if not self._ended:
                self._talk.play()
        except Exception:  # noqa: BLE001 - whatever it is, the other lines go on
            _LOG.exception("a line to a program broke")
            self._break()

    def _send(self) -> None:
        self._send_keys()
        self._wire.put(self._codec.frame(self._heard.frame() or self._silence))
        self._sent += 1
        if self._wire.waiting > self._most_waiting:
            self._hang_up(_DEAF)

    def _send_keys(self) -> None:
        while self._keys and self._keys[0][0] <= self.at_ms and self._begun and not self._ended:
            _, _, digit, ms = heapq.heappop(self._keys)
            message = self._codec.key(digit, ms)
            if message is not None:
                self._wire.put(message)

    async def _run_to(self, target: int) -> None:
        self._present = False
        try:
            async with asyncio.timeout(self._patience.stall) as patience:
                while self._talk.played < target and self._begun and self._pace.by_hand and not self._ended:
                    self._send_window(target)
                    await self._moved.wait()
                    patience.reschedule(asyncio.get_running_loop().time() + self._patience.stall)
        except TimeoutError:
            self._hang_up(_DEAF)

    def _send_window(self, target: int) -> None:
        if not self._present:
            self._wire.put_ping(_NOW)
        while self._present and self._sent < min(target, self._talk.played + _WINDOW) and not self._ended:
            self._send()
            self._wire.put_ping(self._sent.to_bytes(4))
        # Not woken for each frame: half a window of them is sent at once.
        self._goal = min(target, self._sent - _WINDOW // 2)
        if not self._ended:
            self._moved.clear()

    # --- what the program sends

    async def _listen(self) -> None:
        while True:
            kind, content, reason = await self._wire.next()
            if kind in (WSMsgType.BINARY, WSMsgType.TEXT):
                self._take(content)
            elif kind is WSMsgType.PONG:
                self._take_pong(content)
            elif kind is WSMsgType.PING:
                self._wire.put_pong(content)
            elif kind in ENDS:
                self._lose(why_ended(kind, content, reason))
                return

    def _take(self, message: str | bytes) -> None:
        """At once, or on a line moved by hand once a pong has said how much the program had read by then."""
        if self._ended:
            return
        if self._sent == self._talk.played or self._unplaced_size > _MOST_UNPLACED:
            self._talk.take(message)
        else:
            self._unplaced.append(message)
            self._unplaced_size += len(message)

    def _take_pong(self, payload: bytes) -> None:
        if not self._pace.by_hand or self._ended:
            return
        if payload == _NOW:
            self._present = True
            self._moved.set()
        elif len(payload) == 4:
            self._pass(min(int.from_bytes(payload), self._sent))
            if self._talk.played >= self._goal:
                self._moved.set()

    def _pass(self, frames: int) -> None:
        """So many frames are over, and what the program has sent by now it said at the end of them."""
        while self._talk.played < frames and not self._ended:
            self._talk.play()
        unplaced, self._unplaced = self._unplaced, []
        self._unplaced_size = 0
        for message in unplaced:
            self._talk.take(message)

    # --- the end

    def _end(self) -> None:
        self._ended = True
        self._stand_still()
        self._talk.tell()
        self._moved.set()
        if self._talk.dropped_ms:
            _LOG.info(
                "a program was so far ahead that %d ms of what it said were not heard", self._talk.dropped_ms
            )

    def _lose(self, why: str) -> None:
        """The program has gone."""
        if not self._ended:
            self._end()
            self._listener.closed(self._talk.at_ms, why)

    def _hang_up(self, why: str) -> None:
        """The program is not worth a goodbye."""
        self._wire.cut()
        self._lose(why)

    def _break(self) -> None:
        self._hang_up("the line broke; the log of the server says why")
