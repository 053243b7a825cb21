"""Rooms and queues on every store: counts are exact, order is kept, and nothing is told twice or never."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, Final

import pytest
from sqlalchemy import Connection, text

from telefonie.core.accounts import Account
from telefonie.core.call import Status
from telefonie.core.clocks import Mode
from telefonie.core.commands import Redirect
from telefonie.core.derive import derived
from telefonie.core.events import Kind
from telefonie.engine.registry import ClockWish
from telefonie.store.opening import open_store
from tests.support.targets import Target
from tests.support.wire import Wire
from tests.support.world import World, a_world

LOBBY: Final = '[{"action":"conversation","name":"lobby"}]'
BOSS: Final = '[{"action":"conversation","name":"lobby","endOnExit":true}]'
FAST: Final = ClockWish(Mode.REALTIME, speed=1_000.0)
APP: Final = "https://customer.test"


async def meetings(world: World) -> list[tuple[str, str, int | None, dict[str, Any]]]:
    """Kind, name, whether it is live, and what is in it."""
    found = await world.sql("SELECT kind, name, live, state FROM meetings ORDER BY number")
    return [(kind, name, live, json.loads(state)) for kind, name, live, state in found]


async def members(world: World) -> list[str]:
    """Who is in the one live room."""
    [state] = [state for _, _, live, state in await meetings(world) if live]
    return [each["call"] for each in state["members"]]


async def did(world: World, call: str, kind: Kind, account: Account | None = None) -> list[dict[str, Any]]:
    return [dict(each.data) for each in await world.journal(call, account) if each.kind is kind]


async def open_messages(world: World) -> int:
    [(found,)] = await world.sql("SELECT count(*) FROM jobs WHERE crew >= 2")
    return int(found)


async def test_calls_meet_in_one_room_under_a_clock_that_is_moved(world: World) -> None:
    calls = await world.calls(20, document=LOBBY)
    await world.pass_time(10)
    assert sorted(await members(world)) == sorted(calls)
    assert [len(await did(world, each, Kind.JOINED)) for each in calls] == [1] * 20
    assert await open_messages(world) == 0


async def test_a_room_ends_with_its_last_and_its_name_makes_a_new_one(world: World) -> None:
    first = await world.call(document=LOBBY)
    await world.pass_time(10)
    await world.hang_up(first)
    second = await world.call(document=LOBBY)
    await world.pass_time(10)
    found = await meetings(world)
    assert [(name, live, state["status"]) for _, name, live, state in found] == [
        ("lobby", None, "ended"),
        ("lobby", 1, "started"),
    ]
    rooms = [(await did(world, each, Kind.JOINED))[0]["room"] for each in (first, second)]
    assert len(set(rooms)) == 2
    assert [row[0] for row in await world.sql("SELECT id FROM meetings ORDER BY number")] == rooms


async def test_a_room_may_end_and_begin_anew_at_one_moment(world: World) -> None:
    boss = await world.call(document=BOSS)
    others = await world.calls(3, document='[{"action":"wait","timeout":600}]')
    await world.pass_time(10)
    await world.hang_up(boss)
    for each in others:
        await world.tell(each, Redirect("", "POST", LOBBY))
    assert await open_messages(world) == 4
    await world.pass_time(0)
    assert [live for _, _, live, _ in await meetings(world)] == [None, 1]
    assert await members(world) == others


async def test_who_ends_it_sends_all_others_on_at_the_same_moment(world: World) -> None:
    boss = await world.call(document=BOSS)
    await world.pass_time(5)
    others = await world.calls(5, document=LOBBY)
    await world.pass_time(5)
    await world.hang_up(boss)
    await world.pass_time(0)
    ended = [await world.look(each) for each in (boss, *others)]
    assert {each.status for each in ended} == {Status.COMPLETED}
    assert len({each.ended_at for each in ended}) == 1
    assert [await did(world, each, Kind.LEFT) for each in others] == [
        [{"room": (await did(world, boss, Kind.JOINED))[0]["room"], "name": "lobby", "why": "ender_left"}]
    ] * 5


async def test_a_queue_is_first_come_first_served(world: World) -> None:
    world.customer.pages(
        {
            "/wait": "<Response><Enqueue waitUrl=''>support</Enqueue></Response>",
            "/take": "<Response><Dial><Queue>support</Queue></Dial></Response>",
        }
    )
    callers, agents = [], []
    for _ in range(4):
        callers.append(await world.call(document_url=f"{APP}/wait"))
        await world.pass_time(5)
    for _ in range(4):
        agents.append(await world.call(document_url=f"{APP}/take"))
        await world.pass_time(5)
    for caller, agent in zip(callers, agents, strict=True):
        assert await did(world, caller, Kind.CONNECTED) == [{"call_id": agent}]
        assert await did(world, agent, Kind.CONNECTED) == [{"call_id": caller}]
    assert [(kind, name, live) for kind, name, live, _ in await meetings(world)] == [("queue", "support", 1)]


async def test_rooms_of_two_accounts_have_nothing_to_do_with_each_other(world: World) -> None:
    other = await world.another()
    await world.call(document=LOBBY)
    await world.call(document=LOBBY, account=other)
    await world.pass_time(10)
    await world.pass_time(10, other)
    assert [len(state["members"]) for _, _, _, state in await meetings(world)] == [1, 1]


async def test_a_room_that_cannot_be_read_spoils_nobody_elses(world: World) -> None:
    await world.call(document=LOBBY)
    await world.pass_time(10)
    await world.sql("UPDATE meetings SET state = '{}'")
    calls = [await world.call(document=each) for each in (LOBBY, LOBBY.replace("lobby", "hall"))]
    await world.pass_time(10)
    assert [len(await did(world, each, Kind.JOINED)) for each in calls] == [0, 1]


# -- several processes --


async def all_joined(world: World, calls: list[str], account: Account) -> bool:
    return all([await did(world, each, Kind.JOINED, account) for each in calls])


async def test_parallel_joins_over_two_processes_make_one_room(town: World) -> None:
    there = await town.neighbour()
    account = await town.another(FAST)
    calls = await asyncio.gather(*(each.call(account=account, document=LOBBY) for each in (town, there) * 15))
    await town.news.until(lambda: all_joined(town, calls, account))
    assert sorted(await members(town)) == sorted(calls)
    assert len(await meetings(town)) == 1
    rooms = [await did(town, each, Kind.JOINED, account) for each in calls]
    assert [len(each) for each in rooms] == [1] * 30
    assert len({each[0]["room"] for each in rooms}) == 1
    await asyncio.gather(
        *(each.hang_up(call, account) for each, call in zip((town, there) * 15, calls, strict=True))
    )
    await town.news.until(lambda: _empty(town))
    [(_, _, live, state)] = await meetings(town)
    assert (live, state["members"], state["status"]) == (None, [], "ended")
    assert [len(await did(town, each, Kind.LEFT, account)) for each in calls] == [1] * 30


async def _empty(world: World) -> bool:
    return not await open_messages(world)


async def test_many_rooms_are_made_at_once_by_two_processes_and_no_batch_fails(
    town: World, caplog: pytest.LogCaptureFixture
) -> None:
    there = await town.neighbour()
    account = await town.another(FAST)
    rooms = [LOBBY.replace("lobby", f"room {number % 5}") for number in range(30)]
    calls = await asyncio.gather(
        *(
            each.call(account=account, document=room)
            for each, room in zip((town, there) * 15, rooms, strict=True)
        )
    )
    await town.news.until(lambda: all_joined(town, calls, account))
    assert [each.getMessage() for each in caplog.records if "one by one" in each.getMessage()] == []
    found = await meetings(town)
    assert sorted((name, len(state["members"])) for _, name, _, state in found) == [
        (f"room {number}", 6) for number in range(5)
    ]


# -- a process that is killed --


def told(crew: int) -> Callable[[Connection], bool]:
    """Something is on its way: 3 to a room, 2 to a call."""

    def found(conn: Connection) -> bool:
        return conn.execute(text(f"SELECT 1 FROM jobs WHERE crew = {crew}")).first() is not None  # noqa: S608 - ours

    return found


@pytest.mark.parametrize("crew", [3, 2], ids=["before the join", "between join and reply"])
async def test_a_process_killed_on_the_way_into_a_room_neither_loses_nor_repeats_it(
    target: Target, crew: int
) -> None:
    async with a_world(target) as world:
        account = await world.another(FAST)
        world.wire.cut_once(told(crew))
        call = await world.call(account=account, document=LOBBY)
        await world.news.until(lambda: not world.wire.whole)
        await world.die()
        world.wire = Wire(
            open_store(target), world.news
        )  # to look at what is left, before anybody works on it
        await world.wire.start()
        assert await open_messages(world) == 1
        assert len(await meetings(world)) == (1 if crew == 2 else 0)
        await world.wire.stop()
        await world.start()
        await world.news.until(lambda: all_joined(world, [call], account))
        assert await members(world) == [call]
        assert len(await did(world, call, Kind.JOINED, account)) == 1


async def test_what_the_database_refuses_to_a_room_is_kept_and_told_later(target: Target) -> None:
    async with a_world(target) as world:
        account = await world.another(FAST)
        world.wire.cut_once(told(3))
        call = await world.call(account=account, document=LOBBY)
        await world.news.until(lambda: not world.wire.whole)
        await world.die()
        world.wire = Wire(open_store(target), world.news)
        await world.wire.start()
        [(name, due)] = await world.sql("SELECT id, due_at FROM jobs WHERE crew = 3")
        in_the_way = derived(name, "reply:0")
        await world.sql(
            "INSERT INTO jobs (id, account_id, crew, state, subject) VALUES (:id, :account, 1, 2, :call)",
            id=in_the_way,
            account=account.id,
            call=call,
        )
        await world.wire.stop()
        await world.start()
        other = await world.call(account=account, document=LOBBY.replace("lobby", "hall"))
        await world.news.until(lambda: all_joined(world, [other], account))
        assert [name for _, name, _, _ in await meetings(world)] == ["hall"]
        assert await did(world, call, Kind.JOINED, account) == []
        await world.sql("DELETE FROM jobs WHERE id = :id", id=in_the_way)
        await world.sql("UPDATE jobs SET run_at = 1, due_at = :due WHERE crew = 3", due=due)  # a minute later
        await world.news.until(lambda: all_joined(world, [call], account))
        assert len(await did(world, call, Kind.JOINED, account)) == 1
        assert await open_messages(world) == 0
