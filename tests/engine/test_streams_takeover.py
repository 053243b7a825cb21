"""A process that dies takes its sockets along: their calls end as lost, nothing hangs, and what was kept stays."""

from __future__ import annotations

import asyncio

from telefonie.core.call import Cause, EndedBy, Status
from telefonie.core.events import Actor, Kind
from telefonie.core.recordings import Wanted
from telefonie.core.score import Audio
from telefonie.engine.media import Form
from telefonie.flow.commands import StartRecording
from tests.engine.talking import Bots
from tests.engine.test_programs_recorded import audio, recorded
from tests.support.programs import Programs
from tests.support.world import World


async def lost(world: World, call: str, leg: str) -> None:
    """The leg was lost, and the caller has gone on."""
    gone = await world.look(leg)
    assert (gone.status, gone.cause, gone.ended_by) == (
        Status.COMPLETED,
        Cause.DISCONNECTED,
        EndedBy.PLATFORM,
    )
    said = [
        each.data["text"]
        for each in await world.journal(call)
        if each.kind is Kind.SAID and each.actor is Actor.PLATFORM
    ]
    assert said == ["Next"]
    assert await world.sql("SELECT id FROM jobs WHERE crew = 4") == []


async def test_after_the_next_start_it_is_lost_and_the_call_goes_on(bots: Bots) -> None:
    call, leg = await bots.connected()
    await bots.world.die()
    await bots.world.start()
    await bots.world.leases_run_out()
    await bots.world.pass_time(3)
    await lost(bots.world, call, leg)


async def test_a_neighbour_takes_it_up_when_the_lease_is_over(bot_town: Bots) -> None:
    call, leg = await bot_town.connected()
    there = await bot_town.world.neighbour(sockets=Programs())
    await bot_town.world.die()
    moving = asyncio.create_task(there.pass_time(3))
    await there.leases_run_out()
    await moving
    await lost(there, call, leg)


async def test_a_process_that_stops_in_order_says_goodbye(bots: Bots) -> None:
    call, leg = await bots.connected()
    line = bots.line
    await bots.world.stop()
    assert line.closed
    await bots.world.start()
    await bots.world.pass_time(3)
    await lost(bots.world, call, leg)


async def test_one_that_died_while_it_opened_a_socket_leaves_the_opening_to_others(bot_town: Bots) -> None:
    bot_town.programs.open_up.clear()
    opening = asyncio.create_task(bot_town.connected())
    await bot_town.world.news.until(lambda: bot_town.programs.asked == 1)
    there = await bot_town.world.neighbour(sockets=(programs := Programs()))
    await bot_town.world.die()
    await asyncio.wait([opening])
    assert opening.exception() is not None
    await there.sql("UPDATE clocks SET driven_at = 1")
    await there.leases_run_out()
    await there.news.until(lambda: bool(programs.lines) and programs.line.begun)


async def test_who_moves_time_waits_for_a_socket_that_another_holds(bot_town: Bots) -> None:
    bot_town.programs.behaviour = lambda line, since, until: line.says(since, until - since)
    call, leg = await bot_town.connected()
    there = await bot_town.world.neighbour(sockets=Programs())
    await there.tell(call, StartRecording(Wanted()))
    await there.pass_time(3.5)
    assert bot_town.line.ran_to[-1] == 3_500
    await there.hang_up(call)
    await there.until_idle()
    assert bot_town.line.closed
    assert audio(await recorded(bot_town, call)) == [(0, 3_500, 0)]
    assert (await there.look(leg)).status is Status.COMPLETED


async def test_what_was_said_last_before_a_death_is_silence(bot_town: Bots) -> None:
    bot_town.programs.behaviour = lambda line, since, until: line.says(since, until - since)
    call, _ = await bot_town.connected()
    await bot_town.world.tell(call, StartRecording(Wanted()))
    await bot_town.world.pass_time(12)
    there = await bot_town.world.neighbour(sockets=Programs())
    bot_town.folder.dead = True
    await bot_town.world.die()
    bot_town.folder.dead = False
    moving = asyncio.create_task(there.pass_time(1))
    await there.leases_run_out()
    await moving
    await there.until_idle()
    recording = (await there.recordings(call))[0]
    assert audio(await there.engine.scores.score(recording)) == [(0, 12_000, 0)]
    await there.engine.darkroom.ready(recording, Form.WAV, 8_000)
    kept = sorted(
        (part.at, part.at + part.ms) for part in bot_town.studio.asked if isinstance(part.sound, Audio)
    )
    assert (kept[0][0], kept[-1][1]) == (0, 10_000)


async def test_a_call_that_cannot_be_read_for_a_moment_loses_nothing_of_what_is_said(bots: Bots) -> None:
    call, leg = await bots.connected()
    await bots.world.tell(call, StartRecording(Wanted()))
    bots.programs.lines[0].behaviour = lambda line, since, until: line.says(since, until - since)
    await bots.world.sql("UPDATE calls SET state = 'broken' || state WHERE id = :id", id=leg)
    moving = asyncio.create_task(bots.world.pass_time(2.5))
    await bots.world.news.until(lambda: 1_000 in bots.line.ran_to)
    await bots.world.sql("UPDATE calls SET state = substr(state, 7) WHERE id = :id", id=leg)
    await moving
    await bots.world.hang_up(call)
    await bots.world.until_idle()
    assert audio(await recorded(bots, call)) == [(0, 2_500, 0)]
