"""The only module that plays out what a program says, frame by frame, and tells of it in pieces; pure."""

from collections import deque
from collections.abc import Callable, Iterator
from typing import Final

from telefonie.engine.streaming import BYTES_PER_SAMPLE, FRAME_MS, frame_bytes

_PIECE_FRAMES: Final = 500 // FRAME_MS
_PAUSE_FRAMES: Final = 200 // FRAME_MS  # so much silence ends a piece, and is not told
_MOST_MARKS: Final = 1024


class Spoken:
    """What waits to be heard, at most `backlog` frames, and what was heard but is not told yet."""

    def __init__(self, rate: int, backlog: int, tell: Callable[[int, bytes], None]) -> None:
        self._frame = frame_bytes(rate)
        self._silence = bytes(self._frame)
        self._most = backlog * self._frame
        self._tell = tell
        self._waiting = bytearray()
        self._came = 0  # bytes, since the beginning
        self._marks: deque[tuple[int, object]] = deque()  # with what had come before
        self._running = False
        self._held = False
        self._piece = bytearray()
        self._piece_at = 0
        self._pause = 0  # silent frames at the end of the piece

    def feed(self, pcm: bytes) -> int:
        """The program says this (half a sample at the end is none); how many bytes of it are too many."""
        length = len(pcm) // BYTES_PER_SAMPLE * BYTES_PER_SAMPLE
        kept = min(length, self._most - len(self._waiting))
        self._waiting += pcm if kept == len(pcm) else pcm[:kept]
        self._came += kept
        return length - kept

    def clear(self) -> None:
        """What waits will not be heard."""
        self._waiting.clear()
        self._end_run()

    def mark(self, payload: object) -> bool:
        """Remember to say when everything so far has been heard; whether there was room for it."""
        if len(self._marks) >= _MOST_MARKS:
            return False
        self._marks.append((self._came, payload))
        return True

    def due(self) -> Iterator[object]:
        """The marks before which everything has been heard or taken back. Asked where a frame has ended."""
        heard = self._came - len(self._waiting)
        while self._marks and self._marks[0][0] <= heard:
            yield self._marks.popleft()[1]

    @property
    def resting(self) -> bool:
        """Nothing waits, and no frame is being heard."""
        return not self._running and not self._waiting

    def play(self, at_ms: int) -> None:
        """The frame that is heard from this offset on."""
        frame = self._next()
        if frame is None:
            self._end_run()
        elif frame != self._silence:
            self._add(at_ms, frame)
            self._pause = 0
        elif self._piece:
            self._add(at_ms, frame)
            self._pause += 1
        if self._pause >= _PAUSE_FRAMES or len(self._piece) >= _PIECE_FRAMES * self._frame:
            self.tell()

    def tell(self) -> None:
        """Tell what was heard and has not been told."""
        if self._pause:
            del self._piece[-self._pause * self._frame :]
            self._pause = 0
        if self._piece:
            self._tell(self._piece_at, bytes(self._piece))
            self._piece.clear()

    def _next(self) -> bytes | None:
        """The next frame, if there is one; a run's last one is filled up with silence.

        A run begins with two frames in hand, or a frame later. Whoever sends a frame every 20 ms is never
        exactly on time, and without that bit of distance every delay would tear a hole into its sound.
        """
        waiting = len(self._waiting)
        if not self._running and not self._held and 0 < waiting < 2 * self._frame:
            self._held = True
            return None
        self._held = False
        if not waiting:
            return None
        self._running = True
        frame = bytes(self._waiting[: self._frame])
        del self._waiting[: self._frame]
        return frame if len(frame) == self._frame else frame.ljust(self._frame, b"\0")

    def _add(self, at_ms: int, frame: bytes) -> None:
        if not self._piece:
            self._piece_at = at_ms
        self._piece += frame

    def _end_run(self) -> None:
        self._running = False
        self.tell()
