"""The only door to the compliance archive: recordings exported once, each entry chained to the one before.

First the files are prepared beside the archive, then the entry is chained, then the files take their places, and
last the entry is sealed. Whoever is stopped in between leaves something that the next one finishes, or removes.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from hashlib import file_digest
from pathlib import Path
from typing import Final, TypeAlias

from telefonie.core.call import Call
from telefonie.core.chain import ENTRY, Content, Link, shelf
from telefonie.core.errors import Illegal
from telefonie.core.recordings import Recording, Status
from telefonie.core.score import Score
from telefonie.engine import exhibits
from telefonie.engine.darkroom import Darkroom
from telefonie.engine.media import Blobs, Form, Unkept
from telefonie.store import archive, audits, reads, recordings
from telefonie.store.archive import Archived
from telefonie.store.audits import Note
from telefonie.store.connect import Connection, Store

Compose: TypeAlias = Callable[[Recording], Awaitable[Score]]

RATE: Final = 16_000
_DESK: Final = "telefonie-archive-"
_log: Final = logging.getLogger(__name__)


class Archive:
    """Exports; what is there is never written again."""

    def __init__(self, store: Store, blobs: Blobs, darkroom: Darkroom, compose: Compose) -> None:
        self._store = store
        self._blobs = blobs
        self._darkroom = darkroom
        self._compose = compose

    async def export(self, account_id: str, recording_id: str, actor: str = "admin") -> tuple[Archived, bool]:
        """The entry of this recording, made if there is none; whether it is new."""
        find = partial(archive.find, account_id=account_id, recording_id=recording_id)
        found = await self._store.read(find)
        if found is not None and found.sealed:
            return found, False
        entry, fresh = (None, False) if found is None else (found.link, False)
        if entry is None:
            files = await self._prepare(account_id, recording_id)
            append = partial(_append, account_id=account_id, recording_id=recording_id)
            chained, fresh = await self._store.write(partial(append, files=files, actor=actor))
            entry = chained.link
        await self._finish(entry)
        return Archived(entry, sealed=True), fresh

    async def page(self, account_id: str, number: int, size: int) -> tuple[list[Archived], int]:
        """An account's entries, newest first, and how many there are."""
        return await self._store.read(partial(archive.page, account_id=account_id, number=number, size=size))

    async def finish_all(self) -> None:
        """Complete the entries whose writer was stopped."""
        for each in await self._store.read(archive.unsealed):
            try:
                await self._finish(each.link)
            except Exception:  # noqa: BLE001 - logged, and tried again: the others are finished meanwhile
                _log.exception("Archive entry %s could not be completed", each.link.folder)

    async def naming(self, account_id: str, text: str) -> list[str]:
        """The recordings whose exported transcript or data say this."""
        found = []
        for each, _ in await self._store.read(partial(archive.chain, account_id=account_id)):
            for name in (exhibits.TRANSCRIPT, exhibits.METADATA):
                if text.encode() in await self._content(each.link.folder + name):
                    found.append(each.link.recording_id)
                    break
        return found

    async def weed(self, account_id: str, before: float) -> int:
        """Remove what was prepared before this moment and never chained; how many files."""
        prepared = [
            key
            async for key, since in self._blobs.keys(shelf(account_id))
            if since <= before and key.startswith(_staging(account_id, ""))
        ]
        known = await self._store.read(partial(archive.known, account_id=account_id)) if prepared else set()
        orphans = [key for key in prepared if key.split("/")[2].removeprefix("staging-") not in known]
        for key in orphans:
            await self._blobs.delete(key)
        return len(orphans)

    async def _prepare(self, account_id: str, recording_id: str) -> dict[str, Content]:
        """The files of an entry, kept beside the archive under names that say what is in them."""
        it, call = await self._store.read(
            partial(_material, account_id=account_id, recording_id=recording_id)
        )
        if it.status is not Status.COMPLETED:
            raise Illegal("recording", it.status, "be archived")
        score = await self._compose(it)
        blob = await self._darkroom.ready(it, Form.WAV, RATE)
        files: dict[str, Content] = {}
        async with self._desk() as desk:
            sound = desk / exhibits.SOUND
            if not await self._blobs.copy(blob.key, sound):
                raise Unkept("The recording was removed meanwhile.")
            await asyncio.to_thread(exhibits.write, desk, it, call, score, RATE)
            for path in sorted(desk.iterdir()):
                content = files[path.name] = await asyncio.to_thread(_content, path)
                await self._blobs.put(_staged(account_id, recording_id, path.name, content), path)
        return files

    async def _finish(self, entry: Link) -> None:
        """Put every file that is not there yet in its place, and seal."""
        async with self._desk() as desk:
            for name, content in entry.files.items():
                if await self._blobs.find(entry.folder + name) is None:
                    await self._place(entry, name, content, desk / name)
            if await self._blobs.find(entry.folder + ENTRY) is None:
                written = desk / ENTRY
                await asyncio.to_thread(written.write_text, entry.file, "utf-8")
                await self._blobs.put(entry.folder + ENTRY, written)
        staging = _staging(entry.account_id, entry.recording_id) + "/"
        await self._store.write(partial(archive.seal, entry=entry, staging=staging))

    async def _place(self, entry: Link, name: str, content: Content, path: Path) -> None:
        staged = _staged(entry.account_id, entry.recording_id, name, content)
        if not await self._blobs.copy(staged, path):
            raise Unkept(f"{staged} is missing.")
        if await asyncio.to_thread(_content, path) != content:
            raise Unkept(f"{staged} is not what was prepared.")
        await self._blobs.put(entry.folder + name, path)

    async def _content(self, key: str) -> bytes:
        blob = await self._blobs.find(key)
        if blob is None:
            return b""
        return b"".join([piece async for piece in self._blobs.read(key, 0, blob.size)])

    @asynccontextmanager
    async def _desk(self) -> AsyncIterator[Path]:
        """A folder of one's own, gone afterwards."""
        room = self._blobs.workroom
        await asyncio.to_thread(partial(room.mkdir, parents=True, exist_ok=True))
        desk = Path(await asyncio.to_thread(partial(tempfile.mkdtemp, prefix=_DESK, dir=room)))
        try:
            yield desk
        finally:
            await asyncio.to_thread(shutil.rmtree, desk, ignore_errors=True)


def _staging(account_id: str, recording_id: str) -> str:
    return f"{shelf(account_id)}staging-{recording_id}"


def _staged(account_id: str, recording_id: str, name: str, content: Content) -> str:
    return f"{_staging(account_id, recording_id)}/{content.sha256}-{name}"


def _material(conn: Connection, account_id: str, recording_id: str) -> tuple[Recording, Call | None]:
    it = recordings.one(conn, account_id, None, recording_id)
    return it, reads.known(conn, it.call_id)


def _append(
    conn: Connection, account_id: str, recording_id: str, files: dict[str, Content], actor: str
) -> tuple[Archived, bool]:
    found, fresh = archive.append(conn, account_id, recording_id, files)
    if fresh:
        data = {"sequence": found.link.sequence, "hash": found.link.digest}
        audits.add(conn, [Note(account_id, actor, "export", "recording", recording_id, data)])
    return found, fresh


def _content(path: Path) -> Content:
    with path.open("rb") as file:
        return Content(file_digest(file, "sha256").hexdigest(), path.stat().st_size)
