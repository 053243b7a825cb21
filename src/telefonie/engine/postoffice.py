"""The only module that has letters carried: so many at once, and few to a server that keeps us waiting."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from time import monotonic
from typing import Final

from telefonie.engine import post
from telefonie.engine.committer import Committer
from telefonie.engine.decide import Look
from telefonie.engine.decisions import Settle
from telefonie.engine.letters import Postman, Receipt
from telefonie.engine.manners import Manners
from telefonie.engine.meters import Meters
from telefonie.engine.registry import Registry
from telefonie.store.claims import Held
from telefonie.store.connect import Unavailable

AT_ONE_GATE: Final = 64
AT_A_SLOW_GATE: Final = 4
SLOW_SECONDS: Final = 2.0
KNOWN_SLOW: Final = 1_024
AWAY_SECONDS: Final = 0.5
_log = logging.getLogger(__name__)


class Postoffice:
    """The postmen of one process. A gate is one customer's server; a slow one gets few of them."""

    def __init__(
        self,
        committer: Committer,
        postman: Postman,
        registry: Registry,
        manners: Manners,
        meters: Meters,
        postmen: int,
    ) -> None:
        self._committer = committer
        self._postman = postman
        self._registry = registry
        self._manners = manners
        self._meters = meters
        self._postmen = postmen
        self._busy: Counter[str] = Counter()
        self._slow: dict[str, None] = {}
        self._began: dict[str, tuple[str, float]] = {}  # letters under way, the oldest first
        self._rounds: set[asyncio.Task[None]] = set()
        self._closing = False

    def look(self) -> Look:
        """How many letters could be taken now, and to which gates none."""
        if self._closing:
            return Look()
        self._notice_slow()
        busy = tuple(gate for gate, under_way in self._busy.items() if under_way >= self._most(gate))
        free = max(0, self._postmen - len(self._rounds))
        return Look(letters=free, busy=busy, slow=tuple(self._slow))

    def take(self, letters: Sequence[Held]) -> None:
        """Carry these; they are held for us."""
        for held in letters:
            self._busy[held.gate] += 1
            self._began.setdefault(held.id, (held.gate, monotonic()))
            self._rounds.add(asyncio.create_task(self._round(held)))

    async def carry(self, held: Held) -> Settle:
        """One attempt, from the job to what is to be noted about it."""
        packed = post.unpack(held.body)
        secrets, schedule = await self._registry.signing(held.account_id)
        carriage = await self._manners.carriage(held, packed)
        receipt = await self._postman.send(post.letter(held, packed, secrets, carriage))
        self._note(held.gate, receipt)
        return Settle(
            held, receipt, packed.sequence, schedule, packed.question, packed.of_room, carriage=carriage
        )

    def close(self) -> None:
        """Take no more letters."""
        self._closing = True

    async def finish(self) -> None:
        """Wait for the letters that are under way."""
        while self._rounds:
            await asyncio.wait(self._rounds)

    async def _round(self, held: Held) -> None:
        try:
            await self._settle(await self.carry(held))
        except Exception:  # noqa: BLE001 - logged, and covered by the lease
            # The lease runs out, and the letter is taken up again: it may arrive twice, never not at all.
            _log.exception("What became of letter %s could not be noted", held.id)
        finally:
            self._began.pop(held.id, None)
            self._busy[held.gate] -= 1
            if not self._busy[held.gate]:
                del self._busy[held.gate]
            # First this postman is free, then the next letter is looked for: the other way round nobody
            # would seem to be free, and it would wait for the poll.
            self._rounds -= {asyncio.current_task()}
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
        if receipt.took_ms >= SLOW_SECONDS * 1000:
            self._mark_slow(gate)
        else:
            self._slow.pop(gate, None)

    def _notice_slow(self) -> None:
        """A gate that keeps a letter waiting is slow before it has answered, not only after its time-out."""
        long_ago = monotonic() - SLOW_SECONDS
        for gate, began in self._began.values():
            if began > long_ago:
                return
            self._mark_slow(gate)

    def _mark_slow(self, gate: str) -> None:
        self._slow[gate] = None
        while len(self._slow) > KNOWN_SLOW:
            self._slow.pop(next(iter(self._slow)))
