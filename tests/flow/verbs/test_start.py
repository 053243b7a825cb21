"""Start begins what goes on beside the document: streams, siprec, transcriptions and recordings."""

from __future__ import annotations

from typing import Any

import pytest

from telefonie.core.commands import HangUp, Redirect
from telefonie.core.events import Actor, Kind
from telefonie.core.recordings import News, Source
from telefonie.flow.effects import Purpose
from tests.support.play import ROOT, Play, Played

URL = "wss://sink.test/audio"
REST = "<Pause length='2'/>"


def start(inside: str, rest: str = REST, attributes: str = "") -> tuple[Play, Played]:
    """A call that starts these and waits two seconds, played to its end."""
    play = Play()
    call = play.call(f"<Response><Start {attributes}>{inside}</Start>{rest}</Response>")
    play.finish()
    return play, call


def told(play: Play) -> list[tuple[str, str, str, dict[str, Any]]]:
    found = [each for each in play.asked if each.purpose is Purpose.TELL]
    return [(each.method, each.url.removeprefix(ROOT), str(each.verb), dict(each.outcome)) for each in found]


def states(call: Played) -> list[tuple[str, str]]:
    return [(each["name"], each["state"]) for each in call.of(Kind.STREAMED)]


# -- Start itself --


def test_the_next_verb_runs_at_once() -> None:
    _, call = start(f"<Stream url='{URL}'/>")
    assert call.steps == ["Start", "Pause"]
    assert call.at(Kind.STEPPED) == [0.0, 0.0]


def test_if_nothing_is_left_the_call_ends() -> None:
    _, call = start(f"<Stream url='{URL}'/>", rest="")
    assert call.over
    assert call.at(Kind.ENDED) == [0.0]


def test_action_and_method_are_read_and_nothing_is_asked() -> None:
    play, call = start(f"<Stream url='{URL}'/>", attributes="action='/done' method='GET'")
    assert (play.fetched, call.warned) == (["/"], [])


def test_a_start_of_nothing_is_passed_over() -> None:
    play = Play()
    call = play.call(f"<Response><Start/>{REST}</Response>")
    assert (call.warned, call.steps) == ([12200], ["Pause"])


def test_something_else_inside_is_warned_of() -> None:
    _, call = start(f"<Say>Hi</Say><Stream url='{URL}'/>")
    assert (call.warned, call.said) == ([12200], [])
    assert len(states(call)) == 2


# -- Stream: url --


def test_a_stream_goes_on_until_the_call_ends_and_claims_no_audio() -> None:
    play, call = start(f"<Stream url='{URL}'/>")
    began, ended = call.of(Kind.STREAMED)
    assert began == {
        "what": "stream",
        "state": "started",
        "id": began["id"],
        "name": began["id"],
        "url": URL,
        "track": "inbound_track",
    }
    assert ended == {
        "what": "stream",
        "state": "stopped",
        "id": began["id"],
        "name": began["id"],
        "ms": 2_000,
        "why": "call_ended",
    }
    assert call.at(Kind.STREAMED) == [0.0, 2.0]
    assert play.fetched == ["/"]


@pytest.mark.parametrize("wrong", ["url='https://sink.test/audio'", "url='ws://sink.test'", "url='audio'"])
def test_only_wss_will_do(wrong: str) -> None:
    _, call = start(f"<Stream {wrong}/>")
    assert call.warned == [12200, 12200]
    assert states(call) == []


def test_a_stream_needs_a_url_or_a_connector() -> None:
    assert states(start("<Stream/>")[1]) == []
    assert start("<Stream/>")[1].warned == [12200]
    assert len(states(start("<Stream connectorName='ours'/>")[1])) == 2


# -- name --


def test_its_name_is_its_own_and_else_its_id() -> None:
    _, call = start(f"<Stream url='{URL}' name='ears'/><Stream url='{URL}'/>")
    ids = [each["id"] for each in call.of(Kind.STREAMED)]
    assert states(call) == [
        ("ears", "started"),
        (ids[1], "started"),
        ("ears", "stopped"),
        (ids[1], "stopped"),
    ]
    assert len(set(ids)) == 2


def test_a_name_that_is_taken_is_warned_of_and_does_not_begin() -> None:
    _, call = start(f"<Stream url='{URL}' name='ears'/><Stream url='{URL}' name='ears'/>")
    assert (states(call), call.warned) == ([("ears", "started"), ("ears", "stopped")], [12200])


def test_a_call_has_four_streams_at_most() -> None:
    _, call = start("".join(f"<Stream url='{URL}' name='{each}'/>" for each in "abcde"))
    assert [name for name, state in states(call) if state == "started"] == ["a", "b", "c", "d"]
    assert call.warned == [12200]


# -- track --


@pytest.mark.parametrize("track", ["inbound_track", "outbound_track", "both_tracks"])
def test_its_track(track: str) -> None:
    _, call = start(f"<Stream url='{URL}' track='{track}'/>")
    assert call.of(Kind.STREAMED)[0]["track"] == track


def test_a_wrong_track_is_warned_of() -> None:
    _, call = start(f"<Stream url='{URL}' track='left'/>")
    assert call.warned == [12200]
    assert call.of(Kind.STREAMED)[0]["track"] == "inbound_track"


# -- statusCallback, statusCallbackMethod --


def test_the_status_callback_hears_of_beginning_and_end() -> None:
    play, call = start(f"<Stream url='{URL}' name='ears' statusCallback='/heard'/>")
    stream = {"stream_id": call.of(Kind.STREAMED)[0]["id"], "stream_name": "ears"}
    assert told(play) == [
        ("POST", "heard", "stream", {**stream, "stream_event": "started"}),
        ("POST", "heard", "stream", {**stream, "stream_event": "stopped"}),
    ]


def test_by_the_method_that_was_chosen() -> None:
    play, _ = start(f"<Stream url='{URL}' statusCallback='/heard' statusCallbackMethod='GET'/>")
    assert [each[0] for each in told(play)] == ["GET", "GET"]


# -- Parameter --


def test_its_parameters() -> None:
    _, call = start(f"<Stream url='{URL}'><Parameter name='a' value='1'/><Parameter name='b'/></Stream>")
    assert call.of(Kind.STREAMED)[0]["parameters"] == {"a": "1", "b": ""}
    assert call.warned == []


@pytest.mark.parametrize(
    "wrong", [f"<Parameter name='a' value='{'x' * 499}'/>", "<Parameter value='1'/>", "<Param/>"]
)
def test_wrong_parameters_are_warned_of(wrong: str) -> None:
    _, call = start(f"<Stream url='{URL}'>{wrong}</Stream>")
    assert call.warned == [12200]
    assert "parameters" not in call.of(Kind.STREAMED)[0]


def test_name_and_value_have_under_500_characters() -> None:
    _, call = start(f"<Stream url='{URL}'><Parameter name='a' value='{'x' * 498}'/></Stream>")
    assert call.warned == []


# -- Siprec, Transcription, Recording --


def test_siprec() -> None:
    play, call = start(
        "<Siprec name='s' connectorName='ours' statusCallback='/siprec'><Parameter name='a'/></Siprec>"
    )
    assert [each["what"] for each in call.of(Kind.STREAMED)] == ["siprec", "siprec"]
    siprec = {"siprec_id": call.of(Kind.STREAMED)[0]["id"], "siprec_name": "s"}
    assert told(play) == [
        ("POST", "siprec", "siprec", {**siprec, "siprec_event": "started"}),
        ("POST", "siprec", "siprec", {**siprec, "siprec_event": "stopped"}),
    ]


def test_transcription() -> None:
    inside = "<Config name='a' value='1'/>"
    play, call = start(f"<Transcription name='t' statusCallbackUrl='/words'>{inside}</Transcription>")
    assert call.of(Kind.STREAMED)[0]["track"] == "both_tracks"
    assert [outcome["transcription_event"] for _, _, _, outcome in told(play)] == ["started", "stopped"]
    assert call.warned == []


def test_a_recording_goes_on_over_documents_and_is_told_of() -> None:
    callback = "recordingStatusCallback='/status' recordingStatusCallbackEvent='in-progress completed'"
    play = Play({"/other": f"<Response>{REST}</Response>"})
    call = play.call(
        f"<Response><Start><Recording {callback}/></Start><Redirect>/other</Redirect></Response>"
    )
    play.finish()
    assert call.at(Kind.RECORDED) == [0.0, 2.0]
    (it,) = play.recordings.values()
    assert (it.source, it.channels, it.track) == (Source.START_VERB, 2, "both")
    assert (it.since, it.ms) == (call.leg.call.answered_at, 2_000)
    assert [(each.news, each.sequence, each.recording.url) for each in play.news] == [
        (News.STARTED, 0, f"{ROOT}status"),
        (News.COMPLETED, 1, f"{ROOT}status"),
    ]
    assert told(play) == []


def test_its_callback_is_relative_to_the_document_that_began_it() -> None:
    started = "<Response><Start><Recording recordingStatusCallback='status'/></Start><Redirect>/</Redirect></Response>"
    play = Play({"/deep/er": started, "/": f"<Response>{REST}</Response>"})
    play.call(document_url=f"{ROOT}deep/er")
    play.finish()
    assert [each.recording.url for each in play.news] == [f"{ROOT}deep/status"]


def test_channels_and_track_of_a_recording() -> None:
    _, call = start("<Recording channels='mono' track='inbound' trim='trim-silence'/>")
    assert (call.of(Kind.RECORDED)[0]["channels"], call.of(Kind.RECORDED)[0]["track"]) == (1, "inbound")
    _, call = start("<Recording channels='three' track='left' trim='yes'/>")
    assert call.warned == [12200] * 3


# -- interplay --


def test_it_survives_redirects_and_the_end_is_told_where_its_document_said() -> None:
    play = Play(
        {
            "/deep/er": f"<Response><Start><Stream url='{URL}' statusCallback='heard'/></Start>{REST}</Response>"
        }
    )
    play.pages["/other"] = f"<Response>{REST}</Response>"
    call = play.call(document_url=f"{ROOT}deep/er")
    play.pass_time(1)
    call.tell(Redirect(f"{ROOT}other", "POST", None))
    play.finish()
    assert call.at(Kind.STREAMED) == [0.0, 3.0]
    assert [path for _, path, _, _ in told(play)] == ["deep/heard", "deep/heard"]


def test_a_hang_up_by_the_app_ends_it() -> None:
    play = Play()
    call = play.call(
        f"<Response><Start><Stream url='{URL}' statusCallback='/heard'/></Start>{REST}</Response>"
    )
    play.pass_time(1)
    call.tell(HangUp(Actor.CUSTOMER))
    play.finish()
    assert call.at(Kind.STREAMED) == [0.0, 1.0]
    assert len(told(play)) == 2
