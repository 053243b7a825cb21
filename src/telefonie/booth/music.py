"""The only module that makes the music on hold: a quiet tune of our own, the same every time."""

from functools import lru_cache
from typing import Final

import numpy as np

from telefonie.booth.sound import Samples

BAR_MS: Final = 2400
_STEPS: Final = 8  # of a bar
_LEVEL: Final = 0.16
_FULL: Final = 32767
_RING_SECONDS: Final = 1.6  # how long a string is heard
_FADE: Final = 3.2  # how fast it grows quiet
_OVERTONES: Final = ((1, 1.0), (2, 0.35), (3, 0.12))
# A chord for each bar (C, Am, F, G, C, Em, F, G), in half tones above middle C; each is broken up and down.
_CHORDS: Final = (
    (0, 4, 7, 12),
    (-3, 0, 4, 9),
    (-7, 0, 5, 9),
    (-5, -1, 2, 7),
    (0, 4, 7, 12),
    (-8, -1, 4, 7),
    (-7, -3, 0, 5),
    (-5, 2, 5, 11),
)
_BROKEN: Final = (0, 1, 2, 3, 2, 3, 1, 2)
_MIDDLE_C: Final = 261.6256


@lru_cache(maxsize=2)
def tune(rate: int) -> Samples:
    """All of it, once; its end fades into its beginning."""
    step = BAR_MS * rate // 1000 // _STEPS
    whole = np.zeros(step * _STEPS * len(_CHORDS))
    for bar, chord in enumerate(_CHORDS):
        for number, place in enumerate(_BROKEN):
            string = _string(_MIDDLE_C * 2 ** (chord[place] / 12), rate)
            start = (bar * _STEPS + number) * step
            places = np.arange(start, start + len(string)) % len(whole)
            whole[places] += string
    tune: Samples = np.rint(whole / np.abs(whole).max() * _LEVEL * _FULL).astype(np.int16)
    return tune


def _string(hertz: float, rate: int) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """One that is plucked."""
    moments = np.arange(int(_RING_SECONDS * rate)) / rate
    wave = sum(level * np.sin(2 * np.pi * hertz * over * moments) for over, level in _OVERTONES)
    attack = np.minimum(moments / 0.01, 1.0)
    release = np.minimum((_RING_SECONDS - moments) / 0.1, 1.0)
    return np.asarray(wave * attack * release * np.exp(-_FADE * moments))
