"""What is heard by journals becomes sound on a line: when it is known in time, when it is late, when it is cut."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from telefonie.core.composing import Take
from telefonie.core.composing.spans import FOREVER
from telefonie.core.score import Audio, File, Key, Sound, Sounding, Tone, Words
from telefonie.core.transcripts import Speaker
from telefonie.engine.clips import Clips
from telefonie.engine.earshot import Earshot
from telefonie.engine.spool import Spool
from telefonie.engine.streaming import BY_HAND, REAL, Pace
from telefonie.media.folder import Folder
from tests.support.programs import FakeLine, Voices

ZERO: Final = 1_000_000
HELLO: Final = Words("Hello", "en-US", 1_000)


def take(sound: Sound, start: int, end: int, at: int | None = None) -> Take:
    """A sound by the offsets of the stream."""
    begins = start if at is None else at
    return Take(ZERO + begins, ZERO + start, ZERO + end if end < FOREVER else end, sound, Speaker.OTHER, "c")


class Room:
    """A line, and somebody who listens there."""

    def __init__(self, folder: Folder) -> None:
        self.voices = Voices()
        spool = Spool(folder)
        self.clips = Clips(self.voices, folder, spool)
        self.line = FakeLine("ws://bot.test", self, BY_HAND, 8_000)  # type: ignore[arg-type]  # nobody talks
        self.earshot = Earshot(self.line, self.clips, 8_000, ZERO)
        self.earshot.follow(BY_HAND)

    async def hears(self, *takes: Take, at: int | None = None) -> list[tuple[int, int]]:
        """What is on the line when it is known that these are heard."""
        self.line.at = self.line.at if at is None else at
        self.earshot.update(takes)
        self.earshot.extend()
        await self.earshot.ready()
        return sorted((start, end) for start, end, _ in self.line.heard)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    made = Room(Folder(tmp_path, "local"))
    yield made
    made.earshot.close()
    await made.clips.close()


async def test_by_hand_it_is_heard_at_its_own_moment(room: Room) -> None:
    assert await room.hears(take(HELLO, 500, 1_500)) == [(500, 1_500)]
    assert await room.hears(take(HELLO, 500, 1_500), at=600) == [(500, 1_500)]


async def test_in_real_time_all_is_heard_a_little_later(room: Room) -> None:
    room.earshot.follow(REAL)
    assert await room.hears(take(HELLO, 500, 1_500), at=550) == [(700, 1_700)]


async def test_what_is_known_later_than_that_is_heard_from_now_and_whole(room: Room) -> None:
    room.earshot.follow(REAL)
    assert await room.hears(take(HELLO, 500, 1_500), at=1_000) == [(1_000, 2_000)]


async def test_what_is_known_much_too_late_is_heard_from_where_it_is_by_now(room: Room) -> None:
    room.earshot.follow(REAL)
    assert await room.hears(take(Words("Long", "", 9_000), 0, 9_000), at=5_000) == [(5_000, 9_200)]


async def test_at_a_higher_speed_there_is_as_much_time_as_ever(room: Room) -> None:
    room.earshot.follow(Pace(10))
    assert await room.hears(take(HELLO, 500, 1_500)) == [(2_500, 3_500)]


async def test_who_is_connected_in_the_middle_of_a_sentence_hears_the_rest(room: Room) -> None:
    assert await room.hears(take(HELLO, 1_000, 1_400, at=400)) == [(1_000, 1_400)]
    assert room.line.sound == [(2_000).to_bytes(2, "little") * 3_200]


async def test_what_is_over_is_not_heard_again(room: Room) -> None:
    assert await room.hears(take(HELLO, 500, 1_500), at=9_000) == []


async def test_what_is_cut_short_is_cut_and_all_else_goes_on(room: Room) -> None:
    other = take(Words("Other", "", 2_000), 0, 2_000)
    await room.hears(take(HELLO, 500, 1_500), other)
    await room.hears(take(HELLO, 500, 900), other, at=800)
    track = next(track for start, _, track in room.line.heard if start == 500)
    assert room.line.cuts == [(900, track)]


async def test_what_was_never_heard_after_all_is_cut_at_once(room: Room) -> None:
    await room.hears(take(HELLO, 500, 1_500))
    await room.hears(at=700)
    assert [at for at, _ in room.line.cuts] == [700]


async def test_what_is_cut_while_it_is_made_is_made_for_nothing(room: Room) -> None:
    room.earshot.update([take(HELLO, 500, 1_500)])
    room.earshot.extend()
    room.earshot.update([take(HELLO, 500, 700)])
    await room.earshot.ready()
    assert [(start, end) for start, end, _ in room.line.heard] == [(500, 700)]


async def test_music_without_an_end_is_made_piece_by_piece(room: Room) -> None:
    music = take(Sounding(Tone.MUSIC), 1_000, FOREVER)
    assert await room.hears(music) == [(1_000, 11_000), (11_000, 21_000)]
    assert (await room.hears(music, at=15_000))[2:] == [(21_000, 31_000)]
    assert sorted((part.skip, part.ms) for part in room.voices.asked) == [
        (0, 10_000),
        (10_000, 10_000),
        (20_000, 10_000),
    ]


async def test_keys_are_told_as_keys_once(room: Room) -> None:
    for at in (0, 100):
        assert await room.hears(take(Key("7"), 1_000, 1_100), at=at) == []
    assert room.line.keys == [(1_000, "7", 100)]
    assert await room.hears(take(Key("8"), 1_000, 1_100), at=9_000) == []
    assert room.line.keys == [(1_000, "7", 100)]


async def test_what_another_program_says_is_heard_later_but_without_gaps(room: Room) -> None:
    audio = Audio("a/sounds/x", 16_000)
    said = [take(audio, start, start + 800, at=0) for start in (0, 800)]
    room.earshot.follow(REAL)
    assert await room.hears(said[0], at=900) == [(1_500, 2_300)]
    assert (await room.hears(*said, at=1_800))[1:] == [(2_300, 3_100)]


async def test_a_file_that_is_no_longer_there_is_silence(room: Room) -> None:
    assert await room.hears(take(File("a/sounds/gone"), 0, 500)) == []


async def test_the_same_is_made_once_for_all(room: Room) -> None:
    await room.hears(take(HELLO, 0, 1_000), take(HELLO, 2_000, 3_000))
    assert len(room.voices.asked) == 1
