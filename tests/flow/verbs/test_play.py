"""Play and stream, attribute by attribute."""

from __future__ import annotations

import pytest

from telefonie.core.events import Kind
from telefonie.core.phones import Behaviour
from telefonie.flow.commands import Lost, Page, Sound
from tests.support.play import Play, Played

SILENT = Behaviour(greeting="")
MUSIC = Sound(200, 4_000)


def played(document: str, **pages: Page | Sound | Lost) -> tuple[Play, Played]:
    """A document, run to its end, with files at `/name`."""
    play = Play({f"/{name}": each for name, each in pages.items()})
    call = play.call(document, phone=SILENT)
    play.finish()
    return play, call


def xml(inside: str, **pages: Page | Sound | Lost) -> tuple[Play, Played]:
    """The same in XML."""
    return played(f"<Response>{inside}</Response>", **pages)


def lasted(call: Played) -> int:
    """Milliseconds from the answer to the end."""
    assert call.call.ended_at is not None
    assert call.call.answered_at is not None
    return call.call.ended_at - call.call.answered_at


def test_a_file_takes_as_long_as_it_is() -> None:
    play, call = xml("<Play>music</Play>", music=MUSIC)
    assert play.fetched == ["/", "/music"]
    assert call.of(Kind.PLAYED) == [{"url": "music", "what": "file", "ms": 4_000}]
    assert lasted(call) == 4_000
    assert call.warned == []


def test_the_place_where_the_file_is_kept_is_written_down_each_time() -> None:
    _, call = xml("<Play loop='2'>music</Play>", music=Sound(200, 4_000, "a1/sounds/5e"))
    assert [each["sound"] for each in call.of(Kind.PLAYED)] == ["a1/sounds/5e"] * 2


def test_files_are_fetched_when_they_are_reached() -> None:
    play = Play({"/music": MUSIC, "/more": MUSIC})
    play.call("<Response><Play>music</Play><Play>more</Play></Response>", phone=SILENT)
    assert play.fetched == ["/", "/music"]
    play.pass_time(4)
    assert play.fetched == ["/", "/music", "/more"]


def test_a_file_that_cannot_be_had_is_a_warning_and_the_next_verb_runs() -> None:
    _, call = xml("<Play loop='5'>none</Play><Say>Hi</Say>", none=Lost(13420, "no sound", 200))
    assert (call.warned, call.said) == ([13420], ["Hi"])
    assert call.of(Kind.PLAYED) == []


def test_a_reply_that_is_sound_is_played() -> None:
    def answer() -> Page:
        return Page(200, "audio/wav", b"RIFF", "https://app.test/sound")

    play = Play({"/": answer(), "/sound": MUSIC})
    call = play.call(phone=SILENT)
    play.finish()
    assert (call.steps, lasted(call)) == (["Play"], 4_000)


@pytest.mark.parametrize("inside", ["<Play/>", "<Play> </Play>", "<Play>a b.mp3</Play>"])
def test_nothing_to_play_is_passed_over(inside: str) -> None:
    _, call = xml(inside)
    assert (call.warned, call.steps) == ([11100], [])


# -- loop --


def test_each_time_is_written_down_and_the_file_is_fetched_once() -> None:
    play, call = xml("<Play loop='3'>music</Play>", music=MUSIC)
    assert call.at(Kind.PLAYED) == [0, 4, 8]
    assert lasted(call) == 12_000
    assert play.fetched == ["/", "/music"]


def test_without_end_is_a_thousand_times() -> None:
    _, call = xml("<Play loop='0'>music</Play>", music=MUSIC)
    assert len(call.of(Kind.PLAYED)) == 1_000


@pytest.mark.parametrize("loop", ["-1", "1001", "x"])
def test_a_loop_out_of_bounds_is_warned_of(loop: str) -> None:
    _, call = xml(f"<Play loop='{loop}'>music</Play>", music=MUSIC)
    assert (call.warned, call.at(Kind.PLAYED)) == ([13410], [0])


def test_an_empty_file_is_not_repeated() -> None:
    _, call = xml("<Play loop='0'>music</Play>", music=Sound(200, 0))
    assert (len(call.of(Kind.PLAYED)), lasted(call)) == (1, 0)


# -- digits --


@pytest.mark.parametrize(
    ("digits", "ms"), [("1", 200), ("0123456789ABCD*#", 3_200), ("w1", 700), ("W1", 1_200), ("wwww", 2_000)]
)
def test_tones_take_their_time_and_pauses_theirs(digits: str, ms: int) -> None:
    play, call = xml(f"<Play digits='{digits}'/>")
    assert [each["digits"] for each in call.of(Kind.KEYS_SENT)] == [digits]
    assert lasted(call) == ms
    assert play.fetched == ["/"]


def test_tones_loop_too() -> None:
    _, call = xml("<Play digits='12' loop='2'/>")
    assert call.at(Kind.KEYS_SENT) == [0, 0.4]


def test_keys_that_are_none_are_warned_of() -> None:
    _, call = xml("<Play digits='1e'/><Play digits='1e'>music</Play>", music=MUSIC)
    assert call.warned == [12200, 11100, 12200]
    assert lasted(call) == 4_000


def test_digits_are_played_instead_of_a_file() -> None:
    play, call = xml("<Play digits='1'>music</Play>", music=MUSIC)
    assert (call.warned, play.fetched) == ([12200], ["/"])


# -- interplay --


def test_a_hang_up_cuts_it() -> None:
    play = Play({"/music": MUSIC})
    phone = Behaviour(greeting="", hangs_up_after=1_000)
    call = play.call("<Response><Play>music</Play></Response>", phone=phone)
    play.finish()
    assert (lasted(call), call.at(Kind.HUSHED)) == (1_000, [1])


def test_the_next_verb_waits_for_a_slow_file() -> None:
    play = Play({"/music": MUSIC})
    play.slow["/music"] = 1_500
    call = play.call("<Response><Play>music</Play><Say>Hi</Say></Response>", phone=SILENT)
    play.finish()
    assert (call.at(Kind.PLAYED), call.at(Kind.SAID)) == ([1.5], [5.5])


# -- stream --


def test_stream_plays_one_file() -> None:
    play, call = played('[{"action":"stream","streamUrl":["/music"]}]', music=MUSIC)
    assert (play.fetched, lasted(call), call.warned) == (["/", "/music"], 4_000, [])


@pytest.mark.parametrize("urls", ['"/music"', "[]", '["/music","/music"]', "7"])
def test_stream_needs_an_array_of_one_url(urls: str) -> None:
    _, call = played(f'[{{"action":"stream","streamUrl":{urls}}}]', music=MUSIC)
    assert (call.warned, call.steps) == ([11100], [])


def test_stream_loops_and_its_level_is_read() -> None:
    _, call = played('[{"action":"stream","streamUrl":["/music"],"loop":2,"level":"0.5"}]', music=MUSIC)
    assert (call.at(Kind.PLAYED), call.warned) == ([0, 4], [])
    _, call = played('[{"action":"stream","streamUrl":["/music"],"loop":-2,"level":2}]', music=MUSIC)
    assert (call.at(Kind.PLAYED), sorted(call.warned)) == ([0], [12200, 13410])


def test_barge_in_without_an_input_is_warned_of() -> None:
    _, call = played('[{"action":"stream","streamUrl":["/music"],"bargeIn":true}]', music=MUSIC)
    assert (call.warned, lasted(call)) == ([12200], 4_000)
