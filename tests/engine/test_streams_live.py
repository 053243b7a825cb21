"""Sockets where time goes by itself, where several programs talk, and where somebody meddles with clocks or calls."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any, Final

from telefonie.core.clocks import Mode
from telefonie.core.events import Kind
from telefonie.core.recordings import Wanted
from telefonie.engine.ports import Reply
from telefonie.engine.registry import ClockWish
from telefonie.engine.streaming import BY_HAND, Pace
from telefonie.flow.commands import SendKeys, StartRecording
from tests.engine.talking import BOT, SOMEBODY, URI, Bots, socket
from tests.engine.test_programs_recorded import audio
from tests.support.programs import FakeLine, Programs, Voices
from tests.support.world import ORDER

SECOND: Final = "wss://bot.test/two"
FAST: Final = 20.0


async def in_real_time(bots: Bots) -> None:
    """From now on with an account whose time goes by itself, and fast."""
    bots.world.account = await bots.world.another(ClockWish(Mode.REALTIME, speed=FAST))


async def opened(bots: Bots) -> FakeLine:
    await bots.programs.opened.wait()
    await bots.world.news.until(lambda: bots.line.begun)
    return bots.line


async def test_in_real_time_the_line_goes_by_the_accounts_clock(bots: Bots) -> None:
    await in_real_time(bots)
    document = [{"action": "talk", "text": "Hello bot"}, {"action": "conversation", "name": "room"}]
    call = await bots.calling(document, socket=socket())
    line = await opened(bots)
    assert line.pace == Pace(FAST)
    await bots.world.news.until(lambda: bool(line.heard))
    line.says(40, 400)

    async def written() -> bool:
        return await bots.said(call) == [(40, 440)]

    await bots.world.news.until(written)
    await bots.world.hang_up(call)
    await bots.world.news.until(lambda: line.closed)


async def test_a_recording_waits_for_what_was_said_a_moment_ago(bots: Bots) -> None:
    await in_real_time(bots)
    call = await bots.calling([{"action": "conversation", "name": "room"}], socket=socket())
    line = await opened(bots)
    await bots.world.tell(call, StartRecording(Wanted()))
    since = (await bots.world.recordings(call))[0].since - ((await bots.world.look(call)).answered_at or 0)
    line.says(since, 100)
    await bots.world.hang_up(call)
    recording = (await bots.world.recordings(call))[0]
    assert audio(await bots.world.engine.scores.score(recording)) == [(0, min(100, recording.ms), 0)]


async def test_who_changes_the_clock_changes_the_pace(bots: Bots) -> None:
    await bots.connected()
    keeper = bots.world.engine.timekeeper
    await keeper.change(bots.world.account.id, Mode.REALTIME, 2.0, None)
    await bots.world.news.until(lambda: bots.line.pace == Pace(2.0))
    await keeper.change(bots.world.account.id, Mode.MANUAL, None, None)
    await bots.world.news.until(lambda: bots.line.pace == BY_HAND)
    await bots.world.pass_time(2)
    assert not bots.line.closed


async def test_programs_that_go_in_real_time_are_noticed(bots: Bots) -> None:
    await in_real_time(bots)
    call = await bots.calling([{"action": "conversation", "name": "room"}], socket=socket())
    (await opened(bots)).goes("4001")

    async def over() -> bool:
        return (await bots.world.look(call)).ended_at is not None

    await bots.world.news.until(over)
    assert [each.data for each in await bots.facts(call, Kind.DISCONNECTED)] == [{"why": "4001"}]


async def test_a_program_hears_another_a_moment_later(bots: Bots) -> None:
    two = {**BOT, "uri": SECOND}
    await bots.calling([{"action": "connect", "endpoint": [two]}], socket=socket())
    await bots.world.pass_time(3)
    first, second = sorted(bots.programs.lines, key=lambda each: each.url)
    first.says(2_000, 300, sample=77)
    await bots.world.pass_time(5)
    assert {sound[:2] for sound in second.sound} == {(77).to_bytes(2, "little")}
    assert sum(end - start for start, end, _ in second.heard) == 300
    assert not {sound[:2] for sound in first.sound} & {(77).to_bytes(2, "little")}


async def test_a_program_hears_another_that_is_in_another_processes_hands(bot_town: Bots) -> None:
    here, there = bot_town.programs, Programs()
    other = await bot_town.world.neighbour(sockets=there, voices=Voices())
    await bot_town.calling([{"action": "connect", "endpoint": [{**BOT, "uri": SECOND}]}], socket=socket())
    both = (bot_town.world.engine.streams, other.engine.streams)
    await bot_town.world.pass_time(1.5)
    (first,) = (each for each in both if each.count)
    first._openings.most = 0  # so that the other one takes the next
    await bot_town.world.pass_time(1.5)
    assert [each.count for each in both] == [1, 1]
    lines = {each.url: each for each in (*here.lines, *there.lines)}
    lines[URI].says(2_000, 300, sample=77)
    await bot_town.world.pass_time(5)
    assert {sound[:2] for sound in lines[SECOND].sound} == {(77).to_bytes(2, "little")}


async def test_keys_that_are_sent_to_it_come_as_keys(bots: Bots) -> None:
    _, leg = await bots.connected()
    await bots.world.tell(leg, SendKeys("1w2"))
    await bots.world.pass_time(3)
    assert [(digit, ms) for _, digit, ms in bots.line.keys] == [("1", 100), ("2", 100)]


async def test_a_program_in_a_room_hears_who_else_is_in(bots: Bots) -> None:
    room: list[dict[str, Any]] = [{"action": "conversation", "name": "room"}]
    await bots.calling(room, socket=socket())
    await bots.calling(room, ({"wait": 4}, {"say": "Is anybody in?"}))
    await bots.world.pass_time(12)
    assert [getattr(part.sound, "text", "tone") for part in bots.voices.asked].count("Is anybody in?") == 1


async def test_hundreds_are_opened_so_many_at_a_time(bot_hut: Bots) -> None:
    bots = bot_hut
    bots.programs.open_up.clear()
    calls = [
        bots.calling([{"action": "conversation", "name": f"room {number}"}], socket=socket())
        for number in range(100)
    ]
    await asyncio.gather(*calls)
    moving = asyncio.create_task(bots.world.pass_time(3))
    await bots.world.news.until(lambda: bots.programs.asked == 64)
    bots.programs.open_up.set()
    await moving
    assert (bots.programs.most_at_once, bots.world.engine.streams.count) == (64, 100)


async def test_faces_that_know_nothing_of_sockets_refuse_them(bots: Bots) -> None:
    call_id = "0000beef-0000-4000-8000-000000000000"

    def word(_: object) -> Reply:
        return Reply(201)

    asked = replace(ORDER, callee=SOMEBODY, socket=socket(), document="[]")
    await bots.world.engine.switchboard.place(bots.world.account, "other", asked, call_id, word, None)
    await bots.world.pass_time(2)
    (warned,) = await bots.facts(call_id, Kind.WARNED)
    assert warned.data["message"] == "This API does not talk with programs at sockets."
