"""The only module that has words spoken at the moment they are reached, and remembers what was spoken lately."""

from collections import OrderedDict
from typing import Final

import numpy as np
import soxr

from telefonie.booth.fitting import fitted
from telefonie.booth.sound import Samples, silence
from telefonie.booth.speaking import RATE, Speech
from telefonie.booth.voices import voice
from telefonie.booth.words import plain, shares
from telefonie.core.score import Words

_REMEMBERED: Final = 32 * 1024 * 1024  # bytes


class Spokesman:
    """Says texts in exactly so many samples."""

    def __init__(self, speech: Speech) -> None:
        self._speech = speech
        self._lately: OrderedDict[tuple[str, str, int, int], Samples] = OrderedDict()
        self._size = 0

    def voice(self, words: Words) -> str:
        """Who says that."""
        return voice(words.language, words.voice, self._speech.voices)

    def say(self, text: str, voice: str, count: int, rate: int) -> Samples:
        """Always the same for the same."""
        what = (text, voice, count, rate)
        found = self._lately.get(what)
        if found is None:
            said = self._speech.say(text, voice, count / rate)
            found = fitted(soxr.resample(said, RATE, rate), count, rate) if len(said) else silence(count)
            self._remember(what, found)
        self._lately.move_to_end(what)
        return found

    def _remember(self, what: tuple[str, str, int, int], said: Samples) -> None:
        self._lately[what] = said
        self._size += said.nbytes
        while self._size > _REMEMBERED and len(self._lately) > 1:
            _, forgotten = self._lately.popitem(last=False)
            self._size -= forgotten.nbytes


class Spoken:
    """A sentence that can be heard from anywhere in it."""

    def __init__(self, words: Words, rate: int, spokesman: Spokesman) -> None:
        self._rate = rate
        self._spokesman = spokesman
        self._voice = spokesman.voice(words)
        self._shares = shares(plain(words.text, words.ms), words.ms * rate // 1000)

    def at(self, start: int, count: int) -> Samples:
        """So many samples from there, or what there is of them."""
        pieces = [silence(0)]
        for first, length, text in self._shares:
            low, high = max(start, first), min(start + count, first + length)
            if high > low:
                said = self._spokesman.say(text, self._voice, length, self._rate)
                pieces.append(said[low - first : high - first])
        return np.concatenate(pieces)
