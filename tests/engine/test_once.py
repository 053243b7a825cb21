"""A request with a key is carried out once: whoever sends it again gets the first answer again."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import Final

import pytest
from sqlalchemy import Connection, text

from telefonie.core.accounts import NumberPolicy, Settings
from telefonie.core.errors import Conflict, Unfit
from telefonie.engine.ports import Once, Reply, Reused
from telefonie.store.reads import CallQuery
from telefonie.store.replies import BITE
from tests.support.world import World

ONCE: Final = Once("key", "fingerprint")
DAY: Final = 86_400
REPLAYED: Final = ("Idempotent-Replayed", "true")


async def total(world: World) -> int:
    return (await world.engine.switchboard.calls(world.account.id, CallQuery())).total


async def test_the_same_request_is_answered_with_the_first_answer_whatever_has_become_of_the_call(
    world: World,
) -> None:
    first = await world.place(once=ONCE)
    assert first.headers == (("X-Plain", "yes"),)
    await world.until_idle()
    again = await world.place(once=ONCE)
    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers == (*first.headers, REPLAYED)
    assert json.loads(again.body)["status"] == "queued"
    assert await total(world) == 1


async def test_another_request_under_the_same_key_is_turned_down(world: World) -> None:
    await world.place(once=ONCE)
    with pytest.raises(Reused):
        await world.place(once=Once("key", "another"))
    assert await total(world) == 1


async def test_other_keys_and_other_accounts_are_other_requests(world: World) -> None:
    other = await world.another()
    await world.place(once=ONCE)
    for reply in (
        await world.place(once=Once("other", "fingerprint")),
        await world.place(account=other, once=ONCE),
    ):
        assert REPLAYED not in reply.headers


async def test_while_the_first_still_runs_the_second_is_told_so(world: World) -> None:
    world.wire.hold()
    first = asyncio.create_task(world.place(once=ONCE))
    await asyncio.sleep(0)
    with pytest.raises(Conflict) as refused:
        await world.place(once=ONCE)
    assert refused.value.slug == "idempotency_key_in_use"
    world.wire.let_go()
    assert (await first).status == 201
    assert REPLAYED in (await world.place(once=ONCE)).headers


async def test_a_first_that_was_given_up_does_not_block_its_key(world: World) -> None:
    """The asker went away while it waited; the request is carried out all the same, once."""
    world.wire.hold()
    first = asyncio.create_task(world.place(once=ONCE))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait([first])
    second = asyncio.create_task(world.place(once=ONCE))
    await asyncio.sleep(0)
    world.wire.let_go()
    await second
    assert await total(world) == 1


async def test_a_request_that_was_turned_down_may_be_sent_again(world: World) -> None:
    strict = await world.another(settings=Settings(number_policy=NumberPolicy.OWNED))
    for _ in range(2):
        with pytest.raises(Unfit):
            await world.place(account=strict, once=ONCE)


async def test_after_a_day_of_the_accounts_time_it_is_a_new_request(world: World) -> None:
    await world.place(once=ONCE)
    await world.pass_time(DAY - 0.001)
    assert REPLAYED in (await world.place(once=ONCE)).headers
    await world.pass_time(0.001)
    second = await world.place(once=ONCE)
    assert REPLAYED not in second.headers
    assert await total(world) == 2
    third = await world.place(once=ONCE)
    assert third == Reply(second.status, second.body, (*second.headers, REPLAYED))
    with pytest.raises(Reused):
        await world.place(once=Once("key", "another"))


async def test_two_processes_that_get_the_same_request_at_once_place_one_call(town: World) -> None:
    there = await town.neighbour()
    for number in range(8):
        once = Once(f"key {number}", "fingerprint")
        replies = await asyncio.gather(*(each.place(once=once) for each in (town, there)))
        assert len({each.body for each in replies}) == 1
        assert Counter(REPLAYED in each.headers for each in replies) == {True: 1, False: 1}
        assert await total(town) == number + 1


async def test_two_processes_with_different_requests_under_one_key_carry_out_one(town: World) -> None:
    there = await town.neighbour()
    asked = [town.place(once=Once("key", "one")), there.place(once=Once("key", "two"))]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert Counter(type(each) for each in answers) == {Reply: 1, Reused: 1}
    assert await total(town) == 1


async def test_answers_whose_day_is_over_are_forgotten_however_many_there_are(world: World) -> None:
    """A busy account makes more of them in a minute than one transaction should take away."""
    row = "INSERT INTO replies VALUES (:id, :key, 'print', 5, 201, '[]', '')"

    def fill(conn: Connection) -> None:
        conn.execute(
            text(row), [{"id": world.account.id, "key": str(number)} for number in range(BITE * 2 + 5)]
        )

    await world.wire.write(fill)
    await world.place(once=ONCE)
    await world.engine._clockmaker.sweep()
    assert await world.sql("SELECT key FROM replies") == [("key",)]
