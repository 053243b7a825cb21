"""Accounts, keys, secrets: who may, who signs, and what remains of whom."""

from __future__ import annotations

import asyncio
from typing import Final

import pytest

from telefonie.core.accounts import Account, Key, Number, Scope, Settings
from telefonie.core.clocks import Mode
from telefonie.core.errors import Conflict, Unknown
from telefonie.core.events import Kind
from telefonie.core.phones import Behaviour, Outcome
from telefonie.engine.letters import Letter
from telefonie.engine.ports import Once
from telefonie.engine.registry import ClockWish
from telefonie.store.reads import CallPage, CallQuery
from tests.support.customer import FINE, Answer
from tests.support.world import MANUAL, NEW_YEAR, World, phone

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


# -- the end of an account --


@pytest.mark.parametrize("mode", [Mode.REALTIME, Mode.MANUAL, Mode.AUTO])
async def test_an_account_may_go_while_its_letters_are_in_flight(world: World, mode: Mode) -> None:
    account, answered = await world.another(ClockWish(mode, 0.001, NEW_YEAR)), asyncio.Event()
    world.customer.mood = lambda _: Answer(after=answered)
    calls = await world.calls(5, account=account)
    moving = asyncio.create_task(world.until_idle(account)) if mode is Mode.MANUAL else None
    await world.news.until(lambda: world.customer.waiting == 5)
    await world.engine.registry.delete_account(account.id)
    answered.set()
    if moving is not None:
        with pytest.raises(Unknown):
            await moving
    await world.call()  # whatever was to be noted about the letters has been noted by now
    await world.until_idle()
    assert await left(world, account.id) == 0
    for call in calls:
        assert await world.sql("SELECT 1 FROM events WHERE call_id = :id", id=call) == []
        assert await world.sql("SELECT 1 FROM attempts WHERE job_id LIKE :id", id=f"{call[:13]}%") == []
    with pytest.raises(Unknown):
        await world.call(account=account)
    assert (await world.engine.health()).ok


async def test_an_account_that_goes_while_calls_are_placed_leaves_nothing_behind(town: World) -> None:
    """Whatever was decided before it went went with it; whoever came later was told that it is gone."""
    there = await town.neighbour()
    for _ in range(6):
        account = await town.another(SLOW_TIME)
        asked = [each.call(account=account) for each in (town, there) * 10]
        gone = town.engine.registry.delete_account(account.id)
        answers = await asyncio.gather(*asked, gone, return_exceptions=True)
        assert {type(each) for each in answers} <= {str, Unknown, type(None)}
        assert await left(town, account.id) == 0


async def left(world: World, account_id: str) -> int:
    """How many rows still name an account."""
    tables = ("calls", "jobs", "counters", "clocks", "api_keys", "secrets", "replies", "phones", "numbers")
    parts = [f"SELECT account_id FROM {table} WHERE account_id = :id" for table in tables]  # noqa: S608 - ours
    return len(await world.sql(" UNION ALL ".join(parts), id=account_id))


# -- a reset --


async def test_a_reset_account_is_as_it_was_when_it_was_new(world: World) -> None:
    registry, account = world.engine.registry, await world.another(MANUAL, key="k" * 30)
    await registry.add_number(Number(account.id, "+3197010280"))
    await registry.put_phone(account.id, "31", Behaviour(outcome=Outcome.BUSY))
    once = Once("key", "print")
    await world.place(account=account, once=once)
    stranger = await world.call()
    await world.pass_time(2, account)
    await world.engine.timekeeper.change(account.id, Mode.AUTO, 7.0, None)
    await world.engine.switchboard.reset(account.id)
    view = await world.engine.timekeeper.clock(account.id)
    assert (view.now, view.clock.mode, view.clock.speed) == (NEW_YEAR, Mode.MANUAL, 1.0)
    assert (view.pending, view.next_due, view.advancing) == (0, None, None)
    assert await world.engine.switchboard.calls(account.id, CallQuery()) == CallPage([], 0)
    assert await world.deliveries(account=account) == []
    assert await registry.phones(account.id) == []
    assert (await registry.numbers(account.id, 1, 9))[1] == 1
    assert await registry.authenticate("k" * 30) is not None
    assert len(await registry.secrets(account.id)) == 1
    assert ("Idempotent-Replayed", "true") not in (await world.place(account=account, once=once)).headers
    assert (await world.look(stranger)).id == stranger
    with pytest.raises(Unknown):
        await world.engine.switchboard.reset(DEAD)


@pytest.mark.parametrize("seed", [None, "s"])
@pytest.mark.parametrize("wish", [MANUAL, SLOW_TIME])
async def test_a_reset_while_letters_are_in_flight_does_not_touch_the_letters_that_come_after(
    world: World, wish: ClockWish, seed: str | None
) -> None:
    """With a seed the new letters even have the ids of the old ones."""
    account, answered = await world.another(wish, Settings(seed=seed)), asyncio.Event()
    world.customer.mood = lambda _: Answer(after=answered)
    await world.calls(3, account=account)
    moving = asyncio.create_task(world.pass_time(60, account)) if wish is MANUAL else None
    await world.news.until(lambda: world.customer.waiting == 3)
    await world.engine.switchboard.reset(account.id)
    second_time = asyncio.Event()
    world.customer.mood = lambda _: Answer(after=second_time)
    calls = await world.calls(3, account=account)
    if wish is not MANUAL:
        await world.news.until(lambda: world.customer.waiting == 6)
    answered.set()
    if moving is not None:
        assert (await moving).done
    await world.call()  # by now the outcomes of the old letters have been noted, or rather not
    assert await world.states(account=account) == ["pending"] * 3
    second_time.set()
    if wish is MANUAL:
        await world.until_idle(account)
        assert [world.statuses(call)[-4:] for call in calls] == [TALKED] * 3
    else:
        await world.news.until(lambda: _all_delivered(world, account))


async def _all_delivered(world: World, account: Account) -> bool:
    return await world.states(account=account) == ["delivered"] * 3


async def test_a_reset_ends_an_advance_that_is_under_way(world: World) -> None:
    answered = asyncio.Event()
    world.customer.mood = lambda letter: Answer(after=answered) if _second(letter) else FINE
    await world.call()
    moving = asyncio.create_task(world.pass_time(3_600))
    await world.news.until(lambda: world.customer.waiting == 1)
    await world.engine.switchboard.reset(world.account.id)
    progress = await asyncio.wait_for(moving, 5)
    assert progress.done
    answered.set()
    assert (await world.pass_time(5)).now == NEW_YEAR + 5_000


def _second(letter: Letter) -> bool:
    return '"ringing"' in letter.body


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
