"""The only module that decides when to commit: one queue of decisions, one transaction for all that wait."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from telefonie.engine.decide import Committed, Decider, Look, Outcome
from telefonie.engine.decisions import Decision, Settle
from telefonie.engine.meters import Meters
from telefonie.engine.ports import Overloaded
from telefonie.store import jobs, messages
from telefonie.store.connect import Store, Unavailable, wall

LARGEST_BATCH: Final = 256
LONGEST_QUEUE: Final = 20_000
MINUTE_MS: Final = 60_000
_log = logging.getLogger(__name__)

Waiting = tuple[Decision, asyncio.Future[Outcome]]


class Committer:
    """Takes what waits, commits it together, answers everybody. A lone decision goes at once."""

    def __init__(self, store: Store, decider: Decider, meters: Meters) -> None:
        self._store = store
        self._decider = decider
        self._meters = meters
        self._queue: deque[Waiting] = deque()
        self._wanted = asyncio.Event()
        self._look_at_calls = False
        self._look_at_letters = False
        self._look_at_messages = False
        self._stopping = False
        self._task: asyncio.Task[None] | None = None
        # Set by the worker: who is free to carry letters, and what to do once a batch is in.
        self.letters: Callable[[], Look] = Look
        self.committed: Callable[[Committed], None] = lambda _: None

    def start(self) -> None:
        """Begin to commit."""
        self._task = asyncio.create_task(self._run(), name="committer")

    async def stop(self) -> None:
        """Commit what waits, then end."""
        if self._task is not None:
            self._stopping = True
            self._wanted.set()
            await self._task

    @property
    def alive(self) -> bool:
        """Whether decisions are being taken."""
        return self._task is not None and not self._task.done()

    async def ask(self, decision: Decision) -> Outcome:
        """Put a decision to the next batch, and wait until it is durable (or refused)."""
        # Customers are turned away when too many wait; outcomes of letters are never lost for that.
        if (self._stopping or len(self._queue) >= LONGEST_QUEUE) and not isinstance(decision, Settle):
            raise Overloaded
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._queue.append((decision, answer))
        self._wanted.set()
        outcome = await answer
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def look(self, *, calls: bool = False, letters: bool = False, messages: bool = False) -> None:
        """Something may be due."""
        self._look_at_messages |= messages
        self._look_at_calls |= calls
        self._look_at_letters |= letters
        self._wanted.set()

    async def _run(self) -> None:
        while not self._stopping or self._queue:
            await self._wanted.wait()
            self._wanted.clear()
            await self._gather()
            batch = [self._queue.popleft() for _ in range(min(len(self._queue), LARGEST_BATCH))]
            if self._queue:
                self._wanted.set()
            free = self.letters()
            look = replace(
                free,
                calls=LARGEST_BATCH if self._look_at_calls else 0,
                letters_due=self._look_at_letters,
                messages=self._look_at_messages,
            )
            self._look_at_calls = self._look_at_letters = self._look_at_messages = False
            if batch or look.calls or look.letters_due or look.messages:
                await self._commit(batch, look)

    async def _gather(self) -> None:
        """Whoever comes in with this turn of the loop may come along; a lone decision is not kept waiting."""
        seen = 0
        while seen < len(self._queue) < LARGEST_BATCH:
            seen = len(self._queue)
            await asyncio.sleep(0)

    async def _commit(self, batch: Sequence[Waiting], look: Look) -> None:
        try:
            await self._together(batch, look)
        except Unavailable as away:
            # No decision is at fault, and the next would fare no better. What is due stays due.
            _log.warning("The store is away; %d decisions are refused: %s", len(batch), away)
            _answer(batch, [away] * len(batch))
        except Exception as failed:  # noqa: BLE001 - logged, and told to whoever waits: the loop must not die
            _log.exception("A batch of %d failed", len(batch))
            _answer(batch, [failed] * len(batch))

    async def _together(self, batch: Sequence[Waiting], look: Look) -> None:
        try:
            done = await self._write([decision for decision, _ in batch], look)
        except Unavailable:
            raise
        except Exception as failed:  # noqa: BLE001 - everyone is answered alone below
            _log.warning("A batch of %d is decided one by one: %s", len(batch), failed)
            await self._one_by_one(batch, look)
            return
        _answer(batch, done.outcomes)
        await self._follow(done)

    async def _follow(self, done: Committed) -> None:
        self.committed(done)
        for call_id, broken in done.untold:
            _log.error("Call %s cannot be told what another says; in a minute", call_id, exc_info=broken)
        for call_id, broken in done.spoiled:
            await self._set_aside(call_id, broken)

    async def _write(self, asked: Sequence[Decision], look: Look) -> Committed:
        done = await self._store.write(partial(self._decider.commit, asked=asked, look=look))
        self._meters.batch(len(asked) + done.woken)
        return done

    async def _one_by_one(self, batch: Sequence[Waiting], look: Look) -> None:
        """What the database refused together: each alone, so that one does not answer for all."""
        for decision, answer in batch:
            try:
                done = await self._write([decision], Look())
            except Unavailable:
                raise
            except Exception as failed:  # noqa: BLE001 - it concerns this one asker
                _answer([(decision, answer)], [failed])
                await asyncio.sleep(0)
                continue
            _answer([(decision, answer)], done.outcomes)
            await self._follow(done)
        self.look(letters=True)  # what was decided here has not been handed out
        if look.messages:
            await self._messages_one_by_one()
        if look.calls:
            await self._calls_one_by_one()

    async def _messages_one_by_one(self) -> None:
        for each in await self._store.read(lambda conn: messages.waiting(conn, wall(conn))):
            try:
                await self._follow(await self._write([], Look(messages=True, only=each.subject)))
            except Unavailable:
                raise
            except Exception as failed:  # noqa: BLE001 - these messages are put off, the others are told
                _log.error("Nothing can be told to %s; in a minute", each.subject, exc_info=failed)
                await self._store.write(partial(self._decider.set_aside, address=each))

    async def _calls_one_by_one(self) -> None:
        due = await self._store.read(lambda conn: jobs.ringing_alarms(conn, wall(conn), LARGEST_BATCH))
        for row in due:
            try:
                await self._follow(await self._write([], Look(calls=1, only=row.subject)))
            except Unavailable:
                raise
            except Exception as failed:  # noqa: BLE001 - this call is set aside, the others go on
                await self._set_aside(row.subject, failed)

    async def _set_aside(self, call_id: str, broken: Exception) -> None:
        """A call that cannot do what it planned is looked at again in a minute, not at once for ever."""
        _log.error("Call %s could not go on", call_id, exc_info=broken)
        await self._store.write(lambda conn: jobs.postpone(conn, call_id, wall(conn) + MINUTE_MS))


def _answer(batch: Sequence[Waiting], outcomes: Sequence[Outcome]) -> None:
    for (_, answer), outcome in zip(batch, outcomes, strict=True):
        if not answer.done():
            answer.set_result(outcome)
