"""In real time a frame leaves every 20 ms, whatever is heard or said, and the program's voice is heard as it comes."""

from __future__ import annotations

import logging
from contextlib import suppress

import pytest

from telefonie.engine.streaming import BY_HAND, REAL, Codec, Line, Pace
from telefonie.streams import Patience, ProgramSockets
from telefonie.streams.wire import MOST_MESSAGE
from tests.streams.conftest import Plug
from tests.streams.hand import HandClock
from tests.streams.plain import SILENCE, Notes, Plain, tone
from tests.streams.program import Program, program


async def talking(sockets: ProgramSockets, codec: Codec, notes: Notes, pace: Pace = REAL) -> Line:
    """A line that has begun. Its first frame is due in two milliseconds, so in a hundred it sends five."""
    line = await sockets.open(codec, notes, pace)
    line.begin()
    return line


async def test_a_frame_leaves_every_20_ms_in_silence_and_in_speech(
    sockets: ProgramSockets, clock: HandClock
) -> None:
    async with program() as there:
        line = await talking(sockets, Plain(there.url()), Notes())
        line.hear(100, tone(5, 3))
        clock.move(200)
        await there.has_frames(10)
        clock.move(20)
        await there.has_frames(11)
        assert there.frames == [SILENCE] * 5 + [tone(1, 3)] * 5 + [SILENCE]
        assert line.at_ms == 220


async def test_at_twice_the_speed_twice_as_many(sockets: ProgramSockets, clock: HandClock) -> None:
    async with program() as there:
        line = await talking(sockets, Plain(there.url()), Notes(), Pace(2.0))
        clock.move(1_000)
        assert line.at_ms == 2_000
        await there.has_frames(100)


async def test_late_frames_are_sent_at_once_and_none_is_left_out(
    sockets: ProgramSockets, clock: HandClock
) -> None:
    async with program() as there:
        line = await talking(sockets, Plain(there.url()), Notes())
        line.hear(0, b"".join(tone(1, n + 1) for n in range(20)))
        clock.oversleep(400)
        await there.has_frames(20)
        assert there.frames == [tone(1, n + 1) for n in range(20)]


async def test_nothing_is_sent_before_the_beginning(sockets: ProgramSockets, clock: HandClock) -> None:
    async with program() as there:
        line = await sockets.open(Plain(there.url()), Notes(), REAL)
        clock.move(1_000)
        line.begin()
        line.begin()
        clock.move(40)
        await there.has_frames(2)
        assert there.heard == ['["hello"]', SILENCE, SILENCE]


async def test_keys_are_told_in_their_place_and_late_ones_at_once(
    sockets: ProgramSockets, clock: HandClock
) -> None:
    async with program() as there:
        line = await talking(sockets, Plain(there.url()), Notes())
        line.key(60, "#", 260)
        line.key(40, "1", 100)
        clock.move(80)
        await there.has_heard(7)
        line.key(0, "2", 100)
        await there.has_heard(8)
        assert [each if isinstance(each, str) else "-" for each in there.heard[1:]] == [
            "-",
            "-",
            '["key", "1", 100]',
            "-",
            '["key", "#", 260]',
            "-",
            '["key", "2", 100]',
        ]


async def test_what_the_program_says_is_heard_from_the_moment_it_comes(
    sockets: ProgramSockets, clock: HandClock
) -> None:
    notes = Notes()
    async with program() as there:
        codec = Plain(there.url())
        await talking(sockets, codec, notes)
        clock.move(100)
        await there.say(tone(30, 2) + tone(1, 3)[:80])
        await codec.has_read(1)
        clock.move(1_000)
        assert notes.shape == [(100, 500), (600, 120)]
        assert notes.sound.rstrip(b"\0") == (tone(30, 2) + tone(1, 3)[:80]).rstrip(b"\0")


async def test_what_was_heard_so_far_is_told_when_asked_for(
    sockets: ProgramSockets, clock: HandClock
) -> None:
    notes = Notes()
    async with program() as there:
        codec = Plain(there.url())
        line = await talking(sockets, codec, notes)
        await there.say(tone(30))
        await codec.has_read(1)
        clock.move(100)
        assert notes.shape == []
        await line.run_to(100)
        assert notes.shape == [(0, 100)]
        clock.move(100)
        await line.close()
        assert notes.shape == [(0, 100), (100, 100)]
        clock.move(1_000)
        assert len(notes.shape) == 2


async def test_taking_back_is_answered_and_ends_what_is_heard(
    sockets: ProgramSockets, clock: HandClock
) -> None:
    notes = Notes()
    async with program() as there:
        codec = Plain(there.url())
        await talking(sockets, codec, notes)
        await there.say(tone(50), ["mark", "end"])
        await codec.has_read(2)
        clock.move(200)
        await there.say(["clear"])
        await there.has_heard(13)
        assert notes.shape == [(0, 200)]
        assert there.texts == [["hello"], ["cleared"], ["marked", "end"]]


async def test_a_mark_is_answered_in_the_frame_after_the_last(
    sockets: ProgramSockets, clock: HandClock
) -> None:
    async with program() as there:
        codec = Plain(there.url())
        await talking(sockets, codec, Notes())
        await there.say(["mark", 0], tone(3), ["mark", 3])
        await codec.has_read(3)
        clock.move(100)
        await there.has_heard(8)
        shown = [each if isinstance(each, str) else "-" for each in there.heard[1:]]
        assert shown == ['["marked", 0]', "-", "-", "-", "-", '["marked", 3]', "-"]


async def test_more_than_may_wait_is_dropped_told_once_and_counted(
    sockets: ProgramSockets, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    notes = Notes()
    async with program() as there:
        codec = Plain(there.url(), backlog=50)
        line = await talking(sockets, codec, notes)
        await there.say(tone(40), tone(40), tone(40))
        await codec.has_read(3)
        clock.move(5_000)
        assert notes.dropped_at == [0]
        assert len(notes.sound) == len(tone(50))
        with caplog.at_level(logging.INFO):
            await line.close()
        assert "1400 ms of what it said were not heard" in caplog.text


async def test_of_a_flood_of_text_only_so_much_is_read(sockets: ProgramSockets, clock: HandClock) -> None:
    async with program() as there:
        codec = Plain(there.url())
        await talking(sockets, codec, Notes())
        await there.say(*(["mark", n] for n in range(1_000)), tone(1))
        await codec.has_read(101)
        assert codec.read_so_far == 101  # a hundred at once, and sound is no text
        clock.move(1_000)
        await there.say(*(["mark", n] for n in range(1_000)), tone(1))
        await codec.has_read(152)
        assert codec.read_so_far == 152  # fifty more in a second


async def test_words_that_the_codec_does_not_know_are_ignored(
    sockets: ProgramSockets, clock: HandClock
) -> None:
    notes = Notes()
    async with program() as there:
        codec = Plain(there.url())
        await talking(sockets, codec, notes)
        await there.say(["dance"], tone(2))
        await codec.has_read(2)
        clock.move(100)
        assert notes.shape == [(0, 40)]


async def test_the_program_is_told_goodbye(sockets: ProgramSockets, clock: HandClock) -> None:
    notes = Notes()
    async with program() as there:
        line = await talking(sockets, Plain(there.url()), notes)
        await line.close()
        await there.has_gone()
        clock.move(1_000)
        assert there.texts == [["hello"], ["goodbye"]]
        assert there.close_code == 1000
    assert notes.closed_at == []


@pytest.mark.parametrize(
    ("code", "reason", "why"),
    [
        (1000, b"", "the program closed the connection (1000)"),
        (4000, b"bye", "the program closed the connection (4000, bye)"),
    ],
)
async def test_a_program_that_leaves_is_told_of(
    sockets: ProgramSockets, clock: HandClock, code: int, reason: bytes, why: str
) -> None:
    notes = Notes()
    async with program() as there:
        codec = Plain(there.url())
        await talking(sockets, codec, notes)
        await there.say(tone(10))
        await codec.has_read(1)
        clock.move(100)
        await there.socket.close(code=code, message=reason)
        await notes.over.wait()
        assert notes.closed_at == [(100, why)]
        assert notes.shape == [(0, 100)]  # what was heard of it is told first
        clock.move(1_000)
    assert len(notes.closed_at) == 1


async def test_a_lost_connection_is_told_of(sockets: ProgramSockets) -> None:
    notes = Notes()
    async with program() as there:
        await talking(sockets, Plain(there.url()), notes)
        there.drop()
        await notes.over.wait()
    assert notes.closed_at == [(0, "the connection was lost")]


async def test_much_may_be_said_in_one_go(sockets: ProgramSockets, clock: HandClock) -> None:
    notes = Notes()
    assert MOST_MESSAGE >= 60 * 24_000 * 2  # a minute at the highest rate there is
    async with program() as there:
        codec = Plain(there.url(), backlog=300)
        await talking(sockets, codec, notes)
        await there.say(tone(300))
        await codec.has_read(1)
        for _ in range(6):
            clock.move(1_000)
        assert (notes.sound, notes.closed_at) == (tone(300), [])


async def test_a_message_too_long_to_be_sound_ends_the_line(sockets: ProgramSockets) -> None:
    notes = Notes()
    async with program() as there:
        await talking(sockets, Plain(there.url()), notes)
        with suppress(ConnectionError):  # it is refused before all of it was said
            await there.say(bytes(MOST_MESSAGE + 1))
        await notes.over.wait()
        assert [why for _, why in notes.closed_at] == ["the program sent a message of more than 4 MiB"]
        await there.has_gone()
        assert there.close_code == 1009


async def test_a_ping_of_the_program_is_answered(sockets: ProgramSockets) -> None:
    async with program() as there:
        line = await talking(sockets, Plain(there.url()), Notes())
        pong = await there.ping(b"there?")
        assert pong == b"there?"
        assert line.at_ms == 0


@pytest.mark.parametrize("rate", [8_000, 24_000])
async def test_a_program_that_reads_nothing_is_cut_off_and_holds_little(
    sockets: ProgramSockets, clock: HandClock, rate: int
) -> None:
    """After five seconds of sound that the systems on both sides do not keep for it any more."""
    notes = Notes()
    async with program(reads=False) as there:
        await talking(sockets, Plain(there.url(), rate=rate), notes)
        while not notes.closed_at:
            clock.move(20)
        ((at, why),) = notes.closed_at
        assert why == "the program does not read what it is sent"
        kept_by_systems = 4 << 20
        assert 5_000 < at < 6_000 + kept_by_systems * 1000 // (2 * rate)


async def test_a_codec_that_breaks_ends_its_own_line_only(
    sockets: ProgramSockets, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Plain):
        def frame(self, pcm: bytes) -> bytes:
            raise ValueError(len(pcm))

    first, second = Notes(), Notes()
    async with program() as one, program() as other:
        await talking(sockets, Broken(one.url()), first)
        line = await talking(sockets, Plain(other.url()), second)
        with caplog.at_level(logging.CRITICAL):
            clock.move(100)
        assert [why for _, why in first.closed_at] == ["the line broke; the log of the server says why"]
        assert (line.at_ms, second.closed_at) == (100, [])


async def test_a_codec_that_cannot_bear_what_it_reads_ends_its_own_line_only(
    sockets: ProgramSockets, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Plain):
        def read(self, message: str | bytes) -> None:
            raise ValueError(message)

    notes = Notes()
    async with program() as there:
        await talking(sockets, Broken(there.url()), notes)
        with caplog.at_level(logging.CRITICAL):
            await there.say(tone(1))
            await notes.over.wait()
        assert [why for _, why in notes.closed_at] == ["the line broke; the log of the server says why"]


async def test_a_program_that_breaks_the_rules_is_told_of(sockets: ProgramSockets) -> None:
    notes = Notes()
    async with program() as there:
        await talking(sockets, Plain(there.url()), notes)
        there.write(b"\x83\x01x")  # a frame of a kind that there is not
        await notes.over.wait()
        assert [why for _, why in notes.closed_at] == ["the program broke the rules of the connection"]


async def test_an_answer_to_what_was_not_asked_means_nothing(
    sockets: ProgramSockets, clock: HandClock
) -> None:
    async with program() as there:
        codec = Plain(there.url())
        line = await talking(sockets, codec, Notes())
        await there.socket.pong(b"\0\0\1\0")
        await there.say(tone(1))
        await codec.has_read(1)
        clock.move(100)
        assert line.at_ms == 100


async def test_a_program_that_says_no_goodbye_is_not_waited_for(plug: Plug) -> None:
    sockets = plug(patience=Patience(goodbye=0.05))
    async with program(reads=False) as there:
        line = await talking(sockets, Plain(there.url()), Notes())
        await line.close()
        assert sockets.count == 1
        await sockets.close()
        assert sockets.count == 0


async def test_what_comes_after_the_goodbye_is_not_taken(sockets: ProgramSockets, clock: HandClock) -> None:
    notes = Notes()

    async def protest(there: Program, message: str | bytes) -> None:
        if message == '["goodbye"]':
            await there.say(tone(10), ["mark", 1])

    async with program(protest) as there:
        line = await talking(sockets, Plain(there.url()), notes)
        clock.move(100)
        await line.close()
        await there.has_gone()
        clock.move(1_000)
        assert notes.said_pieces == []
        assert there.texts == [["hello"], ["goodbye"]]


async def test_closing_all_says_goodbye_on_every_line(plug: Plug) -> None:
    sockets = plug()
    async with program() as one, program() as other:
        for there in (one, other):
            await talking(sockets, Plain(there.url()), Notes())
        await sockets.close()
        assert sockets.count == 0
        for there in (one, other):
            await there.has_gone()
            assert there.texts[-1] == ["goodbye"]


async def test_a_clock_that_is_stopped_keeps_what_was_said(sockets: ProgramSockets, clock: HandClock) -> None:
    notes = Notes()
    async with program() as there:
        codec = Plain(there.url())
        line = await talking(sockets, codec, notes)
        await there.say(tone(10))
        await codec.has_read(1)
        clock.move(100)
        line.set_pace(BY_HAND)
        await line.run_to(1_000)
        assert notes.sound == tone(10)
        assert notes.shape[-1][0] + notes.shape[-1][1] == 200
