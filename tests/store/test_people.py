"""Accounts, their keys and secrets: everything belongs to one of them, and goes with it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

import pytest
from sqlalchemy import Connection

from telefonie.core.accounts import Key, NumberPolicy, Scope, Secret, Settings
from telefonie.core.errors import Unknown
from telefonie.store import people
from telefonie.store.connect import Store
from telefonie.store.tables import metadata
from tests.store.shelf import ANN, BOB, count, furnish, name, open_account, rows

OWNED: Final = sorted(set(metadata.tables) - {"accounts", "compatibility", "discards", "vault"})
# A reset leaves them.
LASTING: Final = {
    "api_keys",
    "applications",
    "archive",
    "audits",
    "clocks",
    "erasures",
    "numbers",
    "secrets",
    "trunks",
}


async def test_a_reset_takes_what_has_happened_and_nothing_of_other_accounts(store: Store) -> None:
    await furnish(store, ANN, 1)
    await furnish(store, BOB, 2)
    before = {table: [await count(store, table, each) for each in (ANN, BOB)] for table in OWNED}
    assert all(min(found) > 0 for found in before.values()), before
    await store.write(lambda conn: people.wipe(conn, ANN))
    after = {table: [await count(store, table, each) for each in (ANN, BOB)] for table in OWNED}
    assert after == {table: [a if table in LASTING else 0, b] for table, (a, b) in before.items()}


async def test_an_account_goes_with_all_it_had_and_with_nothing_else(store: Store) -> None:
    await furnish(store, ANN, 1)
    await furnish(store, BOB, 2)
    before = {table: await count(store, table, BOB) for table in OWNED}
    await store.write(lambda conn: people.delete_account(conn, ANN))
    for table in OWNED:
        assert (await count(store, table, ANN), await count(store, table, BOB)) == (0, before[table]), table
    # Rows that belong to an account through another row went with it, too.
    for table in ("events", "attempts"):
        assert await rows(store, f"SELECT count(*) FROM {table}") == [(before[table],)]  # noqa: S608 - ours
    with pytest.raises(Unknown):
        await store.read(lambda conn: people.account(conn, ANN))
    with pytest.raises(Unknown):
        await store.write(lambda conn: people.delete_account(conn, ANN))


async def test_accounts_are_listed_newest_first(store: Store) -> None:
    for number in range(5):
        await open_account(store, name(1, number))
    found, total = await store.read(lambda conn: people.list_accounts(conn, 2, 2))
    assert ([each.id for each in found], total) == ([name(1, 2), name(1, 1)], 5)


async def test_an_account_is_changed_and_its_seed_with_it(store: Store) -> None:
    await open_account(store, ANN)
    settings = Settings(number_policy=NumberPolicy.OWNED, rates={"+1": "0.5"}, seed="s")
    changed = await store.write(lambda conn: people.change_account(conn, ANN, "Ann", settings))
    assert (changed.name, changed.settings) == ("Ann", settings)
    assert await store.read(lambda conn: people.account(conn, ANN)) == changed
    assert await rows(store, "SELECT seed FROM clocks") == [("s",)]
    same = await store.write(lambda conn: people.change_account(conn, ANN, None, Settings()))
    assert (same.name, same.settings) == ("Ann", Settings())


KEY: Final = Key(name(3, 1), ANN, "mine", "hint", frozenset({Scope.READ, Scope.VOICE}), 5)


async def test_a_key_opens_its_account_until_it_is_revoked(store: Store) -> None:
    await open_account(store, ANN)
    await open_account(store, BOB)
    await store.write(lambda conn: people.add_key(conn, KEY, "digest"))
    found = await store.read(lambda conn: people.key_by_digest(conn, "digest"))
    assert found is not None
    assert (found[0], found[1].id) == (KEY, ANN)
    assert await store.read(lambda conn: people.key_by_digest(conn, "other")) is None
    with pytest.raises(Unknown):
        await store.write(lambda conn: people.revoke_key(conn, BOB, KEY.id, 9))
    assert await store.write(lambda conn: people.revoke_key(conn, ANN, KEY.id, 9)) == "digest"
    assert await store.read(lambda conn: people.key_by_digest(conn, "digest")) is None
    await store.write(lambda conn: people.revoke_key(conn, ANN, KEY.id, 99))  # the first time counts
    assert await store.read(lambda conn: people.list_keys(conn, ANN)) == [replace(KEY, revoked_at=9)]
    assert await store.read(lambda conn: people.list_keys(conn, BOB)) == []


def secret(number: int, at: int) -> Secret:
    return Secret(name(4, number), f"whsec_{number}", at)


def signing(conn: Connection, at: int) -> list[str]:
    """Which secrets sign at a moment."""
    return [
        each.value
        for each in people.list_secrets(conn, ANN)
        if each.created_at <= at and (each.retires_at is None or each.retires_at > at)
    ]


async def test_while_a_secret_is_rotated_two_sign_and_never_three(store: Store) -> None:
    await open_account(store, ANN)
    for number, at in ((1, 0), (2, 1_000), (3, 2_000)):
        await store.write(
            partial(people.add_secret, account_id=ANN, secret=secret(number, at), retire_others_at=at + 5_000)
        )
    for at, values in [
        (500, ["whsec_1"]),
        (2_000, ["whsec_3", "whsec_2"]),
        (6_999, ["whsec_3", "whsec_2"]),
        (7_000, ["whsec_3"]),
        (10**9, ["whsec_3"]),
    ]:
        assert await store.read(partial(signing, at=at)) == values


async def test_a_rotation_without_overlap_ends_the_old_secret_at_once(store: Store) -> None:
    await open_account(store, ANN)
    for number in (1, 2):
        await store.write(
            partial(people.add_secret, account_id=ANN, secret=secret(number, 7), retire_others_at=7)
        )
    assert await store.read(lambda conn: signing(conn, 7)) == ["whsec_2"]
    found = await store.read(lambda conn: people.list_secrets(conn, ANN))
    assert [each.value for each in found] == ["whsec_2", "whsec_1"]


async def test_nobody_rotates_the_secret_of_an_account_that_is_not_there(store: Store) -> None:
    with pytest.raises(Unknown):
        await store.write(lambda conn: people.add_secret(conn, ANN, secret(1, 0), 0))
    assert await rows(store, "SELECT * FROM secrets") == []
