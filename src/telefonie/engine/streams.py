"""The only module that takes sockets up for one process, keeps the rounds going, and lets all go at the end."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Final

from telefonie.engine.clips import Clips
from telefonie.engine.openings import Openings
from telefonie.engine.rounds import ROUND_SECONDS, Rounds
from telefonie.store import streams
from telefonie.store.connect import Store, wall
from telefonie.store.streams import Held

CLAIM_SECONDS: Final = 1.0
FAREWELL_SECONDS: Final = 10.0
_STOPPED: Final = "the server was stopped"
_log: Final = logging.getLogger(__name__)


class Streams:
    """All sockets that this process has in hand."""

    def __init__(self, store: Store, openings: Openings, rounds: Rounds, clips: Clips, lease_ms: int) -> None:
        self._store = store
        self._openings = openings
        self._rounds = rounds
        self._clips = clips
        self._lease_ms = lease_ms
        self._opening: set[asyncio.Task[None]] = set()
        self._wanted = asyncio.Event()
        self._loops: list[asyncio.Task[None]] = []
        self._stopping = False

    @property
    def count(self) -> int:
        """How many sockets are open here."""
        return len(self._rounds.legs)

    def start(self) -> None:
        """Begin to look."""
        self._loops = [
            asyncio.create_task(self._claims(), name="streams"),
            asyncio.create_task(self._go_round(), name="rounds"),
        ]

    def committed(self, *, wanted: bool) -> None:
        """A batch is in; what happened may be heard. `wanted`: sockets are to be opened or let go."""
        if wanted:
            self._wanted.set()
        if wanted or self._rounds.by_hand:  # in real time the next round is soon enough
            self._rounds.stirred.set()

    async def progress(self, seconds: float) -> None:
        """Time stands until something here has been done: it is done now, or somebody else does it."""
        self._rounds.progress.clear()
        self._wanted.set()
        self._rounds.stirred.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._rounds.progress.wait()

    async def stop(self) -> None:
        """Say goodbye to all programs; for their calls that is a loss."""
        self._stopping = True
        self._wanted.set()
        self._rounds.stirred.set()
        for task in self._opening:
            task.cancel()
        await asyncio.gather(*self._loops, *self._opening, return_exceptions=True)
        await self._rounds.stop()
        with suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL_SECONDS):
                legs = self._rounds.legs.values()
                await asyncio.gather(*(self._rounds.farewell(each, _STOPPED) for each in legs))
        await self._openings.close()
        await self._clips.close()

    async def _claims(self) -> None:
        while not self._stopping:
            with suppress(TimeoutError):
                async with asyncio.timeout(CLAIM_SECONDS):
                    await self._wanted.wait()
            self._wanted.clear()
            try:
                if not self._stopping:
                    await self._claim()
            except Exception:  # noqa: BLE001 - logged, and tried again: the loop must not die
                _log.exception("Sockets cannot be looked for; trying again in a second")
                await asyncio.sleep(CLAIM_SECONDS)

    async def _claim(self) -> None:
        free = self._openings.most - len(self._opening)
        if free <= 0 or not await self._store.read(lambda conn: streams.waiting(conn, wall(conn))):
            return
        held = await self._store.write(lambda conn: streams.claim(conn, wall(conn), free, self._lease_ms))
        for each in held:
            task = asyncio.create_task(self._open(each))
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)
        if len(held) == free:
            self._wanted.set()

    async def _open(self, held: Held) -> None:
        """One that was claimed: it is opened, or was lost, or is over already."""
        try:
            leg = await self._openings.open(held, self._clips, self._rounds.stirred.set)
        except Exception:  # noqa: BLE001 - logged, and covered by the lease
            _log.exception("The socket of call %s cannot be taken up; when the lease is over", held.call_id)
            return
        if leg is None:
            self._rounds.done(held.id)
        else:
            self._rounds.add(leg)
        self._wanted.set()

    async def _go_round(self) -> None:
        while not self._stopping:
            with suppress(TimeoutError):
                async with asyncio.timeout(ROUND_SECONDS if self._rounds.legs else None):
                    await self._rounds.stirred.wait()
            self._rounds.stirred.clear()
            try:
                await self._rounds.run()
            except Exception:  # noqa: BLE001 - logged, and tried again: the loop must not die
                _log.exception("Open sockets cannot be looked after; trying again in a second")
                await asyncio.sleep(CLAIM_SECONDS)
