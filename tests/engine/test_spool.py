"""What programs say is kept in few files, can be read at once, and is put in its place when a run has ended."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from telefonie.core.score import Audio
from telefonie.engine.spool import HEADER, Reel, Spool
from telefonie.media.folder import Folder
from tests.engine.talking import Place

ACCOUNT: Final = "0a000000-0000-4000-8000-000000000001"
SECOND: Final = bytes(range(256)) * 62 + bytes(128)  # of 8 kHz


def reel(call: str = "c-1") -> Reel:
    return Reel(ACCOUNT, call, 8_000)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, "local")


async def kept(folder: Folder) -> list[str]:
    return sorted([key async for key, _ in folder.keys(f"{ACCOUNT}/sounds/")])


async def test_runs_are_stretches_of_one_file(folder: Folder) -> None:
    spool, one = Spool(folder), reel()
    ((first, second),) = await spool.add([(one, [(1_000, SECOND), (5_000, SECOND[:1_600])])])
    assert (first.at, first.ms, first.skip) == (1_000, 1_000, 0)
    assert (second.at, second.ms, second.skip) == (5_000, 100, 1_000)
    assert first.sound == second.sound
    await spool.settle(one, over=True)
    assert await kept(folder) == [first.sound]
    found = await folder.find(first.sound)
    assert found is not None
    assert found.size == HEADER + len(SECOND) + 1_600


async def test_it_can_be_heard_before_it_is_put_and_after(folder: Folder) -> None:
    spool, one = Spool(folder), reel()
    ((sounds,),) = await spool.add([(one, [(0, SECOND)])])
    audio = Audio(sounds.sound, 8_000)
    before = await spool.read(audio, 250, 500)
    await spool.settle(one, over=True)
    assert before == await spool.read(audio, 250, 500) == SECOND[4_000:12_000]
    assert await spool.read(Audio(f"{ACCOUNT}/sounds/nothing", 8_000), 0, 100) == b""


async def test_who_goes_on_talking_begins_another_file_now_and_then(folder: Folder) -> None:
    spool, one = Spool(folder), reel()
    for second in range(12):
        await spool.add([(one, [(second * 1_000, SECOND)])])
    assert len(await kept(folder)) == 1
    await spool.settle(one, over=True)
    assert len(await kept(folder)) == 2
    assert list(folder.workroom.glob("said-*")) == []


async def test_while_somebody_far_away_listens_each_piece_is_put_at_once(folder: Folder) -> None:
    spool, one = Spool(folder), reel()
    one.brief = True
    for second in range(3):
        await spool.add([(one, [(second * 1_000, SECOND)])])
    assert len(await kept(folder)) == 3


def test_names_are_the_same_in_every_run() -> None:
    first, again, other = reel(), reel(), reel("c-2")
    names = [each.key() for each in (first, again, other)]
    assert names[0] == names[1] != names[2]
    assert first.key() != names[0]


async def test_what_cannot_be_kept_is_silence_and_no_more(tmp_path: Path) -> None:
    full = Place(tmp_path, "local")
    full.dead = True
    spool, one = Spool(full), reel()
    await spool.add([(one, [(0, SECOND)])])
    await spool.settle(one, over=True)
    assert await kept(full) == []
