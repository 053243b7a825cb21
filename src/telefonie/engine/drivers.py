"""The only module that drives standing clocks: advances that were asked for, and automatic time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from telefonie.engine.decide import Decider
from telefonie.engine.decisions import Settle
from telefonie.engine.ports import Chore, no_chore
from telefonie.engine.postoffice import Postoffice
from telefonie.engine.stepping import Step, step
from telefonie.store.claims import Held
from telefonie.store.connect import Store

AT_ONCE: Final = 64  # letters of one account that are carried at the same time
ELSEWHERE_SECONDS: Final = 0.05
FAILURES_SECONDS: Final = 0.5
_log = logging.getLogger(__name__)


class Drivers:
    """One driver an account and process; more would do no harm, since every step locks the clock."""

    def __init__(self, store: Store, decider: Decider, postoffice: Postoffice) -> None:
        self._store = store
        self._decider = decider
        self._postoffice = postoffice
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._stopping = False
        self.tidy: Chore = no_chore  # set by the house, as is what passes the time while others are at work
        self.elsewhere: Callable[[float], Awaitable[None]] = asyncio.sleep

    def drive(self, account_id: str) -> None:
        """See to it that this account's clock is taken where it should go."""
        self._again.add(account_id)
        if account_id not in self._tasks and not self._stopping:
            task = asyncio.create_task(self._drive(account_id))
            self._tasks[account_id] = task
            task.add_done_callback(lambda _: self._ended(account_id))

    def _ended(self, account_id: str) -> None:
        del self._tasks[account_id]
        if account_id in self._again:  # somebody asked while the last step was ending
            self.drive(account_id)

    async def wait(self, account_id: str, seconds: float) -> None:
        """Until this process's driver of the account is done, or the time is over."""
        task = self._tasks.get(account_id)
        if task is None:
            await asyncio.sleep(min(seconds, ELSEWHERE_SECONDS))
        else:
            await asyncio.wait([task], timeout=seconds)

    async def stop(self) -> None:
        """Drive no further; another process, or the next start, goes on from here."""
        self._stopping = True
        if self._tasks:
            await asyncio.wait(list(self._tasks.values()), timeout=20)

    async def _drive(self, account_id: str) -> None:
        settled: list[Settle] = []
        while account_id in self._again:
            self._again.discard(account_id)
            finished = tidied = False
            while not finished and not (self._stopping and not settled):
                try:
                    done = await self._step(account_id, settled, tidied=tidied)
                    tidied = done.untidy
                    if tidied:
                        settled = []
                        await self.tidy(account_id)
                except Exception:  # noqa: BLE001 - logged, and tried again: the loop must not die
                    _log.exception("The clock of account %s could not be moved; trying again", account_id)
                    if self._stopping:
                        return  # the lease of what is in hand runs out, and another process goes on
                    await asyncio.sleep(FAILURES_SECONDS)
                    continue
                settled = await self._carry(done.letters)
                finished = done.finished
                if done.elsewhere:
                    await self.elsewhere(ELSEWHERE_SECONDS)

    async def _step(self, account_id: str, settled: list[Settle], *, tidied: bool) -> Step:
        work = partial(
            step,
            decider=self._decider,
            account_id=account_id,
            settled=settled,
            postmen=AT_ONCE,
            tidied=tidied,
        )
        return await self._store.write(work)

    async def _carry(self, letters: list[Held]) -> list[Settle]:
        """The barrier: time does not move on before every request that this moment caused is answered."""
        carried = await asyncio.gather(
            *(self._postoffice.carry(each) for each in letters), return_exceptions=True
        )
        for held, outcome in zip(letters, carried, strict=True):
            if isinstance(outcome, BaseException):
                # Its account is gone, or the store: when the lease runs out, the letter is looked at again.
                _log.error("Letter %s could not be carried", held.id, exc_info=outcome)
        return [each for each in carried if isinstance(each, Settle)]
