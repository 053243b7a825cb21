"""The only door through which a person's number is erased from everything an account has kept."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final, TypeAlias

from telefonie.core.errors import Conflict, Unfit
from telefonie.engine.removals import Removals
from telefonie.store import audits, erasures, naming
from telefonie.store.audits import Note
from telefonie.store.connect import Connection, Store
from telefonie.store.erasures import Receipt

# Which recordings exported for compliance name these digits: they stay, and the receipt says so.
Exported: TypeAlias = Callable[[str, str], Awaitable[list[str]]]

FEWEST_DIGITS: Final = 8  # fewer would be found inside times and ids
MOST_LOOKS: Final = 5
SCRUBBINGS: Final = 20
SCRUB_SECONDS: Final = 0.1
_COST: Final = 2**14
HOLD: Final = "legal_hold"
ARCHIVE: Final = "archive"
_log: Final = logging.getLogger(__name__)


class Erasure:
    """Looks, removes in bites, looks again; the receipt is written when nothing is found any more."""

    def __init__(self, store: Store, removals: Removals, exported: Exported, slot: int) -> None:
        self._store = store
        self._removals = removals
        self._exported = exported
        self._slot = slot

    async def erase(self, account_id: str, number: str, erasure_id: str) -> Receipt:
        """Erase a number in E.164. Killed on the way, it has erased a part; asked again, the rest."""
        digits = number.removeprefix("+")
        if len(digits) < FEWEST_DIGITS:
            raise Unfit(
                "number", f"must have {FEWEST_DIGITS} digits or more, or other things are taken for it"
            )
        digest = await asyncio.to_thread(_digest, number, erasure_id)
        counts: Counter[str] = Counter()
        held: set[str] = set()
        for _ in range(MOST_LOOKS):
            find = partial(naming.find, account_id=account_id, digits=digits)
            found = await self._store.read(find)
            held |= found.held
            if not found:
                break
            while found.calls or found.rooms:
                bite = partial(erasures.erase_subjects, account_id=account_id, found=found, slot=self._slot)
                counts += await self._store.write(bite)
            rest = partial(erasures.erase_rest, account_id=account_id, found=found, digits=digits)
            counts += await self._store.write(rest)
        else:
            raise Conflict(
                "number_in_use", "New calls with the number keep coming; stop them, and ask again."
            )
        await self._removals.run(account_id)
        exported = await self._exported(account_id, digits)
        retained = [*((each, HOLD) for each in sorted(held)), *((each, ARCHIVE) for each in exported)]
        receipt = Receipt(erasure_id, 0, dict(sorted(counts.items())), retained, digest)
        kept = await self._store.write(partial(_keep, account_id=account_id, receipt=receipt))
        await self._scrub()
        return kept

    async def one(self, account_id: str, erasure_id: str) -> Receipt:
        """One receipt."""
        return await self._store.read(partial(erasures.one, account_id=account_id, erasure_id=erasure_id))

    async def page(self, account_id: str, number: int, size: int) -> tuple[list[Receipt], int]:
        """Receipts, newest first, and how many there are."""
        return await self._store.read(partial(erasures.page, account_id=account_id, number=number, size=size))

    async def _scrub(self) -> None:
        for _ in range(SCRUBBINGS):
            if await self._store.scrub():
                return
            await asyncio.sleep(SCRUB_SECONDS)
        _log.warning("What was erased may stand in the store's journal until the next checkpoint")


def _keep(conn: Connection, account_id: str, receipt: Receipt) -> Receipt:
    kept = erasures.keep(conn, account_id, receipt)
    audits.add(conn, [Note(account_id, "admin", "erase", "number", kept.id, kept.counts)])
    return kept


def _digest(number: str, salt: str) -> str:
    """Slow on purpose: there are not so many numbers that they could not all be tried."""
    digest = hashlib.scrypt(number.encode(), salt=salt.encode(), n=_COST, r=8, p=1, dklen=32)
    return f"scrypt${_COST}$8$1${digest.hex()}"
