"""The only module that waits until all is known of what programs were heard to say, before a score is made of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from time import monotonic
from typing import Final

from telefonie.core import clocks
from telefonie.core.call import Call
from telefonie.core.score import Audio, Score
from telefonie.engine.media import Blobs
from telefonie.engine.ports import Overloaded
from telefonie.store import streams
from telefonie.store.connect import Connection, Store, wall
from telefonie.store.streams import STEP_MS, Standing, socket_id

LATE_MS: Final = 2_000  # so much later at most it is written down, where time goes by itself
LOOK_SECONDS: Final = 0.2
PATIENCE_SECONDS: Final = 60.0  # twice the time after which a dead process's sockets are taken up


async def until(settled: Callable[[], Awaitable[bool]]) -> None:
    """Wait for that; raises Overloaded when it takes too long."""
    deadline = monotonic() + PATIENCE_SECONDS
    while not await settled():
        if monotonic() > deadline:
            raise Overloaded
        await asyncio.sleep(LOOK_SECONDS)


def settled(conn: Connection, calls: Iterable[Call], moment: int) -> bool:
    """Whether everything is written down that these calls' programs said before this moment."""
    talking = {socket_id(each.id) for each in calls if each.order.socket is not None and each.answered_at}
    if not talking:
        return True
    now = wall(conn)
    return all(_past(each, now, moment) for each in streams.standing(conn, talking).values())


def _past(row: Standing, wall_ms: int, moment: int) -> bool:
    if row.ends:
        return False
    if row.clock.stands:
        return row.due - STEP_MS >= moment
    return clocks.now(row.clock, wall_ms) >= moment + LATE_MS * row.clock.speed


class Sounds:
    """What programs said is put where files are kept some seconds later."""

    def __init__(self, store: Store, blobs: Blobs) -> None:
        self._store = store
        self._blobs = blobs

    async def there(self, score: Score) -> Score:
        """The same, once there is all that will ever be there."""
        wanted = {part.sound.key: part.call_id for part in score.parts if isinstance(part.sound, Audio)}
        if wanted:
            await until(partial(self._there, wanted))
        return score

    async def _there(self, wanted: dict[str, str]) -> bool:
        for key in tuple(wanted):
            if await self._blobs.find(key) is not None:
                del wanted[key]
        ids = set(wanted.values())
        return not wanted or not await self._store.read(partial(streams.under_way, call_ids=ids))
