"""The only module that has recordings rendered: when first asked for, once, and kept for whoever comes next."""

from __future__ import annotations

import asyncio
import logging
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from time import time
from typing import Final, TypeAlias

from telefonie.core.errors import Unknown
from telefonie.core.recordings import Recording
from telefonie.core.score import File, Score
from telefonie.engine.media import Blob, Blobs, Form, Studio, Unkept, Unrenderable
from telefonie.engine.ports import Overloaded

Composer: TypeAlias = Callable[[Recording], Awaitable[Score]]
# Of these recordings, those that are still known.
Register: TypeAlias = Callable[[Collection[str]], Awaitable[Collection[str]]]

MOST: Final = 64
ABANDONED_SECONDS: Final = 3600.0
_DESK: Final = "telefonie-render-"
_AT_ONCE: Final = 200  # recordings that are asked for together
_log: Final = logging.getLogger(__name__)


def shelf(account_id: str) -> str:
    """Below which key the recordings of an account are kept."""
    return f"{account_id}/recordings/"


def key_of(recording: Recording, form: Form, rate: int) -> str:
    """Under which key the sound of a recording is kept."""
    return f"{shelf(recording.account_id)}{recording.id}.{rate}.{form}"


class Darkroom:
    """Gives out the sound of recordings. One is rendered at a time; only so many wait, and nobody twice for one."""

    def __init__(
        self, studio: Studio, blobs: Blobs, compose: Composer, known: Register, *, most: int = MOST
    ) -> None:
        self._studio = studio
        self._blobs = blobs
        self._compose = compose
        self._known = known
        self._most = most
        self._turn = asyncio.Lock()
        self._under_way: dict[str, asyncio.Task[Blob]] = {}

    async def ready(self, recording: Recording, form: Form, rate: int) -> Blob:
        """Its sound, rendered if need be; who stops waiting for it does not stop that.

        Raises Unrenderable, Unkept, Overloaded; Unknown when it was deleted meanwhile.
        """
        key = key_of(recording, form, rate)
        found = await self._blobs.find(key)
        if found is not None:
            return found
        if recording.live:
            raise Unrenderable("The recording is still going on.")
        rendering = self._under_way.get(key) or self._begin(key, recording, form, rate)
        return await asyncio.shield(rendering)

    def read(self, blob: Blob, start: int, length: int) -> AsyncIterator[bytes]:
        """A part of the file, in pieces."""
        return self._blobs.read(blob.key, start, length)

    async def link(self, blob: Blob, seconds: int) -> str | None:
        """An address at which anybody can have it for so long; None: only from us."""
        return await self._blobs.link(blob.key, seconds)

    async def sweep(self, account_id: str) -> int:
        """Remove the sound of the account's recordings that are no longer known; how many files it was."""
        found: dict[str, str] = {}
        removed = 0
        async for key, _ in self._blobs.keys(shelf(account_id)):
            found[key] = key.removeprefix(shelf(account_id)).partition(".")[0]
            if len(found) == _AT_ONCE:
                removed += await self._weed(found)
                found = {}
        return removed + await self._weed(found)

    async def tidy(self) -> int:
        """Remove what was begun an hour ago and never finished; how much it was."""
        desks = await asyncio.to_thread(_abandoned, self._blobs.workroom, time() - ABANDONED_SECONDS)
        return len(desks) + await self._blobs.sweep(ABANDONED_SECONDS)

    async def close(self) -> None:
        """Whatever is being rendered fails, and can be asked for again."""
        await self._studio.close()
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)
        await self._blobs.close()

    def _begin(self, key: str, recording: Recording, form: Form, rate: int) -> asyncio.Task[Blob]:
        if len(self._under_way) >= self._most:
            raise Overloaded
        rendering = asyncio.create_task(self._render(key, recording, form, rate))
        self._under_way[key] = rendering
        rendering.add_done_callback(partial(self._done, key))
        return rendering

    def _done(self, key: str, rendering: asyncio.Task[Blob]) -> None:
        del self._under_way[key]
        failed = None if rendering.cancelled() else rendering.exception()
        if failed is not None and not isinstance(failed, Unknown):
            _log.warning("%s was not rendered: %s", key, failed)

    async def _render(self, key: str, recording: Recording, form: Form, rate: int) -> Blob:
        async with self._turn:
            score = await self._compose(recording)
            async with self._desk() as desk:
                sounds = await self._fetch(score, desk)
                into = desk / f"out.{form}"
                await self._studio.render(score, form, rate, sounds, into)
                blob = await self._blobs.put(key, into)
        # Whoever deletes a recording removes its row first and its files then: one of us two sees the other's.
        if not await self._known((recording.id,)):
            await self._blobs.delete(key)
            raise Unknown("recording", recording.id)
        return blob

    async def _fetch(self, score: Score, desk: Path) -> dict[str, Path]:
        """The files that were played, by their keys."""
        keys = {part.sound.key for part in score.parts if isinstance(part.sound, File)}
        sounds = {key: desk / f"sound{number}" for number, key in enumerate(sorted(keys))}
        for key, place in sounds.items():
            if not await self._blobs.copy(key, place):
                raise Unrenderable("A file that was played in it is no longer kept.")
        return sounds

    @asynccontextmanager
    async def _desk(self) -> AsyncIterator[Path]:
        """A folder of one's own, gone afterwards."""
        try:
            desk = await asyncio.to_thread(_cleared, self._blobs.workroom)
        except OSError as error:
            raise Unkept(f"No file can be written here: {error.strerror}.") from error
        try:
            yield desk
        finally:
            await asyncio.to_thread(shutil.rmtree, desk, ignore_errors=True)

    async def _weed(self, found: dict[str, str]) -> int:
        """Delete those of these files whose recording is gone."""
        known = set(await self._known(set(found.values()))) if found else set()
        gone = [key for key, recording_id in found.items() if recording_id not in known]
        for key in gone:
            await self._blobs.delete(key)
        return len(gone)


def _cleared(workroom: Path) -> Path:
    workroom.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=_DESK, dir=workroom))


def _abandoned(workroom: Path, before: float) -> list[Path]:
    """Remove the desks that nobody has written at since."""
    found = [each for each in workroom.glob(f"{_DESK}*") if _touched(each) < before]
    for each in found:
        shutil.rmtree(each, ignore_errors=True)
    return found


def _touched(desk: Path) -> float:
    """When something was last written there; a desk that is cleared away meanwhile is none of ours."""
    try:
        return max(each.stat().st_mtime for each in (desk, *desk.iterdir()))
    except FileNotFoundError:
        return time()
