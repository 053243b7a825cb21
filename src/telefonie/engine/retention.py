"""The only module that decides when what has been kept long enough is removed; the store says what that is."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final, TypeAlias

from telefonie.core.recordings import Recording
from telefonie.engine.removals import Removals
from telefonie.store import people, retention
from telefonie.store.connect import Connection, Store

Compose: TypeAlias = Callable[[Recording], Awaitable[object]]

AT_ONCE: Final = 200  # accounts that one round looks at
_BITES: Final = (retention.laid_bare, retention.calls_over, retention.replies_over)
_log: Final = logging.getLogger(__name__)


class Retention:
    """Removes in bites, each a transaction of its own, so that nobody waits long behind them."""

    def __init__(self, store: Store, removals: Removals, compose: Compose, slot: int) -> None:
        self._store = store
        self._removals = removals
        self._compose = compose
        self._slot = slot
        self._last = 0  # the account that the last round ended with

    async def tidy(self, account_id: str) -> None:
        """Remove what is to go of this account; when this returns, it is gone, files and all."""
        if not await self._store.read(partial(retention.due, account_id=account_id)):
            return
        # First the recordings that go themselves: they need not be composed.
        await self._bite(retention.recordings_over, account_id)
        await self._compose_all(account_id)
        for bite in _BITES:
            await self._bite(bite, account_id)
        await self._removals.run(account_id)

    async def round(self) -> bool:
        """Look at some accounts, beginning where the last round ended; whether those were the last ones."""
        found = await self._store.read(partial(people.accounts_after, number=self._last, most=AT_ONCE))
        for number, account_id in found:
            await self.tidy(account_id)
            if await self._store.read(partial(retention.old_audits, account_id=account_id)):
                await self._bite(retention.audits_over, account_id)
            self._last = number
        if len(found) == AT_ONCE:
            return False
        self._last = 0
        return True

    async def all_rounds(self) -> None:
        """Look at all accounts."""
        self._last = 0
        while not await self.round():
            pass

    async def _bite(self, work: Callable[[Connection, str, int], int], account_id: str) -> None:
        while await self._store.write(lambda conn: work(conn, account_id, self._slot)):
            pass  # between two bites whoever waits for the store has his turn

    async def _compose_all(self, account_id: str) -> None:
        """What recordings consist of is written down before the journals go. One that fails keeps its journals."""
        tried: set[str] = set()
        while True:
            found = await self._store.read(partial(retention.unscored, account_id=account_id))
            fresh = [each for each in found if each.id not in tried]
            for each in fresh:
                tried.add(each.id)
                try:
                    await self._compose(each)
                except Exception:  # noqa: BLE001 - logged, and tried again with the next round
                    _log.exception("Recording %s could not be composed; its journals stay", each.id)
            if not fresh:
                return
