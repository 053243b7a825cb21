"""The only module through which an account's clock is read, set and advanced."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from telefonie.core import clocks as rules
from telefonie.core.clocks import Clock, Mode
from telefonie.core.errors import Conflict, Unfit, Unknown
from telefonie.engine.drivers import Drivers
from telefonie.engine.ports import Chore, no_chore
from telefonie.store import clocks
from telefonie.store.clocks import Drive
from telefonie.store.connect import Connection, Row, Store, wall

LOOK_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Wish:
    """Exactly one of: so far, to that moment, or until nothing is left to wait for."""

    seconds: float | None = None
    to: int | None = None
    until_idle: bool = False


@dataclass(frozen=True, slots=True)
class Advance:
    """How far an advance has come. `target` None: until idle."""

    now: int
    advanced_ms: int
    fired: int
    requests: int
    pending: int
    next_due: int | None
    target: int | None
    done: bool


@dataclass(frozen=True, slots=True)
class ClockView:
    """A clock, and what it is waiting for."""

    clock: Clock
    now: int
    pending: int
    next_due: int | None
    advancing: Advance | None


class Timekeeper:
    """Keeps the time of every account. An advance outlives the process that was asked for it."""

    def __init__(self, store: Store, drivers: Drivers) -> None:
        self._store = store
        self._drivers = drivers
        self.moved: Callable[[], None] = lambda: None
        self.tidy: Chore = no_chore  # set by the house

    async def clock(self, account_id: str) -> ClockView:
        """What time it is, and what is to come."""
        return await self._store.read(partial(_view, account_id=account_id))

    async def change(
        self, account_id: str, mode: Mode | None, speed: float | None, now: int | None
    ) -> ClockView:
        """Another mode, speed or time."""
        view = await self._store.write(
            partial(_change, account_id=account_id, mode=mode, speed=speed, now=now)
        )
        if view.clock.mode is Mode.AUTO:
            self._drivers.drive(account_id)
        self.moved()
        if now is not None:
            await self.tidy(account_id)
        return view

    async def advance(self, account_id: str, wish: Wish, patience: float = 120.0) -> Advance:
        """Move a manual clock, and wait until everything that this causes has happened."""
        await self._store.write(partial(_begin, account_id=account_id, wish=wish))
        self._drivers.drive(account_id)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + patience
        while True:
            left = deadline - loop.time()
            await self._drivers.wait(account_id, max(0.0, min(left, LOOK_SECONDS)))
            progress = await self._store.read(partial(_progress, account_id=account_id))
            if progress.done or left <= 0:
                return progress


def _row(conn: Connection, account_id: str, *, lock: bool = False) -> Row[tuple[object, ...]]:
    row = clocks.lock_one(conn, account_id) if lock else clocks.peek(conn, account_id)
    if row is None:
        raise Unknown("account", account_id)
    return row


def _view(conn: Connection, account_id: str) -> ClockView:
    row = _row(conn, account_id)
    clock, drive = clocks.clock_of(row), clocks.drive_of(row)
    pending, soonest = clocks.pending(conn, account_id)
    moving = None if drive is None or drive.done else _advance(conn, clock, drive)
    return ClockView(clock, rules.now(clock, wall(conn)), pending, soonest, moving)


def _advance(conn: Connection, clock: Clock, drive: Drive) -> Advance:
    pending, soonest = clocks.pending(conn, clock.account_id)
    gone = clock.at - drive.started_at
    return Advance(clock.at, gone, drive.fired, drive.requests, pending, soonest, drive.until, drive.done)


def _progress(conn: Connection, account_id: str) -> Advance:
    row = _row(conn, account_id)
    clock, drive = clocks.clock_of(row), clocks.drive_of(row)
    if drive is None:  # a reset came in between: there is nothing left to wait for
        drive = Drive(clock.at, clock.at, done=True)
    return _advance(conn, clock, drive)


def _change(
    conn: Connection, account_id: str, mode: Mode | None, speed: float | None, now: int | None
) -> ClockView:
    row = _row(conn, account_id, lock=True)
    clock, drive = clocks.clock_of(row), clocks.drive_of(row)
    if drive is not None and not drive.done:
        raise Conflict("clock_advancing", "The clock is being advanced; wait until that is done.")
    present = wall(conn)
    changed = rules.change(clock, present, mode, speed, now)
    clocks.save(conn, changed, drive)
    clocks.rewrite(conn, changed, present)
    return _view(conn, account_id)


def _begin(conn: Connection, account_id: str, wish: Wish) -> None:
    row = _row(conn, account_id, lock=True)
    clock, drive = clocks.clock_of(row), clocks.drive_of(row)
    if clock.mode is not Mode.MANUAL:
        message = f"The clock is {clock.mode}; set its mode to manual before advancing it."
        raise Conflict("clock_not_manual", message)
    if drive is not None and not drive.done:
        raise Conflict("clock_advancing", "The clock is being advanced already; wait until that is done.")
    until = wish.to
    if wish.seconds is not None:
        until = clock.at + round(wish.seconds * 1000)
    if until is not None and until < clock.at:
        raise Conflict("clock_would_go_back", "The clock is past that moment; it can only move forward.")
    if until is not None and until > rules.LATEST:
        raise Unfit("to" if wish.seconds is None else "seconds", "leads beyond the year 3000")
    clocks.save(conn, clock, Drive(clock.at, until), driven_at=wall(conn))
