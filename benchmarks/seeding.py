"""The only module that fills stores: a thousand calls by the real rules, copied by the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import asyncpg
from sqlalchemy import ColumnElement, Connection, String, column, func, insert, literal, select, true, update

from telefonie.core import calls as rules
from telefonie.core.accounts import Account, Settings
from telefonie.core.call import Call, Direction, Order
from telefonie.core.calls import Change
from telefonie.core.clocks import Mode
from telefonie.core.commands import Cancel, Wake
from telefonie.core.phones import Behaviour, Outcome
from telefonie.engine.registry import ClockWish, Registry
from telefonie.flow.legs import Leg
from telefonie.settings import DEVELOPMENT_KEY
from telefonie.store import schema
from telefonie.store.opening import open_store
from telefonie.store.tables import calls, counters, jobs
from telefonie.store.unit import Unit

FACE: Final = "telefonie"
FIRST: Final = 1000
BATCH: Final = 100_000
_SECRET: Final = "whsec_dGhpcnR5LXR3byBieXRlcyBmb3IgYSBiZW5jaG1hcms="
_LATER: Final = 60_000
# Of a thousand calls: how many end (or stand) in which way.
_WAYS: Final[tuple[tuple[int, Callable[[Call, int], Change]], ...]] = (
    (940, lambda call, now: rules.apply(call, Wake(), now + _LATER)),
    (40, lambda call, now: rules.apply(call, Cancel(), now)),
    (10, lambda call, now: rules.apply(call, Wake(), now + 4_000)),
    (5, lambda call, now: rules.apply(call, Wake(), now + 1_500)),
    (5, lambda call, _: Change(call)),
)
_OUTCOMES: Final = {0: Outcome.BUSY, 1: Outcome.NO_ANSWER, 2: Outcome.REJECTED, 3: Outcome.FAILED}


async def seed(where: Path | str, count: int, tell: Callable[[int], None]) -> list[str]:
    """Fill a new store. Answers the ids of calls that lie all over it."""
    store = open_store(where)
    await store.start()
    await store.write(schema.upgrade)
    wish = ClockWish(Mode.MANUAL)
    account = await Registry(store).create_account("bench", Settings(), wish, DEVELOPMENT_KEY, _SECRET)
    first: list[str] = await store.write(lambda conn: _thousand(conn, account))
    for start in range(1, count // FIRST, BATCH // FIRST):
        end = min(start + BATCH // FIRST, count // FIRST)
        await store.write(lambda conn, start=start, end=end: _copy(conn, start, end))  # type: ignore[misc]
        tell(end * FIRST)
    copies = count // FIRST
    ids = [_id(each, n * copies // FIRST) for n, each in enumerate(first)]
    await store.write(lambda conn: conn.execute(update(counters).values(n=counters.c.n * copies)))
    await store.stop()
    if isinstance(where, str):
        await _settle(where)
    return ids


def _id(first: str, copy: int) -> str:
    return f"{first[:24]}{copy:012x}"


def _thousand(conn: Connection, account: Account) -> list[str]:
    """Calls as the rules make them, written as the committer writes them."""
    unit = Unit(conn, 0)
    unit.load_clocks([account.id])
    now = unit.clocks[account.id].at
    ways = [way for count, way in _WAYS for _ in range(count)]
    ids = []
    for n in range(FIRST):
        call_id = _id(f"{n:08x}-0000-4000-8000-", 0)
        # 389 and 1000 have no common divisor: every way is spread evenly over the order of creation.
        way = ways[n * 389 % FIRST]
        placed = rules.place(call_id, account.id, FACE, _order(n), now)
        unit.save(Leg(placed.call), placed.events)
        moved = way(placed.call, now)
        unit.save(Leg(moved.call), moved.events)
        ids.append(call_id)
    unit.write()
    return ids


def _order(n: int) -> Order:
    outcome = _OUTCOMES.get(n % 17, Outcome.HUMAN)
    order = Order(
        direction=Direction.INBOUND if n % 7 == 0 else Direction.OUTBOUND,
        caller=f"+3120{5_000_000 + n % 10}",
        callee=f"+3120{2_000_000 + n}",
        rate="0.0140",
        currency="USD",
        document_url=None,
        report_url="https://example.com/callbacks" if n % 2 else None,
    )
    return replace(order, phone=Behaviour(outcome=outcome)) if n % 17 in _OUTCOMES else order


def _copy(conn: Connection, start: int, end: int) -> None:
    """Copies number `start` to `end` of the thousand, with ids of their own, and alarms for the live ones."""
    if conn.dialect.name == "postgresql":
        numbers: Any = select(func.generate_series(start, end - 1).label("n")).subquery()
        tail: ColumnElement[Any] = func.lpad(func.to_hex(numbers.c.n), 12, "0")
    else:
        first = select(literal(start).label("n")).cte("numbers", recursive=True)
        numbers = first.union_all(select(column("n") + 1).select_from(first).where(column("n") < end - 1))
        tail = func.printf("%012x", numbers.c.n, type_=String)

    def renamed(each: ColumnElement[Any]) -> ColumnElement[Any]:
        return func.substr(each, 1, 24, type_=String).concat(tail)

    same = [each for each in calls.c if each.name not in {"number", "id"}]
    rows = (
        select(renamed(calls.c.id), *same)
        .join_from(calls, numbers, true())
        .where(calls.c.number <= FIRST)
        .order_by(numbers.c.n, calls.c.number)
    )
    conn.execute(insert(calls).from_select(["id", *(each.name for each in same)], rows))
    same = [each for each in jobs.c if each.name not in {"number", "id", "subject"}]
    alarms = (
        select(renamed(jobs.c.id), renamed(jobs.c.subject), *same)
        .join_from(jobs, numbers, true())
        .where(func.substr(jobs.c.subject, 25) == "0" * 12)  # the first thousand's own
    )
    conn.execute(insert(jobs).from_select(["id", "subject", *(each.name for each in same)], alarms))


async def _settle(where: str) -> None:
    """What a Postgres does by itself minutes after such a change."""
    connection = await asyncpg.connect(where)
    try:
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
