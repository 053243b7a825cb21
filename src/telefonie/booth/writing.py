"""The only module that writes recordings down: WAV to the byte, MP3 and OGG as small as speech may be."""

import struct
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self

import numpy as np
import soundfile

from telefonie.booth.sound import Samples, Wrong

_WIDTH: Final = 2
_HEADER: Final = 44
_MOST: Final = (1 << 32) - 1
# A step between the best and the smallest that comes out as 32 kbit/s for telephone speech, and as 80 at 16 kHz.
_STEP: Final = 0.5
# At 16 kHz there are 8 to 160 kbit/s. A frame of 32 is too small to tell players how long the encoder takes: they hear
# everything 69 ms later.
_LEAN_STEPS: Final = {(16_000, 1): (160 - 32) / 152, (16_000, 2): (160 - 64) / 152}
_OGG_STEP: Final = 0.5
_FULL: Final = np.float32(32768)


class Sheet(AbstractContextManager["Sheet"], Protocol):
    """A file that is being written: frames of all channels, one after the other."""

    def write(self, frames: Samples) -> None: ...


class Wave:
    """RIFF with plain samples; how long it becomes is known before."""

    def __init__(self, path: Path, frames: int, channels: int, rate: int) -> None:
        size = frames * channels * _WIDTH
        if size + _HEADER > _MOST:
            raise Wrong("The recording is too long for a WAV file.")
        self._file = path.open("wb")
        head = struct.pack("<4sI4s", b"RIFF", size + _HEADER - 8, b"WAVE")
        kind = struct.pack(
            "<4sIHHIIHH", b"fmt ", 16, 1, channels, rate, rate * channels * _WIDTH, channels * _WIDTH, 16
        )
        self._file.write(head + kind + struct.pack("<4sI", b"data", size))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, frames: Samples) -> None:
        self._file.write(frames.astype("<i2", copy=False).tobytes())


class Packed:
    """What the library writes."""

    def __init__(self, file: soundfile.SoundFile) -> None:
        self._file = file

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, frames: Samples) -> None:
        # Of two channels in whole numbers the library (1.2.2) makes something else.
        self._file.write(frames.astype(np.float32) / _FULL)


def sheet(form: str, path: Path, frames: int, channels: int, rate: int) -> Sheet:
    """A new file of this form."""
    if form == "wav":
        return Wave(path, frames, channels, rate)
    if form == "ogg":
        return Packed(_ogg(path, channels, rate))
    return Packed(
        _mp3(path, channels, rate, _STEP if form == "mp3" else _LEAN_STEPS.get((rate, channels), _STEP))
    )


def _mp3(path: Path, channels: int, rate: int, step: float) -> soundfile.SoundFile:
    """At a constant rate."""
    return soundfile.SoundFile(
        str(path),
        "w",
        rate,
        channels,
        "MPEG_LAYER_III",
        format="MP3",
        bitrate_mode="CONSTANT",
        compression_level=step,
    )


def _ogg(path: Path, channels: int, rate: int) -> soundfile.SoundFile:
    """Vorbis, whose rate follows from what is heard."""
    return soundfile.SoundFile(
        str(path), "w", rate, channels, "VORBIS", format="OGG", compression_level=_OGG_STEP
    )
