"""SIP trunks: what is kept of them, whose domain it is, and which of them an address leads through."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import Final

import pytest
from sqlalchemy import select

from telefonie.core.errors import Conflict, Unknown
from telefonie.core.trunks import Trunk, secret
from telefonie.store import trunks
from telefonie.store.connect import Store
from telefonie.store.tables import trunks as table
from tests.store.shelf import ANN, BOB

PASSWORD: Final = "correct horse battery staple"
TRUNK: Final = Trunk(
    "00000000-0000-4000-8000-000000000001",
    ANN,
    "pbx.example.com",
    "Head office",
    "office",
    secret("pbx.example.com", "office", PASSWORD),
    ("203.0.113.0/24",),
    active=False,
)


def other(number: int, account_id: str = ANN) -> Trunk:
    return Trunk(f"00000000-0000-4000-8000-{number:012}", account_id, f"pbx{number}.example.com")


async def test_a_trunk_is_kept_with_all_its_particulars_but_not_with_its_password(store: Store) -> None:
    kept = await store.write(partial(trunks.add, trunk=TRUNK))
    assert kept == replace(TRUNK, created_at=kept.created_at)
    assert await store.read(lambda conn: trunks.one(conn, ANN, TRUNK.id)) == kept
    rows = await store.read(lambda conn: [tuple(row) for row in conn.execute(select(table))])
    assert PASSWORD not in repr(rows)
    changed = replace(kept, friendly_name="Desk", username="", secret="", allowed=(), active=True)
    await store.write(partial(trunks.change, trunk=changed))
    assert await store.read(lambda conn: trunks.page(conn, ANN, 1, 50)) == ([changed], 1)


async def test_of_many_who_want_a_domain_at_once_one_gets_it(store: Store) -> None:
    wishes = [replace(other(n), domain="pbx.example.com") for n in range(8)]
    asked = [store.write(partial(trunks.add, trunk=each)) for each in wishes]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert sorted(type(each).__name__ for each in answers) == ["Conflict"] * 7 + ["Trunk"]


async def test_the_newest_comes_first_and_a_page_is_no_longer_than_asked(store: Store) -> None:
    for number in range(5):
        await store.write(partial(trunks.add, trunk=other(number)))
    await store.write(partial(trunks.add, trunk=other(9, BOB)))
    found, total = await store.read(lambda conn: trunks.page(conn, ANN, 2, 2))
    assert ([each.domain for each in found], total) == (["pbx2.example.com", "pbx1.example.com"], 5)


async def test_an_account_has_only_so_many(store: Store) -> None:
    rows = [
        {"id": each.id, "account_id": ANN, "domain": each.domain, "created_at": 0, "body": "{}"}
        for each in map(other, range(trunks.MOST_TRUNKS))
    ]
    await store.write(lambda conn: conn.execute(table.insert(), rows))
    with pytest.raises(Conflict) as refused:
        await store.write(partial(trunks.add, trunk=other(2_000)))
    assert refused.value.slug == "too_many_trunks"
    await store.write(partial(trunks.add, trunk=other(2_000, BOB)))


async def test_what_is_not_there_cannot_be_read_changed_or_removed(store: Store) -> None:
    mine = await store.write(partial(trunks.add, trunk=other(1)))
    for gone in (replace(mine, account_id=BOB), other(2)):
        for work in (
            partial(trunks.change, trunk=gone),
            partial(trunks.one, account_id=gone.account_id, trunk_id=gone.id),
            partial(trunks.remove, account_id=gone.account_id, trunk_id=gone.id),
        ):
            with pytest.raises(Unknown):
                await store.write(work)
    await store.write(partial(trunks.remove, account_id=ANN, trunk_id=mine.id))
    await store.write(partial(trunks.add, trunk=replace(mine, account_id=BOB)))


async def test_an_address_leads_through_the_trunk_of_its_domain(store: Store) -> None:
    mine = await store.write(partial(trunks.add, trunk=other(1)))
    theirs = await store.write(partial(trunks.add, trunk=other(2, BOB)))
    for account_id, address, found in (
        (ANN, "sip:kim@pbx1.example.com", mine),
        (ANN, "SIPS:kim@PBX1.example.com:5061;transport=tls", mine),
        (ANN, "sip:pbx1.example.com", mine),
        (ANN, "sip:kim@pbx2.example.com", None),
        (BOB, "sip:kim@pbx2.example.com", theirs),
        (ANN, "sip:kim@example.com", None),
        (ANN, "+31201234567", None),
        (ANN, "client:kim@pbx1.example.com", None),
    ):
        through = await store.read(partial(trunks.of_address, account_id=account_id, address=address))
        assert through == found, address
