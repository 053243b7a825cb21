"""The only module that has letters carried: so many at once, and few to a server that keeps us waiting."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from typing import Final

from telefonie.engine import post
from telefonie.engine.committer import Committer
from telefonie.engine.decide import Look
from telefonie.engine.decisions import Settle
from telefonie.engine.letters import Postman, Receipt
from telefonie.engine.meters import Meters
from telefonie.engine.registry import Registry
from telefonie.store.connect import Unavailable
from telefonie.store.jobs import Held

AT_ONE_GATE: Final = 64
AT_A_SLOW_GATE: Final = 4
SLOW_MS: Final = 2_000
KNOWN_SLOW: Final = 4_096
AWAY_SECONDS: Final = 0.5
_log = logging.getLogger(__name__)


class Postoffice:
    """The postmen of one process. A gate is one customer's server; a slow one gets few of them."""

    def __init__(
        self, committer: Committer, postman: Postman, registry: Registry, meters: Meters, postmen: int
    ) -> None:
        self._committer = committer
        self._postman = postman
        self._registry = registry
        self._meters = meters
        self._postmen = postmen
        self._busy: Counter[str] = Counter()
        self._slow: dict[str, None] = {}
        self._rounds: set[asyncio.Task[None]] = set()
        self._closing = False

    def look(self) -> Look:
        """How many letters could be taken now, and to which gates none."""
        if self._closing:
            return Look()
        busy = tuple(gate for gate, n in self._busy.items() if n >= self._most(gate))
        return Look(letters=max(0, self._postmen - len(self._rounds)), busy=busy)

    def take(self, letters: Sequence[Held]) -> None:
        """Carry these; they are held for us."""
        for held in letters:
            self._busy[held.gate] += 1
            round_ = asyncio.create_task(self._round(held))
            self._rounds.add(round_)
            round_.add_done_callback(self._rounds.discard)

    async def carry(self, held: Held) -> Settle:
        """One attempt, from the job to what is to be noted about it."""
        packed = post.unpack(held.body)
        secrets, schedule = await self._registry.signing(held.account_id)
        receipt = await self._postman.send(post.letter(held, packed, secrets))
        self._note(held.gate, receipt)
        return Settle(held, receipt, packed.sequence, schedule)

    async def finish(self) -> None:
        """Take no more letters, and wait for those that are under way."""
        self._closing = True
        while self._rounds:
            await asyncio.wait(self._rounds)

    async def _round(self, held: Held) -> None:
        try:
            await self._settle(await self.carry(held))
        except Exception:  # noqa: BLE001 - logged, and covered by the lease
            # The lease runs out, and the letter is taken up again: it may arrive twice, never not at all.
            _log.exception("What became of letter %s could not be noted", held.id)
        finally:
            self._busy[held.gate] -= 1
            if not self._busy[held.gate]:
                del self._busy[held.gate]
            # Whoever waited at a busy gate may have his turn now.
            self._committer.look(letters=True)

    async def _settle(self, outcome: Settle) -> None:
        """Note an outcome. If the store is away it is kept until the store is back, for the customer has it."""
        while True:
            try:
                await self._committer.ask(outcome)
            except Unavailable:
                if self._closing:
                    raise
                await asyncio.sleep(AWAY_SECONDS)
            else:
                return

    def _most(self, gate: str) -> int:
        return AT_A_SLOW_GATE if gate in self._slow else AT_ONE_GATE

    def _note(self, gate: str, receipt: Receipt) -> None:
        outcome = receipt.error or f"{(receipt.status or 0) // 100}xx"
        self._meters.attempt(outcome, receipt.took_ms / 1000)
        self._slow.pop(gate, None)
        if receipt.took_ms >= SLOW_MS:
            self._slow[gate] = None
            while len(self._slow) > KNOWN_SLOW:
                self._slow.pop(next(iter(self._slow)))
