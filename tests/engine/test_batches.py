"""What waits together is decided together, yet everybody is answered for himself."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, Final

import pytest
from sqlalchemy.exc import IntegrityError

from telefonie.core.call import Call, Status
from telefonie.core.commands import Answer, HangUp
from telefonie.core.errors import Illegal, Refused, Unknown
from telefonie.core.events import Actor, Kind
from telefonie.engine.committer import LARGEST_BATCH, LONGEST_QUEUE
from telefonie.engine.house import Options
from telefonie.engine.meters import Meters
from telefonie.engine.ports import Overloaded, Reply
from telefonie.store.reads import CallQuery
from tests.support.targets import Target
from tests.support.world import FACE, ORDER, World, a_world, word

ALL: Final = CallQuery()


class Ledger(Meters):
    """Keeps the sizes of batches."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def batch(self, size: int) -> None:
        self.sizes.append(size)


async def together(world: World, *asked: Coroutine[Any, Any, Any]) -> list[Any]:
    """Let all of these wait at once, so that they share a batch; their answers or errors."""
    world.wire.hold()
    writes = world.wire.writes
    first = asyncio.create_task(world.call())
    await world.news.until(lambda: world.wire.writes > writes)
    waiting = [asyncio.create_task(each) for each in asked]
    await asyncio.sleep(0)  # each of them gets as far as the queue
    world.wire.let_go()
    await first
    return await asyncio.gather(*waiting, return_exceptions=True)


def kinds(answers: list[Any]) -> Counter[str]:
    return Counter(type(each).__name__ for each in answers)


async def test_of_ten_who_hang_up_one_succeeds_and_nine_are_told_that_it_has_ended(world: World) -> None:
    call = await world.call()
    await world.pass_time(4)
    answers = await asyncio.gather(*(world.hang_up(call) for _ in range(10)), return_exceptions=True)
    assert kinds(answers) == {"Reply": 1, "Illegal": 9}
    refused = next(each for each in answers if isinstance(each, Illegal))
    assert str(refused) == "The call is completed; it cannot be hung up."
    assert [each.kind for each in await world.journal(call)].count(Kind.ENDED) == 1


async def test_of_ten_who_hang_up_through_two_processes_one_succeeds(town: World) -> None:
    there = await town.neighbour()
    for _ in range(5):
        call = await town.call()
        await town.pass_time(4)
        asked = [each.hang_up(call) for each in (town, there) * 5]
        assert kinds(await asyncio.gather(*asked, return_exceptions=True)) == {"Reply": 1, "Illegal": 9}


async def test_decisions_that_wait_together_share_a_commit(target: Target) -> None:
    ledger = Ledger()
    async with a_world(target, Options(meters=ledger)) as world:
        await together(world, *(world.call() for _ in range(LARGEST_BATCH + 10)))
        assert ledger.sizes == [1, LARGEST_BATCH, 10]
        page = await world.engine.switchboard.calls(world.account.id, ALL)
        assert page.total == LARGEST_BATCH + 11


async def test_one_illegal_command_spoils_nobody_elses_decision(world: World) -> None:
    ended, ringing = await world.call(), await world.call()
    await world.hang_up(ended)
    await world.pass_time(1)
    answers = await together(
        world,
        world.call(),
        world.hang_up(ended),
        world.hang_up("00000000-0000-4000-8000-00000000dead"),
        world.tell(ringing, Answer()),
        world.call(),
    )
    assert [type(each) for each in answers] == [str, Illegal, Unknown, Reply, str]
    assert (await world.look(ringing)).status is Status.TALKING
    for call in (answers[0], answers[4]):
        assert (await world.look(call)).status is Status.QUEUED


async def test_commands_for_one_call_in_one_batch_apply_in_turn(world: World) -> None:
    call = await world.call()
    await world.pass_time(1)
    answers = await together(
        world, world.tell(call, Answer()), world.tell(call, Answer()), world.hang_up(call)
    )
    assert [type(each) for each in answers] == [Reply, Illegal, Reply]
    assert (await world.look(call)).status is Status.COMPLETED
    await world.until_idle()
    assert world.statuses(call) == ["queued", "ringing", "talking", "completed"]


async def test_a_statement_that_fails_is_answered_alone_and_strangers_succeed(world: World) -> None:
    """Two calls with one id cannot be; that is for the one who asked, and nobody else."""
    there = await world.call()
    other = await world.another()
    answers = await together(
        world,
        world.call(),
        world.engine.switchboard.place(world.account, FACE, ORDER, there, word, None),
        world.engine.switchboard.place(world.account, FACE, _unwritable(), _id(1), word, None),
        world.call(account=other),
        world.hang_up(there),
    )
    assert [isinstance(each, Exception) for each in answers] == [False, True, True, False, False]
    assert isinstance(answers[1], IntegrityError)
    assert not isinstance(answers[2], Refused)
    assert (await world.look(answers[3], other)).status is Status.QUEUED
    assert (await world.look(there)).status is Status.CANCELED
    await world.until_idle()
    assert world.statuses(answers[0])[-1] == "completed"
    page = await world.engine.switchboard.calls(world.account.id, ALL)
    assert page.total == 3  # the one that waited first, the one there, the one that was asked for


async def test_an_answer_that_cannot_be_worded_changes_nothing(world: World) -> None:
    def broken(_: Call) -> Reply:
        raise ZeroDivisionError

    call = await world.call()
    place = world.engine.switchboard.place(world.account, FACE, ORDER, _id(2), broken, None)
    tell = world.engine.switchboard.tell(world.account.id, FACE, call, HangUp(Actor.CUSTOMER), broken)
    answers = await together(world, place, tell, world.call())
    assert kinds(answers) == {"ZeroDivisionError": 2, "str": 1}
    assert (await world.look(call)).status is Status.QUEUED
    with pytest.raises(Unknown):
        await world.look(_id(2))


async def test_when_too_many_wait_the_next_is_turned_away_until_there_is_room(world: World) -> None:
    nobody = "00000000-0000-4000-8000-00000000dead"
    world.wire.hold()
    writes = world.wire.writes
    waiting = [asyncio.create_task(world.hang_up(nobody))]
    await world.news.until(lambda: world.wire.writes > writes)  # a batch of one is on its way
    waiting += [asyncio.create_task(world.hang_up(nobody)) for _ in range(LONGEST_QUEUE)]
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await world.hang_up(nobody)
    world.wire.let_go()
    answers = kinds(await asyncio.gather(*waiting, return_exceptions=True))
    assert answers == {"Unknown": LONGEST_QUEUE + 1}
    assert (await world.look(await world.call())).status is Status.QUEUED


async def test_an_asker_who_does_not_wait_for_the_answer_disturbs_nobody(world: World) -> None:
    world.wire.hold()
    asked = [asyncio.create_task(world.call()) for _ in range(3)]
    await asyncio.sleep(0)
    asked[1].cancel()
    world.wire.let_go()
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert kinds(answers) == {"str": 2, "CancelledError": 1}
    await world.call()


def _id(number: int) -> str:
    return f"0000000f-0000-4000-8000-{number:012x}"


def _unwritable() -> Any:
    return replace(ORDER, metadata={"half a character": "\ud800"})
