"""What a program said is rendered as it came, at whatever rate it is wanted, and from wherever it is heard."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from telefonie.core.score import Audio, Part, Score
from telefonie.engine.spool import Spool
from tests.media.listening import power, rendering, silent, studio

HERTZ = 440.0


def said(folder: Path, ms: int, rate: int) -> Path:
    """A tone, as a program says it."""
    wave = np.sin(2 * np.pi * HERTZ * np.arange(ms * rate // 1000) / rate) * 8_000
    return Spool.wave(folder / "said", wave.astype("<i2").tobytes(), rate)


@pytest.mark.parametrize("rate", [8_000, 16_000, 24_000])
async def test_it_sounds_the_same_at_every_rate(tmp_path: Path, rate: int) -> None:
    kept = {"a/sounds/x": said(tmp_path, 500, 16_000)}
    part = Part(0, 200, 300, Audio("a/sounds/x", 16_000), skip=100)
    async with studio() as made:
        sound = (await rendering(made, tmp_path)(Score(700, 1, (part,)), rate, sounds=kept))[:, 0]
    assert len(sound) == 700 * rate // 1000
    assert silent(sound[: 200 * rate // 1000])
    assert silent(sound[500 * rate // 1000 :])
    heard = sound[200 * rate // 1000 : 500 * rate // 1000]
    # All of the tone's power is at its one frequency: half the square of its height, on either side of zero.
    assert power(heard, HERTZ, rate) == pytest.approx(8_000**2 / 4, rel=0.02)


async def test_stretches_of_one_file_follow_each_other_without_a_gap(tmp_path: Path) -> None:
    kept = {"a/sounds/x": said(tmp_path, 500, 8_000)}
    audio = Audio("a/sounds/x", 8_000)
    parts = tuple(Part(0, start, 100, audio, skip=start) for start in range(0, 500, 100))
    async with studio() as made:
        render = rendering(made, tmp_path)
        pieces = await render(Score(500, 1, parts), 8_000, sounds=kept)
        whole = await render(Score(500, 1, (Part(0, 0, 500, audio),)), 8_000, sounds=kept)
    assert np.array_equal(pieces, whole)
