"""An account with limits is told to wait; it is counted for all processes together, by the wall's time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, Final

import pytest

from telefonie.core.accounts import Account, Settings
from telefonie.core.call import Call, Cause, Status
from telefonie.core.errors import TooMany
from telefonie.core.events import Event, Kind
from telefonie.core.limits import Kind as Limit
from telefonie.engine.granting import TOO_MANY
from telefonie.engine.limits import Limits
from tests.support.world import HUMAN, World
from tests.support.world import TOLD as TOLD_OF

NOW: Final = 1_893_456_000_000
ACCOUNT: Final = Account("a", "test", 0, Settings(creations_per_second=3, requests_per_second=5))


@dataclass(slots=True)
class Wall:
    """Wall time that stands until somebody moves it."""

    now: int = NOW

    def __call__(self, _: object) -> int:
        return self.now


def doors(world: World, wall: Wall) -> Limits:
    """One process's door."""
    return Limits(world.wire, wall)


async def passed(door: Limits, times: int, kind: Limit = Limit.CREATION, account: Account = ACCOUNT) -> int:
    """How many of so many come in."""
    asked = (door.take(account, kind) for _ in range(times))
    answers = await asyncio.gather(*asked, return_exceptions=True)
    refused = [each for each in answers if each is not None]
    assert all(isinstance(each, TooMany) for each in refused), refused
    return times - len(refused)


async def test_so_many_in_a_second_and_no_more(world: World) -> None:
    wall = Wall()
    door = doors(world, wall)
    assert await passed(door, 10) == 3
    wall.now += 999
    assert await passed(door, 1) == 0
    wall.now += 1
    assert await passed(door, 10) == 3


async def test_who_is_turned_away_is_told_when_to_come_again(world: World) -> None:
    wall = Wall()
    door = doors(world, wall)
    await passed(door, 3)
    wall.now += 400
    with pytest.raises(TooMany) as refused:
        await door.take(ACCOUNT, Limit.CREATION)
    assert refused.value.seconds == 1
    assert "creations" in str(refused.value)


async def test_calls_other_requests_and_other_accounts_are_counted_apart(world: World) -> None:
    door = doors(world, Wall())
    assert await passed(door, 10) == 3
    assert await passed(door, 10, Limit.REQUEST) == 5
    other = Account("b", "test", 0, ACCOUNT.settings)
    assert await passed(door, 10, account=other) == 3


async def test_two_processes_count_together(town: World) -> None:
    wall = Wall()
    there = await town.neighbour()
    found = await asyncio.gather(passed(doors(town, wall), 5), passed(doors(there, wall), 5))
    assert sum(found) == 3


async def test_a_wall_that_was_set_back_keeps_nobody_out(world: World) -> None:
    wall = Wall()
    door = doors(world, wall)
    await passed(door, 3)
    wall.now -= 3_600_000
    assert await passed(door, 10) == 3


async def test_an_account_keeps_one_row_of_a_kind(world: World) -> None:
    wall = Wall()
    for _ in range(5):
        await passed(doors(world, wall), 2)
        wall.now += 5_000
    assert await world.sql("SELECT kind, n FROM limits") == [("creation", 2)]


async def test_without_a_limit_nothing_is_counted(world: World) -> None:
    door = doors(world, Wall())
    free = Account("a", "test", 0)
    assert await passed(door, 20, account=free) == 20
    assert await world.sql("SELECT count(*) FROM limits") == [(0,)]


async def test_the_wall_is_the_stores_own_unless_said(world: World) -> None:
    for _ in range(3):
        await world.engine.limits.take(ACCOUNT, Limit.CREATION)
    [(since,)] = await world.sql("SELECT since FROM limits")
    assert since > 1_700_000_000_000


# -- legs that a document dials --

TOLD: Final = "statusCallback='https://customer.test/legs' statusCallbackEvent='initiated completed'"
BOTH: Final = "".join(f"<Number {TOLD}>{number}</Number>" for number in ("+12025550100", "+12025550101"))
DIAL: Final = f"<Response><Dial>{BOTH}</Dial></Response>"


CONNECT: Final = '[{"action": "connect", "endpoint": [{"type": "phone", "number": "12025550100"}]}]'
PAGE: Final = "https://customer.test/voice"


async def dialed(world: World, document: str, most: int, **order: Any) -> list[tuple[Call, list[Event]]]:
    """What became of the legs that a document dials at once, where so many calls may be made in a second."""
    account = await world.another(settings=Settings(creations_per_second=most))
    world.customer.pages({"/voice": document})
    call = await world.call(HUMAN, account, document_url=PAGE, **order)
    await world.pass_time(5, account)
    facts = [each for each in await world.journal(call, account) if each.kind is Kind.DIALED]
    ids = [str(each.data["call_id"]) for each in facts]
    return [(await world.look(each, account), await world.journal(each, account)) for each in ids]


async def test_a_leg_over_the_limit_rings_nowhere_and_says_why(world: World) -> None:
    (first, _), (second, journal) = await dialed(world, DIAL, most=1)
    assert (first.status, second.status) == (Status.RINGING, Status.FAILED)
    assert (second.cause, second.rang_at, second.ended_at) == (Cause.UNREACHABLE, None, second.created_at)
    [warned] = [each.data for each in journal if each.kind is Kind.WARNED]
    assert warned["code"] == TOO_MANY
    assert len(world.letters(first.id)) == 1
    assert world.statuses(second.id) == ["queued", "failed"]


async def test_where_documents_are_strict_nothing_is_told_of_such_a_leg_but_why(world: World) -> None:
    [(leg, journal)] = await dialed(world, CONNECT, most=0, strict=True)
    assert leg.status is Status.FAILED
    [why] = [each.data for each in journal if each.kind is Kind.UNUSABLE]
    assert why["code"] == TOO_MANY
    told = (*TOLD_OF, Kind.UNUSABLE)
    [(leg, _)] = await dialed(world, CONNECT, most=0, strict=True, report_url=PAGE, report_on=told)
    assert world.statuses(leg.id) == ["queued"]  # neither that it was placed nor that it failed
