"""The only module that looks after the open sockets of one process, all of them in each round.

What has happened is read with one question, what is heard of it goes to the lines, and what programs have said is
written down together. There is no task and no question for each.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from time import monotonic
from typing import Final

from telefonie.core.clocks import Clock
from telefonie.core.composing import Takes
from telefonie.engine.conversations import Conversation
from telefonie.engine.earshot import LAG_MS
from telefonie.engine.material import Material
from telefonie.engine.scribe import Scribe
from telefonie.store import streams
from telefonie.store.connect import Connection, Store, wall
from telefonie.store.streams import Standing

ROUND_SECONDS: Final = 0.1
AGAIN_SECONDS: Final = 0.5  # after a failure
WRITE_SECONDS: Final = 0.8  # between two writings of what a program says
_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Look:
    """What one look at the store shows."""

    wall: int
    rows: dict[str, Standing]
    heard: dict[str, Takes]  # of those for whom it has changed


class Rounds:
    """The sockets that this process has in hand, by their rows."""

    def __init__(self, store: Store, scribe: Scribe, lease_ms: int) -> None:
        self._store = store
        self._scribe = scribe
        self._lease_ms = lease_ms
        self._material = Material()
        self._moving: set[asyncio.Task[None]] = set()
        self._moved: dict[str, int] = {}  # up to which moment of standing time a line has been moved
        self._done: list[str] = []  # rows that are done with
        self.legs: dict[str, Conversation] = {}
        self.by_hand = False  # whether any of them moves only when it is moved
        self.stirred = asyncio.Event()  # there is a reason for another round
        self.progress = asyncio.Event()  # time that stands may go on

    def add(self, leg: Conversation) -> None:
        """One that is open now."""
        self.legs[leg.held.id] = leg
        self._moved[leg.held.id] = leg.reached
        self.stirred.set()

    def done(self, row_id: str) -> None:
        """A row that nobody needs any more."""
        self._done.append(row_id)
        self.stirred.set()

    async def run(self) -> None:
        """Once for all of them."""
        await self._pass_on()
        legs = dict(self.legs)
        if not legs:
            return
        look = await self._store.read(lambda conn: self._look(conn, legs.values()))
        for row_id, leg in legs.items():
            row = look.rows.get(row_id)
            if row is None or row.until != leg.held.until:
                await self._drop(leg)
            else:
                self._serve(leg, row, look.heard.get(leg.call.id))
        self.by_hand = any(each.by_hand for each in legs.values())
        free = [each for each in self.legs.values() if not each.busy]
        await self._scribe.write([each for each in free if _has_turn(each)])
        await asyncio.gather(*(self._scribe.gone(each) for each in free))
        await self._renew(look.wall)

    async def stop(self) -> None:
        """Nothing is moved any more."""
        for task in self._moving:
            task.cancel()
        await asyncio.gather(*self._moving, return_exceptions=True)

    async def farewell(self, leg: Conversation, why: str) -> None:
        """Say goodbye to a program that is still wanted."""
        leg.earshot.close()
        await leg.line.close()
        try:
            await self._scribe.finish(leg)
            await self._scribe.lost(leg, why)
            await self._store.write(lambda conn: streams.let_go(conn, [leg.held.id]))
        except Exception as failed:  # noqa: BLE001 - the lease runs out, and another process sees to it
            _log.warning("The socket of call %s is left as it is: %s", leg.call.id, failed)

    # -- one look for all --

    def _look(self, conn: Connection, legs: Iterable[Conversation]) -> _Look:
        # The clocks first: what is read afterwards reaches at least so far.
        rows = streams.standing(conn, [each.held.id for each in legs])
        heard = self._material.refresh(conn, [each.call.id for each in legs])
        return _Look(wall(conn), rows, heard)

    def _serve(self, leg: Conversation, row: Standing, heard: Takes | None) -> None:
        """What it hears from now on; and whether it must be moved by hand, or let go."""
        leg.follow(row.clock)
        if heard is not None:
            leg.earshot.update(heard)
            leg.reel.brief = self._far_ears(leg)
        leg.earshot.extend()
        if leg.busy:
            return
        if row.ends:
            self._begin(leg, self._wind_up(leg, row))
        elif row.clock.stands and row.due <= row.clock.at:
            if leg.reached < row.clock.at:
                self._begin(leg, self._move(leg, row.clock))
            else:  # it is there already; this was read before that was noted
                self._moved[leg.held.id] = leg.reached

    def _far_ears(self, leg: Conversation) -> bool:
        """Whether a program that listens to this one is in another process's hands."""
        here = {each.call.id for each in self.legs.values()}
        return any(
            each.order.socket is not None and each.ended_at is None and each.id not in here
            for each in self._material.partners(leg.call.id)
        )

    def _begin(self, leg: Conversation, work: Coroutine[None, None, None]) -> None:
        leg.busy = True
        task = asyncio.create_task(work)
        self._moving.add(task)
        task.add_done_callback(self._moving.discard)

    async def _drop(self, leg: Conversation) -> None:
        """It is not ours any more: another process holds it, or its call is gone."""
        if self.legs.pop(leg.held.id, None) is not None:
            leg.earshot.close()
            await leg.line.close()
            await self._scribe.drop(leg)

    async def _pass_on(self) -> None:
        """Tell the store what was done."""
        moved, self._moved = self._moved, {}
        done, self._done = self._done, []
        if moved or done:
            try:
                await self._store.write(lambda conn: _note(conn, moved, done))
            except Exception:
                self._moved, self._done = moved | self._moved, done + self._done
                raise
            self.progress.set()

    async def _renew(self, now: int) -> None:
        late = [each for each in self.legs.values() if each.held.until - now < self._lease_ms * 2 // 3]
        if late:
            until = now + self._lease_ms
            held = [each.held for each in late]
            await self._store.write(lambda conn: streams.renew(conn, held, until))
            for each in late:
                each.renewed(until)

    # -- one alone --

    async def _move(self, leg: Conversation, clock: Clock) -> None:
        """Time that stands has come so far: the program hears all up to there, and what it says is written down."""
        try:
            await leg.earshot.ready()
            await leg.line.run_to(clock.at - leg.zero)
            await self._scribe.write_all(leg)
            leg.reached = clock.at
            if leg.ears.gone is None:
                self._moved[leg.held.id] = clock.at
            else:
                await self._scribe.gone(leg)
        except Exception:  # noqa: BLE001 - logged, and tried again in the next round
            _log.exception("The socket of call %s cannot be moved on; trying again", leg.call.id)
            await asyncio.sleep(AGAIN_SECONDS)
        finally:
            leg.busy = False
            self.stirred.set()

    async def _wind_up(self, leg: Conversation, row: Standing) -> None:
        """The call is over: what was heard until then goes through, the socket is closed, and nothing is left."""
        try:
            await leg.earshot.ready()
            await leg.line.run_to(row.due - leg.zero)
            if not leg.by_hand and leg.ears.gone is None:
                await asyncio.sleep(LAG_MS / 1000)  # so much later it hears the last of it
            await leg.line.close()
            await self._scribe.finish(leg)
            leg.earshot.close()
            self.legs.pop(leg.held.id, None)
            self._done.append(leg.held.id)
        except Exception:  # noqa: BLE001 - logged, and tried again in the next round
            _log.exception("The socket of call %s cannot be let go; trying again", leg.call.id)
            await asyncio.sleep(AGAIN_SECONDS)
            leg.busy = False
        self.stirred.set()


def _has_turn(leg: Conversation) -> bool:
    """Whether what its program said is written down in this round. By turns, so that no batch is long."""
    return leg.ears.gone is not None or monotonic() - leg.written > WRITE_SECONDS


def _note(conn: Connection, moved: dict[str, int], done: list[str]) -> None:
    streams.pass_on(conn, moved)
    if done:
        streams.let_go(conn, done)
