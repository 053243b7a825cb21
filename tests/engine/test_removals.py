"""A file goes with what it belongs to, whoever is killed in between, and nothing else goes."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from time import time
from typing import Any, Final

import pytest

from telefonie.engine.house import Options
from telefonie.engine.media import Blobs, Unkept
from telefonie.engine.weeding import Weeding
from telefonie.media import place_of
from telefonie.store.connect import Unavailable
from tests.engine.keeping import files, put, recorded, rows
from tests.support.targets import Target
from tests.support.world import World, a_world

PLAYED: Final = "a" * 64
FORGOTTEN: Final = "b" * 64


class Stubborn:
    """A place for files that deletes nothing for a while."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self.refuses = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._blobs, name)

    async def delete(self, key: str) -> None:
        if self.refuses:
            raise Unkept("not now")
        await self._blobs.delete(key)


@pytest.fixture
async def world(target: Target, tmp_path: Path) -> AsyncIterator[World]:
    """An engine with a place for files."""
    blobs: Any = Stubborn(place_of(str(tmp_path / "media"), "local", None))
    async with a_world(target, Options(blobs=blobs)) as world:
        yield world


async def reborn(world: World) -> World:
    """The process is killed, and another one starts."""
    await world.die()
    fresh = World(world.target, world.news, world.customer, world.ids, world.options)
    await fresh.start()
    fresh.account = world.account
    world.others.append(fresh)
    return fresh


async def test_a_recording_that_is_deleted_is_gone_with_its_files_when_the_answer_comes(world: World) -> None:
    _, it = await recorded(world)
    _, other = await recorded(world)
    await world.engine.recordings.delete(world.account.id, None, it.id)
    assert {each.split("/")[1].partition(".")[0] for each in await files(world)} == {other.id}
    assert "discards" not in await rows(world)


@pytest.mark.parametrize("writes", [1, 2])
async def test_who_is_killed_while_deleting_leaves_nothing(world: World, writes: int) -> None:
    """After the row is gone; and after the files are gone, too, but not yet the note of them."""
    _, it = await recorded(world)
    world.wire.cut_after(writes, last_word=False)
    with suppress(Unavailable):
        await world.engine.recordings.delete(world.account.id, None, it.id)
    fresh = await reborn(world)
    await fresh.engine.removals.run()
    assert await files(fresh) == []
    assert (await rows(fresh)).keys().isdisjoint({"discards", "recordings"})


async def test_what_cannot_be_removed_now_is_removed_later(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    blobs: Any = world.engine.blobs
    _, it = await recorded(world)
    blobs.refuses = True
    await world.engine.recordings.delete(world.account.id, None, it.id)
    assert any(it.id in each.getMessage() for each in caplog.records)
    assert (await rows(world))["discards"] == 1
    assert len(await files(world)) == 2
    blobs.refuses = False
    await world.engine.removals.run()
    assert "discards" not in await rows(world)
    assert await files(world) == []


async def test_a_reset_takes_what_was_there_and_not_what_came_since(world: World) -> None:
    blobs: Any = world.engine.blobs
    await recorded(world)
    await put(world, f"{world.account.id}/sounds/{PLAYED}")
    blobs.refuses = True
    await world.engine.switchboard.reset(world.account.id)
    late = f"{world.account.id}/sounds/{FORGOTTEN}"
    await put(world, late)
    await world.sql("UPDATE discards SET noted = :noted", noted=int(await _since(world, late) * 1000) - 1)
    blobs.refuses = False
    old = [key async for key, since in blobs.keys(f"{world.account.id}/") if key != late]
    for key in old:
        _age(world, key, 10)
    await world.engine.removals.run()
    assert await files(world) == [f"sounds/{FORGOTTEN}"]


async def test_an_account_goes_with_its_files_and_takes_nobody_elses(world: World) -> None:
    await recorded(world)
    other = await world.another()
    await put(world, f"{other.id}/sounds/{PLAYED}")
    await world.engine.registry.delete_account(world.account.id)
    assert await files(world) == []
    assert await files(world, other.id) == [f"sounds/{PLAYED}"]


async def test_files_that_nobody_knows_of_are_found(world: World) -> None:
    _, it = await recorded(world)
    whose, engine = world.account.id, world.engine
    await put(world, f"{whose}/recordings/0f0f0f0f-0000-4000-8000-000000000000.8000.wav")
    played = {name: f"{whose}/sounds/{name}" for name in (PLAYED, FORGOTTEN, "c" * 64)}
    for key in played.values():
        await put(world, key)
    for name in (PLAYED, FORGOTTEN):
        _age(world, played[name], 7_200)
    await world.sql(
        "UPDATE events SET data = :data WHERE ordinal = 0", data='{"key":"' + played[PLAYED] + '"}'
    )
    await Weeding(world.wire, engine.blobs, engine.darkroom, engine.archive).run()
    assert await files(world) == [
        f"recordings/{it.id}.16000.mp3",
        f"recordings/{it.id}.8000.wav",
        f"sounds/{PLAYED}",
        "sounds/" + "c" * 64,  # it was just fetched, and may be named any moment
    ]


async def _since(world: World, key: str) -> float:
    return {each: since async for each, since in world.engine.blobs.keys(key.rpartition("/")[0] + "/")}[key]


def _age(world: World, key: str, seconds: float) -> None:
    then = time() - seconds
    os.utime(world.engine.blobs.workroom.parent / key, (then, then))
