"""Sounds at the same time add up, sample by sample, and too loud is clipped."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telefonie.streams.mixing import mixed

SAMPLE = st.integers(-(1 << 15), (1 << 15) - 1)


def pcm(samples: list[int]) -> bytes:
    return array("h", samples).tobytes()


def plainly(voices: list[list[int]]) -> list[int]:
    return [max(-(1 << 15), min((1 << 15) - 1, sum(each))) for each in zip(*voices, strict=True)]


@given(
    st.integers(1, 40).flatmap(
        lambda length: st.lists(st.lists(SAMPLE, min_size=length, max_size=length), min_size=1, max_size=6)
    )
)
def test_any_voices_of_any_length(voices: list[list[int]]) -> None:
    assert mixed([pcm(each) for each in voices]) == pcm(plainly(voices))


@pytest.mark.parametrize("edge", [-32768, -32767, -1, 0, 1, 32766, 32767])
@pytest.mark.parametrize("other", [-32768, -1, 0, 1, 32767])
@pytest.mark.parametrize("length", [1, 2, 3, 160, 480])
def test_edges(edge: int, other: int, length: int) -> None:
    voices = [[edge, other] * length, [other, edge] * length, [edge] * 2 * length]
    assert mixed([pcm(each) for each in voices]) == pcm(plainly(voices))
