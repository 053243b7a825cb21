"""The only module that speaks: eSpeak NG, each utterance in a process that begins as every other did.

The engine carries something over from one utterance to the next, and there are texts that break it. A fork that
speaks once and is gone makes the same words the same bytes, and takes only its own utterance with it.
"""

import ctypes
import os
from collections.abc import Callable, Collection
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import espeakng_loader
import numpy as np

from telefonie.booth.fitting import AIM, fits, trimmed
from telefonie.booth.limits import stay_short
from telefonie.booth.sound import Samples, Wrong

RATE: Final = 22050
_SLOWEST, _FASTEST = 80, 1200  # words a minute
_PER_CHARACTER: Final = (
    10.2  # so many of them for each character a second fit most sentences of most languages
)
_TRIES: Final = 2  # more than that a voice is stretched, not asked again
_MOST_BYTES: Final = 2 * RATE * 300  # of one utterance, at whatever rate
_PROCESSOR_SECONDS: Final = 20
_SYNCHRONOUS: Final = 2
_NO_EXIT: Final = 0x8000  # it would end the process when its data are missing
_UTF8: Final = 1
_SPEED: Final = 1
_HEARD: Final = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class _Voice(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_char_p),
        ("identifier", ctypes.c_char_p),
        ("rest", ctypes.c_ubyte * 4),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


class Speech:
    """The engine, loaded once and never used here: only its forks speak."""

    def __init__(self) -> None:
        self._said = bytearray()
        self._ear = _HEARD(self._hear)  # held, as the library holds only its address

    @cached_property
    def voices(self) -> Collection[str]:
        """The names of those it has."""
        listed = self._library.espeak_ListVoices(None)
        names = set()
        for entry in listed:
            if not entry:
                break
            names.add(entry.contents.identifier.decode().rpartition("/")[2].lower())
        return frozenset(names)

    def say(self, text: str, voice: str, seconds: float) -> Samples:
        """The words in about this time, without silence around them; nothing when there is nothing to say."""
        library = self._library
        said = _alone(lambda: self._spoken(library, text, voice, seconds))
        if said is None:
            raise Wrong(f"The speech engine breaks down when it is to say {text[:60]!r}.")
        return np.frombuffer(said, np.int16)

    @cached_property
    def _library(self) -> Any:
        try:
            library = ctypes.CDLL(espeakng_loader.get_library_path())
            # It fails where the path to its data is long, so that we go there.
            os.chdir(Path(espeakng_loader.get_data_path()).parent)
            rate = library.espeak_Initialize(_SYNCHRONOUS, 0, b".", _NO_EXIT)
        except OSError as error:
            raise Wrong("There is no speech engine here.") from error
        if rate != RATE:
            raise Wrong("The speech engine does not start.")
        library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))
        library.espeak_SetSynthCallback(self._ear)
        return library

    def _spoken(self, library: Any, text: str, voice: str, seconds: float) -> bytes:
        """The words at the rate that fits best; where none does, at the nearest."""
        if library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise OSError(voice)
        written, count = text.encode("utf-8", "ignore"), int(seconds * RATE)
        rate = _possible(_PER_CHARACTER * len(text) / seconds)
        said = trimmed(self._utter(library, written, rate))
        for _ in range(_TRIES):
            better = _possible(rate * len(said) / (AIM * count + 1))
            if fits(len(said), count) or better == rate:
                break
            rate = better
            said = trimmed(self._utter(library, written, rate))
        return said.tobytes()

    def _utter(self, library: Any, text: bytes, rate: int) -> Samples:
        self._said.clear()
        library.espeak_SetParameter(_SPEED, rate, 0)
        if library.espeak_Synth(text, len(text) + 1, 0, 1, 0, _UTF8, None, None) != 0:
            raise OSError(text)
        return np.frombuffer(bytes(self._said), np.int16)

    def _hear(self, wave: Any, count: int, _events: Any) -> int:
        if wave and count > 0:
            self._said += ctypes.string_at(wave, 2 * count)
        return int(len(self._said) > _MOST_BYTES)  # 1: it may stop


def _possible(rate: float) -> int:
    return round(min(max(rate, _SLOWEST), _FASTEST))


def _alone(work: Callable[[], bytes]) -> bytes | None:
    """What a copy of this process makes of it; None when it came to grief."""
    outlet, inlet = os.pipe()
    child = os.fork()
    if not child:
        _in_the_copy(work, inlet)
    os.close(inlet)
    with os.fdopen(outlet, "rb") as heard:
        said = heard.read()
    _, status = os.waitpid(child, 0)
    return said if status == 0 else None


def _in_the_copy(work: Callable[[], bytes], inlet: int) -> None:
    status = 1
    try:
        stay_short(_PROCESSOR_SECONDS)
        with os.fdopen(inlet, "wb") as out:
            out.write(work())
        status = 0
    finally:
        os._exit(status)
