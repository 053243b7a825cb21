"""The only module that looks after the sockets of one process: takes them up, keeps them going, lets them go.

One round serves all of them: what has happened is read with one question, what is heard of it goes to the lines,
and what programs have said is written down together. There is no task and no question for each.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Final

from telefonie.core.clocks import Clock
from telefonie.core.commands import Closed
from telefonie.core.events import Actor
from telefonie.engine.clips import Clips
from telefonie.engine.conversations import Conversation
from telefonie.engine.earshot import LAG_MS
from telefonie.engine.material import Material
from telefonie.engine.openings import Openings
from telefonie.engine.spool import Spool
from telefonie.flow.commands import HearSocket
from telefonie.store import streams
from telefonie.store.connect import Connection, Store, wall
from telefonie.store.streams import Held, Standing

ROUND_SECONDS: Final = 0.1
CLAIM_SECONDS: Final = 1.0
WRITE_SECONDS: Final = 0.8  # between two writings of what a program says
FAREWELL_SECONDS: Final = 10.0
_STOPPED: Final = "the server was stopped"
_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Look:
    """What one look at the store shows."""

    wall: int
    rows: dict[str, Standing]
    touched: set[str]


class Streams:
    """All sockets that this process has in hand."""

    def __init__(self, store: Store, openings: Openings, clips: Clips, spool: Spool, lease_ms: int) -> None:
        self._store = store
        self._openings = openings
        self._clips = clips
        self._spool = spool
        self._lease_ms = lease_ms
        self._material = Material()
        self._legs: dict[str, Conversation] = {}
        self._opening: set[asyncio.Task[None]] = set()
        self._moving: set[asyncio.Task[None]] = set()
        self._moved: dict[str, int] = {}  # up to which moment of standing time a line has been moved
        self._done: list[str] = []  # rows that are done with
        self._wanted = asyncio.Event()
        self._stirred = asyncio.Event()
        self._progress = asyncio.Event()
        self._loops: list[asyncio.Task[None]] = []
        self._by_hand = False
        self._stopping = False

    # -- from outside --

    @property
    def count(self) -> int:
        """How many sockets are open here."""
        return len(self._legs)

    def start(self) -> None:
        """Begin to look."""
        self._loops = [
            asyncio.create_task(self._claims(), name="streams"),
            asyncio.create_task(self._go_round(), name="conversations"),
        ]

    def committed(self, *, wanted: bool) -> None:
        """A batch is in; what happened may be heard. `wanted`: sockets are to be opened or let go."""
        if wanted:
            self._wanted.set()
        if wanted or self._by_hand:  # in real time the next round is soon enough
            self._stirred.set()

    async def progress(self, seconds: float) -> None:
        """Time stands until something here has been done: it is done now, or somebody else does it."""
        self._wanted.set()
        self._stirred.set()
        self._progress.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._progress.wait()

    async def stop(self) -> None:
        """Say goodbye to all programs; for their calls that is a loss."""
        self._stopping = True
        for task in (*self._loops, *self._opening, *self._moving):
            task.cancel()
        await asyncio.gather(*self._loops, *self._opening, *self._moving, return_exceptions=True)
        with suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL_SECONDS):
                await asyncio.gather(*(self._farewell(each) for each in self._legs.values()))
        await self._openings.close()
        await self._clips.close()

    async def _farewell(self, leg: Conversation) -> None:
        leg.earshot.close()
        await leg.line.close()
        try:
            await self._write_down([leg])
            await self._openings.tell(leg.call, Closed(_STOPPED, Actor.PLATFORM))
            await self._spool.settle(leg.reel, over=True)
            await self._store.write(lambda conn: streams.let_go(conn, [leg.held.id]))
        except Exception as failed:  # noqa: BLE001 - the lease runs out, and another process sees to it
            _log.warning("The socket of call %s is left as it is: %s", leg.call.id, failed)

    # -- taking sockets up --

    async def _claims(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(CLAIM_SECONDS):
                    await self._wanted.wait()
            self._wanted.clear()
            try:
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
            self._begin(self._opening, self._open(each))
        if len(held) == free:
            self._wanted.set()

    def _begin(self, tasks: set[asyncio.Task[None]], work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    async def _open(self, held: Held) -> None:
        """One that was claimed: it is opened, or was lost, or is over already."""
        try:
            leg = await self._openings.open(held, self._clips, self._stirred.set)
        except Exception:  # noqa: BLE001 - logged, and covered by the lease
            _log.exception("The socket of call %s cannot be taken up; when the lease is over", held.call_id)
            return
        if leg is None:
            self._done.append(held.id)
        else:
            self._legs[held.id] = leg
            self._moved[held.id] = leg.reached
        self._wanted.set()
        self._stirred.set()

    # -- rounds --

    async def _go_round(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(ROUND_SECONDS if self._legs else None):
                    await self._stirred.wait()
            self._stirred.clear()
            try:
                await self._round()
            except Exception:  # noqa: BLE001 - logged, and tried again: the loop must not die
                _log.exception("Open sockets cannot be looked after; trying again")
                await asyncio.sleep(ROUND_SECONDS)

    async def _round(self) -> None:
        await self._pass_on()
        legs = dict(self._legs)
        if not legs:
            return
        look = await self._store.read(lambda conn: self._look(conn, legs.values()))
        for row_id, leg in legs.items():
            row = look.rows.get(row_id)
            if row is None or row.until != leg.held.until:
                await self._drop(leg)
            else:
                self._serve(leg, row, heard=leg.call.id in look.touched)
        self._by_hand = any(each.by_hand for each in legs.values())
        await self._write_down(
            [each for each in self._legs.values() if not each.busy and self._has_turn(each)]
        )
        await self._report_gone()
        await self._renew(look.wall)

    def _has_turn(self, leg: Conversation) -> bool:
        """Whether what its program said is written down in this round. By turns, so that no batch is long."""
        return leg.ears.gone is not None or monotonic() - leg.written > WRITE_SECONDS

    def _look(self, conn: Connection, legs: Iterable[Conversation]) -> _Look:
        # The clocks first: what is read afterwards reaches at least so far.
        rows = streams.standing(conn, [each.held.id for each in legs])
        touched = self._material.refresh(conn, [each.call.id for each in legs])
        return _Look(wall(conn), rows, touched)

    def _serve(self, leg: Conversation, row: Standing, *, heard: bool) -> None:
        """What it hears from now on; and whether it must be moved by hand, or let go."""
        leg.follow(row.clock)
        if heard:
            leg.earshot.update(self._material.heard(leg.call.id))
            leg.reel.brief = self._far_ears(leg)
        leg.earshot.extend()
        if leg.busy:
            return
        if row.ends:
            leg.busy = True
            self._begin(self._moving, self._wind_up(leg, row))
        elif row.clock.stands and row.due <= row.clock.at:
            if leg.reached >= row.clock.at:  # it is there already; this was read before that was noted
                self._moved[leg.held.id] = leg.reached
                return
            leg.busy = True
            self._begin(self._moving, self._move(leg, row.clock))

    def _far_ears(self, leg: Conversation) -> bool:
        """Whether a program that listens to this one is in another process's hands."""
        here = {each.call.id for each in self._legs.values()}
        return any(
            each.order.socket is not None and each.ended_at is None and each.id not in here
            for each in self._material.partners(leg.call.id)
        )

    async def _move(self, leg: Conversation, clock: Clock) -> None:
        """Time that stands has come so far: the program hears all up to there, and what it says is written down."""
        try:
            await leg.earshot.ready()
            await leg.line.run_to(clock.at - leg.zero)
            await self._write_down([leg])
            leg.reached = clock.at
            if leg.ears.gone is None:
                self._moved[leg.held.id] = clock.at
            else:
                await self._tell_gone(leg)
        except Exception:  # noqa: BLE001 - logged, and tried again in the next round
            _log.exception("The socket of call %s cannot be moved on; trying again", leg.call.id)
            await asyncio.sleep(ROUND_SECONDS)
        finally:
            leg.busy = False
            self._stirred.set()

    async def _wind_up(self, leg: Conversation, row: Standing) -> None:
        """The call is over: what was heard until then goes through, the socket is closed, and nothing is left."""
        try:
            await leg.earshot.ready()
            await leg.line.run_to(row.due - leg.zero)
            if not leg.by_hand and leg.ears.gone is None:
                await asyncio.sleep(LAG_MS / 1000)  # so much later it hears the last of it
            await leg.line.close()
            await self._write_down([leg])
            await self._spool.settle(leg.reel, over=True)
            leg.earshot.close()
            self._legs.pop(leg.held.id, None)
            self._done.append(leg.held.id)
        except Exception:  # noqa: BLE001 - logged, and tried again in the next round
            _log.exception("The socket of call %s cannot be let go; trying again", leg.call.id)
            await asyncio.sleep(ROUND_SECONDS)
            leg.busy = False
        self._stirred.set()

    async def _drop(self, leg: Conversation) -> None:
        """It is not ours any more: another process holds it, or its call is gone."""
        if self._legs.pop(leg.held.id, None) is not None:
            leg.earshot.close()
            await leg.line.close()
            leg.ears.take()
            await self._spool.settle(leg.reel, over=True)

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
            self._progress.set()

    async def _renew(self, now: int) -> None:
        late = [each for each in self._legs.values() if each.held.until - now < self._lease_ms * 2 // 3]
        if late:
            until = now + self._lease_ms
            held = [each.held for each in late]
            await self._store.write(lambda conn: streams.renew(conn, held, until))
            for each in late:
                each.renewed(until)

    # -- what programs say --

    async def _write_down(self, legs: Collection[Conversation]) -> None:
        """What was said since the last time: kept first, then told to the calls, all of them at once."""
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

    async def _tell(self, leg: Conversation) -> None:
        sounds, leg.untold = leg.untold, ()
        try:
            await self._openings.tell(leg.call, HearSocket(sounds))
        except Exception:
            leg.untold = (*sounds, *leg.untold)
            raise

    async def _report_gone(self) -> None:
        gone = [each for each in self._legs.values() if each.ears.gone is not None and not each.busy]
        await asyncio.gather(*(self._tell_gone(each) for each in gone))

    async def _tell_gone(self, leg: Conversation) -> None:
        """The program has closed its socket, or was lost."""
        if not leg.lost and leg.ears.gone is not None:
            await self._openings.tell(leg.call, Closed(leg.ears.gone))
            leg.lost = True


def _note(conn: Connection, moved: dict[str, int], done: list[str]) -> None:
    streams.pass_on(conn, moved)
    if done:
        streams.let_go(conn, done)
