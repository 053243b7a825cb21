"""The compliance archive: written once, chained, and checked byte by byte."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pytest

from telefonie.core.errors import Illegal, Unknown
from telefonie.core.recordings import Recording
from telefonie.core.score import Part, Score, Words
from telefonie.engine.house import Options
from telefonie.engine.media import Blob, Blobs, Form, Unkept
from telefonie.engine.verification import Verdict, verify
from telefonie.media import place_of
from telefonie.store import recordings as store_of_recordings
from telefonie.store.audits import AuditQuery
from tests.engine.keeping import DAY, files, recorded
from tests.support.targets import Target
from tests.support.world import HUMAN, World, a_world, phone

SAID: Final = Score(2_000, 1, (Part(0, 0, 900, Words("Good morning", "en-US", 900), speaker="platform"),))
NAMES: Final = ("entry.json", "metadata.json", "recording.wav", "transcript.json")


class Studio:
    """Renders at once."""

    async def render(self, score: Score, form: Form, rate: int, sounds: dict[str, Path], into: Path) -> None:
        del sounds
        content = f"{form} of {score.ms} ms at {rate}"
        await asyncio.to_thread(into.write_text, content, "utf-8")

    async def close(self) -> None:
        return None


class Fragile:
    """A place for files that is gone after so many changes."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self.left: int | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._blobs, name)

    async def put(self, key: str, file: Path) -> Blob:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise Unkept("the place is gone")
        return await self._blobs.put(key, file)


@pytest.fixture
async def world(target: Target, tmp_path: Path) -> AsyncIterator[World]:
    """An engine with a studio and a place for files."""
    blobs: Any = Fragile(place_of(str(tmp_path / "media"), "local", None))
    async with a_world(target, Options(blobs=blobs, studio=Studio())) as world:
        yield world


async def composed(world: World, to: str = HUMAN) -> Recording:
    """A recording of which is known what it consists of."""
    _, it = await recorded(world, to)
    keep = partial(store_of_recordings.keep_score, recording_id=it.id, composed=SAID)
    await world.wire.write(keep)
    return it


async def export(world: World, it: Recording) -> tuple[str, bool]:
    entry, fresh = await world.engine.archive.export(world.account.id, it.id)
    return entry.link.folder, fresh


async def checked(world: World, *, by_files: bool = False) -> list[Verdict]:
    return await verify(world.engine.blobs, None if by_files else world.wire)


async def read(world: World, key: str) -> bytes:
    blob = await world.engine.blobs.find(key)
    assert blob is not None
    return b"".join([piece async for piece in world.engine.blobs.read(key, 0, blob.size)])


async def test_an_entry_is_the_recording_its_transcript_and_what_is_known_of_it(world: World) -> None:
    it = await composed(world)
    folder, fresh = await export(world, it)
    assert (folder, fresh) == (f"{world.account.id}/archive/000001-{it.id}/", True)
    content = {name: await read(world, folder + name) for name in NAMES}
    assert content["recording.wav"] == b"wav of 2000 ms at 16000"
    [sentence] = json.loads(content["transcript.json"])["sentences"]
    assert (sentence["text"], sentence["speaker"]) == ("Good morning", "platform")
    about = json.loads(content["metadata.json"])
    assert (about["recording"]["id"], about["call"]["to"]) == (it.id, HUMAN)
    entry = json.loads(content["entry.json"])
    assert entry["files"] == {
        name: {"sha256": sha256(content[name]).hexdigest(), "size": len(content[name])} for name in NAMES[1:]
    }
    claimed = entry.pop("hash")
    told = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert sha256(told.encode()).hexdigest() == claimed
    await world.engine.removals.run()
    assert [each for each in await files(world) if "staging" in each] == []
    [noted] = (await world.engine.audit.page(world.account.id, AuditQuery(action="export")))[0]
    assert (noted.note.subject, noted.note.data["hash"]) == (it.id, claimed)


async def test_a_second_export_answers_the_first_and_writes_nothing(world: World) -> None:
    it = await composed(world)
    folder, _ = await export(world, it)
    blobs = world.engine.blobs
    before = [await blobs.find(folder + name) for name in NAMES]
    assert await export(world, it) == (folder, False)
    assert [await blobs.find(folder + name) for name in NAMES] == before


async def test_exports_at_once_make_one_chain(world: World) -> None:
    made = [await composed(world) for _ in range(4)]
    exported = await asyncio.gather(*(export(world, it) for it in (*made, *made)))
    assert sorted({folder.split("/")[2][:6] for folder, _ in exported}) == [
        "000001",
        "000002",
        "000003",
        "000004",
    ]
    assert sum(fresh for _, fresh in exported) == 4
    for by_files in (False, True):
        assert await checked(world, by_files=by_files) == [Verdict(world.account.id, 4)]
    found, total = await world.engine.archive.page(world.account.id, 1, 3)
    assert ([each.link.sequence for each in found], total) == ([4, 3, 2], 4)


@pytest.mark.parametrize("by_files", [False, True])
async def test_whatever_is_changed_is_named(
    world: World,
    tmp_path: Path,
    by_files: bool,  # noqa: FBT001 - a table
) -> None:
    folders = [(await export(world, await composed(world)))[0] for _ in range(3)]
    root = tmp_path / "media" / "local"
    for name in NAMES:
        place = root / folders[1] / name
        content = place.read_bytes()
        for changed in (content.replace(content[-9:], b"x" * 9), b"", content + b" "):
            place.write_bytes(changed)
            [verdict] = await checked(world, by_files=by_files)
            if name == "entry.json" and by_files and changed == content + b" ":
                continue  # the same to whoever reads it
            assert folders[1] in verdict.fault, (name, changed)
        place.write_bytes(content)
        assert [each.fault for each in await checked(world, by_files=by_files)] == [""]
    for name in NAMES:
        (root / folders[0] / name).unlink()
    [verdict] = await checked(world, by_files=by_files)
    assert folders[0 if not by_files else 1] in verdict.fault


async def test_an_entry_that_is_forged_breaks_the_chain(world: World, tmp_path: Path) -> None:
    """Whoever changes a file, and its entry, and the entry's hash, meets the next entry."""
    folders = [(await export(world, await composed(world)))[0] for _ in range(3)]
    place = tmp_path / "media" / "local" / folders[1]
    (place / "recording.wav").write_bytes(b"forged")
    entry = json.loads((place / "entry.json").read_text())
    entry["files"]["recording.wav"] = {"sha256": sha256(b"forged").hexdigest(), "size": 6}
    del entry["hash"]
    told = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    entry["hash"] = sha256(told.encode()).hexdigest()
    (place / "entry.json").write_text(json.dumps(entry, sort_keys=True, separators=(",", ":")))
    [verdict] = await checked(world, by_files=True)
    assert folders[2] in verdict.fault
    assert "does not follow" in verdict.fault
    [verdict] = await checked(world)
    assert folders[1] in verdict.fault
    await world.sql("UPDATE archive SET entry = :entry WHERE sequence = 2", entry=told)
    [verdict] = await checked(world)
    assert folders[1] in verdict.fault


async def test_it_outlives_retention_and_reset_but_not_the_account(world: World) -> None:
    it = await composed(world)
    folder, _ = await export(world, it)
    await world.pass_time(100 * DAY)
    assert await world.sql("SELECT id FROM recordings") == []
    await world.engine.switchboard.reset(world.account.id)
    assert await files(world) == [f"{folder.split('/', 1)[1]}{name}" for name in NAMES]
    assert await checked(world) == [Verdict(world.account.id, 1)]
    assert await export(world, it) == (folder, False)  # though the recording is gone
    await world.engine.registry.delete_account(world.account.id)
    assert await files(world) == []
    assert await checked(world) == []


async def test_what_is_archived_of_an_erased_number_is_told(world: World) -> None:
    person, other = await composed(world, phone(1, 7)), await composed(world)
    for it in (person, other):
        await export(world, it)
    receipt = await world.engine.erasure.erase(
        world.account.id, phone(1, 7), "0f1e2d3c-4b5a-4697-8877-665544332211"
    )
    assert receipt.retained == [(person.id, "archive")]
    assert await checked(world) == [Verdict(world.account.id, 2)]


async def test_only_what_is_there_and_completed_can_be_archived(world: World) -> None:
    it = await composed(world)
    other = await world.another()
    with pytest.raises(Unknown):
        await world.engine.archive.export(other.id, it.id)
    await world.call(HUMAN, record=True, document='[{"action":"conversation","name":"lobby"}]')
    await world.pass_time(5)
    [(live,)] = await world.sql("SELECT id FROM recordings WHERE status = 'running'")
    with pytest.raises(Illegal, match="be archived"):
        await world.engine.archive.export(world.account.id, live)


async def test_an_export_that_is_stopped_leaves_all_or_nothing(world: World) -> None:
    """The place for files is gone after so many of them: one is rendered, three prepared, three placed, one seals."""
    fragile: Any = world.engine.blobs
    entries = 0
    for puts in range(9):
        it = await composed(world)
        fragile.left = puts
        with suppress(Unkept):
            await export(world, it)
        fragile.left = None
        await world.engine.archive.finish_all()
        await world.engine.archive.weed(world.account.id, 2e10)
        await world.engine.removals.run()
        entries += puts >= 4
        if entries:
            assert await checked(world) == [Verdict(world.account.id, entries)]
        kept = [each for each in await files(world) if each.startswith("archive/")]
        assert len(kept) == len(NAMES) * entries
        assert (await export(world, it))[1] is (puts < 4)
        entries += puts < 4
