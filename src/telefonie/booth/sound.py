"""The only module that says what sounds are made of here: 16-bit samples, and where in them one begins to listen."""

from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

Samples: TypeAlias = npt.NDArray[np.int16]


class Wrong(Exception):
    """This cannot be made to sound; the text is for people."""


class Heard(Protocol):
    """Something that can be heard from anywhere in it."""

    def at(self, start: int, count: int) -> Samples:
        """So many samples from there, or fewer when it ends before."""
        ...


class Once:
    """Heard once, and then nothing."""

    def __init__(self, samples: Samples) -> None:
        self._samples = samples

    def at(self, start: int, count: int) -> Samples:
        return self._samples[start : start + count]


class Again:
    """Heard again and again."""

    def __init__(self, samples: Samples) -> None:
        self._samples = samples

    def at(self, start: int, count: int) -> Samples:
        places = np.arange(start, start + count) % len(self._samples)
        return self._samples[places]


def silence(count: int) -> Samples:
    """Nothing at all."""
    return np.zeros(count, np.int16)
