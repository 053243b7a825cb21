"""The only module that puts the parts of a recording together: each to the sample, block by block."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from telefonie.booth.sound import Heard, Samples
from telefonie.core.score import Part, Score

BLOCK_MS: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Entry:
    """A part that is under way; places count samples."""

    start: int
    end: int
    skip: int
    channel: int
    heard: Heard


def mixed(score: Score, rate: int, hear: Callable[[Part], Heard]) -> Iterator[Samples]:
    """All of it: frames by channels, some seconds at a time. A part begins to be made when it is reached."""
    waiting = sorted(score.parts, key=lambda part: (part.at, part.channel), reverse=True)
    under_way: list[_Entry] = []
    total, step = samples_in(score.ms, rate), samples_in(BLOCK_MS, rate)
    for start in range(0, total, step):
        end = min(start + step, total)
        while waiting and samples_in(waiting[-1].at, rate) < end:
            under_way.append(_entry(waiting.pop(), rate, hear))
        whole = np.zeros((end - start, score.channels), np.int32)
        for each in under_way:
            _add(each, whole, start, end)
        under_way = [each for each in under_way if each.end > end]
        yield np.clip(whole, -32768, 32767).astype(np.int16)


def samples_in(ms: int, rate: int) -> int:
    """How many samples such a time has."""
    return ms * rate // 1000


def _entry(part: Part, rate: int, hear: Callable[[Part], Heard]) -> _Entry:
    start, end = samples_in(part.at, rate), samples_in(part.at + part.ms, rate)
    return _Entry(start, end, samples_in(part.skip, rate), part.channel, hear(part))


def _add(entry: _Entry, whole: npt.NDArray[np.int32], start: int, end: int) -> None:
    low, high = max(entry.start, start), min(entry.end, end)
    if high <= low:
        return
    some = entry.heard.at(entry.skip + low - entry.start, high - low)
    whole[low - start : low - start + len(some), entry.channel] += some
