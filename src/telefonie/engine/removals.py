"""The only module that removes files: those that were noted with a decision, once it is durable.

A file goes before its note. So whoever is killed in between leaves a note, and the next one finds nothing to remove.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import Final

from telefonie.engine.media import Blobs, Form
from telefonie.store import discards
from telefonie.store.connect import Store
from telefonie.store.discards import Discard

RATES: Final = (8_000, 16_000)
_ENDINGS: Final = tuple(f"{rate}.{form}" for rate in RATES for form in Form)
_log: Final = logging.getLogger(__name__)


class Removals:
    """Removes what is noted. Any number of processes may do so at once."""

    def __init__(self, store: Store, blobs: Blobs) -> None:
        self._store = store
        self._blobs = blobs

    async def run(self, account_id: str | None = None) -> None:
        """All that is noted (of this account). What cannot be removed now is tried again later."""
        after = ""
        while bite := await self._store.read(partial(discards.noted, after=after, account_id=account_id)):
            after = bite[-1].key
            gone = [each for each in bite if await self._removed(each)]
            await self._store.write(partial(discards.done, removed=gone))

    async def _removed(self, it: Discard) -> bool:
        try:
            await self._remove(it)
        except Exception:  # noqa: BLE001 - logged, and tried again: the others must go, too
            _log.exception("%s could not be removed; trying again in a minute", it.key)
            return False
        return True

    async def _remove(self, it: Discard) -> None:
        if it.key.endswith("."):
            for ending in _ENDINGS:
                await self._blobs.delete(it.key + ending)
        elif it.key.endswith("/") and not it.orphaned:
            # After a reset the account goes on: what was made since then is not meant.
            old = [key async for key, since in self._blobs.keys(it.key) if since * 1000 <= it.noted]
            for key in old:
                await self._blobs.delete(key)
        else:
            await self._blobs.delete(it.key)
