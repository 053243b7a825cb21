"""The action conversation on calls of an application: its rooms are its own, and each leg says where it went."""

from __future__ import annotations

from typing import Any

import pytest

from telefonie.core.commands import HangUp
from telefonie.core.events import Actor, Kind
from telefonie.core.meetings import Kind as Meet
from telefonie.core.phones import Step
from telefonie.core.rooms import Room
from telefonie.flow.commands import Talk
from tests.support.meetings import meeting_play
from tests.support.play import Play, Played


def conversation(name: str, more: str = "") -> str:
    return f'[{{"action": "conversation", "name": "{name}"{more}}}]'


def of(play: Play, application: str, document: str, **order: Any) -> Played:
    """A call of an application."""
    listening: Step = {"when_heard": "what is never said", "steps": []}
    return play.call(document, application=application, strict=True, script=[listening], **order)


def test_rooms_of_one_name_are_different_ones_for_different_applications() -> None:
    play, meetings = meeting_play()
    ann, bob = (of(play, "app-1", conversation("lobby")) for _ in range(2))
    carl = of(play, "app-2", conversation("lobby"))
    dora = play.call(conversation("lobby"))
    (first,), (second,), (third,), (fourth,) = (each.of(Kind.JOINED) for each in (ann, bob, carl, dora))
    assert first == second
    assert len({first["room"], third["room"], fourth["room"]}) == 3
    assert {each["name"] for each in (first, third, fourth)} == {"lobby"}
    ann.speak("Hello, Bob.")
    play.pass_time(1)
    assert [each["text"] for each in bob.of(Kind.OVERHEARD)][-1] == "Hello, Bob."
    assert not carl.of(Kind.OVERHEARD)
    assert len(meetings.all) == 3


@pytest.mark.parametrize("name", ["x" * 128, "app-1:lobby", "é" * 100])
def test_any_name_will_do(name: str) -> None:
    play, meetings = meeting_play()
    ann, bob = (of(play, "1" * 36, conversation(name)) for _ in range(2))
    assert ann.of(Kind.JOINED) == bob.of(Kind.JOINED)
    assert ann.of(Kind.JOINED)[0]["name"] == name
    assert all(len(each.name) <= 128 for each in meetings.all.values())
    ann.speak("Hello.")
    play.pass_time(1)
    assert bob.of(Kind.OVERHEARD)[-1]["text"] == "Hello."


def test_who_comes_by_the_id_of_a_room_goes_under_its_name_too() -> None:
    play, _ = meeting_play()
    ann = of(play, "app-1", conversation("lobby"))
    room = ann.of(Kind.JOINED)[0]["room"]
    bob = of(play, "app-1", f'[{{"action": "transfer", "conversationId": "CON-{room}"}}]')
    assert bob.of(Kind.JOINED) == [{"room": room, "name": "lobby"}]
    bob.speak("Hello, Ann.")
    play.pass_time(1)
    assert ann.of(Kind.OVERHEARD)[-1]["text"] == "Hello, Ann."


def test_everybody_leaves_the_room_of_the_application() -> None:
    play, meetings = meeting_play()
    ann = of(play, "app-1", conversation("lobby", ', "endOnExit": true'))
    bob = of(play, "app-1", conversation("lobby"))
    play.pass_time(1)
    ann.tell(HangUp(Actor.CUSTOMER))
    play.pass_time(1)
    assert (bob.over, meetings.find(Meet.ROOM, "app-1:lobby")) == (True, None)
    assert [each["name"] for each in bob.of(Kind.LEFT)] == ["lobby"]


def test_what_is_said_into_one_call_is_not_heard_in_the_room() -> None:
    play, _ = meeting_play()
    ann, bob = (of(play, "app-1", conversation("lobby")) for _ in range(2))
    play.pass_time(1)
    heard = len(bob.of(Kind.OVERHEARD))
    ann.tell(Talk("Only for Ann."))
    play.pass_time(5)
    assert (ann.said, bob.said, len(bob.of(Kind.OVERHEARD))) == (["Only for Ann."], [], heard)


def test_who_may_speak_and_who_hears_is_said_by_calls() -> None:
    play, meetings = meeting_play()
    ann = of(play, "app-1", conversation("lobby"))
    bob = of(play, "app-1", conversation("lobby", f', "canSpeak": ["{ann.id}"], "canHear": []'))
    found = meetings.find(Meet.ROOM, "app-1:lobby")
    assert found is not None
    assert isinstance(found.state, Room)
    member = found.state.member(bob.id)
    assert member is not None
    assert (member.heard_by, member.hears, member.muted) == ((ann.id,), (), False)


def test_a_conversation_that_is_not_there_is_told_of() -> None:
    play, _ = meeting_play()
    lost = of(play, "app-1", '[{"action": "transfer", "conversationId": "CON-nowhere"}]')
    play.finish()
    (told,) = lost.of(Kind.UNUSABLE)
    assert told["reason"]
    assert lost.warned == []
