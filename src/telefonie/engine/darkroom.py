"""The only module that has recordings rendered: when first asked for, once, and kept for whoever comes next."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import time
from typing import Final, TypeAlias

from telefonie.core.errors import Unknown
from telefonie.core.recordings import Recording
from telefonie.core.score import Audio, File, Score
from telefonie.engine import desks
from telefonie.engine.media import Blob, Blobs, Form, Studio, Unrenderable
from telefonie.engine.ports import Overloaded

Composer: TypeAlias = Callable[[Recording], Awaitable[Score]]
# Of these recordings, those that are still known.
Register: TypeAlias = Callable[[Collection[str]], Awaitable[Collection[str]]]

MOST: Final = 64
ABANDONED_SECONDS: Final = 3600.0
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
        cleared = await asyncio.to_thread(desks.clear, self._blobs.workroom, time() - ABANDONED_SECONDS)
        return len(cleared) + await self._blobs.sweep(ABANDONED_SECONDS)

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
        score = await self._compose(recording)
        async with self._turn, desks.desk(self._blobs.workroom) as desk:
            score, sounds = await self._fetch(score, desk)
            into = desk / f"out.{form}"
            await self._studio.render(score, form, rate, sounds, into)
            blob = await self._blobs.put(key, into)
        # Whoever deletes a recording removes its row first and its files then: one of us two sees the other's.
        if not await self._known((recording.id,)):
            await self._blobs.delete(key)
            raise Unknown("recording", recording.id)
        return blob

    async def _fetch(self, score: Score, desk: Path) -> tuple[Score, dict[str, Path]]:
        """The files that were played, by their keys. What a program said and nobody kept is silence."""
        files = {part.sound.key for part in score.parts if isinstance(part.sound, File)}
        said = {part.sound.key for part in score.parts if isinstance(part.sound, Audio)}
        sounds = {key: desk / f"sound{number}" for number, key in enumerate(sorted(files | said))}
        for key in sorted(sounds):
            if not await self._blobs.copy(key, sounds[key]):
                if key in files:
                    raise Unrenderable("A file that was played in it is no longer kept.")
                del sounds[key]
        left = [each for each in score.parts if not isinstance(each.sound, Audio) or each.sound.key in sounds]
        return replace(score, parts=tuple(left)), sounds

    async def _weed(self, found: dict[str, str]) -> int:
        """Delete those of these files whose recording is gone."""
        known = set(await self._known(set(found.values()))) if found else set()
        gone = [key for key, recording_id in found.items() if recording_id not in known]
        for key in gone:
            await self._blobs.delete(key)
        return len(gone)
