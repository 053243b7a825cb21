"""Enqueue and Leave: a call waits in a queue until somebody takes it."""

from __future__ import annotations

from typing import Any, Final

import pytest

from telefonie.core.call import Status
from telefonie.core.commands import HangUp, Redirect
from telefonie.core.events import Actor, Kind
from telefonie.core.queues import Result
from telefonie.flow.commands import Lost
from telefonie.flow.effects import Ask, Purpose
from tests.support.meetings import meeting_play
from tests.support.play import Play, Played

WAIT: Final = "<Response><Say>Please wait</Say><Pause length='9'/></Response>"
DONE: Final = "<Response><Say>Done</Say></Response>"
SILENT: Final = "waitUrl=''"
ACTION: Final = "action='/done'"


def wait(play: Play, attributes: str = SILENT, queue: str = "support", **more: Any) -> Played:
    """A call that waits."""
    document = f"<Response><Enqueue {attributes}>{queue}</Enqueue><Say>After</Say></Response>"
    return play.call(document, **more)


def take(play: Play, attributes: str = "", more: str = "") -> Played:
    """A call that takes the head of the queue."""
    return play.call(f"<Response><Dial {more}><Queue {attributes}>support</Queue></Dial></Response>")


@pytest.fixture
def play() -> Play:
    return meeting_play({"/wait": WAIT, "/done": DONE})[0]


def besides(play: Play) -> list[Ask]:
    return [each for each in play.asked if each.purpose is Purpose.BESIDE]


# -- the name --


def test_it_makes_the_queue_and_waits(play: Play) -> None:
    ann = wait(play)
    play.finish()
    assert ann.of(Kind.JOINED) == [{"queue": "queue-1", "name": "support", "place": 1}]
    assert ann.status is Status.TALKING
    bob = wait(play)
    assert bob.of(Kind.JOINED)[0]["place"] == 2


@pytest.mark.parametrize("queue", ["", "q" * 65])
def test_a_queue_needs_a_name_of_at_most_64_characters(play: Play, queue: str) -> None:
    ann = wait(play, queue=queue)
    play.finish()
    assert ann.warned == [12200]
    assert ann.said == ["After"]


def test_a_workflow_stands_for_the_name_where_there_is_none(play: Play) -> None:
    ann = wait(play, f"{SILENT} workflowSid='WW1'", queue="")
    assert (ann.of(Kind.JOINED)[0]["name"], ann.warned) == ("WW1", [])


# -- waiting --


def test_music_is_heard_if_nothing_else_is_given(play: Play) -> None:
    ann = wait(play, "")
    play.pass_time(600)
    assert [each["what"] for each in ann.of(Kind.PLAYED)] == ["music"]
    take(play)
    play.pass_time(0)
    assert len(ann.of(Kind.HUSHED)) == 1


def test_an_empty_wait_url_is_silence(play: Play) -> None:
    ann = wait(play, SILENT)
    assert ann.of(Kind.PLAYED) == []
    assert besides(play) == []


def test_the_wait_document_is_asked_for_again_with_the_place_by_then(play: Play) -> None:
    wait(play, SILENT)
    wait(play, "waitUrl='wait'")
    play.pass_time(5)
    take(play)
    play.pass_time(10)
    first, second = besides(play)
    assert (first.url, first.method, first.verb) == ("https://app.test/wait", "POST", "Enqueue")
    assert first.outcome == {
        "queue_id": "queue-1",
        "queue_position": 2,
        "queue_time": 0,
        "avg_queue_time": 0,
        "current_queue_size": 2,
        "max_queue_size": 1_000,
    }
    waited = round(second.at - first.at) // 1000
    assert second.outcome == {**first.outcome, "queue_position": 1, "current_queue_size": 1} | {
        "queue_time": waited,
        "avg_queue_time": second.outcome["avg_queue_time"],
    }
    assert second.outcome["avg_queue_time"] > 0


def test_the_wait_document_is_asked_for_as_said(play: Play) -> None:
    wait(play, "waitUrl='/wait' waitUrlMethod='GET'")
    assert [each.method for each in besides(play)] == ["GET"]


def test_the_wait_document_may_not_dial(play: Play) -> None:
    play.pages["/wait"] = (
        "<Response><Dial>+31201234567</Dial><Enqueue>x</Enqueue><Pause length='60'/></Response>"
    )
    ann = wait(play, "waitUrl='/wait'")
    assert ann.warned == [12200, 12200]
    assert play.legs_of(ann) == []


def test_the_wait_document_may_hang_up(play: Play) -> None:
    play.pages["/wait"] = "<Response><Hangup/></Response>"
    ann = wait(play, f"waitUrl='/wait' {ACTION}")
    play.pass_time(0)
    assert ann.status is Status.COMPLETED
    assert play.asked[-1].outcome["queue_result"] is Result.HUNG_UP


# -- leaving --


def test_leave_ends_the_waiting_and_the_action_is_asked(play: Play) -> None:
    play.pages["/wait"] = "<Response><Pause length='3'/><Leave/></Response>"
    ann = wait(play, f"waitUrl='/wait' {ACTION}")
    play.pass_time(3)
    assert play.actions == [("/done", {"queue_result": Result.LEFT, "queue_id": "queue-1", "queue_time": 3})]
    assert ann.of(Kind.LEFT) == [{"queue": "queue-1", "name": "support", "why": "left"}]
    assert ann.said == ["Done"]
    assert wait(play).of(Kind.JOINED)[0]["place"] == 1


def test_without_action_the_next_verb_runs(play: Play) -> None:
    play.pages["/wait"] = "<Response><Leave/></Response>"
    ann = wait(play, "waitUrl='/wait'")
    play.finish()
    assert ann.said == ["After"]


def test_a_key_in_the_wait_document_may_lead_out(play: Play) -> None:
    play.pages["/wait"] = "<Response><Gather numDigits='1' timeout='60' action='/out'/></Response>"
    play.pages["/out"] = "<Response><Leave/></Response>"
    ann = wait(play, "waitUrl='/wait'")
    ann.press("1")
    play.pass_time(1)
    assert ann.said == ["After"]


def test_leave_outside_of_a_queue_does_nothing(play: Play) -> None:
    ann = play.call("<Response><Leave/><Say>After</Say></Response>")
    play.finish()
    assert (ann.said, ann.warned) == (["After"], [])


def test_a_wait_document_that_cannot_be_had_is_an_error(play: Play) -> None:
    play.pages["/wait"] = Lost(11200, "gone", 404)
    ann = wait(play, f"waitUrl='/wait' {ACTION}")
    play.pass_time(1)
    assert ann.warned == [11200]
    assert play.actions[0][1]["queue_result"] is Result.ERROR
    assert wait(play).of(Kind.JOINED)[0]["place"] == 1


def test_who_hangs_up_while_waiting_is_told_of_and_leaves_the_queue(play: Play) -> None:
    ann = wait(play, f"{SILENT} {ACTION}")
    play.pass_time(4)
    ann.tell(HangUp(Actor.CUSTOMER))
    play.pass_time(0)
    told = play.asked[-1]
    assert told.purpose is Purpose.TELL
    assert told.outcome == {"queue_result": Result.HUNG_UP, "queue_id": "queue-1", "queue_time": 4}
    assert wait(play).of(Kind.JOINED)[0]["place"] == 1


def test_who_is_redirected_while_waiting_is_told_of_and_leaves_the_queue(play: Play) -> None:
    ann = wait(play, f"{SILENT} {ACTION}")
    ann.tell(Redirect("https://app.test/away", "POST"))
    play.pages["/away"] = "<Response><Say>Away</Say></Response>"
    told = [each for each in play.asked if each.purpose is Purpose.TELL]
    assert [each.outcome["queue_result"] for each in told] == [Result.REDIRECTED]
    play.pass_time(0)
    assert wait(play).of(Kind.JOINED)[0]["place"] == 1


# -- a full queue --


def test_a_full_queue_is_told_at_the_action_without_id_and_time(play: Play) -> None:
    wait(play, f"{SILENT} maxQueueSize='1'")
    bob = wait(play, f"{SILENT} {ACTION}")
    assert play.actions == [("/done", {"queue_result": Result.FULL})]
    assert (bob.of(Kind.JOINED), bob.of(Kind.LEFT), bob.warned) == ([], [], [])


@pytest.mark.parametrize("given", ["0", "5001", "many"])
def test_a_wrong_size_is_warned_of(play: Play, given: str) -> None:
    ann = wait(play, f"{SILENT} maxQueueSize='{given}'")
    assert ann.warned == [12200]
    assert len(ann.of(Kind.JOINED)) == 1


# -- being taken --


def test_who_is_taken_talks_and_the_action_is_asked_afterwards(play: Play) -> None:
    ann = wait(play, f"{SILENT} {ACTION}")
    play.pass_time(7)
    agent = take(play)
    assert ann.of(Kind.LEFT)[0]["why"] == "taken"
    assert ann.of(Kind.CONNECTED) == [{"call_id": agent.id}]
    assert agent.of(Kind.CONNECTED) == [{"call_id": ann.id}]
    play.pass_time(20)
    assert play.actions == []
    agent.tell(HangUp(Actor.CUSTOMER))
    play.pass_time(0)
    [(_, outcome)] = play.actions
    assert outcome["queue_result"] is Result.BRIDGED
    assert outcome["queue_time"] >= 7
    assert ann.said == ["Done"]
    assert ann.of(Kind.PARTED) == [{"call_id": agent.id}]


def test_both_hear_each_other(play: Play) -> None:
    ann = wait(play)
    agent = take(play)
    ann.speak("Help me please")
    play.pass_time(3)
    agent.speak("Of course")
    play.pass_time(3)
    assert [each["text"] for each in agent.of(Kind.OVERHEARD)] == ["Help me please"]
    assert [each["text"] for each in ann.of(Kind.OVERHEARD)] == ["Of course"]


def test_who_hangs_up_while_talking_was_bridged_and_the_agent_goes_on(play: Play) -> None:
    ann = wait(play, f"{SILENT} {ACTION}")
    agent = play.call("<Response><Dial><Queue>support</Queue></Dial><Say>Next please</Say></Response>")
    play.pass_time(5)
    ann.tell(HangUp(Actor.CUSTOMER))
    play.pass_time(0)
    assert play.asked[-1].outcome["queue_result"] is Result.BRIDGED
    assert agent.said == ["Next please"]
    assert not agent.over


def test_who_is_redirected_while_talking_says_so(play: Play) -> None:
    ann = wait(play, f"{SILENT} {ACTION}")
    agent = play.call("<Response><Dial><Queue>support</Queue></Dial><Say>Next please</Say></Response>")
    ann.tell(Redirect("https://app.test/done", "POST"))
    play.pass_time(0)
    told = [each for each in play.asked if each.purpose is Purpose.TELL]
    assert [each.outcome["queue_result"] for each in told] == [Result.REDIRECTED_FROM_BRIDGED]
    assert (ann.said, agent.said) == (["Done"], ["Next please"])
    assert agent.of(Kind.PARTED) == [{"call_id": ann.id}]


def test_the_agent_going_during_the_whisper_leaves_it_in_process(play: Play) -> None:
    play.pages["/whisper"] = "<Response><Pause length='30'/></Response>"
    ann = wait(play, f"{SILENT} {ACTION}")
    agent = take(play, "url='/whisper'")
    play.pass_time(5)
    agent.tell(HangUp(Actor.CUSTOMER))
    play.pass_time(0)
    assert play.actions[0][1]["queue_result"] is Result.BRIDGING
    assert ann.of(Kind.CONNECTED) == []
    assert ann.said == ["Done"]


def test_an_agent_who_is_there_already_takes_the_call_without_any_waiting(play: Play) -> None:
    wait(play).tell(HangUp(Actor.CUSTOMER))
    agent = take(play)
    ann = wait(play, "waitUrl='/wait'")
    assert agent.of(Kind.CONNECTED) == [{"call_id": ann.id}]
    assert besides(play) == []
    assert [ann.of(kind)[0]["queue"] for kind in (Kind.JOINED, Kind.LEFT)] == ["queue-1", "queue-1"]


# -- attributes --


@pytest.mark.parametrize(
    "attribute",
    ["action='no url'", "method='PUT'", "waitUrl='no url'", "waitUrlMethod='PUT'", "colour='red'"],
)
def test_a_wrong_value_is_warned_of_and_the_call_waits(play: Play, attribute: str) -> None:
    ann = wait(play, attribute)
    assert ann.warned == [12200]
    assert len(ann.of(Kind.JOINED)) == 1


def test_the_action_is_asked_as_said(play: Play) -> None:
    wait(play, f"{SILENT} maxQueueSize='1'")
    wait(play, f"{SILENT} action='done' method='GET'")
    asked = play.asked[-1]
    assert (asked.url, asked.method, asked.verb) == ("https://app.test/done", "GET", "Enqueue")
