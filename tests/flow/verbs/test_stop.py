"""Stop ends by name what Start began."""

from __future__ import annotations

import pytest

from telefonie.core.events import Kind
from telefonie.flow.effects import Purpose
from tests.support.play import Play, Played

STREAM = "<Stream url='wss://sink.test/' name='{0}' statusCallback='/{0}'/>"


def run(started: str, stopped: str) -> tuple[Play, Played]:
    """Start these, wait a second, stop those, wait a second."""
    pause = "<Pause length='1'/>"
    play = Play()
    call = play.call(f"<Response><Start>{started}</Start>{pause}<Stop>{stopped}</Stop>{pause}</Response>")
    play.finish()
    return play, call


def ended(call: Played) -> list[tuple[str, int, str]]:
    return [(e["name"], e["ms"], e["why"]) for e in call.of(Kind.STREAMED) if e["state"] == "stopped"]


def test_it_ends_the_one_of_that_name_and_the_next_verb_runs_at_once() -> None:
    play, call = run(STREAM.format("a") + STREAM.format("b"), "<Stream name='a'/>")
    assert ended(call) == [("a", 1_000, "stopped"), ("b", 2_000, "call_ended")]
    assert call.at(Kind.STEPPED) == [0.0, 0.0, 1.0, 1.0]
    told = [
        (e.url.rsplit("/", 1)[1], e.outcome["stream_event"]) for e in play.asked if e.purpose is Purpose.TELL
    ]
    assert told == [("a", "started"), ("b", "started"), ("a", "stopped"), ("b", "stopped")]


def test_several_at_once() -> None:
    _, call = run(STREAM.format("a") + STREAM.format("b"), "<Stream name='b'/><Stream name='a'/>")
    assert ended(call) == [("b", 1_000, "stopped"), ("a", 1_000, "stopped")]


def test_without_a_name_all_of_the_kind_end() -> None:
    _, call = run(f"{STREAM.format('a')}{STREAM.format('b')}<Siprec name='s'/>", "<Stream/>")
    assert ended(call) == [("a", 1_000, "stopped"), ("b", 1_000, "stopped"), ("s", 2_000, "call_ended")]


@pytest.mark.parametrize("noun", ["Siprec", "Transcription"])
def test_the_other_kinds(noun: str) -> None:
    _, call = run(f"<{noun} name='x'/>", f"<{noun} name='x'/>")
    assert ended(call) == [("x", 1_000, "stopped")]


def test_a_recording() -> None:
    _, call = run("<Recording/>", "<Recording/>")
    assert call.at(Kind.RECORDED) == [0.0, 1.0]
    assert call.of(Kind.RECORDED)[1]["why"] == "stopped"


def test_a_name_is_free_again_once_it_was_stopped() -> None:
    start = f"<Start>{STREAM.format('a')}</Start>"
    play = Play()
    call = play.call(f"<Response>{start}<Stop><Stream name='a'/></Stop>{start}</Response>")
    play.finish()
    assert call.warned == []
    assert len({each["id"] for each in call.of(Kind.STREAMED)}) == 2


@pytest.mark.parametrize("stopped", ["<Stream name='b'/>", "<Siprec name='a'/>", "<Siprec/>"])
def test_what_does_not_go_on_is_warned_of(stopped: str) -> None:
    _, call = run(STREAM.format("a"), stopped)
    assert call.warned == [12200]
    assert ended(call) == [("a", 2_000, "call_ended")]


def test_a_stop_of_nothing_is_passed_over() -> None:
    _, call = run(STREAM.format("a"), "")
    assert (call.warned, call.steps) == ([12200], ["Start", "Pause", "Pause"])


def test_something_else_inside_is_warned_of() -> None:
    _, call = run(STREAM.format("a"), "<Say>no</Say>")
    assert (call.warned, call.said) == ([12200], [])
