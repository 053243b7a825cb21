"""Every letter arrives at least once, in its order, or everybody can see why not."""

from __future__ import annotations

import asyncio
from typing import Final

import pytest

from telefonie.core.accounts import Settings
from telefonie.core.clocks import Mode
from telefonie.core.errors import Unknown
from telefonie.core.events import Kind
from telefonie.engine.letters import Fault, Letter
from telefonie.engine.mailroom import DeliveryQuery, DeliveryState
from telefonie.engine.registry import ClockWish
from tests.support.customer import BROKEN, FINE, GONE, Answer
from tests.support.world import NEW_YEAR, World, phone

TALKED: Final = ["queued", "ringing", "talking", "completed"]
DEAD: Final = "00000000-0000-4000-8000-00000000dead"
BUSY: Final = phone(2)


async def attempts(world: World, call: str, number: int = 0) -> list[tuple[int, int, int | None]]:
    """Number, seconds since New Year, and status of each attempt at one of a call's letters."""
    [delivery] = (await world.deliveries(call))[number : number + 1]
    _, tried = await world.engine.mailroom.delivery(world.account.id, delivery.id)
    return [(each.number, (each.at - NEW_YEAR) // 1000, each.receipt.status) for each in tried]


# -- when it is tried again --


@pytest.mark.parametrize("answer", [BROKEN, GONE, Answer(429), Answer(None, error=Fault.TIMEOUT)])
async def test_a_letter_is_tried_again_after_1_5_30_120_and_600_seconds_and_then_given_up(
    world: World, answer: Answer
) -> None:
    world.customer.mood = lambda _: answer
    call = await world.call(phone(5), report_on=(Kind.PLACED,))
    idle = await world.until_idle()
    assert await attempts(world, call) == [
        (number, at, answer.status) for number, at in enumerate([0, 1, 6, 36, 156, 756], start=1)
    ]
    assert idle.now == NEW_YEAR + 756_000
    [delivery] = await world.deliveries(call)
    assert (delivery.state, delivery.attempts, delivery.due_at) == (DeliveryState.FAILED, 6, None)
    assert (delivery.finished_at, delivery.last_status) == (NEW_YEAR + 756_000, answer.status)
    assert delivery.last_error == answer.error
    assert len({each.id for each in world.customer.got}) == 1


async def test_an_account_has_its_own_schedule(world: World) -> None:
    world.customer.mood = lambda _: BROKEN
    patient = await world.another(settings=Settings(retry_seconds=(10, 3)))
    hopeless = await world.another(settings=Settings(retry_seconds=()))
    await world.call(account=patient, report_on=(Kind.PLACED,), to=BUSY)
    await world.call(account=hopeless, report_on=(Kind.PLACED,), to=BUSY)
    assert (await world.until_idle(patient)).now == NEW_YEAR + 13_000
    assert (await world.until_idle(hopeless)).requests == 1
    assert await world.states(account=hopeless) == ["failed"]


@pytest.mark.parametrize(("asked", "waits"), [("40", 40), ("0", 0), ("99999", 600)])
async def test_a_customer_who_says_when_to_come_back_is_obeyed(world: World, asked: str, waits: int) -> None:
    busy = Answer(503, headers=(("Retry-After", asked),))
    world.customer.mood = lambda _: FINE if len(world.customer.got) > 1 else busy
    call = await world.call(phone(5), report_on=(Kind.PLACED,))
    await world.until_idle()
    assert await attempts(world, call) == [(1, 0, 503), (2, waits, 200)]


@pytest.mark.parametrize(
    "answer", [Answer(404), Answer(410), Answer(301), Answer(None, error=Fault.FORBIDDEN_TARGET)]
)
async def test_some_answers_are_final(world: World, answer: Answer) -> None:
    world.customer.mood = lambda _: answer
    call = await world.call(BUSY)
    await world.until_idle()
    assert await world.states(call) == ["failed"] * 3
    assert len(world.customer.got) == 3  # each told once, and the next one all the same


async def test_retries_run_on_the_accounts_time(world: World) -> None:
    hasty = await world.another(ClockWish(Mode.REALTIME, 1000.0, NEW_YEAR))
    world.customer.mood = lambda letter: FINE if world.customer.got.count(letter) > 4 else BROKEN
    await world.call(phone(5), hasty, report_on=(Kind.PLACED,))
    await world.news.until(lambda: len(world.customer.got) == 5)


# -- the order --


async def test_while_a_letter_is_tried_again_the_later_ones_of_its_call_wait(world: World) -> None:
    world.customer.mood = lambda letter: BROKEN if world.customer.got.count(letter) < 4 else FINE
    call = await world.call(BUSY)
    await world.until_idle()
    assert world.statuses(call) == ["queued"] * 4 + ["ringing"] * 4 + ["busy"] * 4
    assert [at for _, at, _ in await attempts(world, call, 1)] == [36, 37, 42, 72]
    assert [each["at"] - NEW_YEAR for each in world.letters(call)][::4] == [0, 1_000, 3_000]


async def test_other_calls_do_not_wait_for_it(world: World) -> None:
    stuck = await world.call(BUSY)
    world.customer.mood = lambda letter: BROKEN if stuck in letter.body else FINE
    others = await world.calls(5, BUSY)
    await world.pass_time(4)
    for call in others:
        assert await world.states(call) == ["delivered"] * 3
    assert await world.states(stuck) == ["pending"] * 3
    await world.until_idle()
    assert await world.states(stuck) == ["failed"] * 3


async def test_a_letter_given_up_makes_way_for_the_next(world: World) -> None:
    world.customer.mood = lambda letter: BROKEN if "queued" in letter.body else FINE
    call = await world.call(BUSY)
    await world.until_idle()
    assert await world.states(call) == ["failed", "delivered", "delivered"]
    assert world.statuses(call) == ["queued"] * 6 + ["ringing", "busy"]


async def test_in_running_time_the_order_of_each_call_holds_too(world: World) -> None:
    """Whoever fails now and then is told everything, in order, with repeats that he can drop."""
    hasty = await world.another(ClockWish(Mode.REALTIME, 1000.0, NEW_YEAR))
    refused: set[str] = set()

    def moody(letter: Letter) -> Answer:
        """Every third letter is refused, but none so often that it would be given up."""
        if len(world.customer.got) % 3 or letter.id in refused:
            return FINE
        refused.add(letter.id)
        return BROKEN

    world.customer.mood = moody
    calls = await world.calls(40, account=hasty)
    await world.news.until(lambda: _all_delivered(world, hasty.id))
    for call in calls:
        statuses = world.statuses(call)
        assert list(dict.fromkeys(statuses)) == TALKED
        assert [TALKED.index(each) for each in statuses] == sorted(TALKED.index(each) for each in statuses)


async def _all_delivered(world: World, account_id: str) -> bool:
    query = DeliveryQuery(state=DeliveryState.DELIVERED, size=1)
    return (await world.engine.mailroom.deliveries(account_id, query))[1] == 160


# -- what is kept --


async def test_deliveries_are_listed_newest_first_and_by_what_they_are(world: World) -> None:
    world.customer.mood = lambda letter: Answer(404) if "ringing" in letter.body else FINE
    first, second = await world.call(BUSY), await world.call(phone(5))
    await world.pass_time(1)
    room, mine = world.engine.mailroom, world.account.id
    found, total = await room.deliveries(mine, DeliveryQuery(size=3))
    assert total == 4
    assert [each.event for each in found] == ["ended", "rang", "placed"]
    for query, events in [
        (DeliveryQuery(call_id=first), ["rang", "placed"]),
        (DeliveryQuery(call_id=second, event="placed"), ["placed"]),
        (DeliveryQuery(state=DeliveryState.FAILED), ["rang"]),
        (DeliveryQuery(state=DeliveryState.PENDING), []),
        (DeliveryQuery(page=2, size=3), ["placed"]),
        (DeliveryQuery(event="nothing"), []),
    ]:
        assert [each.event for each in (await room.deliveries(mine, query))[0]] == events
    other = await world.another()
    assert await room.deliveries(other.id, DeliveryQuery()) == ([], 0)
    with pytest.raises(Unknown):
        await room.delivery(other.id, found[0].id)
    with pytest.raises(Unknown):
        await room.delivery(mine, DEAD)


async def test_a_delivery_shows_what_was_sent_and_when(world: World) -> None:
    call = await world.call(BUSY)
    await world.pass_time(1)
    delivery = (await world.deliveries(call))[1]
    letter = world.customer.got[1]
    assert (delivery.url, delivery.method, delivery.body) == (letter.url, letter.method, letter.body)
    assert (delivery.event_id, delivery.call_id) == (letter.id, call)
    assert (delivery.created_at, delivery.finished_at) == (NEW_YEAR + 1_000, NEW_YEAR + 1_000)
    assert delivery.replay_of is None


@pytest.mark.parametrize("state", ["delivered", "failed", "pending"])
async def test_a_replay_is_the_same_letter_again_in_a_delivery_of_its_own(world: World, state: str) -> None:
    world.customer.mood = {"delivered": lambda _: FINE, "failed": lambda _: Answer(404)}.get(
        state, lambda _: BROKEN
    )
    call = await world.call(phone(5), report_on=(Kind.PLACED,))
    await world.pass_time(0)
    assert await world.states(call) == [state]
    [first] = await world.deliveries(call)
    world.customer.mood = lambda _: FINE
    again = await world.engine.mailroom.replay(world.account.id, first.id)
    assert (again.event_id, again.body, again.replay_of) == (first.event_id, first.body, first.id)
    assert (again.state, again.attempts, again.created_at) == (DeliveryState.PENDING, 0, NEW_YEAR)
    assert again.id != first.id
    await world.pass_time(0)
    assert [each.id for each in world.customer.got] == [first.event_id] * 2
    assert await world.states(call) == [state, "delivered"]


async def test_a_replay_waits_for_nobody_and_keeps_nobody_waiting(world: World) -> None:
    world.customer.mood = lambda letter: BROKEN if "ringing" in letter.body else FINE
    call = await world.call(BUSY)
    await world.pass_time(2)
    [first, stuck, *_] = await world.deliveries(call)
    for each in (first, stuck):
        await world.engine.mailroom.replay(world.account.id, each.id)
    await world.pass_time(0)
    assert world.statuses(call) == ["queued", "ringing", "ringing", "queued", "ringing"]
    world.customer.mood = lambda _: FINE
    await world.until_idle()
    assert await world.states(call) == ["delivered"] * 5
    assert world.statuses(call)[-1] == "busy"


async def test_a_replay_of_a_replay_names_the_first(world: World) -> None:
    call = await world.call(phone(5), report_on=(Kind.PLACED,))
    await world.pass_time(0)
    [first] = await world.deliveries(call)
    room, ids = world.engine.mailroom, {first.id}
    newest = first
    for _ in range(3):
        newest = await room.replay(world.account.id, newest.id)
        assert newest.replay_of == first.id
        ids.add(newest.id)
    assert len(ids) == 4
    for account_id in (DEAD, (await world.another()).id):
        with pytest.raises(Unknown):
            await room.replay(account_id, first.id)


async def test_many_replays_at_once_are_as_many_letters(world: World) -> None:
    hasty = await world.another(ClockWish(Mode.REALTIME))
    call = await world.call(phone(5), hasty, report_on=(Kind.PLACED,))
    await world.news.until(lambda: len(world.customer.got) == 1)
    [first] = await world.deliveries(call, hasty)
    await asyncio.gather(*(world.engine.mailroom.replay(hasty.id, first.id) for _ in range(7)))
    await world.news.until(lambda: len(world.customer.got) == 8)
    assert {(each.id, each.body) for each in world.customer.got} == {(first.event_id, first.body)}
