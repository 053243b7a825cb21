"""What a program says is played out at the pace of a voice, and told as it was heard."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from telefonie.streams.spoken import Spoken
from tests.streams.plain import FRAME, RATE, SILENCE, Notes, tone


class Ear:
    """A `Spoken`, frame by frame."""

    def __init__(self, backlog: int = 100) -> None:
        self.notes = Notes()
        self.spoken = Spoken(RATE, backlog, self.notes.said)
        self.at = 0
        self.marks: list[tuple[int, object]] = []

    def frames(self, count: int) -> Ear:
        for _ in range(count):
            self.marks += [(self.at, payload) for payload in self.spoken.due()]
            self.spoken.play(self.at)
            self.at += 20
        return self


def test_a_sentence_that_comes_at_once_takes_its_time() -> None:
    ear = Ear()
    ear.frames(5)
    assert ear.spoken.feed(tone(60)) == 0
    ear.frames(100)
    assert ear.notes.shape == [(100, 500), (600, 500), (1_100, 200)]
    assert ear.notes.sound == tone(60)


def test_pieces_of_any_length_make_whole_frames() -> None:
    ear = Ear()
    sentence = bytes(n % 251 + 1 for n in range(FRAME * 20))
    for at in range(0, len(sentence), 98):
        ear.spoken.feed(sentence[at : at + 98])
    ear.frames(40)
    assert ear.notes.said_pieces == [(0, sentence)]


def test_the_last_frame_is_filled_up_with_silence() -> None:
    ear = Ear()
    ear.spoken.feed(tone(2) + b"\7\7")
    ear.frames(10)
    assert ear.notes.said_pieces == [(0, (tone(2) + b"\7\7").ljust(3 * FRAME, b"\0"))]


def test_half_a_sample_is_none() -> None:
    ear = Ear()
    assert ear.spoken.feed(tone(2) + b"\7") == 0
    ear.spoken.feed(tone(1, 5))
    ear.frames(5)
    assert ear.notes.sound == tone(2) + tone(1, 5)


def test_a_frame_now_and_then_tears_no_holes() -> None:
    """One comes late by a frame: the distance kept at the beginning makes up for it."""
    ear = Ear()
    for coming in (1, 1, 0, 2, 1, 0, 2, 1):
        ear.spoken.feed(tone(coming))
        ear.frames(1)
    ear.frames(30)
    assert ear.notes.shape == [(20, 160)]


def test_a_gap_ends_a_piece_and_the_next_begins_where_it_is_heard() -> None:
    ear = Ear()
    ear.spoken.feed(tone(3))
    ear.frames(10)
    ear.spoken.feed(tone(4, 2))
    ear.frames(10)
    assert ear.notes.said_pieces == [(0, tone(3)), (200, tone(4, 2))]


def test_silence_is_not_told_however_much_of_it_is_said() -> None:
    ear = Ear()
    ear.spoken.feed(SILENCE * 40 + tone(5) + SILENCE * 3 + tone(5) + SILENCE * 30)
    ear.frames(100)
    assert ear.notes.said_pieces == [(800, tone(5) + SILENCE * 3 + tone(5))]


def test_what_is_further_ahead_than_may_be_is_dropped() -> None:
    ear = Ear(backlog=10)
    assert ear.spoken.feed(tone(8, 1)) == 0
    assert ear.spoken.feed(tone(4, 2)) == 2 * FRAME
    assert ear.spoken.feed(tone(1, 3)) == FRAME
    ear.frames(5)
    assert ear.spoken.feed(tone(5, 4)) == 0
    ear.frames(30)
    assert ear.notes.sound == tone(8, 1) + tone(2, 2) + tone(5, 4)


def test_what_is_taken_back_is_not_heard() -> None:
    ear = Ear()
    ear.spoken.feed(tone(50))
    ear.frames(7)
    ear.spoken.clear()
    assert ear.notes.shape == [(0, 140)]
    ear.frames(5)
    ear.spoken.feed(tone(2, 9))
    ear.frames(5)
    assert ear.notes.said_pieces == [(0, tone(7)), (240, tone(2, 9))]


def test_marks_come_when_everything_before_them_has_been_heard() -> None:
    ear = Ear()
    ear.spoken.mark("before")
    ear.spoken.feed(tone(4))
    ear.spoken.mark("four")
    ear.spoken.mark("four again")
    ear.spoken.feed(tone(1) + b"\1\1")
    ear.spoken.mark("all")
    ear.frames(10)
    assert ear.marks == [(0, "before"), (80, "four"), (80, "four again"), (120, "all")]


def test_marks_of_what_was_taken_back_are_due_at_once() -> None:
    ear = Ear()
    ear.spoken.feed(tone(50))
    ear.spoken.mark("end")
    ear.frames(3)
    ear.spoken.clear()
    ear.frames(1)
    assert ear.marks == [(60, "end")]


def test_only_so_many_marks_wait() -> None:
    ear = Ear()
    ear.spoken.feed(tone(2))
    assert sum(ear.spoken.mark(n) for n in range(5_000)) == 1_024


def test_it_rests_when_nothing_waits_and_nothing_is_heard() -> None:
    ear = Ear()
    assert ear.spoken.resting
    ear.spoken.feed(tone(2))
    assert not ear.spoken.resting
    ear.frames(2)
    assert not ear.spoken.resting  # the second frame is being heard
    ear.frames(1)
    assert ear.spoken.resting


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 4)), max_size=40))
def test_nothing_is_lost_doubled_or_turned_round(steps: list[tuple[int, int]]) -> None:
    ear, fed = Ear(backlog=10_000), b""
    for length, frames in steps:
        pcm = bytes((len(fed) + n) % 255 + 1 for n in range(length // 2 * 2))
        fed += pcm
        ear.spoken.feed(pcm)
        ear.frames(frames)
    ear.frames(200)
    assert ear.notes.sound.replace(b"\0", b"") == fed
    ends = [at + ms for at, ms in ear.notes.shape]
    assert all(end <= at for end, (at, _) in zip(ends, ear.notes.shape[1:], strict=False))
