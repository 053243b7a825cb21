"""The only module that sleeps until something is due: the poll is the truth, a poke only shortens it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from telefonie.engine.committer import LARGEST_BATCH, Committer
from telefonie.engine.decide import Committed
from telefonie.engine.drivers import Drivers
from telefonie.engine.postoffice import Postoffice
from telefonie.store import jobs, messages, replies
from telefonie.store.clocks import left_standing
from telefonie.store.connect import Connection, Store, wall
from telefonie.store.jobs import Crew

POLL_SECONDS: Final = 1.0
NEVER: Final = 2**63
SWEEP_EVERY: Final = 60  # polls between two rounds of housekeeping
_log = logging.getLogger(__name__)


class Clockmaker:
    """Tells the committer when calls or letters are due, and drivers when a standing clock is left alone."""

    def __init__(self, store: Store, committer: Committer, postoffice: Postoffice, drivers: Drivers) -> None:
        self._store = store
        self._committer = committer
        self._postoffice = postoffice
        self._drivers = drivers
        self._poked = asyncio.Event()
        self._next = 0  # wall time at which to look again
        self._tasks: list[asyncio.Task[None]] = []
        self.seen = 0.0
        self.stirred: Callable[[Committed], None] = lambda _: None  # set by the house

    def start(self) -> None:
        """Begin to watch."""
        self._committer.letters = self._postoffice.look
        self._committer.committed = self.committed
        self._tasks = [
            asyncio.create_task(self._watch(), name="clockmaker"),
            asyncio.create_task(self._rescue(), name="rescue"),
        ]

    async def stop(self) -> None:
        """Watch no more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def alive(self) -> bool:
        """Whether anybody watches."""
        return bool(self._tasks) and not any(task.done() for task in self._tasks)

    def committed(self, done: Committed) -> None:
        """A batch is in: hand its letters out, and note what comes next."""
        self._postoffice.take(done.letters)
        self.stirred(done)
        if done.woken >= LARGEST_BATCH:
            self._committer.look(calls=True)
        if done.messages_ready:
            self._committer.look(messages=True)
        if done.soonest is not None and done.soonest < self._next:
            self._next = done.soonest
            self._poked.set()
        for account_id in done.auto:
            self._drivers.drive(account_id)

    def poke_now(self) -> None:
        """Something may be due: a clock was changed, or another process says so."""
        self._next = 0
        self._poked.set()

    async def _watch(self) -> None:
        while True:
            # What comes in while the store is read must not be forgotten over what was read.
            self._next = NEVER
            try:
                now, next_call, next_letter, next_message = await self._store.read(_next_runs)
            except Exception:  # noqa: BLE001 - logged, and tried again: the loop must not die
                _log.exception("The store cannot be read; trying again in a second")
                await asyncio.sleep(POLL_SECONDS)
                continue
            calls = next_call is not None and next_call <= now
            letters = next_letter is not None and next_letter <= now
            told = next_message is not None and next_message <= now
            if calls or letters or told:
                self._committer.look(calls=calls, letters=letters, messages=told)
            self._next = min(
                self._next,
                now + int(POLL_SECONDS * 1000),
                *(each for each in (next_call, next_letter, next_message) if each is not None and each > now),
                now + (BUSY_MS if calls or letters or told else int(POLL_SECONDS * 1000)),
            )
            await self._sleep(now)

    async def _sleep(self, now: int) -> None:
        """Until the next thing is due; somebody may bring that moment forward meanwhile."""
        while (wait := self._next - now) > 0:
            self._poked.clear()
            began = asyncio.get_running_loop().time()
            try:
                async with asyncio.timeout(wait / 1000):
                    await self._poked.wait()
            except TimeoutError:
                return
            now += int((asyncio.get_running_loop().time() - began) * 1000)

    async def _rescue(self) -> None:
        """Take up what a dead process left: standing clocks under way. And forget what is over."""
        rounds = 0
        while True:
            try:
                for account_id in await self._store.read(lambda conn: left_standing(conn, wall(conn))):
                    self._drivers.drive(account_id)
                rounds += 1
                if rounds % SWEEP_EVERY == 0:
                    await self.sweep()
            except Exception:  # noqa: BLE001 - logged, and tried again: the loop must not die
                _log.exception("The store cannot be read; trying again in a second")
            await asyncio.sleep(POLL_SECONDS)

    async def sweep(self) -> None:
        """Forget all answers whose day is over, however many there are, a bite at a time."""
        bite = replies.BITE
        while bite == replies.BITE:
            bite = await self._store.write(lambda conn: replies.sweep(conn, wall(conn)))


BUSY_MS: Final = 20  # after work was found, how soon to look whether there is more


def _next_runs(conn: Connection) -> tuple[int, int | None, int | None, int | None]:
    next_call, next_letter = jobs.next_run(conn, Crew.CLOCKMAKER), jobs.next_run(conn, Crew.POSTMEN)
    return wall(conn), next_call, next_letter, messages.next_run(conn)
