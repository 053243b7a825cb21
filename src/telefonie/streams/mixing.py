"""The only module that adds sounds together; pure.

Many samples at a time, as digits of one big number: ten times as fast as a loop over the samples, and the server
loads no library for sound.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

_LANE_BYTES: Final = 4  # every second sample at a time, so that a sum has room beside it
_SIGN: Final = 1 << 30  # of a lane; a sum of 16384 voices stays below
_HALF: Final = 1 << 15
_FULL: Final = 1 << 16


def mixed(voices: Sequence[bytes]) -> bytes:
    """What all of them sound like together: equally long, whole samples; too loud is clipped."""
    length = len(voices[0])
    ones, low, middle = _lanes(-(-length // _LANE_BYTES))
    even = odd = 0
    for voice in voices:
        # From the lowest to the highest sample as 0 to 65535, so that no lane borrows from its neighbour.
        raised = int.from_bytes(voice, "little") ^ middle
        even += raised & low
        odd += (raised >> 16) & low
    silence = (len(voices) - 1) * _HALF
    sound = _clipped(even, silence, ones, low) | _clipped(odd, silence, ones, low) << 16
    return ((sound ^ middle) & ((1 << 8 * length) - 1)).to_bytes(length, "little")


def _clipped(sums: int, silence: int, ones: int, low: int) -> int:
    """The sums less the silence that was counted too often, in each lane held between 0 and 65535."""
    level = sums + ones * (_SIGN - silence)
    above = sums + ones * (_SIGN - silence - _FULL)
    in_range = (level >> 30) & ones
    too_loud = (above >> 30) & ones
    return level & low & ((in_range << 16) - in_range) | ((too_loud << 16) - too_loud)


@lru_cache(maxsize=16)
def _lanes(count: int) -> tuple[int, int, int]:
    """So many lanes of a one, of sixteen ones, and of the middle for both of their samples."""
    ones = int.from_bytes(b"\1\0\0\0" * count, "little")
    return ones, ones * (_FULL - 1), ones * (_HALF | _HALF << 16)
