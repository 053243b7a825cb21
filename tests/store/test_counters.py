"""Totals are exact without counting, however many processes keep them."""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial

from sqlalchemy import Connection

from telefonie.core.call import Direction, Status
from telefonie.core.calls import Change, apply
from telefonie.core.commands import HangUp, Wake
from telefonie.core.events import Actor
from telefonie.store import counters
from telefonie.store.connect import Store
from telefonie.store.counters import SLOTS, Cell
from tests.store.shelf import ANN, BOB, NOW, new_call, open_account, rows, save


async def counted(store: Store) -> dict[tuple[str, ...], int]:
    """The naive way."""
    question = "SELECT account_id, face, direction, status, count(*) FROM calls GROUP BY 1, 2, 3, 4"
    return {row[:4]: row[4] for row in await rows(store, question)}


async def test_totals_are_what_counting_would_say_through_every_change(store: Store) -> None:
    await open_account(store, ANN)
    await open_account(store, BOB)
    placed = [
        new_call(n, (ANN, BOB)[n % 2], ("plain", "other")[n % 3 == 0], direction=list(Direction)[n % 5 == 0])
        for n in range(20)
    ]
    await save(store, *placed)
    assert await store.read(counters.totals) == await counted(store)
    ringing = [apply(each.call, Wake(), NOW + 1_000) for each in placed[:13]]
    await save(store, *ringing, slot=3)
    ended = [apply(each.call, HangUp(Actor.CUSTOMER), NOW + 2_000) for each in ringing[:7]]
    await save(store, *ended, slot=15)
    found = await store.read(counters.totals)
    assert found == await counted(store)
    assert sum(found.values()) == 20
    assert await store.read(lambda conn: counters.totals(conn, ANN)) == {
        cell: n for cell, n in found.items() if cell.account_id == ANN
    }


async def test_two_steps_of_one_call_in_a_batch_count_once(store: Store) -> None:
    await open_account(store)
    placed = new_call(1)
    rang = apply(placed.call, Wake(), NOW + 1_000)
    both = Change(rang.call, (*placed.events, *rang.events))
    await save(store, both)
    assert await store.read(counters.totals) == {Cell(ANN, "plain", "outbound", "ringing"): 1}


async def test_a_cell_that_is_empty_again_is_no_cell(store: Store) -> None:
    cell = Cell(ANN, "plain", "outbound", Status.QUEUED.value)
    await store.write(lambda conn: counters.add(conn, {cell: 2}, 0))
    await store.write(lambda conn: counters.add(conn, {cell: -2}, 1))
    assert await store.read(counters.totals) == {}


async def test_adding_nothing_writes_nothing(store: Store) -> None:
    cell = Cell(ANN, "plain", "outbound", Status.QUEUED.value)
    await store.write(lambda conn: counters.add(conn, {cell: 0}, 0))
    assert await rows(store, "SELECT * FROM counters") == []


async def test_many_who_count_at_once_in_any_order_neither_lose_a_call_nor_wait_in_a_ring(
    store: Store,
) -> None:
    cells = [Cell(account, "plain", "outbound", status.value) for account in (ANN, BOB) for status in Status]

    def add(conn: Connection, turn: int) -> None:
        order = cells if turn % 2 else cells[::-1]
        counters.add(conn, dict.fromkeys(order, 1), turn % SLOTS if turn % 3 else 0)

    await asyncio.gather(*(store.write(partial(add, turn=turn)) for turn in range(24)))
    assert Counter(await store.read(counters.totals)) == Counter(dict.fromkeys(cells, 24))
