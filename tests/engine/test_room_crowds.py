"""Rooms under many hands at once: two processes on one Postgres."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, Final

import pytest

from telefonie.core.accounts import Account
from telefonie.core.clocks import Mode
from telefonie.core.errors import Refused
from telefonie.core.room import Did, Fact
from telefonie.engine.registry import ClockWish
from tests.e2e.chance import chance
from tests.support.desk import Desk
from tests.support.world import BRIEF, HUMAN, World, phone

FAST: Final = ClockWish(Mode.REALTIME, speed=1_000.0)
BUSY: Final = phone(2)
MOST: Final = 8


def go_in(name: str) -> str:
    return f'[{{"action":"conversation","name":"{name}"}}]'


async def quiet(world: World, account: Account) -> bool:
    """Nothing is on its way any more: no message, no letter, no ringing."""
    busy = (
        "SELECT count(*) FROM jobs WHERE account_id = :id AND state = 0"
        " AND (crew > 0 OR awaited_at IS NOT NULL)"
    )
    return await world.sql(busy, id=account.id) == [(0,)]


def check(facts: list[Fact], letters: list[dict[str, Any]], most: int) -> None:
    """What was written down and told is gapless, in order, and counts exactly."""
    assert [each.ordinal for each in facts] == list(range(len(facts)))
    assert [each.at for each in facts] == sorted(each.at for each in facts)
    told = [each for each in letters if "did" in each]
    first = {each["sequence"]: each for each in told[::-1]}  # a letter may come twice, never out of order
    assert sorted(first) == list(range(len(first)))
    order = list(dict.fromkeys(each["sequence"] for each in told))
    assert order == sorted(order)
    count = 0
    spoken = [each for each in facts if each.did not in (Did.MODIFIED, Did.ANNOUNCED)]
    for fact, letter in zip(spoken, (first[each] for each in sorted(first)), strict=True):
        count += fact.did is Did.JOINED
        count -= fact.did is Did.LEFT and fact.data.get("joined", True)
        assert (letter["did"], letter["by"], letter["count"]) == (fact.did, fact.by, count)
        assert 0 <= count <= most


@dataclass(frozen=True, slots=True)
class Hand:
    """One of many hands: what it does hangs on its number alone."""

    desk: Desk
    room: str
    calls: list[str]
    seed: int
    number: int

    def fate(self, what: str, ways: int) -> int:
        return int(chance(self.seed, self.number, what) * ways)

    def wish(self) -> Awaitable[object]:
        """Something that customers may want of a room."""
        desk, room = self.desk, self.room
        call = self.calls[self.fate("whom", len(self.calls))]
        match self.fate("what", 5):
            case 0:
                return desk.invite(room, (BRIEF, BUSY, HUMAN)[self.fate("who", 3)])
            case 1:
                return desk.world.call(BRIEF, desk.account, document=go_in(room), report_url=None)
            case 2:
                return desk.steer(room, call, muted=not self.fate("on", 2), held=not self.fate("held", 2))
            case 3:
                return desk.remove(room, call)
            case _:
                return desk.world.hang_up(call, desk.account)


async def in_any_case(wish: Awaitable[object]) -> object:
    """Many wishes come too late; that is answered clearly, and never with a fault of ours."""
    try:
        return await wish
    except Refused as refused:
        return refused


@pytest.mark.parametrize("seed", range(2))
async def test_whatever_many_hands_do_at_once_the_count_is_exact_and_letters_are_in_order(
    town: World, seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    there, account = await town.neighbour(), await town.another(FAST)
    desks = [Desk(town, account), Desk(there, account)]
    desk = desks[0]
    room = (await desk.open(most=MOST, record=True))["id"]
    stays = await desk.invite(room)  # so that it does not end before its time
    await town.news.until(lambda: _in(desk, room, stays))
    calls = [await desk.invite(room)]
    for each in range(6):
        hands = [Hand(desks[n % 2], room, calls, seed, each * 10 + n) for n in range(10)]
        done = await asyncio.gather(*(in_any_case(hand.wish()) for hand in hands))
        calls += [found for found in done if isinstance(found, str)]
        state = await desk.room(room)
        assert len(state.members) + len(state.guests) <= MOST
    await desk.close(room)
    await town.news.until(lambda: quiet(town, account))
    facts = await desk.facts(room)
    check(facts, desk.letters(room), MOST)
    assert facts[-1].did is Did.ENDED
    assert await town.sql("SELECT count(*) FROM calls WHERE status IN ('queued', 'ringing', 'talking')") == [
        (0,)
    ]
    [status] = {each["status"] for each in desk.letters(room) if "recording" in each} - {"running"} or {
        "none"
    }
    assert status in ("completed", "none")
    assert [each.getMessage() for each in caplog.records if "one by one" in each.getMessage()] == []


async def _in(desk: Desk, room: str, call: str) -> bool:
    return (await desk.there(room)).get(call, False)


async def test_a_room_of_a_few_places_takes_no_more_whoever_asks_first(town: World) -> None:
    there, account = await town.neighbour(), await town.another(FAST)
    desks = [Desk(town, account), Desk(there, account)]
    room = (await desks[0].open(most=5))["id"]
    asked = await asyncio.gather(*(in_any_case(each.invite(room)) for each in desks * 10))
    assert sum(isinstance(each, str) for each in asked) == 5
    walk_in = [each.world.call(account=account, document=go_in(room)) for each in desks * 3]
    await asyncio.gather(*walk_in)
    await town.news.until(lambda: _full(desks[0], room))
    assert sorted(await desks[0].there(room)) == sorted(each for each in asked if isinstance(each, str))


async def _full(desk: Desk, room: str) -> bool:
    state = await desk.room(room)
    return len(state.members) == state.most


async def test_one_of_many_who_open_a_room_of_one_name_has_it(town: World) -> None:
    there, account = await town.neighbour(), await town.another(FAST)
    desks = [Desk(town, account), Desk(there, account)]
    joins = [each.world.call(account=account, document=go_in("standup")) for each in desks * 3]
    opens = [in_any_case(each.open("standup")) for each in desks * 5]
    await asyncio.gather(*opens, *joins)
    [(live,)] = await town.sql("SELECT count(*) FROM meetings WHERE live = 1")
    assert live == 1
    [(room,)] = await town.sql("SELECT id FROM meetings WHERE live = 1")
    closed = await asyncio.gather(*(in_any_case(each.close(room)) for each in desks * 5))
    assert sum(isinstance(each, dict) for each in closed) == 1
