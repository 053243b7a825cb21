"""The only place where tests listen: what is in a recording, measured as an engineer would."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import soundfile

from telefonie.core.score import Part, Score, Words
from telefonie.engine.media import Form
from telefonie.media import SpeechStudio

Sound: TypeAlias = npt.NDArray[np.int16]
Render: TypeAlias = Callable[..., Coroutine[Any, Any, Sound]]

_LOW: Final = (697, 770, 852, 941)
_HIGH: Final = (1209, 1336, 1477, 1633)
_PAD: Final = ("123A", "456B", "789C", "*0#D")
STEP_MS: Final = 10


@asynccontextmanager
async def studio(**terms: Any) -> AsyncIterator[SpeechStudio]:
    """One of a test's own."""
    made = SpeechStudio(**terms)
    try:
        yield made
    finally:
        await made.close()


def score(ms: int, *parts: Part, channels: int = 1) -> Score:
    return Score(ms, channels, parts)


def words(text: str, ms: int, language: str = "en-US", voice: str = "") -> Words:
    return Words(text, language, ms, voice)


def rendering(made: SpeechStudio, folder: Path) -> Render:
    """What a score sounds like: frames by channels."""

    async def render(
        what: Score, rate: int = 8000, form: Form = Form.WAV, sounds: dict[str, Path] | None = None
    ) -> Sound:
        into = folder / f"out.{form}"
        await made.render(what, form, rate, sounds or {}, into)
        return heard(into, rate)

    return render


def heard(path: Path, rate: int) -> Sound:
    """All of a file."""
    sound, found = soundfile.read(path, dtype="int16", always_2d=True)
    assert found == rate
    return np.asarray(sound, np.int16)


def power(sound: Sound, hertz: float, rate: int) -> float:
    """How much of that frequency is in it: one line of its spectrum, as Goertzel's filter gives it."""
    turns = np.exp(-2j * np.pi * hertz / rate * np.arange(len(sound)))
    return float(abs(np.dot(sound, turns)) ** 2) / max(1, len(sound)) ** 2


def _key(sound: Sound, rate: int) -> str:
    """The key that is pressed all the while; "" for none."""
    whole = float(np.mean(sound.astype(float) ** 2))
    if whole < 1e4:
        return ""
    low = [power(sound, hertz, rate) for hertz in _LOW]
    high = [power(sound, hertz, rate) for hertz in _HIGH]
    if 4 * max(low) < 0.5 * whole or 4 * max(high) < 0.5 * whole:
        return ""
    return _PAD[low.index(max(low))][high.index(max(high))]


def keys(sound: Sound, rate: int) -> list[tuple[str, int]]:
    """The keys that are heard on a channel, and at which ms each begins."""
    found: list[tuple[str, int]] = []
    step, window = STEP_MS * rate // 1000, 40 * rate // 1000
    last = ""
    for start in range(0, len(sound) - window + 1, step):
        key = _key(sound[start : start + window], rate)
        if key and key != last:
            found.append((key, start * 1000 // rate))
        last = key
    return found


def envelope(sound: Sound, rate: int, ms: int = 50) -> npt.NDArray[np.float64]:
    """How loud it is, interval by interval."""
    step = ms * rate // 1000
    whole = sound[: len(sound) // step * step].astype(float)
    return np.asarray(np.sqrt(np.mean(whole.reshape(-1, step) ** 2, axis=1)))


def audible(sound: Sound, rate: int) -> float:
    """For which part of its time something is heard."""
    return float(np.mean(envelope(sound, rate) > 100))


def silent(sound: Sound) -> bool:
    """Nothing at all, not even noise."""
    return not np.any(sound)
