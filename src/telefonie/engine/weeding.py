"""The only module that compares files with rows, and removes the files that nobody knows of any more.

Nothing should ever leave one behind: whoever removes a row notes its file. But sounds are shared by the calls that
played them, so that nobody's removal is theirs; and a disk may be restored to another moment than the store.
"""

from __future__ import annotations

from functools import partial
from time import time
from typing import Final

from telefonie.engine.archive import Archive
from telefonie.engine.darkroom import Darkroom
from telefonie.engine.media import Blobs
from telefonie.store import people, sounds
from telefonie.store.connect import Store

GRACE_SECONDS: Final = 3_600.0
AT_ONCE: Final = 200


class Weeding:
    """Looks at one account after the other."""

    def __init__(self, store: Store, blobs: Blobs, darkroom: Darkroom, archive: Archive) -> None:
        self._store = store
        self._blobs = blobs
        self._darkroom = darkroom
        self._archive = archive

    async def run(self) -> None:
        """All accounts."""
        last = 0
        while found := await self._store.read(partial(people.accounts_after, number=last, most=AT_ONCE)):
            last = found[-1][0]
            for _, account_id in found:
                await self._darkroom.sweep(account_id)
                await self.sounds(account_id)
                await self._archive.weed(account_id, time() - GRACE_SECONDS)
        await self._darkroom.tidy()

    async def sounds(self, account_id: str, grace: float = GRACE_SECONDS) -> int:
        """Remove what was played and is no longer named; how many files. What is new may be named any moment."""
        before = time() - grace
        old = await self._sounds(account_id, before)
        if not old:
            return 0
        old -= await self._store.read(partial(sounds.named, account_id=account_id))
        if old:  # who plays one again keeps it anew, so that it is young again
            old &= await self._sounds(account_id, before)
        for key in old:
            await self._blobs.delete(key)
        return len(old)

    async def _sounds(self, account_id: str, before: float) -> set[str]:
        return {key async for key, since in self._blobs.keys(f"{account_id}/sounds/") if since <= before}
