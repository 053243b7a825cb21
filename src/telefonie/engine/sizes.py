"""The only module that knows how large a recording's file becomes, before anybody has rendered it."""

from __future__ import annotations

from typing import Final

from telefonie.engine.media import Form

_HEADER: Final = 44
_WIDTH: Final = 2
_FRAME: Final = 576  # samples in a frame of MP3
# Bytes of a frame, and how many frames there are beside those that the samples fill.
_MP3: Final = {8_000: (288, 3), 16_000: (360, 3)}
# A frame of 32 kbit/s is too small for the one that would tell the length.
_LEAN: Final = {(16_000, 1): (144, 2), (16_000, 2): (288, 3)}
_OGG_HEADER: Final = 3_600
_OGG_SECOND: Final = {1: 2_400, 2: 3_600}  # of speech with its pauses: an estimate


def size_of(form: Form, ms: int, channels: int, rate: int) -> int:
    """In bytes: exact for WAV and MP3; OGG takes more or less for what is heard, so there it is an estimate."""
    samples = ms * rate // 1_000
    match form:
        case Form.WAV:
            return _HEADER + samples * channels * _WIDTH
        case Form.MP3:
            return _frames(samples, *_MP3[rate])
        case Form.LEAN:
            return _frames(samples, *_LEAN.get((rate, channels), _MP3[rate]))
        case Form.OGG:
            return _OGG_HEADER + ms * _OGG_SECOND[channels] // 1_000


def _frames(samples: int, size: int, more: int) -> int:
    return size * (more - (-samples // _FRAME))
