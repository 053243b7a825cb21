"""The only module that measures how long recordings take to render, and how much memory that takes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Final

from benchmarks import gauge
from benchmarks.report import Aim, rounds
from benchmarks.world import World
from telefonie.core.score import Key, Part, Score, Sounding, Tone, Words
from telefonie.engine.media import Form
from telefonie.media import SpeechStudio

MINUTE_SECONDS: Final = 0.5
LONG_MINUTES: Final = 120
WORKER_MB: Final = 256.0
_MINUTE_MS: Final = 60_000


def run(world: World) -> None:
    """A minute that nobody has said before, round by round; then two hours."""
    world.report.part("rendering", "recordings with a channel for each side, by one worker")
    asyncio.run(_rendered(world))


async def _rendered(world: World) -> None:
    studio = SpeechStudio()
    into = world.folder / "rendered"
    try:
        callers = count()
        await _took(studio, _talk(1, next(callers)), Form.WAV, 8000, into)  # starts the worker
        for form, rate in ((Form.WAV, 8000), (Form.WAV, 16000), (Form.MP3, 8000), (Form.MP3, 16000)):
            turns = world.turns(f"rendering a minute as {form} at {rate} Hz", 30)
            took = [await _took(studio, _talk(1, next(callers)), form, rate, into) for _ in turns]
            aim = Aim(MINUTE_SECONDS, at_least=False) if rate == 8000 else None
            world.report.figure(f"a minute of two channels, {form}, {rate} Hz", rounds(took), "s", aim=aim)
        world.report.progress("rendering two hours")
        took = [await _took(studio, _talk(LONG_MINUTES, 900_000), Form.WAV, 8000, into)]
        world.report.figure("two hours of two channels, wav, 8000 Hz", rounds(took), "s")
        peak = gauge.peak(studio.worker or 0)
        aim = Aim(WORKER_MB, at_least=False)
        world.report.figure("most memory (RSS) of the worker", rounds([peak]), "MB", aim=aim)
    finally:
        await studio.close()


async def _took(studio: SpeechStudio, score: Score, form: Form, rate: int, into: Path) -> float:
    began = time.perf_counter()
    await studio.render(score, form, rate, {}, into)
    return time.perf_counter() - began


def _talk(minutes: int, seed: int) -> Score:
    """A conversation as on a telephone; no sentence comes twice."""
    parts = [part for minute in range(minutes) for part in _minute(minute, seed + minute)]
    return Score(minutes * _MINUTE_MS, 2, tuple(parts))


def _minute(minute: int, seed: int) -> Iterator[Part]:
    start = minute * _MINUTE_MS
    yield Part(1, start, 8000, Sounding(Tone.RINGBACK, "nl"))
    yield Part(
        1, start + 9000, 4500, Words(f"Welkom, u bent beller {seed}. Toets uw code in.", "nl-NL", 4500)
    )
    for number, digit in enumerate("1234"):
        yield Part(0, start + 14_000 + 300 * number, 100, Key(digit))
    for number in range(10):
        text = f"Dit ist Satz {number} von Anrufer {seed}, und er geht noch weiter."
        yield Part(number % 2, start + 16_000 + 4000 * number, 3800, Words(text, "de-DE", 3800))
