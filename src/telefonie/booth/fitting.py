"""The only module that makes speech as long as it has to be: to the sample."""

from typing import Final

import numpy as np
import numpy.typing as npt

from telefonie.booth.sound import Samples

Wave = npt.NDArray[np.float32]

# A voice that takes this much of its time is right: what is left is the breath after a sentence.
LEAST: Final = 0.85
AIM: Final = 0.94
_FAINT: Final = 0.01  # of the loudest: nobody speaks yet, or any more
_FRAME_MS: Final = 40
_SEARCH_MS: Final = 10


def trimmed(samples: Samples) -> Samples:
    """Without what is silent before and after."""
    loud = np.flatnonzero(
        np.abs(samples.astype(np.int32)) > max(50.0, _FAINT * np.abs(samples).max(initial=0))
    )
    return samples[loud[0] : loud[-1] + 1] if len(loud) else samples[:0]


def fits(length: int, count: int) -> bool:
    """Whether speech of this length fills that time."""
    return LEAST * count <= length <= count


def fitted(samples: Samples, count: int, rate: int) -> Samples:
    """So many samples of it, exactly: stretched if need be, then silence."""
    if len(samples) and not fits(len(samples), count):
        samples = _stretched(samples, max(1, int(AIM * count)), rate)
    whole = np.zeros(count, np.int16)
    whole[: len(samples)] = samples
    return whole


def _stretched(samples: Samples, count: int, rate: int) -> Samples:
    """As high as before but faster or slower: overlapping pieces, each where it goes on best from the last."""
    frame, search = _FRAME_MS * rate // 1000, _SEARCH_MS * rate // 1000
    hop = frame // 2
    if len(samples) < 2 * frame or count < 2 * frame:
        places = np.linspace(0, len(samples) - 1, count)
        return np.interp(places, np.arange(len(samples)), samples).astype(np.int16)
    wave = np.pad(samples.astype(np.float32), (search, frame + search + hop))
    window = np.hanning(frame + 1)[:frame].astype(np.float32)
    out = np.zeros(count + frame, np.float32)
    best = 0
    for start in range(0, count, hop):
        wanted = wave[best + hop : best + hop + frame]
        low = start * len(samples) // count
        around = wave[low : low + frame + 2 * search]
        best = low + int(np.argmax(np.correlate(around, wanted, "valid"))) if start else search
        out[start : start + frame] += wave[best : best + frame] * window
    return np.clip(np.rint(out[:count]), -32768, 32767).astype(np.int16)
