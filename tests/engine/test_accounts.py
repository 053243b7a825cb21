"""Accounts, keys, secrets: who may, who signs, and what remains of whom."""

from __future__ import annotations

import asyncio
from typing import Final

import pytest

from telefonie.core.accounts import Key, Number, Scope, Settings
from telefonie.core.clocks import Mode
from telefonie.core.errors import Conflict, Unknown
from telefonie.core.events import Kind
from telefonie.core.phones import Behaviour
from telefonie.engine.registry import ClockWish
from tests.support.customer import FINE, Answer
from tests.support.world import NEW_YEAR, World, phone

DEAD: Final = "00000000-0000-4000-8000-00000000dead"
SLOW_TIME: Final = ClockWish(Mode.REALTIME, 0.001, NEW_YEAR)
TALKED: Final = ["queued", "ringing", "talking", "completed"]


async def secrets_of(world: World) -> tuple[str, ...]:
    """The secrets that sign a letter now."""
    await world.call(phone(5), report_on=(Kind.PLACED,))
    await world.pass_time(0)
    return world.customer.got[-1].secrets


# -- keys --


async def test_a_key_opens_its_account_with_its_scopes_until_it_is_revoked(world: World) -> None:
    registry = world.engine.registry
    account = await world.another(key="k" * 30)
    first = await registry.authenticate("k" * 30)
    assert first is not None
    assert (first.account, first.scopes) == (account, frozenset(Scope))
    added = await registry.add_key(account.id, "reader", frozenset({Scope.READ}), "r" * 30)
    assert (added.hint, added.revoked_at) == ("rrrrrrrr", None)
    reader = await registry.authenticate("r" * 30)
    assert reader is not None
    assert (reader.account.id, reader.scopes, reader.key_id) == (
        account.id,
        frozenset({Scope.READ}),
        added.id,
    )
    await registry.revoke_key(account.id, first.key_id)
    assert await registry.authenticate("k" * 30) is None
    assert [_shown(each) for each in await registry.keys(account.id)] == [("first", True), ("reader", False)]


def _shown(key: Key) -> tuple[str, bool]:
    return key.name, key.revoked_at is not None


async def test_a_key_that_nobody_has_opens_nothing(world: World) -> None:
    assert await world.engine.registry.authenticate("") is None
    assert await world.engine.registry.authenticate("nobody's") is None
    for asked in (
        world.engine.registry.keys(DEAD),
        world.engine.registry.add_key(DEAD, "", frozenset(), "x"),
        world.engine.registry.revoke_key(world.account.id, DEAD),
        world.engine.registry.account(DEAD),
        world.engine.registry.secrets(DEAD),
        world.engine.registry.delete_account(DEAD),
        world.engine.registry.change_account(DEAD, None, Settings()),
    ):
        with pytest.raises(Unknown):
            await asked


async def test_what_is_remembered_of_an_account_is_forgotten_when_it_is_changed(world: World) -> None:
    registry = world.engine.registry
    account = await world.another(key="k" * 30)
    await registry.authenticate("k" * 30)
    await registry.change_account(account.id, "other", Settings(currency="EUR"))
    again = await registry.authenticate("k" * 30)
    assert again is not None
    assert (again.account.name, again.account.settings.currency) == ("other", "EUR")


async def test_a_key_revoked_at_one_process_is_soon_forgotten_at_the_other(town: World) -> None:
    """At once where they hear each other: sooner than a process forgets by itself."""
    there = await town.neighbour(listen_url=str(town.target))
    here = await town.neighbour(listen_url=str(town.target))
    account = await town.another(key="k" * 30)
    known = await there.engine.registry.authenticate("k" * 30)
    assert known is not None
    await here.engine.registry.revoke_key(account.id, known.key_id)
    async with asyncio.timeout(1.5):
        while await there.engine.registry.authenticate("k" * 30) is not None:
            await there.sql("SELECT 1")  # nothing here tells when a hint was heard


# -- secrets --


async def test_while_a_secret_is_rotated_letters_are_signed_with_both(world: World) -> None:
    registry, account = world.engine.registry, world.account
    [first] = await registry.secrets(account.id)
    assert await secrets_of(world) == (first.value,)
    await registry.rotate_secret(account.id, "whsec_second", 3_600)
    assert await secrets_of(world) == ("whsec_second", first.value)
    await registry.rotate_secret(account.id, "whsec_third", 3_600)
    assert await secrets_of(world) == ("whsec_third", "whsec_second")
    await registry.rotate_secret(account.id, "whsec_fourth", 0)
    assert await secrets_of(world) == ("whsec_fourth",)


async def test_a_letter_that_is_tried_again_is_signed_with_what_is_valid_then(world: World) -> None:
    world.customer.mood = lambda letter: FINE if letter.secrets == ("whsec_new",) else Answer(503)
    await world.call(phone(5), report_on=(Kind.PLACED,))
    await world.pass_time(0)
    await world.engine.registry.rotate_secret(world.account.id, "whsec_new", 0)
    await world.until_idle()
    assert len(world.customer.got) == 2
    assert await world.states() == ["delivered"]


# -- numbers and phones --


async def test_numbers_and_phones_are_an_accounts_own(world: World) -> None:
    registry, other = world.engine.registry, await world.another()
    number = Number(world.account.id, "+3197010280", "mine")
    await registry.add_number(number)
    with pytest.raises(Conflict):
        await registry.add_number(number)
    with pytest.raises(Unknown):
        await registry.number(other.id, "+3197010280")
    assert await registry.put_phone(world.account.id, "31", Behaviour(beep=True)) is True
    assert await registry.put_phone(world.account.id, "31", Behaviour()) is False
    assert await registry.phone(world.account.id, "31") == Behaviour()
    assert await registry.phone(other.id, "31") is None
    await registry.remove_phone(world.account.id, "31")
    await registry.remove_number(world.account.id, "+3197010280")
    with pytest.raises(Unknown):
        await registry.remove_phone(world.account.id, "31")
