"""The only module that has short pieces of sound made while somebody waits to hear them, and remembers them a while."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from pathlib import Path
from typing import Final, TypeAlias

from telefonie.core.score import Audio, File, Part, Score, Sound, Words
from telefonie.engine import desks
from telefonie.engine.media import Blobs, Form, Studio, Unkept, Unrenderable
from telefonie.engine.spool import HEADER, Spool
from telefonie.engine.streaming import BYTES_PER_SAMPLE

REMEMBERED: Final = 32 * 1024 * 1024  # bytes
_Name: TypeAlias = tuple[Sound, int, int, int]
_log: Final = logging.getLogger(__name__)


def length(ms: int, rate: int) -> int:
    """Bytes of so much sound."""
    return ms * rate // 1000 * BYTES_PER_SAMPLE


class Clips:
    """PCM of what is heard live. Each is made once, however many listen; what cannot be made is silence."""

    def __init__(self, studio: Studio, blobs: Blobs, spool: Spool) -> None:
        self._studio = studio
        self._blobs = blobs
        self._spool = spool
        self._lately: OrderedDict[_Name, bytes] = OrderedDict()
        self._size = 0
        self._under_way: dict[_Name, asyncio.Task[bytes]] = {}

    async def pcm(self, sound: Sound, skip: int, ms: int, rate: int) -> bytes:
        """So much of a sound, from there on. Of words all are made at once, since they are fitted as a whole."""
        if isinstance(sound, Words):
            whole = await self._clip((sound, 0, sound.ms, rate))
            return whole[length(skip, rate) : length(skip + ms, rate)]
        return await self._clip((sound, skip, ms, rate))

    async def close(self) -> None:
        """Nothing more is made."""
        for each in tuple(self._under_way.values()):
            each.cancel()
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)
        await self._studio.close()

    async def _clip(self, name: _Name) -> bytes:
        found = self._lately.get(name)
        if found is not None:
            self._lately.move_to_end(name)
            return found
        making = self._under_way.get(name)
        if making is None:
            making = asyncio.create_task(self._make(name))
            self._under_way[name] = making
            making.add_done_callback(lambda _: self._under_way.pop(name, None))
        return await asyncio.shield(making)

    async def _make(self, name: _Name) -> bytes:
        sound, skip, ms, rate = name
        try:
            made = await self._made(sound, skip, ms, rate)
        except (Unrenderable, Unkept, OSError) as failed:
            _log.warning("Something that a program should hear is silence: %s", failed)
            return b""
        self._remember(name, made)
        return made

    async def _made(self, sound: Sound, skip: int, ms: int, rate: int) -> bytes:
        if isinstance(sound, Audio) and sound.rate == rate:
            return await self._spool.read(sound, skip, ms)
        async with desks.desk(self._blobs.workroom) as desk:
            files: dict[str, Path] = {}
            if isinstance(sound, Audio):
                said = await self._spool.read(sound, skip, ms)
                files[sound.key] = await asyncio.to_thread(self._spool.wave, desk / "said", said, sound.rate)
                skip = 0
            elif isinstance(sound, File):
                files[sound.key] = desk / "played"
                if not await self._blobs.copy(sound.key, files[sound.key]):
                    raise Unrenderable("a file that is played is no longer kept")
            into = desk / "clip"
            score = Score(ms, 1, (Part(0, 0, ms, sound, skip),))
            await self._studio.render(score, Form.WAV, rate, files, into)
            return (await asyncio.to_thread(into.read_bytes))[HEADER:]

    def _remember(self, name: _Name, made: bytes) -> None:
        self._lately[name] = made
        self._size += len(made)
        while self._size > REMEMBERED and len(self._lately) > 1:
            _, forgotten = self._lately.popitem(last=False)
            self._size -= len(forgotten)
