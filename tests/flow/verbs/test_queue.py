"""Dial's Queue: whoever waits at the head is taken and connected."""

from __future__ import annotations

from typing import Any, Final

import pytest

from telefonie.core.call import Status
from telefonie.core.commands import HangUp, Wake
from telefonie.core.events import Actor, Kind
from telefonie.flow.commands import Lost
from telefonie.flow.effects import Purpose
from tests.support.meetings import meeting_play
from tests.support.play import Play, Played

DONE: Final = "<Response><Say>Done</Say></Response>"
ACTION: Final = "action='/done'"


def wait(play: Play, **more: Any) -> Played:
    return play.call("<Response><Enqueue waitUrl=''>support</Enqueue><Say>After</Say></Response>", **more)


def take(play: Play, attributes: str = "", dial: str = "", queue: str = "support") -> Played:
    inner = f"<Queue {attributes}>{queue}</Queue>"
    return play.call(f"<Response><Dial {dial}>{inner}</Dial><Say>Next please</Say></Response>")


def agents_queue(play: Play) -> None:
    """A queue that is there, and empty."""
    wait(play).tell(HangUp(Actor.CUSTOMER))


@pytest.fixture
def play() -> Play:
    return meeting_play({"/done": DONE})[0]


def test_the_head_of_the_queue_is_connected(play: Play) -> None:
    ann, bob = wait(play), wait(play)
    agent = take(play)
    assert agent.of(Kind.CONNECTED) == [{"call_id": ann.id}]
    other = take(play)
    assert other.of(Kind.CONNECTED) == [{"call_id": bob.id}]
    assert play.legs_of(agent) == []


def test_the_action_hears_whom_and_how_long(play: Play) -> None:
    ann = wait(play)
    agent = take(play, "", f"{ACTION} method='GET'")
    play.pass_time(12)
    ann.tell(HangUp(Actor.CUSTOMER))
    play.pass_time(0)
    assert play.actions == [
        (
            "/done",
            {
                "dial_call_status": Status.COMPLETED,
                "dial_call_id": ann.id,
                "dial_call_duration": 12,
                "dial_bridged": True,
            },
        )
    ]
    assert (play.asked[-1].method, play.asked[-1].verb) == ("GET", "Dial")
    assert agent.said == ["Done"]
    assert agent.of(Kind.PARTED) == [{"call_id": ann.id}]


def test_it_waits_for_somebody_to_come_as_long_as_dial_says(play: Play) -> None:
    agents_queue(play)
    agent = take(play, "", f"timeout='20' {ACTION}")
    play.pass_time(19.9)
    assert play.actions == []
    play.pass_time(0.1)
    assert play.actions == [("/done", {"dial_call_status": Status.UNANSWERED, "dial_bridged": False})]
    assert agent.said == ["Done"]
    late = wait(play)
    assert late.of(Kind.LEFT) == []


def test_a_queue_that_is_not_there_is_a_failed_dial(play: Play) -> None:
    agent = take(play, "", ACTION)
    assert agent.warned == [20404]
    assert play.actions == [("/done", {"dial_call_status": Status.FAILED, "dial_bridged": False})]


def test_without_action_the_next_verb_runs(play: Play) -> None:
    agent = take(play)
    play.finish()
    assert agent.said == ["Next please"]


def test_the_whisper_is_heard_by_the_one_who_waited(play: Play) -> None:
    play.pages["/whisper"] = "<Response><Say>You are next</Say><Pause length='2'/></Response>"
    ann = wait(play)
    play.pass_time(10)
    agent = take(play, "url='whisper' method='GET'")
    assert ann.of(Kind.CONNECTED) == []
    play.pass_time(10)
    assert (ann.said, agent.said) == (["You are next"], [])
    assert ann.of(Kind.CONNECTED) == [{"call_id": agent.id}]
    [asked] = [each for each in play.asked if each.purpose is Purpose.BESIDE]
    assert (asked.url, asked.method, asked.call.id) == ("https://app.test/whisper", "GET", ann.id)
    assert asked.outcome["dequeuing_call_id"] == agent.id
    assert asked.outcome["queue_id"] == "queue-1"
    assert asked.outcome["queue_time"] >= 10


def test_the_whisper_may_not_gather(play: Play) -> None:
    play.pages["/whisper"] = "<Response><Gather/><Say>You are next</Say></Response>"
    ann = wait(play)
    take(play, "url='/whisper'")
    play.pass_time(5)
    assert (ann.warned, ann.said) == ([12200], ["You are next"])


def test_a_whisper_that_cannot_be_had_gives_the_next_one(play: Play) -> None:
    ann = wait(play)
    play.pages["/whisper"] = Lost(11200, "gone", 404)
    agent = take(play, "url='/whisper'")
    assert ann.said == ["After"]
    del play.pages["/whisper"]
    play.pages["/whisper"] = "<Response/>"
    bob = wait(play)
    play.pass_time(1)
    assert agent.of(Kind.CONNECTED) == [{"call_id": bob.id}]


def test_who_goes_before_the_two_are_connected_is_replaced_by_the_next(play: Play) -> None:
    play.pages["/whisper"] = "<Response><Pause length='10'/></Response>"
    ann, bob = wait(play), wait(play)
    agent = take(play, "url='/whisper'")
    play.pass_time(5)
    ann.tell(HangUp(Actor.CUSTOMER))
    play.pass_time(10)
    assert agent.of(Kind.CONNECTED) == [{"call_id": bob.id}]


def test_who_hung_up_at_the_very_moment_of_being_taken_is_replaced_by_the_next(play: Play) -> None:
    ann, bob = wait(play), wait(play)
    agent = play.call("<Response><Pause length='5'/><Dial><Queue>support</Queue></Dial></Response>")
    play.now += 5_000
    # The far end leaves while the agent's wish is on its way.
    agent.tell(Wake())
    ann.tell(HangUp(Actor.CUSTOMER))
    play.pass_time(1)
    assert agent.of(Kind.CONNECTED) == [{"call_id": bob.id}]


def test_an_agent_who_hung_up_at_the_very_moment_of_taking_leaves_the_other_in_peace(play: Play) -> None:
    ann = wait(play)
    agent = play.call("<Response><Pause length='5'/><Dial><Queue>support</Queue></Dial></Response>")
    play.now += 5_000
    agent.tell(Wake())
    agent.tell(HangUp(Actor.CUSTOMER))
    play.pass_time(1)
    assert ann.said == ["After"]
    assert ann.of(Kind.CONNECTED) == []


def test_the_star_key_drops_the_other_who_goes_on_with_the_document(play: Play) -> None:
    ann = wait(play)
    agent = take(play, "", f"hangupOnStar='true' {ACTION}")
    play.pass_time(4)
    agent.press("*")
    play.pass_time(1)
    assert (ann.said, agent.said) == (["After"], ["Done"])
    assert play.actions[0][1]["dial_call_status"] is Status.COMPLETED


def test_the_time_limit_counts_from_the_connection(play: Play) -> None:
    agents_queue(play)
    agent = take(play, "", "timeout='60' timeLimit='30'")
    play.pass_time(20)
    ann = wait(play)
    play.pass_time(29.9)
    assert agent.of(Kind.PARTED) == []
    play.pass_time(0.1)
    assert agent.of(Kind.PARTED) == [{"call_id": ann.id}]
    assert (ann.said, agent.said) == (["After"], ["Next please"])


def test_who_hangs_up_has_the_action_told_only(play: Play) -> None:
    ann = wait(play)
    agent = take(play, "", ACTION)
    play.pass_time(3)
    agent.tell(HangUp(Actor.CUSTOMER))
    play.pass_time(0)
    told = play.asked[-1]
    assert told.purpose is Purpose.TELL
    assert told.outcome == {
        "dial_call_status": Status.COMPLETED,
        "dial_call_id": ann.id,
        "dial_call_duration": 3,
        "dial_bridged": True,
    }


@pytest.mark.parametrize("queue", ["", "q" * 65])
def test_it_needs_a_name_of_at_most_64_characters(play: Play, queue: str) -> None:
    agent = take(play, queue=queue)
    play.finish()
    assert agent.warned == [13237]
    assert agent.said == ["Next please"]


@pytest.mark.parametrize("attribute", ["url='no url'", "method='PUT'", "colour='red'"])
def test_a_wrong_value_is_warned_of(play: Play, attribute: str) -> None:
    ann = wait(play)
    agent = take(play, attribute)
    assert agent.warned == [12200]
    assert agent.of(Kind.CONNECTED) == [{"call_id": ann.id}]


def test_what_has_no_effect_here_is_read(play: Play) -> None:
    wait(play)
    assert take(play, "reservationSid='WR1' postWorkActivitySid='WA1'").warned == []
