"""The action transfer: a call goes into a conversation that is under way."""

from __future__ import annotations

import pytest

from telefonie.core.call import Status
from telefonie.core.commands import HangUp
from telefonie.core.events import Actor, Kind
from telefonie.core.meetings import Kind as Meet
from telefonie.core.rooms import Room
from tests.support.meetings import Meetings, meeting_play
from tests.support.play import Play, Played

TALKING = '[{"action":"conversation","name":"lobby"}]'


def transfer(room: str, more: str = "") -> str:
    return f'[{{"action":"transfer","conversationId":"{room}"{more}}},{{"action":"talk","text":"After"}}]'


@pytest.fixture
def talking() -> tuple[Play, Meetings, Played]:
    """A conversation with one call in it."""
    play, meetings = meeting_play()
    return play, meetings, play.call(TALKING)


def members(meetings: Meetings) -> list[str]:
    found = meetings.find(Meet.ROOM, "lobby")
    assert found is not None
    assert isinstance(found.state, Room)
    return [each.call for each in found.state.members]


@pytest.mark.parametrize("prefix", ["", "CON-"])
def test_the_call_is_moved_into_the_conversation_of_that_id(
    talking: tuple[Play, Meetings, Played], prefix: str
) -> None:
    play, meetings, ann = talking
    bob = play.call(transfer(f"{prefix}room-1"))
    assert members(meetings) == [ann.id, bob.id]
    assert bob.of(Kind.JOINED) == [{"room": "room-1", "name": "lobby"}]
    assert bob.warned == []


def test_it_is_left_by_name_when_the_call_ends(talking: tuple[Play, Meetings, Played]) -> None:
    play, meetings, ann = talking
    bob = play.call(transfer("room-1"))
    bob.tell(HangUp(Actor.CUSTOMER))
    play.pass_time(0)
    assert members(meetings) == [ann.id]


def test_actions_after_it_are_not_reached() -> None:
    play, _ = meeting_play()
    boss = play.call('[{"action":"conversation","name":"lobby","endOnExit":true}]')
    bob = play.call(transfer("room-1"))
    boss.tell(HangUp(Actor.CUSTOMER))
    play.pass_time(0)
    assert bob.said == []
    assert bob.status is Status.COMPLETED


def test_an_unknown_conversation_is_warned_of_and_the_next_action_runs(
    talking: tuple[Play, Meetings, Played],
) -> None:
    play, _, _ = talking
    bob = play.call(transfer("CON-none"))
    play.finish()
    assert bob.warned == [20404]
    assert bob.said == ["After"]


def test_one_that_is_over_is_unknown(talking: tuple[Play, Meetings, Played]) -> None:
    play, _, ann = talking
    ann.tell(HangUp(Actor.CUSTOMER))
    play.pass_time(0)
    assert play.call(transfer("room-1")).warned == [20404]


def test_without_an_id_it_is_passed_over() -> None:
    play, _ = meeting_play()
    for document in ('[{"action":"transfer"}]', '[{"action":"transfer","conversationId":"CON-"}]'):
        assert play.call(document).warned == [12200]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", (False, None, None)),
        (',"mute":true', (True, None, None)),
        (',"canSpeak":[]', (True, None, None)),
        (',"canSpeak":["a"],"canHear":["b"]', (False, ("a",), ("b",))),
    ],
)
def test_who_may_be_heard_and_what_is_heard(
    talking: tuple[Play, Meetings, Played], given: str, expected: object
) -> None:
    play, meetings, _ = talking
    bob = play.call(transfer("room-1", given))
    state = meetings.all["room-1"].state
    assert isinstance(state, Room)
    member = state.member(bob.id)
    assert member is not None
    assert (member.muted, member.heard_by, member.hears) == expected
