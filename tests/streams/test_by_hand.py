"""In time that is moved by hand a conversation with a program is exact, whatever the machine is doing."""

from __future__ import annotations

import asyncio
import json

from telefonie.engine.streaming import BY_HAND, REAL
from telefonie.streams import Patience, ProgramSockets
from tests.streams.conftest import Plug
from tests.streams.hand import HandClock
from tests.streams.plain import FRAME, SILENCE, Notes, Plain, tone
from tests.streams.program import Program, echo, program


async def test_the_program_has_read_everything_up_to_the_moment(sockets: ProgramSockets) -> None:
    async with program() as there:
        line = await sockets.open(Plain(there.url()), Notes(), BY_HAND)
        line.begin()
        await line.run_to(1_000)
        assert there.frames == [SILENCE] * 50
        assert line.at_ms == 1_000
        await line.run_to(1_039)  # a frame that is not over yet is not sent
        assert len(there.frames) == 51
        await line.run_to(500)  # never back
        assert len(there.frames) == 51


async def test_nothing_but_the_opening_is_sent_before_the_beginning(sockets: ProgramSockets) -> None:
    async with program() as there:
        line = await sockets.open(Plain(there.url()), Notes(), BY_HAND)
        line.key(0, "1", 100)
        await line.run_to(1_000)
        assert line.at_ms == 0
        line.begin()
        await line.run_to(20)
        assert there.texts == [["hello"], ["key", "1", 100]]


async def test_what_an_echo_says_has_the_same_place_in_every_run(sockets: ProgramSockets) -> None:
    """It hears a frame when the frame is over, and is heard a frame later: the distance that a run begins with."""
    runs = []
    for _ in range(3):
        notes = Notes()
        async with program(echo) as there:
            line = await sockets.open(Plain(there.url()), notes, BY_HAND)
            line.begin()
            line.hear(100, tone(30, 7))
            line.hear(1_500, tone(5, 9))
            await line.run_to(3_000)
            await line.close()
        runs.append(notes.said_pieces)
    assert runs[0] == runs[1] == runs[2]
    first, *_ = runs[0]
    assert first[0] == 140
    assert b"".join(pcm for _, pcm in runs[0]) == tone(30, 7) + tone(5, 9)


async def test_where_time_stops_on_its_way_changes_no_place(sockets: ProgramSockets) -> None:
    sounds = []
    for stops in ([3_000], range(20, 3_001, 20), [700, 710, 1_999, 3_000]):
        notes = Notes()
        async with program(echo) as there:
            line = await sockets.open(Plain(there.url()), notes, BY_HAND)
            line.begin()
            line.hear(100, tone(30, 7))
            for stop in stops:
                await line.run_to(stop)
            heard = bytearray(3_000 // 20 * FRAME)
            for at, pcm in notes.said_pieces:
                heard[at // 20 * FRAME : at // 20 * FRAME + len(pcm)] = pcm
            sounds.append(bytes(heard))
    assert sounds[0] == sounds[1] == sounds[2]
    assert sounds[0].strip(b"\0")


async def test_what_was_heard_by_then_is_told_before_it_returns(sockets: ProgramSockets) -> None:
    notes = Notes()

    async def greet(there: Program, message: str | bytes) -> None:
        if isinstance(message, str):
            await there.say(tone(100))

    async with program(greet) as there:
        line = await sockets.open(Plain(there.url()), notes, BY_HAND)
        line.begin()
        await line.run_to(300)
        assert notes.shape == [(0, 300)]
        await line.run_to(1_400)
        assert notes.shape == [(0, 300), (300, 500), (800, 500), (1_300, 100)]


async def test_a_program_that_reacts_to_what_it_hears_is_heard_after_it(sockets: ProgramSockets) -> None:
    """It waits for the end of a sentence and answers: the answer begins where the sentence had ended."""
    notes = Notes()
    heard = {"speech": False}

    async def answer(there: Program, message: str | bytes) -> None:
        if isinstance(message, bytes):
            over = heard["speech"] and message == SILENCE
            heard["speech"] = message != SILENCE
            if over:
                await there.say(tone(10, 5))

    async with program(answer) as there:
        line = await sockets.open(Plain(there.url()), notes, BY_HAND)
        line.begin()
        line.hear(200, tone(20, 3))  # until 600; the silence after it has been heard at 620
        await line.run_to(2_000)
        assert notes.said_pieces == [(620, tone(10, 5))]


async def test_taking_back_ends_what_is_being_heard_at_that_moment(sockets: ProgramSockets) -> None:
    notes = Notes()

    async def talk(there: Program, message: str | bytes) -> None:
        if message == '["hello"]':
            await there.say(tone(50, 4))
        elif isinstance(message, bytes) and len(there.frames) == 10:
            await there.say(["clear"], tone(2, 6))

    async with program(talk) as there:
        line = await sockets.open(Plain(there.url()), notes, BY_HAND)
        line.begin()
        await line.run_to(1_000)
        assert notes.said_pieces == [(0, tone(10, 4)), (200, tone(2, 6))]
        assert ["cleared"] in there.texts


async def test_marks_are_answered_where_all_before_them_has_been_heard(sockets: ProgramSockets) -> None:
    at: dict[str, int] = {}

    async def talk(there: Program, message: str | bytes) -> None:
        if isinstance(message, bytes):
            return
        word, *value = json.loads(message)
        if word == "hello":
            await there.say(["mark", "nothing"], tone(10), ["mark", "ten"], tone(5), ["mark", "all"])
        if word == "marked":
            at[value[0]] = len(there.frames)

    async with program(talk) as there:
        line = await sockets.open(Plain(there.url()), Notes(), BY_HAND)
        line.begin()
        await line.run_to(2_000)
        assert list(at) == ["nothing", "ten", "all"]
        assert at["nothing"] <= 1
        # Words that are due are sent with the next frames: what is under way comes first.
        assert 10 <= at["ten"] <= 20
        assert 15 <= at["all"] <= 25


async def test_a_mark_is_answered_when_what_was_before_it_is_taken_back(sockets: ProgramSockets) -> None:
    async def talk(there: Program, message: str | bytes) -> None:
        if message == '["hello"]':
            await there.say(tone(90), ["mark", 1], ["clear"])

    async with program(talk) as there:
        line = await sockets.open(Plain(there.url()), Notes(), BY_HAND)
        line.begin()
        await line.run_to(100)
        assert there.texts == [["hello"], ["cleared"], ["marked", 1]]


async def test_a_program_that_closes_is_told_of_with_its_place_and_time_goes_on(
    sockets: ProgramSockets,
) -> None:
    notes = Notes()

    async def leave(there: Program, _message: str | bytes) -> None:
        if len(there.frames) == 25:
            await there.socket.close(code=4001, message=b"enough")

    async with program(leave) as there:
        line = await sockets.open(Plain(there.url()), notes, BY_HAND)
        line.begin()
        await line.run_to(60_000)
        ((at, why),) = notes.closed_at
        assert 480 <= at <= 500
        assert why == "the program closed the connection (4001, enough)"
        await line.run_to(70_000)
        await line.close()
    assert len(notes.closed_at) == 1


async def test_a_program_that_reads_nothing_is_cut_off_and_time_goes_on(plug: Plug) -> None:
    notes = Notes()
    sockets = plug(patience=Patience(stall=0.05))
    async with program(reads=False) as there:
        line = await sockets.open(Plain(there.url()), notes, BY_HAND)
        line.begin()
        await line.run_to(60_000)
        assert [why for _, why in notes.closed_at] == ["the program does not read what it is sent"]
        assert line.at_ms == 0  # it has not even read what it was told first


async def test_a_program_that_talks_and_talks_and_never_says_how_far_it_has_read(plug: Plug) -> None:
    """Little of it is kept until it can be placed, and it is not waited for."""
    notes = Notes()
    sockets = plug(patience=Patience(stall=0.2))

    async def talk(there: Program, message: str | bytes) -> None:
        if isinstance(message, bytes) and len(there.frames) == 1:
            await there.say(*[bytes(60 * 1024)] * 100)

    async with program(talk) as there:
        there.pongs = 1
        codec = Plain(there.url())
        line = await sockets.open(codec, notes, BY_HAND)
        line.begin()
        await line.run_to(1_000)
        assert [why for _, why in notes.closed_at] == ["the program does not read what it is sent"]
        assert 0 < codec.read_so_far < 50  # all but what waited to be placed: that was never taken
        assert notes.dropped_at == [0]


async def test_many_lines_move_together(sockets: ProgramSockets) -> None:
    notes = [Notes() for _ in range(20)]
    async with program(echo) as one:
        first = await sockets.open(Plain(one.url()), notes[0], BY_HAND)
        async with program(echo) as other:
            lines = [first, await sockets.open(Plain(other.url()), notes[1], BY_HAND)]
            for line in lines:
                line.begin()
                line.hear(0, tone(10))
            await asyncio.gather(*(line.run_to(1_000) for line in lines))
            assert notes[0].said_pieces == notes[1].said_pieces == [(40, tone(10))]


async def test_a_clock_that_begins_to_run_takes_the_line_with_it_and_gives_it_back(
    sockets: ProgramSockets, clock: HandClock
) -> None:
    async with program() as there:
        line = await sockets.open(Plain(there.url()), Notes(), BY_HAND)
        line.begin()
        await line.run_to(100)
        line.set_pace(REAL)
        clock.move(100)
        assert line.at_ms == 200
        await line.run_to(5_000)  # of no effect on a clock that runs
        assert line.at_ms == 200
        line.set_pace(BY_HAND)
        clock.move(1_000)
        assert line.at_ms == 200
        await line.run_to(400)
        assert there.frames == [SILENCE] * 20


async def test_of_a_closed_line_nothing_can_be_wished(sockets: ProgramSockets) -> None:
    async with program() as there:
        line = await sockets.open(Plain(there.url()), Notes(), BY_HAND)
        await line.close()
        line.begin()
        line.hear(0, tone(1))
        line.cut(0)
        line.key(0, "1", 100)
        line.set_pace(REAL)
        await line.run_to(1_000)
        await line.close()
        await there.has_gone()
        assert there.frames == []
        assert there.texts == [["hello"], ["goodbye"]]
