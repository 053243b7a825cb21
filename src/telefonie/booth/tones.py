"""The only module that makes the sounds of the network: keys, ringing, busy, beeps."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np

from telefonie.booth.sound import Samples, silence

KEY_MS: Final = 100
BEEP_HZ: Final = 1000
_FULL: Final = 32767
_KEY_LEVEL: Final = 0.25  # of each of its two
_TONE_LEVEL: Final = 0.2  # of all of them together
_BEEP_LEVEL: Final = 0.3
_EDGE_MS: Final = 3  # in which a tone swells and fades, as a hard edge is heard as a click

_LOW: Final = (697, 770, 852, 941)
_HIGH: Final = (1209, 1336, 1477, 1633)
_PAD: Final = ("123A", "456B", "789C", "*0#D")
_KEYS: Final[Mapping[str, tuple[int, int]]] = {
    digit: (_LOW[row], _HIGH[column])
    for row, digits in enumerate(_PAD)
    for column, digit in enumerate(digits)
}

# How long it sounds and how long it does not, in ms, over and over; which frequencies, in Hz.
Cadence: TypeAlias = tuple[tuple[int, ...], tuple[int, ...]]
_EUROPE: Final[Cadence] = ((1000, 4000), (425,))
_LONG: Final[Cadence] = ((1500, 3000), (425,))
_BRITISH: Final[Cadence] = ((400, 200, 400, 2000), (400, 450))
_AMERICA: Final[Cadence] = ((2000, 4000), (440, 480))
_ISRAEL: Final[Cadence] = ((1000, 3000), (400,))
# By the country of a number's network, as far as it differs from most of Europe.
_RINGING: Final[Mapping[str, Cadence]] = {
    "at": ((1000, 5000), (420,)),
    "au": ((400, 200, 400, 2000), (413, 438)),
    "be": ((1000, 3000), (425,)),
    "ca": _AMERICA,
    "cl": ((1000, 3000), (400,)),
    "dk": ((1000, 4000), (425,)),
    "es": _LONG,
    "fr": ((1500, 3500), (440,)),
    "gb": _BRITISH,
    "hu": ((1250, 3750), (425,)),
    "il": _ISRAEL,
    "in": ((400, 200, 400, 2000), (400, 425)),
    "jp": ((1000, 2000), (400,)),
    "my": ((400, 200, 400, 2000), (425,)),
    "nz": ((400, 200, 400, 2000), (400, 450)),
    "ph": ((1000, 4000), (425, 480)),
    "pt": ((1000, 5000), (425,)),
    "ru": ((800, 3200), (425,)),
    "se": ((1000, 5000), (425,)),
    "sg": ((400, 200, 400, 2000), (425,)),
    "th": ((1000, 4000), (400,)),
    "tw": ((1000, 2000), (440, 480)),
    "uk": _BRITISH,
    "us": _AMERICA,
    "us-old": ((2000, 4000), (420,)),
    "za": ((400, 200, 400, 2000), (400, 433)),
}
_BUSY: Final[Cadence] = ((500, 500), (425,))
_BUSY_IN: Final[Mapping[str, Cadence]] = {
    "ca": ((500, 500), (480, 620)),
    "fr": ((500, 500), (440,)),
    "gb": ((375, 375), (400,)),
    "uk": ((375, 375), (400,)),
    "us": ((500, 500), (480, 620)),
}


@lru_cache(maxsize=64)
def key(digit: str, rate: int) -> Samples:
    """One key of a telephone; what is on none is not heard."""
    pair = _KEYS.get(digit.upper())
    return silence(0) if pair is None else _tone(pair, KEY_MS, rate, 2 * _KEY_LEVEL)


@lru_cache(maxsize=64)
def ringing(country: str, rate: int) -> Samples:
    """Once of what is heard while it rings; it is repeated."""
    return _round(_RINGING.get(country.lower(), _EUROPE), rate)


@lru_cache(maxsize=64)
def busy(country: str, rate: int) -> Samples:
    """Once of what is heard of a line that is taken; it is repeated."""
    return _round(_BUSY_IN.get(country.lower(), _BUSY), rate)


def beep(ms: int, rate: int) -> Samples:
    """A tone of this length."""
    return _tone((BEEP_HZ,), ms, rate, _BEEP_LEVEL)


def _round(cadence: Cadence, rate: int) -> Samples:
    times, frequencies = cadence
    pieces = [
        silence(ms * rate // 1000) if number % 2 else _tone(frequencies, ms, rate, _TONE_LEVEL)
        for number, ms in enumerate(times)
    ]
    return np.concatenate(pieces)


def _tone(frequencies: tuple[int, ...], ms: int, rate: int, level: float) -> Samples:
    """Sines of equal strength, together of this level."""
    count = ms * rate // 1000
    moments = np.arange(count) / rate
    wave = sum(np.sin(2 * np.pi * hertz * moments) for hertz in frequencies) / len(frequencies)
    edge = np.minimum(np.arange(count), np.arange(count)[::-1]) / max(1, _EDGE_MS * rate // 1000)
    return np.rint(wave * np.minimum(edge, 1.0) * level * _FULL).astype(np.int16)
