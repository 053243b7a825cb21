"""What a program says is on the recordings of its leg, of whom it is connected with, and of rooms: never with a gap."""

from __future__ import annotations

import pytest

from telefonie.core.commands import Mute
from telefonie.core.recordings import Trigger, Wanted
from telefonie.core.score import Audio, Score, Words
from telefonie.flow.commands import StartRecording, SteerRecording
from tests.engine.talking import Bots, socket


@pytest.fixture
def talking(bots: Bots) -> Bots:
    """Programs that never stop."""
    bots.programs.behaviour = lambda line, since, until: line.says(since, until - since)
    return bots


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


async def test_who_is_connected_with_it_has_it_on_the_other_channel(talking: Bots) -> None:
    call, leg = await talking.connected(({"wait": 5}, {"say": "Is anybody there?"}, {"wait": 9}))
    await talking.world.tell(call, StartRecording(Wanted(2)))
    await talking.world.tell(leg, StartRecording(Wanted(2)))
    await talking.world.pass_time(10)
    await talking.world.hang_up(call)
    await talking.world.until_idle()
    callers, programs = await recorded(talking, call), await recorded(talking, leg)
    assert audio(callers) == [(0, 10_000, 1)]
    assert audio(programs) == [(0, 10_000, 0)]
    assert [part.channel for part in callers.parts if isinstance(part.sound, Words)] == [0]
    assert [part.channel for part in programs.parts if isinstance(part.sound, Words)] == [1]


async def test_while_it_is_muted_it_is_on_none(talking: Bots) -> None:
    call, leg = await talking.connected()
    await talking.world.tell(call, StartRecording(Wanted()))
    await talking.world.pass_time(2.25)
    await talking.world.tell(leg, Mute(on=True))
    await talking.world.pass_time(2)
    await talking.world.tell(leg, Mute(on=False))
    await talking.world.pass_time(1)
    await talking.world.hang_up(call)
    await talking.world.until_idle()
    assert audio(await recorded(talking, call)) == [(0, 2_250, 0), (4_250, 5_250, 0)]


async def test_a_recording_that_ends_before_the_program_does_is_complete(talking: Bots) -> None:
    call, _ = await talking.connected()
    await talking.world.tell(call, StartRecording(Wanted()))
    await talking.world.pass_time(3.3)
    recording = (await talking.world.recordings(call))[0]
    await talking.world.tell(call, SteerRecording(recording.id, Trigger.FINISH))
    assert audio(await recorded(talking, call)) == [(0, 3_300, 0)]


async def test_nothing_is_said_of_it_in_words(talking: Bots) -> None:
    call, _ = await talking.connected()
    await talking.world.tell(call, StartRecording(Wanted()))
    await talking.world.pass_time(3)
    await talking.world.hang_up(call)
    await talking.world.until_idle()
    assert await talking.world.engine.scores.lines((await talking.world.recordings(call))[0]) == ()


async def test_a_room_is_recorded_with_it(talking: Bots) -> None:
    room = [{"action": "conversation", "name": "room", "record": True}]
    program = await talking.calling(room, socket=socket())
    person = await talking.calling(room, ({"wait": 2}, {"say": "Who is talking here?"}, {"wait": 20}))
    await talking.world.pass_time(12)
    for call in (person, program):
        await talking.world.hang_up(call)
    await talking.world.until_idle()
    (recording,) = await talking.world.recordings()
    score = await talking.world.engine.scores.score(recording)
    start = (await talking.world.look(program)).answered_at or 0
    assert audio(score) == [(max(0, start - recording.since), recording.ms, 0)]
    assert [part.sound.text for part in score.parts if isinstance(part.sound, Words)] == [
        "Who is talking here?"
    ]
