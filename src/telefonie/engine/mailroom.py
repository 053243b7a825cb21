"""The only module through which deliveries are looked up and sent again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Any, Final

from telefonie.core import clocks as rules
from telefonie.core.clocks import Mode
from telefonie.core.derive import derived
from telefonie.core.errors import Unknown
from telefonie.engine import post
from telefonie.engine.committer import Committer
from telefonie.engine.drivers import Drivers
from telefonie.engine.letters import Receipt
from telefonie.engine.receipts import load_receipt
from telefonie.store import clocks, jobs, reads
from telefonie.store.connect import Connection, Row, Store, wall
from telefonie.store.jobs import Crew, State


class DeliveryState(StrEnum):
    """How far a delivery is."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


_STATES: Final = {
    State.OPEN: DeliveryState.PENDING,
    State.DELIVERED: DeliveryState.DELIVERED,
    State.FAILED: DeliveryState.FAILED,
}
_STORED: Final = {word: state for state, word in _STATES.items()}


@dataclass(frozen=True, slots=True)
class DeliveryQuery:
    """Which deliveries."""

    call_id: str | None = None
    event: str | None = None
    state: DeliveryState | None = None
    page: int = 1
    size: int = 50
    room_id: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try; `at` is the account's time."""

    number: int
    at: int
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Delivery:
    """A letter to a customer, and how far it is."""

    id: str
    account_id: str
    call_id: str | None
    event_id: str
    event: str
    method: str
    url: str
    body: str
    state: DeliveryState
    attempts: int
    created_at: int
    due_at: int | None
    finished_at: int | None
    last_status: int | None
    last_error: str
    replay_of: str | None
    room_id: str | None = None  # what it tells of, if that is no call


class Mailroom:
    """Everything that was sent or is to be sent."""

    def __init__(self, store: Store, committer: Committer, drivers: Drivers) -> None:
        self._store = store
        self._committer = committer
        self._drivers = drivers

    async def deliveries(self, account_id: str, query: DeliveryQuery) -> tuple[list[Delivery], int]:
        """Newest first, and how many match."""
        return await self._store.read(partial(_list, account_id=account_id, query=query))

    async def delivery(self, account_id: str, delivery_id: str) -> tuple[Delivery, list[Attempt]]:
        """One, with every attempt."""
        return await self._store.read(partial(_one, account_id=account_id, delivery_id=delivery_id))

    async def replay(self, account_id: str, delivery_id: str) -> Delivery:
        """The same letter once more, at once and whatever its lane is waiting for."""
        again, mode = await self._store.write(
            partial(_replay, account_id=account_id, delivery_id=delivery_id)
        )
        self._committer.look(letters=True)
        if mode is Mode.AUTO:
            self._drivers.drive(account_id)
        return again


def _list(conn: Connection, account_id: str, query: DeliveryQuery) -> tuple[list[Delivery], int]:
    state = None if query.state is None else _STORED[query.state]
    wanted = reads.DeliveryQuery(query.call_id, query.event, state, query.page, query.size, query.room_id)
    rows, total = reads.letters(conn, account_id, wanted)
    tried = reads.attempts_of(conn, [row.id for row in rows])
    return [_delivery(row, tried[row.id]) for row in rows], total


def _one(conn: Connection, account_id: str, delivery_id: str) -> tuple[Delivery, list[Attempt]]:
    row = reads.letter(conn, account_id, delivery_id)
    tried = reads.attempts_of(conn, [row.id])[row.id]
    attempts = [Attempt(each.ordinal, each.at, load_receipt(each.receipt)) for each in tried]
    return _delivery(row, tried), attempts


def _replay(conn: Connection, account_id: str, delivery_id: str) -> tuple[Delivery, Mode]:
    clock_row = clocks.lock_one(conn, account_id)
    if clock_row is None:
        raise Unknown("account", account_id)
    row = reads.letter(conn, account_id, delivery_id)
    clock = clocks.clock_of(clock_row)
    now = rules.now(clock, wall(conn))
    first = post.unpack(row.body)
    packed = replace(first, sequence=None, created_at=now, replay_of=first.replay_of or row.id)
    count = reads.letters(conn, account_id, reads.DeliveryQuery(call_id=row.subject))[1]
    again = {
        "id": derived(packed.replay_of or row.id, f"replay:{count}"),
        "account_id": account_id,
        "crew": Crew.POSTMEN.value,
        "state": State.OPEN.value,
        "subject": row.subject,
        "due_at": now,
        "awaited_at": now,
        "run_at": rules.wall_of(clock, now),
        "gate": row.gate,
        "attempts": 0,
        "body": post.pack(packed),
    }
    jobs.LETTER.run(conn, [again])
    return _one(conn, account_id, str(again["id"]))[0], clock.mode


def _delivery(row: Row[Any], tried: Sequence[Row[Any]]) -> Delivery:
    packed = post.unpack(row.body)
    last = load_receipt(tried[-1].receipt) if tried else None
    finished = tried[-1].at if tried and row.state != State.OPEN else None
    return Delivery(
        row.id,
        row.account_id,
        None if packed.of_room else row.subject,
        packed.event_id,
        packed.event,
        packed.method,
        packed.url,
        packed.body,
        _STATES[State(row.state)],
        row.attempts,
        packed.created_at,
        row.due_at,
        finished,
        last.status if last else None,
        last.error if last else "",
        packed.replay_of,
        row.subject if packed.of_room else None,
    )
