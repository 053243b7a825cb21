"""The sound of a recording is made once, when it is first asked for, and no deletion leaves any of it behind."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Collection
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from telefonie.core.errors import Unknown
from telefonie.core.recordings import Recording, Source, Status
from telefonie.core.score import File, Part, Score
from telefonie.engine.darkroom import Darkroom, key_of
from telefonie.engine.media import Form, Unkept, Unrenderable
from telefonie.engine.ports import Overloaded
from telefonie.engine.unequipped import NoBlobs, NoStudio
from telefonie.media.folder import Folder

DONE: Final = Recording(
    "rec-1", "acc-1", "telefonie", "call-1", Source.CALL, 0, "USD", status=Status.COMPLETED, until=1000
)
SOUND: Final = "acc-1/sounds/abc"


class FakeStudio:
    """Writes down what it was asked for; waits when it is told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[Score, Form, int]] = []
        self.heard: dict[str, bytes] = {}
        self.at_once = 0
        self.most_at_once = 0
        self.goes_on = asyncio.Event()
        self.goes_on.set()
        self.begun = asyncio.Event()
        self.fails: Exception | None = None
        self.closed = False

    async def render(self, score: Score, form: Form, rate: int, sounds: dict[str, Path], into: Path) -> None:
        self.asked.append((score, form, rate))
        self.heard = {key: path.read_bytes() for key, path in sounds.items()}
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        self.begun.set()
        await self.goes_on.wait()
        self.at_once -= 1
        if self.closed:
            raise Unrenderable("The server is being stopped.")
        if self.fails is not None:
            raise self.fails
        await asyncio.to_thread(into.write_bytes, f"{form} {rate} {score.ms}".encode())

    async def close(self) -> None:
        self.closed = True
        self.goes_on.set()


class Lab:
    """A darkroom, with a folder of its own and what it knows."""

    def __init__(self, folder: Path, most: int = 64) -> None:
        self.studio = FakeStudio()
        self.blobs = Folder(folder / "media", "local")
        self.known = {"rec-1", "rec-2", "rec-3"}
        self.score = Score(1000, 1)
        self.room = Darkroom(self.studio, self.blobs, self._compose, self._register, most=most)

    async def kept(self) -> list[str]:
        return [key async for key, _ in self.blobs.keys("")]

    def desks(self) -> list[Path]:
        return list(self.blobs.workroom.glob("*"))

    async def _compose(self, recording: Recording) -> Score:
        return replace(self.score, ms=int(recording.id[-1]) * 1000)

    async def _register(self, ids: Collection[str]) -> Collection[str]:
        return self.known & set(ids)


@pytest.fixture
async def lab(tmp_path: Path) -> AsyncIterator[Lab]:
    lab = Lab(tmp_path)
    yield lab
    await lab.room.close()


def named(name: str) -> Recording:
    return replace(DONE, id=name)


async def test_a_recording_is_rendered_once_and_then_found(lab: Lab) -> None:
    first = await lab.room.ready(DONE, Form.WAV, 8000)
    assert await lab.room.ready(DONE, Form.WAV, 8000) == first
    assert first.key == "acc-1/recordings/rec-1.8000.wav"
    assert b"".join([each async for each in lab.room.read(first, 0, first.size)]) == b"wav 8000 1000"
    assert lab.studio.asked == [(Score(1000, 1), Form.WAV, 8000)]
    assert lab.desks() == []


async def test_each_form_and_rate_is_a_file_of_its_own(lab: Lab) -> None:
    for form in Form:
        for rate in (8000, 16000):
            await lab.room.ready(DONE, form, rate)
    files = sorted(f"{rate}.{form}" for rate in (8000, 16000) for form in Form)
    assert await lab.kept() == [f"acc-1/recordings/rec-1.{each}" for each in files]


async def test_many_who_ask_at_once_wait_for_one_rendering(lab: Lab) -> None:
    blobs = await asyncio.gather(*(lab.room.ready(DONE, Form.WAV, 8000) for _ in range(20)))
    assert len(set(blobs)) == 1
    assert len(lab.studio.asked) == 1


async def test_one_is_rendered_at_a_time(lab: Lab) -> None:
    await asyncio.gather(*(lab.room.ready(named(f"rec-{n}"), Form.WAV, 8000) for n in (1, 2, 3)))
    assert len(lab.studio.asked) == 3
    assert lab.studio.most_at_once == 1


async def test_only_so_many_wait(tmp_path: Path) -> None:
    lab = Lab(tmp_path, most=2)
    lab.studio.goes_on.clear()
    waiting = [asyncio.create_task(lab.room.ready(named(f"rec-{n}"), Form.WAV, 8000)) for n in (1, 2)]
    await lab.studio.begun.wait()
    with pytest.raises(Overloaded):
        await lab.room.ready(named("rec-3"), Form.WAV, 8000)
    lab.studio.goes_on.set()
    assert len(await asyncio.gather(*waiting)) == 2
    await lab.room.ready(named("rec-3"), Form.WAV, 8000)
    await lab.room.close()


async def test_who_goes_away_does_not_stop_it(lab: Lab) -> None:
    lab.studio.goes_on.clear()
    impatient = asyncio.create_task(lab.room.ready(DONE, Form.WAV, 8000))
    await lab.studio.begun.wait()
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    patient = asyncio.create_task(lab.room.ready(DONE, Form.WAV, 8000))
    lab.studio.goes_on.set()
    assert (await patient).size == len("wav 8000 1000")
    assert len(lab.studio.asked) == 1


async def test_what_goes_on_is_not_rendered_yet(lab: Lab) -> None:
    live = replace(DONE, status=Status.RUNNING, until=None)
    with pytest.raises(Unrenderable, match="still going on"):
        await lab.room.ready(live, Form.WAV, 8000)
    assert lab.studio.asked == []


async def test_a_failed_rendering_is_told_to_all_and_tried_anew(
    lab: Lab, caplog: pytest.LogCaptureFixture
) -> None:
    lab.studio.fails = Unrenderable("No sound.")
    asked = (lab.room.ready(DONE, Form.WAV, 8000) for _ in range(3))
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert [str(each) for each in found] == ["No sound."] * 3
    assert "rec-1.8000.wav was not rendered: No sound." in caplog.text
    assert lab.desks() == []
    lab.studio.fails = None
    await lab.room.ready(DONE, Form.WAV, 8000)
    assert len(lab.studio.asked) == 2


async def test_files_that_were_played_lie_before_the_studio(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "tune").write_bytes(b"a tune")
    await lab.blobs.put(SOUND, tmp_path / "tune")
    lab.score = Score(1000, 1, tuple(Part(0, at, 100, File(SOUND)) for at in (0, 500)))
    await lab.room.ready(DONE, Form.WAV, 8000)
    assert lab.studio.heard == {SOUND: b"a tune"}
    assert SOUND in await lab.kept()


async def test_a_played_file_that_is_gone_fails_the_recording(lab: Lab) -> None:
    lab.score = Score(1000, 1, (Part(0, 0, 100, File(SOUND)),))
    with pytest.raises(Unrenderable, match="no longer kept"):
        await lab.room.ready(DONE, Form.WAV, 8000)
    assert lab.desks() == []


async def test_a_recording_that_was_deleted_meanwhile_leaves_nothing_behind(lab: Lab) -> None:
    lab.studio.goes_on.clear()
    asked = asyncio.create_task(lab.room.ready(DONE, Form.WAV, 8000))
    await lab.studio.begun.wait()
    lab.known.clear()  # its row goes first, and then what is kept of it, which is nothing yet
    await lab.blobs.delete(key_of(DONE, Form.WAV, 8000))
    lab.studio.goes_on.set()
    with pytest.raises(Unknown, match="rec-1"):
        await asked
    assert await lab.kept() == []
    assert lab.desks() == []


async def test_closing_fails_what_is_under_way(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    lab.studio.goes_on.clear()
    asked = [asyncio.create_task(lab.room.ready(named(f"rec-{n}"), Form.WAV, 8000)) for n in (1, 2)]
    await lab.studio.begun.wait()
    await lab.room.close()
    for each in asked:
        with pytest.raises(Unrenderable, match="being stopped"):
            await each
    assert lab.desks() == []


# --- sweeping


async def test_sound_of_recordings_that_are_no_more_is_swept(lab: Lab) -> None:
    for name in ("rec-1", "rec-2", "rec-3"):
        for form in (Form.WAV, Form.MP3):
            await lab.room.ready(named(name), form, 8000)
    await lab.room.ready(replace(named("rec-1"), account_id="acc-2"), Form.WAV, 8000)
    lab.known = {"rec-2"}
    assert await lab.room.sweep("acc-1") == 4
    assert await lab.room.sweep("acc-1") == 0
    assert await lab.kept() == [
        "acc-1/recordings/rec-2.8000.mp3",
        "acc-1/recordings/rec-2.8000.wav",
        "acc-2/recordings/rec-1.8000.wav",
    ]


async def test_more_than_one_question_holds_are_swept(lab: Lab) -> None:
    await lab.room.ready(DONE, Form.WAV, 8000)
    for number in range(405):
        (lab.blobs.workroom.parent / f"acc-1/recordings/old-{number}.8000.wav").touch()
    assert await lab.room.sweep("acc-1") == 405
    assert await lab.kept() == [key_of(DONE, Form.WAV, 8000)]


async def test_what_a_dead_process_left_on_its_desk_is_tidied_up(lab: Lab) -> None:
    old, young = (lab.blobs.workroom / f"telefonie-render-{age}" for age in ("old", "young"))
    for each in (old, young):
        each.mkdir(parents=True)
        (each / "out.wav").write_bytes(b"half")
    for each in (old / "out.wav", old):
        os.utime(each, (1e9, 1e9))
    assert await lab.room.tidy() == 1
    assert lab.desks() == [young]


# --- without a studio or a place


async def test_an_engine_without_a_place_for_files_renders_nothing(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    room = Darkroom(NoStudio(), NoBlobs(), lab._compose, lab._register)
    with pytest.raises(Unrenderable, match="no studio"):
        await room.ready(DONE, Form.WAV, 8000)
    assert await room.sweep("acc-1") == 0
    with pytest.raises(Unkept, match="no place"):
        await NoBlobs().put("a", tmp_path)
    await room.close()
