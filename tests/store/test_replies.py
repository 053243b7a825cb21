"""Answers are kept for a day of their account's time, and then forgotten."""

from __future__ import annotations

from functools import partial
from typing import Final

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from telefonie.core.clocks import Mode
from telefonie.store import replies
from telefonie.store.connect import Store, wall
from telefonie.store.replies import Kept
from tests.store.shelf import ANN, BOB, NOW, name, open_account, rows

DAY: Final = 86_400_000
KEPT: Final = Kept("print", NOW, 201, (("Location", "/ü"), ("X", "")), '{"id":"1"}')


def keep(conn: Connection, account_id: str, key: str, expires_at: int) -> None:
    fresh = Kept("print", expires_at, 201, (), "")
    replies.keep(conn, {(account_id, key): fresh}, ())


async def test_an_answer_is_given_again_as_it_was(store: Store) -> None:
    await store.write(lambda conn: replies.keep(conn, {(ANN, "k"): KEPT, (BOB, "l"): KEPT}, ()))
    wanted = {(ANN, "k"), (ANN, "l"), (BOB, "k"), (BOB, "m")}
    found = await store.read(lambda conn: replies.find(conn, wanted))
    assert found[ANN, "k"] == KEPT
    assert set(found) & wanted == {(ANN, "k")}


async def test_two_who_keep_an_answer_under_one_key_cannot_both_succeed(store: Store) -> None:
    await store.write(lambda conn: replies.keep(conn, {(ANN, "k"): KEPT}, ()))
    with pytest.raises(IntegrityError):
        await store.write(lambda conn: replies.keep(conn, {(ANN, "k"): KEPT}, ()))


async def test_an_old_answer_makes_room_for_the_new_one(store: Store) -> None:
    await store.write(lambda conn: keep(conn, ANN, "k", NOW))
    await store.write(lambda conn: replies.keep(conn, {(ANN, "k"): KEPT}, {(ANN, "k"), (ANN, "none")}))
    assert (await store.read(lambda conn: replies.find(conn, {(ANN, "k")})))[ANN, "k"] == KEPT


@pytest.mark.parametrize("mode", Mode)
async def test_what_is_over_by_its_own_accounts_clock_is_swept_and_nothing_else(
    store: Store, mode: Mode
) -> None:
    await open_account(store, ANN, mode, at=NOW)
    await open_account(store, BOB, Mode.MANUAL, at=NOW - DAY)

    def fill(conn: Connection) -> None:
        for key, expires_at in (("over", NOW), ("not yet", NOW + DAY)):
            keep(conn, ANN, key, expires_at)
            keep(conn, BOB, key, expires_at)

    await store.write(fill)
    assert await store.write(lambda conn: replies.sweep(conn, wall(conn))) == 1
    left = await rows(store, "SELECT account_id, key FROM replies ORDER BY account_id, key")
    assert left == [(ANN, "not yet"), (BOB, "not yet"), (BOB, "over")]


async def test_running_time_is_counted_at_its_speed(store: Store) -> None:
    clock = await open_account(store, ANN, Mode.REALTIME, at=NOW, speed=10.0)
    await store.write(lambda conn: keep(conn, ANN, "k", NOW + 10_000))
    for gone, swept in ((999, 0), (1_000, 1)):
        assert await store.write(partial(replies.sweep, wall=clock.wall + gone)) == swept


async def test_a_sweep_takes_a_bounded_bite_and_the_next_one_the_rest(store: Store) -> None:
    await open_account(store, ANN, at=NOW + DAY)
    fresh = {(ANN, str(number)): KEPT for number in range(1_050)}
    await store.write(lambda conn: replies.keep(conn, fresh, ()))
    bites = [await store.write(lambda conn: replies.sweep(conn, wall(conn))) for _ in range(3)]
    assert bites == [1_000, 50, 0]


async def test_answers_of_an_account_that_is_gone_are_nobodys(store: Store) -> None:
    """They go with the account, so there is nothing to sweep; a stray one must not break the sweep."""
    await store.write(lambda conn: keep(conn, name(1, 9), "k", 0))
    assert await store.write(lambda conn: replies.sweep(conn, wall(conn))) == 0
