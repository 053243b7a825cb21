"""How long a file plays is told by what is in it, and no file does harm."""

from __future__ import annotations

import asyncio
import os
import signal
import struct
import subprocess
import sys
import wave
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest
import soundfile

from telefonie.engine.letters import Unplayable
from telefonie.media import SoundMeasurer
from tests.support.project import ROOT

Measure: TypeAlias = Callable[..., SoundMeasurer]
RATE: Final = 8000
NO_SOUND: Final = "no sound"


@pytest.fixture(scope="module")
async def measurer() -> AsyncIterator[SoundMeasurer]:
    """One for many files, as in a server."""
    measurer = SoundMeasurer()
    yield measurer
    await measurer.close()


def pcm(seconds: float) -> bytes:
    """A buzz."""
    return struct.pack("<8h", *(0, 6000, 9000, 6000, 0, -6000, -9000, -6000)) * round(seconds * RATE / 8)


def written(path: Path, kind: str, coding: str | None = None, seconds: float = 3.0) -> Path:
    with soundfile.SoundFile(path, "w", RATE, 1, coding, format=kind) as out:
        out.buffer_write(pcm(seconds), "int16")
    return path


def waved(path: Path, seconds: float = 3.0) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(pcm(seconds))
    return path


def holding(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


# --- what is told


@pytest.mark.parametrize("content_type", ["audio/wav", "audio/wave", "audio/x-wav", "Audio/WAV; codecs=1"])
async def test_a_wave_file(measurer: SoundMeasurer, tmp_path: Path, content_type: str) -> None:
    assert await measurer.length_ms(str(waved(tmp_path / "a", 1.25)), content_type) == 1250


@pytest.mark.parametrize(
    ("kind", "coding", "content_type"),
    [
        ("AIFF", "PCM_16", "audio/aiff"),
        ("AIFF", "PCM_16", "audio/x-aiff"),
        ("AIFF", "ULAW", "audio/x-aifc"),
        ("AU", "ULAW", "audio/basic"),
        ("WAV", "ULAW", "audio/ulaw"),
        ("FLAC", "PCM_16", "audio/flac"),
        ("OGG", "VORBIS", "audio/ogg"),
        ("OGG", "OPUS", "audio/ogg"),
        ("MP3", "MPEG_LAYER_III", "audio/mpeg"),
        ("MP3", "MPEG_LAYER_III", "audio/mp3"),
    ],
)
async def test_every_kind_that_can_be_played(
    measurer: SoundMeasurer, tmp_path: Path, kind: str, coding: str, content_type: str
) -> None:
    length = await measurer.length_ms(str(written(tmp_path / "a", kind, coding)), content_type)
    assert 2900 <= length <= 3200


@pytest.mark.parametrize(
    ("content_type", "data", "ms"),
    [
        ("audio/gsm", (b"\xd2" + b"\0" * 32) * 50, 1000),
        ("audio/x-gsm", b"\xd2" + b"\0" * 40, 20),
        ("audio/basic", b"\xff" * 4000, 500),
        ("audio/ulaw", b"{" * 8000, 1000),
    ],
)
async def test_sounds_without_a_header_are_as_long_as_they_are_big(
    measurer: SoundMeasurer, tmp_path: Path, content_type: str, data: bytes, ms: int
) -> None:
    assert await measurer.length_ms(str(holding(tmp_path / "a", data)), content_type) == ms


# --- what is refused, or is shorter than it says


@pytest.mark.parametrize(
    ("content_type", "data"),
    [
        ("audio/mpeg", b""),
        ("audio/mpeg", b"<!DOCTYPE html><html><body>Not found</body></html>" * 100),
        ("audio/basic", b"\n<HTML><body>Not found</body></html>"),
        ("audio/gsm", b"Not found" * 100),
        ("audio/gsm", b"\xd2"),
        ("audio/wav", b"RIFF"),
        ("audio/mpeg", b"ID3\x04\0\0\0\0\0\x05abcde"),
        ("audio/strange", bytes(range(256)) * 100),
    ],
)
async def test_what_is_no_sound_is_refused(
    measurer: SoundMeasurer, tmp_path: Path, content_type: str, data: bytes
) -> None:
    with pytest.raises(Unplayable, match=NO_SOUND):
        await measurer.length_ms(str(holding(tmp_path / "a", data)), content_type)


async def test_a_wave_file_without_a_sample_is_refused(measurer: SoundMeasurer, tmp_path: Path) -> None:
    with pytest.raises(Unplayable, match="holds no sound"):
        await measurer.length_ms(str(waved(tmp_path / "a", 0)), "audio/wav")


async def test_a_kind_that_nobody_plays_on_a_telephone_is_refused(
    measurer: SoundMeasurer, tmp_path: Path
) -> None:
    with pytest.raises(Unplayable, match=NO_SOUND):
        await measurer.length_ms(str(written(tmp_path / "a", "MAT5", "PCM_16")), "audio/x-mat")


@pytest.mark.parametrize("at", [24, 22])
async def test_impossible_figures_are_refused(measurer: SoundMeasurer, tmp_path: Path, at: int) -> None:
    """No samples a second, no channels."""
    data = bytearray(waved(tmp_path / "a").read_bytes())
    data[at : at + 2] = b"\0\0"
    with pytest.raises(Unplayable, match=NO_SOUND):
        await measurer.length_ms(str(holding(tmp_path / "a", bytes(data))), "audio/wav")


async def test_a_length_that_lies_is_not_believed(measurer: SoundMeasurer, tmp_path: Path) -> None:
    data = bytearray(waved(tmp_path / "a").read_bytes())
    data[4:8] = data[40:44] = struct.pack("<I", 0x7FFFFFF0)
    assert await measurer.length_ms(str(holding(tmp_path / "a", bytes(data))), "audio/wav") == 3000


@pytest.mark.parametrize(
    ("kind", "coding"), [("MP3", "MPEG_LAYER_III"), ("FLAC", "PCM_16"), ("OGG", "VORBIS"), ("WAV", "PCM_16")]
)
async def test_of_a_file_that_breaks_off_counts_what_is_there(
    measurer: SoundMeasurer, tmp_path: Path, kind: str, coding: str
) -> None:
    data = written(tmp_path / "a", kind, coding, seconds=60).read_bytes()
    half = holding(tmp_path / "half", data[: len(data) // 2])
    assert 20_000 < await measurer.length_ms(str(half), "audio/mpeg") < 40_000


async def test_more_than_40_minutes_are_refused(measurer: SoundMeasurer, tmp_path: Path) -> None:
    for seconds, frames in ((2400, 2400 * 50), (2401, 2400 * 50 + 1)):
        path = holding(tmp_path / str(seconds), (b"\xd2" + b"\0" * 32) * frames)
        if seconds == 2400:
            assert await measurer.length_ms(str(path), "audio/gsm") == 2_400_000
        else:
            with pytest.raises(Unplayable, match="longer than 40 minutes"):
                await measurer.length_ms(str(path), "audio/gsm")


async def test_a_compressed_day_is_refused_long_before_it_is_over(
    measurer: SoundMeasurer, tmp_path: Path
) -> None:
    path = tmp_path / "a"
    with soundfile.SoundFile(path, "w", RATE, 1, "PCM_16", format="FLAC") as out:
        for _ in range(60):
            out.buffer_write(bytes(2 * RATE * 60), "int16")
    with pytest.raises(Unplayable, match="longer than 40 minutes"):
        await measurer.length_ms(str(path), "audio/flac")


# --- the worker


@pytest.fixture
async def hire() -> AsyncIterator[Callable[..., SoundMeasurer]]:
    """Measurers of a test's own, dismissed after it."""
    hired: list[SoundMeasurer] = []

    def hire(**terms: Any) -> SoundMeasurer:
        hired.append(SoundMeasurer(**terms))
        return hired[-1]

    yield hire
    for each in hired:
        await each.close()


def worker(path: Path, answer: str) -> Path:
    """A worker that does this with each line, after writing down which process it is."""
    path.write_text(
        "import os, signal, sys, time\n"
        f"with open({str(path) + '.pids'!r}, 'a') as pids: print(os.getpid(), file=pids)\n"
        "print('ready', flush=True)\n"
        f"for line in sys.stdin:\n    {answer}\n"
    )
    return path


def pids(program: Path) -> list[int]:
    return [int(line) for line in Path(f"{program}.pids").read_text().split()]


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


HANGS: Final = "signal.pause()"
DIES: Final = "os._exit(1)"
ANSWERS: Final = "print('{\"ms\": 7}', flush=True)"


async def test_many_at_once_take_turns(hire: Measure, tmp_path: Path) -> None:
    program = worker(tmp_path / "w.py", ANSWERS)
    measurer = hire(program=program)
    assert await asyncio.gather(*(measurer.length_ms("a", "audio/wav") for _ in range(50))) == [7] * 50
    assert len(pids(program)) == 1


async def test_many_files_at_once_get_each_its_own_length(measurer: SoundMeasurer, tmp_path: Path) -> None:
    paths = [waved(tmp_path / str(number), number / 10) for number in range(1, 41)]
    found = await asyncio.gather(*(measurer.length_ms(str(path), "audio/wav") for path in paths))
    assert found == [100 * number for number in range(1, 41)]


async def test_only_so_many_wait(hire: Measure, tmp_path: Path) -> None:
    measurer = hire(program=worker(tmp_path / "w.py", ANSWERS), most=3)
    asked = (measurer.length_ms("a", "audio/wav") for _ in range(5))
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert found[:3] == [7, 7, 7]
    assert [str(each) for each in found[3:]] == ["3 other files are to be measured first"] * 2


async def test_a_worker_that_takes_too_long_is_replaced(hire: Measure, tmp_path: Path) -> None:
    program = worker(tmp_path / "w.py", f"{HANGS} if 'slow' in line else {ANSWERS}")
    measurer = hire(program=program, seconds=0.2)
    assert await measurer.length_ms("quick", "audio/wav") == 7
    with pytest.raises(Unplayable, match=r"within 0\.2 s"):
        await measurer.length_ms("slow", "audio/wav")
    assert await measurer.length_ms("quick", "audio/wav") == 7
    first, _second = pids(program)
    assert gone(first)


async def test_a_file_that_kills_the_worker_is_unplayable_and_the_next_one_is_measured(
    hire: Measure, tmp_path: Path
) -> None:
    program = worker(tmp_path / "w.py", f"{DIES} if 'deadly' in line else {ANSWERS}")
    measurer = hire(program=program)
    assert await measurer.length_ms("a", "audio/wav") == 7
    with pytest.raises(Unplayable, match="breaks down"):
        await measurer.length_ms("deadly", "audio/wav")
    assert await measurer.length_ms("a", "audio/wav") == 7


async def test_a_worker_that_was_killed_while_idle_costs_nobody_anything(
    hire: Measure, tmp_path: Path
) -> None:
    program = worker(tmp_path / "w.py", ANSWERS)
    measurer = hire(program=program)
    await measurer.length_ms("a", "audio/wav")
    os.kill(pids(program)[0], signal.SIGKILL)
    assert await measurer.length_ms("a", "audio/wav") == 7
    assert len(pids(program)) == 2


async def test_who_stops_waiting_gets_no_answer_meant_for_another(hire: Measure, tmp_path: Path) -> None:
    program = worker(tmp_path / "w.py", f"{HANGS} if 'slow' in line else {ANSWERS}")
    measurer = hire(program=program)
    await measurer.length_ms("a", "audio/wav")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await measurer.length_ms("slow", "audio/wav")
    assert await measurer.length_ms("a", "audio/wav") == 7


async def test_closing_ends_the_worker_and_whoever_waits(hire: Measure, tmp_path: Path) -> None:
    program = worker(tmp_path / "w.py", f"{HANGS} if 'slow' in line else {ANSWERS}")
    measurer = hire(program=program)
    await measurer.length_ms("a", "audio/wav")
    waiting = [asyncio.create_task(measurer.length_ms("slow", "audio/wav")) for _ in range(2)]
    await asyncio.wait(waiting, timeout=0.1)
    await measurer.close()
    await measurer.close()
    found = await asyncio.gather(*waiting, return_exceptions=True)
    assert [str(each) for each in found] == ["the server is being stopped"] * 2
    with pytest.raises(Unplayable, match="being stopped"):
        await measurer.length_ms("a", "audio/wav")
    assert all(gone(pid) for pid in pids(program))


async def test_a_worker_that_cannot_be_started_is_told_in_the_log(
    hire: Measure, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    measurer = hire(program=tmp_path / "missing.py")
    with pytest.raises(Unplayable, match="see the server's log"):
        await measurer.length_ms("a", "audio/wav")
    assert "does not run" in caplog.text


@pytest.mark.parametrize("worker", ["measure", "render"])
def test_the_worker_ends_with_the_server(worker: str) -> None:
    """Even with one that had no time to say so: its input ends."""
    program = ROOT / "src" / "telefonie" / "booth" / "__main__.py"
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-P", program, worker], input=b"", capture_output=True, timeout=60, check=True
    )
    assert done.stdout == b"ready\n"
