"""The only module that keeps house in the background: what is over is removed, and so are files without an owner."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from telefonie.engine.archive import Archive
from telefonie.engine.removals import Removals
from telefonie.engine.retention import Retention
from telefonie.engine.weeding import Weeding

ROUND_SECONDS: Final = 60.0
ROUNDS_TO_WEED: Final = 60  # rounds between two looks for files without an owner
_log: Final = logging.getLogger(__name__)


class Caretaker:
    """At the start everything is looked at, since a killed process may have left work; then a part every minute."""

    def __init__(self, removals: Removals, retention: Retention, archive: Archive, weeding: Weeding) -> None:
        self._removals = removals
        self._retention = retention
        self._archive = archive
        self._weed = weeding.run
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to keep house."""
        self._task = asyncio.create_task(self._run(), name="caretaker")

    async def stop(self) -> None:
        """What is under way is left: the next one finds it."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def catch_up(self) -> None:
        """All that there is to do now."""
        await self._removals.run()
        await self._archive.finish_all()
        await self._retention.all_rounds()
        await self._weed()

    async def _run(self) -> None:
        await self._try(self.catch_up)
        rounds = 0
        while True:
            await asyncio.sleep(ROUND_SECONDS)
            rounds += 1
            await self._try(self._removals.run)
            await self._try(self._archive.finish_all)
            await self._try(self._retention.round)
            if rounds % ROUNDS_TO_WEED == 0:
                await self._try(self._weed)

    async def _try(self, work: Callable[[], Awaitable[object]]) -> None:
        try:
            await work()
        except Exception:  # noqa: BLE001 - logged, and tried again: the loop must not die
            _log.exception("The house could not be kept; trying again in a minute")
