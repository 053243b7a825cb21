"""The studio's worker may be killed, hang or lie: a recording fails clearly, and the next one is rendered."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import pytest

from telefonie.core.score import Key, Part, Score, Sounding, Tone
from telefonie.engine.media import Form, Unrenderable
from telefonie.media import SpeechStudio
from tests.media.listening import audible, heard, keys, score, silent, studio, words

Hire = Callable[..., SpeechStudio]
SHORT: Final = Score(100, 1)
WAV: Final = Form.WAV


@pytest.fixture
async def hire() -> AsyncIterator[Hire]:
    """Studios of a test's own, closed after it."""
    hired: list[SpeechStudio] = []

    def hire(**terms: Any) -> SpeechStudio:
        hired.append(SpeechStudio(**terms))
        return hired[-1]

    yield hire
    for each in hired:
        await each.close()


def worker(path: Path, answer: str) -> Path:
    """A worker that does this with each line, after writing down which process it is."""
    path.write_text(
        "import os, select, signal, sys\n"
        f"with open({str(path) + '.pids'!r}, 'a') as pids: print(os.getpid(), file=pids)\n"
        "number = sum(1 for _ in open(" + repr(str(path) + ".pids") + "))\n"
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


DONE: Final = "print('{\"done\": 7}', flush=True)"
AT: Final = "print('{\"at\": 7}', flush=True)"
HANGS: Final = "signal.pause()"
DIES: Final = "os._exit(1)"


async def test_one_worker_renders_everything(hire: Hire, tmp_path: Path) -> None:
    program = worker(tmp_path / "w.py", f"{AT}; {AT}; {DONE}")
    made = hire(program=program)
    await asyncio.gather(*(made.render(SHORT, WAV, 8000, {}, tmp_path / "a") for _ in range(20)))
    assert len(pids(program)) == 1


async def test_what_kills_a_worker_once_is_rendered_by_the_next(hire: Hire, tmp_path: Path) -> None:
    program = worker(tmp_path / "w.py", f"{DIES} if number == 1 else {DONE}")
    await hire(program=program).render(SHORT, WAV, 8000, {}, tmp_path / "a")
    assert len(pids(program)) == 2


async def test_what_kills_every_worker_cannot_be_rendered_and_the_next_can(
    hire: Hire, tmp_path: Path
) -> None:
    program = worker(tmp_path / "w.py", f"{AT}; {DIES} if 'deadly' in line else {DONE}")
    made = hire(program=program)
    with pytest.raises(Unrenderable, match="Whatever tries to render it breaks down"):
        await made.render(score(100, Part(0, 0, 1, words("deadly", 1))), WAV, 8000, {}, tmp_path / "a")
    await made.render(SHORT, WAV, 8000, {}, tmp_path / "a")
    assert len(pids(program)) == 3


async def test_a_worker_that_was_killed_while_idle_costs_nobody_anything(hire: Hire, tmp_path: Path) -> None:
    program = worker(tmp_path / "w.py", DONE)
    made = hire(program=program)
    await made.render(SHORT, WAV, 8000, {}, tmp_path / "a")
    os.kill(pids(program)[0], signal.SIGKILL)
    await made.render(SHORT, WAV, 8000, {}, tmp_path / "a")
    assert len(pids(program)) == 2


async def test_a_worker_that_says_nothing_is_replaced(hire: Hire, tmp_path: Path) -> None:
    program = worker(tmp_path / "w.py", f"{AT}; {HANGS} if 'slow' in line else {DONE}")
    made = hire(program=program, quiet=0.3)
    with pytest.raises(Unrenderable, match="breaks down"):
        await made.render(score(100, Part(0, 0, 1, words("slow", 1))), WAV, 8000, {}, tmp_path / "a")
    assert all(gone(pid) for pid in pids(program))
    assert len(pids(program)) == 2


async def test_a_worker_that_talks_for_ever_is_replaced(hire: Hire, tmp_path: Path) -> None:
    endless = f"while True: {AT}; select.select([], [], [], 0.05)"
    program = worker(tmp_path / "w.py", endless)
    made = hire(program=program, least=0.3, share=0.0)
    with pytest.raises(Unrenderable, match="breaks down"):
        await made.render(SHORT, WAV, 8000, {}, tmp_path / "a")
    assert all(gone(pid) for pid in pids(program))


async def test_a_worker_that_babbles_is_replaced(hire: Hire, tmp_path: Path) -> None:
    program = worker(tmp_path / "w.py", f"print('hello', flush=True) if number == 1 else {DONE}")
    await hire(program=program).render(SHORT, WAV, 8000, {}, tmp_path / "a")
    assert len(pids(program)) == 2


async def test_a_fault_of_ours_is_told_and_logged(
    hire: Hire, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    program = worker(tmp_path / "w.py", 'print(\'{"broken": "line 7"}\', flush=True)')
    with pytest.raises(Unrenderable, match="the server's log says what"):
        await hire(program=program).render(SHORT, WAV, 8000, {}, tmp_path / "a")
    assert "line 7" in caplog.text


async def test_a_worker_that_does_not_run_is_told(
    hire: Hire, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(Unrenderable, match="Nothing here can render recordings"):
        await hire(program=tmp_path / "none.py").render(SHORT, WAV, 8000, {}, tmp_path / "a")
    assert "does not run" in caplog.text


async def test_who_stops_waiting_gets_no_answer_meant_for_another(hire: Hire, tmp_path: Path) -> None:
    program = worker(tmp_path / "w.py", f"{HANGS} if 'slow' in line else {DONE}")
    made = hire(program=program)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await made.render(score(9, Part(0, 0, 1, words("slow", 1))), WAV, 8000, {}, tmp_path / "a")
    await made.render(SHORT, WAV, 8000, {}, tmp_path / "a")


async def test_closing_ends_the_worker_and_whoever_waits(hire: Hire, tmp_path: Path) -> None:
    program = worker(tmp_path / "w.py", f"open({str(tmp_path / 'heard')!r}, 'w').close(); {HANGS}")
    made = hire(program=program)
    waiting = [asyncio.create_task(made.render(SHORT, WAV, 8000, {}, tmp_path / "a")) for _ in range(3)]
    await _until((tmp_path / "heard").exists)
    await made.close()
    for each in waiting:
        with pytest.raises(Unrenderable, match="being stopped"):
            await each
    assert all(gone(pid) for pid in pids(program))


async def _until(so: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not so():
            await asyncio.to_thread(os.sched_yield)


# --- the real one


async def _killed_in_the_middle(
    made: SpeechStudio, rendering: Awaitable[None], begun: Callable[[], bool]
) -> None:
    task = asyncio.ensure_future(rendering)
    await _until(begun)
    assert made.worker is not None
    os.kill(made.worker, signal.SIGKILL)
    await task


async def test_the_worker_killed_in_the_middle_of_a_recording(tmp_path: Path) -> None:
    """Another one renders it from the beginning, to the same sample."""
    long = score(
        1_800_000,
        Part(0, 0, 1_799_000, Sounding(Tone.MUSIC)),
        Part(1, 1_799_500, 100, Key("9")),
        channels=2,
    )
    into = tmp_path / "a.wav"
    async with studio() as made:
        begun = lambda: into.exists() and into.stat().st_size > 1_000_000  # noqa: E731
        await _killed_in_the_middle(made, made.render(long, WAV, 8000, {}, into), begun)
    assert into.stat().st_size == 44 + 1800 * 8000 * 4
    sound = heard(into, 8000)
    assert silent(sound[: 1_799_500 * 8, 1])
    assert [key for key, _ in keys(sound[1_799_500 * 8 : 1_799_600 * 8, 1], 8000)] == ["9"]


BOMB: Final = "<break time='99999999s'/>" * 4000 + "<prosody rate='0.00001'>" * 400 + "hello"


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("\x00\x01\x02\x1b[2J\u202e\ufffe\U000e0001" * 100, 3000),
        (BOMB, 2000),
        ("[[" * 5000 + "]]" * 5000, 2000),
        ("a" * 100_000, 6000),
        ("lang " * 20_000, 60_000),
        ("9" * 10_000, 30_000),
        ("\U0001f600" * 3000, 30_000),
        ("%s%n\\x00" * 3000, 20_000),
        ("\u0e01\u0600\u4e2d" * 500, 20_000),
    ],
)
@pytest.mark.parametrize("language", ["nl-NL", "cmn-CN"])
async def test_hostile_text_takes_no_more_than_its_time(
    patient: SpeechStudio, tmp_path: Path, text: str, ms: int, language: str
) -> None:
    what = score(ms + 1000, Part(0, 500, ms, words(text, ms, language)))
    await patient.render(what, WAV, 8000, {}, tmp_path / "a")
    sound = heard(tmp_path / "a", 8000)
    assert len(sound) == (ms + 1000) * 8
    assert silent(sound[:4000])
    assert silent(sound[(500 + ms) * 8 :])


@pytest.fixture(scope="module")
async def patient() -> AsyncIterator[SpeechStudio]:
    async with studio() as made:
        yield made


async def test_a_hundred_thousand_characters_are_spoken_all_their_time(
    patient: SpeechStudio, tmp_path: Path
) -> None:
    ms = 60_000
    text = "and so it goes on " * 5556
    await patient.render(score(ms, Part(0, 0, ms, words(text, ms))), WAV, 8000, {}, tmp_path / "a")
    assert audible(heard(tmp_path / "a", 8000)[:, 0], 8000) > 0.6
