"""The only module that writes down what programs say, for all of a process together, and that they have gone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from time import monotonic
from typing import Final

from telefonie.core.commands import Closed
from telefonie.core.events import Actor
from telefonie.engine.conversations import Conversation
from telefonie.engine.openings import Openings
from telefonie.engine.spool import Spool
from telefonie.flow.commands import HearSocket

MOST_UNTOLD: Final = 600  # stretches of sound that wait for a call that cannot be told
_log: Final = logging.getLogger(__name__)


class Untold(Exception):
    """A call cannot be told now what its program said."""


class Scribe:
    """What was said is kept first, and then told to the calls, all of them at once."""

    def __init__(self, openings: Openings, spool: Spool) -> None:
        self._openings = openings
        self._spool = spool

    async def write(self, legs: Collection[Conversation]) -> None:
        """What was said since the last time."""
        for each in legs:
            each.written = monotonic()
        said = [(each, runs) for each in legs if (runs := each.said())]
        if said:
            kept = await self._spool.add([(each.reel, runs) for each, runs in said])
            for (each, _), sounds in zip(said, kept, strict=True):
                each.untold = (*each.untold, *sounds)
        for each in legs:
            await self._spool.settle(each.reel)
        await asyncio.gather(*(self._tell(each) for each in legs if each.untold))

    async def write_all(self, leg: Conversation) -> None:
        """The same of one, or raises Untold: for those who go on only when it is written."""
        await self.write([leg])
        if leg.untold:
            raise Untold(leg.call.id)

    async def finish(self, leg: Conversation) -> None:
        """All that was ever said."""
        await self.write_all(leg)
        await self._spool.settle(leg.reel, over=True)

    async def drop(self, leg: Conversation) -> None:
        """Nobody wants to know any more."""
        leg.ears.take()
        await self._spool.settle(leg.reel, over=True)

    async def gone(self, leg: Conversation) -> None:
        """The program has closed its socket, or was lost."""
        if leg.lost or leg.ears.gone is None:
            return
        try:
            await self._openings.tell(leg.call, Closed(leg.ears.gone))
            leg.lost = True
        except Exception as failed:  # noqa: BLE001 - it is told in the next round
            _log.warning("Call %s cannot be told that its program has gone: %s", leg.call.id, failed)

    async def lost(self, leg: Conversation, why: str) -> None:
        """It is let go from here, though its call wants it: for the call that is a loss."""
        await self._openings.tell(leg.call, Closed(why, Actor.PLATFORM))

    async def _tell(self, leg: Conversation) -> None:
        """It concerns this call alone if it cannot be told now; there is another round."""
        sounds, leg.untold = leg.untold, ()
        try:
            await self._openings.tell(leg.call, HearSocket(sounds))
        except Exception as failed:  # noqa: BLE001 - as above
            leg.untold = (*sounds, *leg.untold)[-MOST_UNTOLD:]
            _log.warning("Call %s cannot be told what its program says: %s", leg.call.id, failed)
