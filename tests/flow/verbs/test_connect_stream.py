"""Connect hands the call over, and lasts until it ends or goes on with another document."""

from __future__ import annotations

import pytest

from telefonie.core.call import Status
from telefonie.core.commands import Redirect
from telefonie.core.events import Kind
from telefonie.flow.effects import Purpose
from tests.support.play import ROOT, Play, Played

STREAM = "<Stream url='wss://bot.test/talk' name='bot' statusCallback='/heard'/>"


def connect(inside: str, attributes: str = "") -> tuple[Play, Played]:
    """A call that connects, whose far end leaves after 7 seconds, played to its end."""
    play = Play({"/done": "<Response><Say>Done</Say></Response>"})
    document = f"<Response><Connect {attributes}>{inside}</Connect><Say>Next</Say></Response>"
    call = play.call(document, script=({"wait": 7}, {"hangup": True}))
    play.finish()
    return play, call


def told(play: Play) -> list[tuple[str, str]]:
    return [(e.method, e.outcome["stream_event"]) for e in play.asked if e.purpose is Purpose.TELL]


def test_a_stream_lasts_until_the_call_ends() -> None:
    play, call = connect(STREAM, "action='/done'")
    assert call.at(Kind.STREAMED) == [0.0, 7.0]
    began, ended = call.of(Kind.STREAMED)
    assert (began["name"], began["url"], began["track"]) == ("bot", "wss://bot.test/talk", "inbound_track")
    assert (ended["ms"], ended["why"]) == (7_000, "call_ended")
    assert (call.said, play.actions) == ([], [])
    assert told(play) == [("POST", "started"), ("POST", "stopped")]


def test_another_document_ends_it() -> None:
    play = Play({"/other": "<Response><Say>Other</Say></Response>"})
    call = play.call(f"<Response><Connect>{STREAM}</Connect></Response>")
    play.pass_time(3)
    call.tell(Redirect(f"{ROOT}other", "POST", None))
    play.finish()
    assert call.said == ["Other"]
    assert call.of(Kind.STREAMED)[1]["why"] == "redirected"
    assert told(play) == [("POST", "started"), ("POST", "stopped")]


def test_it_ends_with_the_longest_time_of_a_call() -> None:
    play = Play()
    call = play.call(f"<Response><Connect>{STREAM}</Connect></Response>", limit_ms=60_000)
    play.pass_time(60)
    assert call.at(Kind.STREAMED) == [0.0, 60.0]
    assert call.over


@pytest.mark.parametrize("track", ["outbound_track", "both_tracks"])
def test_a_two_way_stream_has_the_inbound_track_only(track: str) -> None:
    _, call = connect(f"<Stream url='wss://bot.test/' track='{track}'/>")
    assert (call.of(Kind.STREAMED)[0]["track"], call.warned) == ("inbound_track", [12200])
    _, call = connect("<Stream url='wss://bot.test/' track='inbound_track'/>")
    assert call.warned == []


def test_streams_of_start_go_on_meanwhile() -> None:
    play = Play()
    start = "<Start><Stream url='wss://sink.test/' name='ears'/></Start>"
    call = play.call(
        f"<Response>{start}<Connect>{STREAM}</Connect></Response>", script=({"wait": 2}, {"hangup": True})
    )
    play.finish()
    stopped = [each["name"] for each in call.of(Kind.STREAMED) if each["state"] == "stopped"]
    assert stopped == ["bot", "ears"]


def test_a_conversation_relay_lasts_as_a_stream_does() -> None:
    inside = "<Language code='nl-NL' voice='x'/><Parameter name='a' value='1'/>"
    play, call = connect(f"<ConversationRelay url='wss://bot.test/' voice='x'>{inside}</ConversationRelay>")
    assert call.warned == []
    assert [each["what"] for each in call.of(Kind.STREAMED)] == ["conversation_relay"] * 2
    assert call.of(Kind.STREAMED)[0]["parameters"] == {"a": "1"}
    assert (call.at(Kind.STREAMED), call.said, play.fetched) == ([0.0, 7.0], [], ["/"])


@pytest.mark.parametrize(
    ("noun", "kind"),
    [
        ("<VirtualAgent connectorName='x'><Config name='a' value='b'/></VirtualAgent>", "virtual_agent"),
        ("<Room participantIdentity='x'>Blue</Room>", "room"),
        ("<Autopilot>UA1</Autopilot>", "autopilot"),
        ("<Conversation serviceInstanceSid='IS1'/>", "conversation"),
        ("<AiSession aiConnector='x'/>", "ai_session"),
        ("<ConversationRelaySession connector='x'/>", "conversation_relay_session"),
    ],
)
def test_what_is_not_there_fails_at_once_and_the_action_learns_of_it(noun: str, kind: str) -> None:
    play, call = connect(noun, "action='/done' method='GET'")
    assert play.actions == [("/done", {"connect_status": Status.FAILED, "connect_to": kind})]
    assert (play.asked[-1].method, play.asked[-1].verb) == ("GET", "Connect")
    assert (call.said, call.warned, call.of(Kind.STREAMED)) == (["Done"], [12200], [])


def test_without_an_action_the_next_verb_runs() -> None:
    play, call = connect("<Room>Blue</Room>")
    assert (call.said, play.fetched) == (["Next"], ["/"])


@pytest.mark.parametrize(
    "inside", ["", "<Stream/>", "<ConversationRelay url='https://bot.test'/>", "<Say>no</Say>"]
)
def test_a_connect_with_nothing_is_passed_over(inside: str) -> None:
    _, call = connect(inside)
    assert (call.said, call.warned) == (["Next"], [12200])


def test_of_several_nouns_the_first_counts() -> None:
    _, call = connect(f"{STREAM}<Room>Blue</Room>")
    assert [each["what"] for each in call.of(Kind.STREAMED)] == ["stream", "stream"]
    assert call.warned == [12200]


def test_a_wrong_method_and_strange_children_are_warned_of() -> None:
    _, call = connect("<Stream url='wss://bot.test/'><Config name='a'/></Stream>", "method='PUT'")
    assert call.warned == [12200, 12200]
