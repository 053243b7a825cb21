"""An account's numbers and the phones it gave a character."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import Final

import pytest
from sqlalchemy import text

from telefonie.core.accounts import Number
from telefonie.core.applications import Application
from telefonie.core.errors import Conflict, Unfit, Unknown
from telefonie.core.phones import Behaviour, Outcome
from telefonie.store import applications, inventory
from telefonie.store.connect import Store
from telefonie.store.inventory import MOST_PHONES
from telefonie.store.tables import phones
from tests.store.shelf import ANN, BOB, name

MINE: Final = Number(ANN, "+3197010280", "mine", "https://customer.test/", "GET", created_at=5)
PHONE: Final = Behaviour(outcome=Outcome.MACHINE, beep=True, script=({"wait": 1},))


async def test_a_number_is_kept_with_all_its_particulars(store: Store) -> None:
    kept = await store.write(lambda conn: inventory.add_number(conn, MINE))
    assert kept == replace(MINE, created_at=kept.created_at)
    assert await store.read(lambda conn: inventory.number(conn, ANN, MINE.number)) == kept
    changed = replace(kept, friendly_name="ours", record=True)
    assert await store.write(lambda conn: inventory.change_number(conn, changed)) == changed
    assert await store.read(lambda conn: inventory.list_numbers(conn, ANN, 1, 50)) == ([changed], 1)


async def test_a_number_belongs_to_an_application_of_its_own_account(store: Store) -> None:
    """What it belonged to before may be gone; then the rest of it can still be changed."""
    mine, theirs = (Application(name(9, each), account_id, "x") for each, account_id in enumerate((ANN, BOB)))
    for each in (mine, theirs):
        await store.write(partial(applications.add, application=each))
    kept = await store.write(lambda conn: inventory.add_number(conn, replace(MINE, application_id=mine.id)))
    assert kept.application_id == mine.id
    for wrong in (theirs.id, name(9, 7)):
        changed = replace(kept, application_id=wrong)
        with pytest.raises(Unfit):
            await store.write(partial(inventory.change_number, changed=changed))
        with pytest.raises(Unfit):
            await store.write(partial(inventory.add_number, number=replace(changed, number="+3197010281")))
    await store.write(lambda conn: conn.execute(text("DELETE FROM applications")))
    renamed = replace(kept, friendly_name="ours")
    assert await store.write(partial(inventory.change_number, changed=renamed)) == renamed


async def test_a_number_is_in_an_inventory_once(store: Store) -> None:
    await store.write(lambda conn: inventory.add_number(conn, MINE))
    with pytest.raises(Conflict) as refused:
        await store.write(lambda conn: inventory.add_number(conn, MINE))
    assert refused.value.slug == "number_taken"
    await store.write(lambda conn: inventory.add_number(conn, replace(MINE, account_id=BOB)))


async def test_of_many_who_add_a_number_at_once_one_succeeds(store: Store) -> None:
    asked = [store.write(lambda conn: inventory.add_number(conn, MINE)) for _ in range(8)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert sorted(type(each).__name__ for each in answers) == ["Conflict"] * 7 + ["Number"]


async def test_a_number_given_back_is_gone(store: Store) -> None:
    await store.write(lambda conn: inventory.add_number(conn, MINE))
    await store.write(lambda conn: inventory.remove_number(conn, ANN, MINE.number))
    for work in (inventory.number, inventory.remove_number):
        with pytest.raises(Unknown):
            await store.write(partial(work, account_id=ANN, name=MINE.number))
    with pytest.raises(Unknown):
        await store.write(lambda conn: inventory.change_number(conn, MINE))


async def test_numbers_are_listed_newest_first_page_by_page(store: Store) -> None:
    for number in range(7):
        each = replace(MINE, number=f"+319701028{number}")
        await store.write(partial(inventory.add_number, number=each))
    listed = []
    for page in (1, 2, 3):
        found, total = await store.read(partial(inventory.list_numbers, account_id=ANN, page=page, size=3))
        assert total == 7
        listed += [each.number[-1] for each in found]
    assert listed == ["6", "5", "4", "3", "2", "1", "0"]
    assert await store.read(lambda conn: inventory.list_numbers(conn, BOB, 1, 3)) == ([], 0)


async def test_only_the_pairs_that_were_asked_for_are_owned(store: Store) -> None:
    """Each account has the number that the other one asks for."""
    for owner, number in ((ANN, "+31"), (BOB, "+32")):
        each = Number(owner, number)
        await store.write(partial(inventory.add_number, number=each))
    asked = {(ANN, "+32"), (BOB, "+31"), (ANN, "+31")}
    assert await store.read(lambda conn: inventory.owned(conn, asked)) == {(ANN, "+31")}


async def test_a_phone_has_the_character_it_was_given_last(store: Store) -> None:
    put = [
        await store.write(partial(inventory.put_phone, account_id=ANN, name="31", phone=p))
        for p in (Behaviour(), PHONE)
    ]
    assert put == [True, False]
    wanted = {(ANN, "31"), (BOB, "31")}
    assert await store.read(lambda conn: inventory.find_phones(conn, wanted)) == {(ANN, "31"): PHONE}
    assert await store.read(lambda conn: inventory.list_phones(conn, ANN)) == [("31", PHONE)]
    await store.write(lambda conn: inventory.remove_phone(conn, ANN, "31"))
    with pytest.raises(Unknown):
        await store.write(lambda conn: inventory.remove_phone(conn, ANN, "31"))


async def test_an_account_has_at_most_a_thousand_phones_and_may_still_change_them(store: Store) -> None:
    rows = [{"account_id": ANN, "number": str(n), "body": "{}"} for n in range(MOST_PHONES)]
    await store.write(lambda conn: conn.execute(phones.insert(), rows))
    with pytest.raises(Conflict) as refused:
        await store.write(lambda conn: inventory.put_phone(conn, ANN, "one more", PHONE))
    assert refused.value.slug == "too_many_phones"
    assert await store.write(lambda conn: inventory.put_phone(conn, ANN, "7", PHONE)) is False
    assert await store.write(lambda conn: inventory.put_phone(conn, BOB, "one more", PHONE)) is True
