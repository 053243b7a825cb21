"""Rows of sockets: claimed by one, held for a while, due in time of the account, and gone in the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Connection, text

from telefonie.core.clocks import Clock, Mode
from telefonie.store import clocks, streams
from telefonie.store.connect import Store
from telefonie.store.streams import STEP_MS, Wanted, socket_id

CALL: Final = "0000000a-0000-4000-8000-000000000001"
ROW: Final = socket_id(CALL)
LEASE: Final = 30_000


async def an_account(store: Store, mode: Mode, at: int = 1_000) -> str:
    """A clock is all of it that is needed."""
    account_id = f"0000000{mode.value[0]}-0000-4000-8000-000000000000"

    def make(conn: Connection) -> None:
        conn.execute(
            text(
                "INSERT INTO clocks (account_id, mode, speed, wall, at, origin, drawn)"
                " VALUES (:account_id, :mode, 1.0, 0, :at, '{}', 0)"
            ),
            {"account_id": account_id, "mode": mode.value, "at": at},
        )

    await store.write(make)
    return account_id


async def want(store: Store, account_id: str, at: int, run_at: int | None, *, ends: bool = False) -> None:
    wanted = [Wanted(CALL, account_id, at, ends)]
    await store.write(lambda conn: streams.write(conn, lambda _, __: run_at, wanted))


async def claimed(store: Store, wall: int) -> list[str]:
    def claim(conn: Connection) -> list[str]:
        waits = streams.waiting(conn, wall)
        found = [each.id for each in streams.claim(conn, wall, 10, LEASE)]
        assert waits == bool(found)
        return found

    return await store.write(claim)


async def row(store: Store) -> streams.Standing | None:
    return (await store.read(lambda conn: streams.standing(conn, [ROW]))).get(ROW)


async def test_where_time_goes_by_itself_it_is_claimed_once_until_the_lease_is_over(store: Store) -> None:
    account_id = await an_account(store, Mode.REALTIME)
    await want(store, account_id, 1_000, 5_000)
    assert await claimed(store, 4_999) == []
    assert await claimed(store, 5_000) == [ROW]
    assert await claimed(store, 5_000 + LEASE - 1) == []
    assert await claimed(store, 5_000 + LEASE) == [ROW]


async def test_where_time_stands_it_is_claimed_when_it_is_due_there(store: Store) -> None:
    account_id = await an_account(store, Mode.MANUAL, at=999)
    await want(store, account_id, 1_000, None)
    assert await claimed(store, 1) == []
    moved = Clock(account_id, Mode.MANUAL, 1.0, 0, 1_000)
    await store.write(lambda conn: clocks.save(conn, moved, None))
    assert await claimed(store, 1) == [ROW]
    assert await claimed(store, 2) == []
    assert await claimed(store, 1 + LEASE) == [ROW]


async def test_who_holds_on_is_left_alone(store: Store) -> None:
    account_id = await an_account(store, Mode.REALTIME)
    await want(store, account_id, 1_000, 5_000)
    held = await store.write(lambda conn: streams.claim(conn, 5_000, 10, LEASE))
    await store.write(lambda conn: streams.renew(conn, held, 90_000))
    assert await claimed(store, 89_999) == []
    assert [each.until for each in [await row(store)] if each] == [90_000]
    # Whoever lost it cannot take it back so.
    await store.write(lambda conn: streams.renew(conn, held, 120_000))
    assert [each.until for each in [await row(store)] if each] == [90_000]


async def test_it_is_wanted_once_however_often_that_is_said(store: Store) -> None:
    account_id = await an_account(store, Mode.MANUAL)
    for _ in range(2):
        await want(store, account_id, 1_000, None)
    assert await claimed(store, 1) == [ROW]


async def test_time_is_held_up_step_by_step_and_where_it_comes_to_rest(store: Store) -> None:
    account_id = await an_account(store, Mode.MANUAL)
    await want(store, account_id, 1_000, None)

    async def due() -> Any:
        found = await row(store)
        return found and (found.due, await _pending(store, account_id))

    assert await due() == (1_000, (1, 1_000))
    await store.write(lambda conn: streams.pass_on(conn, {ROW: 1_000}))
    assert await due() == (1_000 + STEP_MS, (0, None))
    hasten: Callable[[Connection], bool] = lambda conn: streams.hasten(conn, account_id, 1_300)  # noqa: E731
    assert await store.write(hasten)
    assert await due() == (1_300, (0, None))
    await store.write(lambda conn: streams.pass_on(conn, {ROW: 1_300}))
    assert not await store.write(hasten)


async def test_at_the_end_it_is_waited_for_and_cannot_be_set_on_any_more(store: Store) -> None:
    account_id = await an_account(store, Mode.MANUAL)
    await want(store, account_id, 1_000, None)
    await store.write(lambda conn: streams.pass_on(conn, {ROW: 1_000}))
    await want(store, account_id, 1_700, None, ends=True)
    await store.write(lambda conn: streams.pass_on(conn, {ROW: 1_700}))
    found = await row(store)
    assert found is not None
    assert (found.due, found.ends, await _pending(store, account_id)) == (1_700, True, (1, 1_700))
    assert await store.read(lambda conn: streams.under_way(conn, [CALL])) == {CALL}
    await store.write(lambda conn: streams.let_go(conn, [ROW]))
    assert await row(store) is None
    assert await store.read(lambda conn: streams.under_way(conn, [CALL])) == set()


async def _pending(store: Store, account_id: str) -> tuple[int, int | None]:
    return await store.read(lambda conn: clocks.pending(conn, account_id))
