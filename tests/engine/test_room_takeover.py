"""Wherever a room was when its process died, it goes on from there: nobody is lost, nothing happens or is told twice.

The same story of a room is told many times: once undisturbed, and once for every commit after which the process
may die, with the answers of the customer's server in hand or not. All must read alike.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from pathlib import Path
from typing import Final

from telefonie.core.accounts import Account
from telefonie.core.commands import Redirect
from telefonie.core.phones import Behaviour
from tests.support.desk import Desk
from tests.support.targets import fresh_target
from tests.support.world import BRIEF, World, a_world, phone

AT_ONCE: Final = 8
GO_IN: Final = '[{"action":"conversation","name":"standup"},{"action":"talk","text":"Bye"}]'
LEAVES: Final = Behaviour(script=({"wait": 5}, {"say": "I must go"}, {"wait": 4}, {"hangup": True}))
EVENTS: Final = {"created", "joined", "left", "started", "running", "ended", "completed"}


async def begin(world: World, account: Account) -> str:
    """A room into which two are called, one of whom is busy, and a third comes by himself."""
    desk = Desk(world, account)
    room = str((await desk.open("standup", record=True))["id"])
    for number in (BRIEF, phone(2)):
        await desk.invite(room, number)
    await world.call("+31201234567", account, phone=LEAVES, document=GO_IN, report_url=None)
    return room


async def told(world: World, account: Account, room: str) -> str:
    """The story as it can be read afterwards: facts, members' calls, the recording, and letters without repeats."""
    desk = Desk(world, account)
    facts = [asdict(each) for each in await desk.facts(room)]
    calls = await world.sql("SELECT id, status FROM calls WHERE account_id = :id ORDER BY id", id=account.id)
    taped = await world.sql(
        "SELECT status, since, until FROM recordings WHERE account_id = :id", id=account.id
    )
    came = list({each["id"]: each for each in desk.letters(room)}.values())
    assert await world.sql("SELECT 1 FROM jobs WHERE account_id = :id AND state = 0", id=account.id) == []
    story = json.dumps([facts, calls, taped, came], default=list, indent=1)
    for name, each in enumerate([room, *(str(call) for call, _ in calls)]):
        story = story.replace(each, f"id {name}")
    return "\n".join(
        line for line in story.splitlines() if '"id":' not in line and '"recording":' not in line
    )


async def undisturbed(world: World, account: Account) -> tuple[str, int]:
    """How the story reads when nobody dies, and how many commits it takes."""
    room = await begin(world, account)
    before = world.wire.written
    await world.until_idle(account)
    commits = world.wire.written - before
    assert set(Desk(world, account).told(room)) == EVENTS
    return await told(world, account, room), commits


async def broken_off(world: World, account: Account, commits: int, *, in_hand: bool) -> str:
    """Begin, and die after so many commits."""
    room = await begin(world, account)
    world.wire.cut_after(commits, last_word=in_hand)
    moving = asyncio.create_task(world.until_idle(account))
    await world.news.until(lambda: world.wire.refused > 0)
    await world.die()
    await asyncio.wait([moving])
    assert moving.exception() is not None
    return room


async def go_on(world: World, account: Account, room: str) -> str:
    """Somebody else takes it from there; how the whole story reads then."""
    world.engine._drivers.drive(account.id)

    async def done() -> bool:
        view = await world.engine.timekeeper.clock(account.id)
        return view.advancing is None and view.pending == 0

    await world.news.until(done)
    return await told(world, account, room)


async def test_a_room_goes_on_after_a_restart(tmp_path: Path, migrated_folder: Path) -> None:
    turns = asyncio.Semaphore(AT_ONCE)

    async def dying(commits: int, *, in_hand: bool) -> str:
        house = fresh_target("sqlite", tmp_path / f"{commits}{in_hand}", migrated_folder, "", "")
        async with turns, house as target, a_world(target) as world:
            room = await broken_off(world, world.account, commits, in_hand=in_hand)
            await world.start()
            return await go_on(world, world.account, room)

    async with (
        fresh_target("sqlite", tmp_path / "quiet", migrated_folder, "", "") as target,
        a_world(target) as world,
    ):
        quiet, commits = await undisturbed(world, world.account)
    deaths = [(n, in_hand) for n in range(1, commits) for in_hand in (True, False)]
    read = await asyncio.gather(*(dying(n, in_hand=in_hand) for n, in_hand in deaths))
    for death, story in zip(deaths, read, strict=True):
        assert story == quiet, death


async def test_where_there_are_several_a_neighbour_goes_on_with_the_room(town: World) -> None:
    quiet, commits = await undisturbed(town, await town.another())
    for death in range(1, commits, 4):
        there, account = await town.neighbour(), await town.another()
        room = await broken_off(there, account, death, in_hand=True)
        await town.leases_run_out()
        assert await go_on(town, account, room) == quiet, death


async def test_a_room_that_was_closed_as_its_process_died_is_closed(world: World) -> None:
    desk = Desk(world, world.account)
    room = str((await desk.open("standup"))["id"])
    inside = await desk.invite(room)
    await world.pass_time(10)
    rings = await desk.invite(room, phone(8))
    await world.pass_time(2)
    await desk.close(room)
    await world.tell(inside, Redirect("", "POST", '[{"action":"talk","text":"Elsewhere"}]'))
    await world.die()
    await world.start()
    await world.until_idle()
    assert (await desk.did(room))[-3:] == ["left closed", "left closed", "ended closed"]
    assert [(await world.look(each)).status.value for each in (inside, rings)] == ["completed", "canceled"]
    assert await desk.there(room) == {}
