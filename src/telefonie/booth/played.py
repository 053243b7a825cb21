"""The only module that reads files that were played, for recordings: one channel, at the rate of the recording."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
import soundfile
import soxr

from telefonie.booth.kinds import LONGEST_MS, MOST_VALUES, RAW_RATE, READ, Raw, raw_kind
from telefonie.booth.sound import Samples, Wrong
from telefonie.core.score import File

_WIDTH: Final = 2  # bytes of a sample
_FULL: Final = 32767
_SECONDS: Final = 60
_STRANGE: Final = "A file that was played cannot be read any more."


class Played:
    """A file, unpacked to a place of ours on the disk as far as it is heard, and heard again and again."""

    def __init__(self, path: Path, file: File, rate: int, most: int) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - held as long as this is; nameless, so that it dies with us
        try:
            frames, of = self._unpack(path, file, rate, most)
        except (
            soundfile.SoundFileError,
            MemoryError,
            OverflowError,
            ValueError,
            RuntimeError,
            OSError,
        ) as error:
            self._file.close()
            raise Wrong(_STRANGE) from error
        there = self._file.tell() // _WIDTH
        # It comes again after the whole milliseconds that it was measured to play.
        self._length = min(there, frames * 1000 // of * rate // 1000)
        if not self._length:
            self._file.close()
            raise Wrong(_STRANGE)

    def at(self, start: int, count: int) -> Samples:
        """So many samples from there."""
        pieces: list[Samples] = []
        while count:
            place = start % self._length
            self._file.seek(place * _WIDTH)
            some = np.frombuffer(self._file.read(min(count, self._length - place) * _WIDTH), np.int16)
            pieces.append(some)
            start += len(some)
            count -= len(some)
        return np.concatenate(pieces) if pieces else np.zeros(0, np.int16)

    def close(self) -> None:
        self._file.close()

    def _unpack(self, path: Path, file: File, rate: int, most: int) -> tuple[int, int]:
        """How many frames there were in it, a second of how many."""
        kind = file.content_type.partition(";")[0].strip().lower()
        # Unbuffered: the library goes on where the descriptor stands.
        with path.open("rb", buffering=0) as data, _opened(data, raw_kind(data, kind, file.key)) as sound:
            of: int = sound.samplerate
            flow = soxr.ResampleStream(of, rate, 1, dtype="float32")
            frames = 0
            for piece in _pieces(sound, of * min(LONGEST_MS, most * 1000 // rate + 1000) // 1000):
                frames += len(piece)
                self._write(flow.resample_chunk(piece))
            self._write(flow.resample_chunk(np.zeros(0, np.float32), last=True))
        self._file.flush()
        return frames, of

    def _write(self, wave: "np.ndarray[tuple[int], np.dtype[np.float32]]") -> None:
        self._file.write(np.rint(np.clip(wave, -1.0, 1.0) * _FULL).astype(np.int16).tobytes())


def _opened(file: BinaryIO, raw: Raw | None) -> soundfile.SoundFile:
    # A descriptor, since by a name the library would look at neighbouring files as well.
    if raw is not None:
        return soundfile.SoundFile(
            file.fileno(), samplerate=RAW_RATE, channels=1, format="RAW", subtype=raw[0], closefd=False
        )
    sound = soundfile.SoundFile(file.fileno(), closefd=False)
    if sound.format not in READ:
        sound.close()
        raise ValueError(_STRANGE)
    return sound


def _pieces(
    sound: soundfile.SoundFile, most: int
) -> Iterator["np.ndarray[tuple[int], np.dtype[np.float32]]"]:
    """What can be read of it, its channels made one."""
    # Little at once even of a file that says to have few samples in a second, as more are made of them.
    step = max(1, min(MOST_VALUES // sound.channels // 4, sound.samplerate * _SECONDS))
    while most > 0:
        try:
            some = sound.read(min(step, most), "float32", always_2d=True)
        except soundfile.SoundFileError:
            return  # torn off here; what came before it was played
        if not len(some):
            return
        most -= len(some)
        yield np.nan_to_num(some.mean(axis=1))
