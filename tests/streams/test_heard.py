"""What is on the score for a program sounds when it should, and nothing else does."""

from __future__ import annotations

from array import array

from hypothesis import given
from hypothesis import strategies as st

from telefonie.streams.heard import Heard
from tests.streams.plain import FRAME, RATE, SILENCE

PER_MS = RATE // 1000 * 2


def take(heard: Heard, frames: int) -> bytes:
    return b"".join(heard.frame() or SILENCE for _ in range(frames))


def sound(ms: int, level: int) -> bytes:
    return level.to_bytes(2, "little", signed=True) * (PER_MS // 2 * ms)


def test_without_sounds_there_is_silence_that_costs_nothing() -> None:
    assert [Heard(RATE).frame() for _ in range(3)] == [None, None, None]


def test_a_sound_is_where_it_was_put_to_the_millisecond() -> None:
    heard = Heard(RATE)
    heard.put(33, sound(50, 5), "")
    assert take(heard, 6) == bytes(33 * PER_MS) + sound(50, 5) + bytes(37 * PER_MS)


def test_one_sound_follows_another_without_a_gap() -> None:
    heard = Heard(RATE)
    heard.put(5, sound(30, 1), "")
    heard.put(35, sound(25, 2), "")
    assert take(heard, 3) == bytes(5 * PER_MS) + sound(30, 1) + sound(25, 2)


def test_what_comes_late_lost_its_beginning_and_keeps_its_place() -> None:
    heard = Heard(RATE)
    take(heard, 2)
    heard.put(10, sound(10, 1) + sound(60, 2), "")
    heard.put(0, sound(40, 9), "")
    assert take(heard, 3) == sound(40, 2) + bytes(20 * PER_MS)


def test_a_track_is_cut_alone() -> None:
    heard = Heard(RATE)
    heard.put(0, sound(100, 1), "a")
    heard.put(0, sound(100, 4), "b")
    heard.put(60, sound(40, 16), "a")
    heard.cut(30, "a")
    assert take(heard, 5) == sound(30, 5) + sound(70, 4)


def test_everything_is_cut_what_is_heard_already_at_once() -> None:
    heard = Heard(RATE)
    heard.put(0, sound(100, 1), "a")
    heard.put(50, sound(100, 2), "b")
    take(heard, 1)
    heard.cut(0)
    assert [heard.frame() for _ in range(9)] == [None] * 9


def test_half_a_sample_at_the_end_is_none() -> None:
    heard = Heard(RATE)
    heard.put(0, b"\1\0\1\0\7", "")
    assert take(heard, 1) == b"\1\0\1\0" + bytes(FRAME - 4)


WISH = st.one_of(
    st.tuples(st.just("put"), st.integers(0, 200), st.integers(0, 90), st.sampled_from("ab")),
    st.tuples(st.just("cut"), st.integers(0, 200), st.just(0), st.sampled_from(["a", "b", None])),
    st.tuples(st.just("take"), st.just(0), st.just(0), st.just(None)),
)


@given(st.lists(WISH, max_size=25))
def test_any_wishes_in_any_order_are_those_of_a_long_tape(
    wishes: list[tuple[str, int, int, str | None]],
) -> None:
    """Beside it a tape for each track, which is written on and wiped."""
    heard, at, out, expected = Heard(RATE), 0, b"", b""
    tapes: dict[str, array[int]] = {name: array("h", bytes(PER_MS * 400)) for name in "ab"}
    for wish, moment, ms, track in wishes:
        begin = max(moment * PER_MS // 2, at)
        if wish == "put" and track is not None:
            heard.put(moment, sound(ms, 3), track)
            for n in range(begin, (moment + ms) * PER_MS // 2):
                tapes[track][n] += 3
        elif wish == "cut":
            heard.cut(moment, track)
            for name in track or "ab":
                tapes[name][begin:] = array("h", bytes(2 * (len(tapes[name]) - begin)))
        elif wish == "take":
            out += take(heard, 1)
            both = zip(*(tape[at : at + FRAME // 2] for tape in tapes.values()), strict=True)
            expected += array("h", [a + b for a, b in both]).tobytes()
            at += FRAME // 2
    assert out == expected
