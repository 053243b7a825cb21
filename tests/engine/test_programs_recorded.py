"""What a program says is on the recordings of its leg, of whom it is connected with, and of rooms: never with a gap."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from telefonie.core.commands import Mute
from telefonie.core.recordings import Trigger, Wanted
from telefonie.core.score import Audio, Score, Words
from telefonie.flow.commands import StartRecording, SteerRecording
from tests.engine.talking import Bots, a_world_with_bots
from tests.support.targets import Target


@pytest.fixture
async def bots(target: Target, tmp_path: Path) -> AsyncIterator[Bots]:
    async with a_world_with_bots(target, tmp_path) as found:
        found.programs.behaviour = lambda line, since, until: line.says(since, until - since)
        yield found


def audio(score: Score) -> list[tuple[int, int, int]]:
    """From when to when a program is heard on a recording, and on which channel; what goes on is one."""
    found: list[tuple[int, int, int]] = []
    for each in score.parts:
        if isinstance(each.sound, Audio):
            if found and found[-1][1:] == (each.at, each.channel):
                found[-1] = (found[-1][0], each.at + each.ms, each.channel)
            else:
                found.append((each.at, each.at + each.ms, each.channel))
    return found


async def recorded(bots: Bots, call: str) -> Score:
    """The score of the only recording of a call."""
    return await bots.world.engine.scores.score((await bots.world.recordings(call))[0])


async def test_who_is_connected_with_it_has_it_on_the_other_channel(bots: Bots) -> None:
    call, leg = await bots.connected(({"wait": 5}, {"say": "Is anybody there?"}, {"wait": 9}))
    await bots.world.tell(call, StartRecording(Wanted(2)))
    await bots.world.tell(leg, StartRecording(Wanted(2)))
    await bots.world.pass_time(10)
    await bots.world.hang_up(call)
    await bots.world.until_idle()
    callers, programs = await recorded(bots, call), await recorded(bots, leg)
    assert audio(callers) == [(0, 10_000, 1)]
    assert audio(programs) == [(0, 10_000, 0)]
    assert [part.channel for part in callers.parts if isinstance(part.sound, Words)] == [0]
    assert [part.channel for part in programs.parts if isinstance(part.sound, Words)] == [1]


async def test_while_it_is_muted_it_is_on_none(bots: Bots) -> None:
    call, leg = await bots.connected()
    await bots.world.tell(call, StartRecording(Wanted()))
    await bots.world.pass_time(2.25)
    await bots.world.tell(leg, Mute(on=True))
    await bots.world.pass_time(2)
    await bots.world.tell(leg, Mute(on=False))
    await bots.world.pass_time(1)
    await bots.world.hang_up(call)
    await bots.world.until_idle()
    assert audio(await recorded(bots, call)) == [(0, 2_250, 0), (4_250, 5_250, 0)]


async def test_a_recording_that_ends_before_the_program_does_is_complete(bots: Bots) -> None:
    call, _ = await bots.connected()
    await bots.world.tell(call, StartRecording(Wanted()))
    await bots.world.pass_time(3.3)
    recording = (await bots.world.recordings(call))[0]
    await bots.world.tell(call, SteerRecording(recording.id, Trigger.FINISH))
    assert audio(await recorded(bots, call)) == [(0, 3_300, 0)]


async def test_nothing_is_said_of_it_in_words(bots: Bots) -> None:
    call, _ = await bots.connected()
    await bots.world.tell(call, StartRecording(Wanted()))
    await bots.world.pass_time(3)
    await bots.world.hang_up(call)
    await bots.world.until_idle()
    assert await bots.world.engine.scores.lines((await bots.world.recordings(call))[0]) == ()
