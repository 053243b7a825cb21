"""The only module that does as the program says: lets it be heard, takes back, answers marks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from telefonie.engine.streaming import BYTES_PER_SAMPLE, FRAME_MS, Clear, Codec, Listener, Mark, Said
from telefonie.streams.spoken import Spoken

_TEXTS_A_SECOND: Final = 50
_TEXTS_AT_ONCE: Final = 100.0


class Talk:
    """The program's side of a line. `put` sends it a message."""

    def __init__(self, codec: Codec, listener: Listener, put: Callable[[str | bytes], None]) -> None:
        self.played = 0  # frames
        self._codec = codec
        self._listener = listener
        self._put = put
        self._spoken = Spoken(codec.rate, codec.backlog, listener.said)
        self._texts = _TEXTS_AT_ONCE
        self._dropped = 0  # bytes

    @property
    def at_ms(self) -> int:
        return self.played * FRAME_MS

    @property
    def dropped_ms(self) -> int:
        """How much of what was said did not even wait to be heard."""
        return self._dropped // BYTES_PER_SAMPLE * 1000 // self._codec.rate

    def take(self, message: str | bytes) -> None:
        """The program sent this. Of text, which costs us more than it costs the program, only so much."""
        if isinstance(message, str):
            if self._texts < 1:
                return
            self._texts -= 1
        wish = self._codec.read(message)
        match wish:
            case Said():
                self._feed(wish.pcm)
            case Clear():
                self._clear()
            case Mark():
                self._mark(wish.payload)
            case None:
                pass

    def play(self) -> None:
        """A frame has been heard, and the next begins."""
        self._answer_marks()
        self._spoken.play(self.at_ms)
        self.played += 1
        self._texts = min(self._texts + _TEXTS_A_SECOND * FRAME_MS / 1000, _TEXTS_AT_ONCE)

    def tell(self) -> None:
        """Tell what was heard so far."""
        self._spoken.tell()

    def _feed(self, pcm: bytes) -> None:
        dropped = self._spoken.feed(pcm)
        if dropped and not self._dropped:
            self._listener.dropped(self.at_ms)
        self._dropped += dropped

    def _clear(self) -> None:
        self._spoken.clear()
        self._answer(self._codec.cleared())
        self._answer_marks()

    def _mark(self, payload: object) -> None:
        if self._spoken.mark(payload) and self._spoken.resting:
            self._answer_marks()

    def _answer_marks(self) -> None:
        for payload in self._spoken.due():
            self._answer(self._codec.marked(payload))

    def _answer(self, message: str | bytes | None) -> None:
        if message is not None:
            self._put(message)
