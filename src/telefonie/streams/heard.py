"""The only module that knows what a program will hear: sounds on a score, cut into frames; pure."""

from dataclasses import dataclass

from telefonie.engine.streaming import BYTES_PER_SAMPLE, frame_bytes
from telefonie.streams.mixing import mixed


@dataclass(slots=True)
class _Sound:
    """A sound and its place in the stream, in bytes."""

    start: int
    end: int
    pcm: bytes
    track: str

    def within(self, start: int, end: int) -> bytes:
        """What of it sounds in this stretch, which it touches; silence where it does not reach."""
        if self.start <= start and self.end >= end:
            return self.pcm[start - self.start : end - self.start]
        before = max(0, self.start - start)
        piece = self.pcm[max(0, start - self.start) : min(self.end, end) - self.start]
        return (bytes(before) + piece).ljust(end - start, b"\0")


class Heard:
    """What is to be heard from here on. Frames are taken in their order, and what was taken is gone."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._frame = frame_bytes(rate)
        self._at = 0
        self._sounds: list[_Sound] = []

    def put(self, at_ms: int, pcm: bytes, track: str) -> None:
        """Sound from that offset on; what lies before the next frame is lost."""
        start = self._place(at_ms)
        end = start + len(pcm) // BYTES_PER_SAMPLE * BYTES_PER_SAMPLE
        if end > max(start, self._at):
            self._sounds.append(_Sound(start, end, pcm, track))

    def cut(self, at_ms: int, track: str | None = None) -> None:
        """Nothing from that offset on, of this track or of all."""
        place = self._place(at_ms)
        for sound in self._sounds:
            if track is None or sound.track == track:
                sound.end = min(sound.end, place)
        self._drop_past()

    def frame(self) -> bytes | None:
        """The next frame; None is silence."""
        start = self._at
        self._at = end = start + self._frame
        if not self._sounds:
            return None
        voices = [
            sound.within(start, end) for sound in self._sounds if sound.start < end and sound.end > start
        ]
        self._drop_past()
        if len(voices) > 1:
            return mixed(voices)
        return voices[0] if voices else None

    def _drop_past(self) -> None:
        if any(sound.end <= max(sound.start, self._at) for sound in self._sounds):
            self._sounds = [each for each in self._sounds if each.end > max(each.start, self._at)]

    def _place(self, at_ms: int) -> int:
        return at_ms * self._rate // 1000 * BYTES_PER_SAMPLE
