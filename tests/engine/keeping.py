"""The only module by which tests of what is kept and removed fill an account and look what is left of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from telefonie.core.recordings import Recording
from telefonie.engine.darkroom import key_of
from telefonie.engine.media import Form
from telefonie.engine.recordings import RecordingQuery
from tests.support.world import BRIEF, World

DAY: Final = 86_400
TABLES: Final = ("calls", "events", "jobs", "attempts", "meetings", "recordings", "replies", "discards")


async def recorded(world: World, to: str = BRIEF, **order: Any) -> tuple[str, Recording]:
    """A recorded call that is over, with its sound on the disk."""
    call = await world.call(to, record=True, **order)
    await world.until_idle()
    found = await world.engine.recordings.page(world.account.id, RecordingQuery(call_id=call))
    await sound(world, found.recordings[0])
    return call, found.recordings[0]


async def sound(world: World, it: Recording) -> None:
    """What a studio would have made of it."""
    for form, rate in ((Form.WAV, 8_000), (Form.MP3, 16_000)):
        await put(world, key_of(it, form, rate), b"sound")


async def put(world: World, key: str, content: bytes = b"sound") -> None:
    """A file, kept under this key."""
    await world.engine.blobs.put(key, draft(world.engine.blobs.workroom, content))


def draft(room: Path, content: bytes) -> Path:
    room.mkdir(parents=True, exist_ok=True)
    written = room / "draft"
    written.write_bytes(content)
    return written


async def files(world: World, account_id: str | None = None) -> list[str]:
    """What is kept for the account."""
    prefix = f"{account_id or world.account.id}/"
    return sorted([key.removeprefix(prefix) async for key, _ in world.engine.blobs.keys(prefix)])


async def rows(world: World) -> dict[str, int]:
    """How many rows there are of what may grow."""
    counts = {}
    for table in TABLES:
        [(counts[table],)] = await world.sql(f"SELECT count(*) FROM {table}")  # noqa: S608 - ours
    return {table: count for table, count in counts.items() if count}
