"""A room starts once, ends once, and everybody in it is told what concerns him."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from telefonie.core.attending import Steer, Steering, ToState
from telefonie.core.hall import Change
from telefonie.core.messages import (
    Admitted,
    Dismissed,
    Enter,
    Exit,
    Message,
    Overhear,
    Refused,
    RoomSaid,
    Started,
)
from telefonie.core.presiding import decide
from telefonie.core.rooms import (
    FULL,
    LABEL_IN_USE,
    NO_COACH,
    NOT_FOUND,
    TABLE,
    Room,
    Status,
    Trigger,
    apply,
)

ANN, BOB, CAT = "ann", "bob", "cat"


def enter(call: str, **more: Any) -> Enter:
    return Enter(call, 7, "lobby", "plain", **more)


def admitted(*, started: bool = True, ticket: int = 7) -> Admitted:
    return Admitted(ticket, "r1", started, "lobby")


class Lobby:
    """A room, told one thing after the other."""

    def __init__(self) -> None:
        self.room: Room | None = None
        self.now = 1_000
        self.did: list[tuple[str, str, str]] = []

    def tell(self, message: Enter | Exit | RoomSaid) -> list[tuple[str, Message]]:
        change: Change = apply(self.room, "r1", message, self.now)
        self.room = change.room
        self.did += [(each.fact.did.value, each.fact.by, each.fact.why) for each in change.happened]
        return list(change.replies)

    def wish(self, wish: ToState) -> list[tuple[str, Message]]:
        assert self.room is not None
        change = decide(self.room, "r1", wish, self.now)
        self.room = change.room
        self.did += [(each.fact.did.value, each.fact.by, each.fact.why) for each in change.happened]
        return list(change.replies)

    def names(self) -> list[str]:
        return [each.call for each in self.room.members] if self.room else []


@pytest.fixture
def lobby() -> Lobby:
    return Lobby()


def test_the_table_names_every_status_and_ended_rooms_stay_so() -> None:
    assert set(TABLE) == set(Status)
    assert TABLE[Status.ENDED] == {}
    assert Trigger.START not in TABLE[Status.STARTED]


def test_a_room_starts_when_two_are_in_it(lobby: Lobby) -> None:
    assert lobby.tell(enter(ANN)) == [(ANN, admitted(started=False))]
    assert lobby.tell(enter(BOB)) == [(BOB, admitted()), (ANN, Started(7, "r1"))]
    assert lobby.tell(enter(CAT)) == [(CAT, admitted())]
    assert [(did, by) for did, by, _ in lobby.did] == [
        ("created", ANN),
        ("joined", ANN),
        ("joined", BOB),
        ("started", BOB),
        ("joined", CAT),
    ]


def test_those_who_may_not_start_it_wait_for_one_who_may(lobby: Lobby) -> None:
    for call in (ANN, BOB):
        assert lobby.tell(enter(call, starts=False)) == [(call, admitted(started=False))]
    replies = lobby.tell(enter(CAT))
    assert replies == [
        (CAT, admitted()),
        (ANN, Started(7, "r1")),
        (BOB, Started(7, "r1")),
    ]


def test_it_starts_once_so_later_it_does_not_matter_who_may(lobby: Lobby) -> None:
    lobby.tell(enter(ANN))
    lobby.tell(enter(BOB, starts=False))
    lobby.tell(Exit(ANN, "lobby"))
    assert lobby.room is not None
    assert lobby.room.status is Status.STARTED
    assert lobby.tell(enter(CAT, starts=False)) == [(CAT, admitted())]


def test_a_room_that_takes_one_to_start_starts_with_the_first(lobby: Lobby) -> None:
    assert lobby.tell(enter(ANN, quorum=1)) == [(ANN, admitted())]


def test_it_ends_with_the_last_who_leaves(lobby: Lobby) -> None:
    lobby.tell(enter(ANN))
    lobby.tell(enter(BOB))
    assert lobby.tell(Exit(ANN, "lobby")) == []
    assert lobby.tell(Exit(BOB, "lobby", "redirected")) == []
    assert lobby.did[-3:] == [
        ("left", ANN, "hung_up"),
        ("left", BOB, "redirected"),
        ("ended", BOB, "last_left"),
    ]
    assert lobby.room is not None
    assert not lobby.room.live


def test_it_ends_with_one_whose_going_ends_it_and_the_others_are_sent_away(lobby: Lobby) -> None:
    for call in (ANN, BOB, CAT):
        lobby.tell(enter(call, ends=call == ANN))
    replies = lobby.tell(Exit(ANN, "lobby"))
    assert replies == [(each, Dismissed(7, "r1", "ender_left")) for each in (BOB, CAT)]
    assert lobby.did[-4:] == [
        ("left", ANN, "hung_up"),
        ("left", BOB, "ended"),
        ("left", CAT, "ended"),
        ("ended", ANN, "ender_left"),
    ]


@pytest.mark.parametrize(("ends", "why"), [(True, "ender_removed"), (False, "last_removed")])
def test_it_says_so_when_the_one_who_ended_it_was_removed(lobby: Lobby, *, ends: bool, why: str) -> None:
    lobby.tell(enter(ANN, ends=ends))
    lobby.tell(Exit(ANN, "lobby", "removed"))
    assert lobby.did[-1] == ("ended", ANN, why)


def test_one_who_waits_alone_and_leaves_ends_a_room_that_never_started(lobby: Lobby) -> None:
    lobby.tell(enter(ANN))
    lobby.tell(Exit(ANN, "lobby"))
    assert lobby.room is not None
    assert (lobby.room.status, lobby.room.started_at) == (Status.ENDED, None)


def test_who_leaves_twice_or_was_never_in_changes_nothing(lobby: Lobby) -> None:
    assert apply(None, "r1", Exit(ANN, "lobby"), 1) == Change(None)
    for call in (ANN, BOB, CAT):
        lobby.tell(enter(call))
    lobby.tell(Exit(ANN, "lobby"))
    before, room = list(lobby.did), lobby.room
    assert lobby.tell(Exit(ANN, "lobby")) == []
    assert (lobby.did, lobby.room) == (before, room)


def test_after_its_end_the_name_makes_a_new_room(lobby: Lobby) -> None:
    lobby.tell(enter(ANN))
    lobby.tell(Exit(ANN, "lobby"))
    lobby.tell(enter(BOB))
    assert lobby.did[-2:] == [("created", BOB, ""), ("joined", BOB, "")]
    assert lobby.names() == [BOB]
    assert lobby.room is not None
    assert lobby.room.status is Status.WAITING


def test_a_full_room_takes_nobody_and_the_first_one_says_how_many_it_takes(lobby: Lobby) -> None:
    lobby.tell(enter(ANN, most=2))
    lobby.tell(enter(BOB, most=250))
    [(call, refused)] = lobby.tell(enter(CAT, most=250))
    assert isinstance(refused, Refused)
    assert (call, refused.code) == (CAT, FULL)
    assert lobby.names() == [ANN, BOB]


def test_nobody_may_take_a_label_that_is_in_use(lobby: Lobby) -> None:
    lobby.tell(enter(ANN, label="boss"))
    [(_, refused)] = lobby.tell(enter(BOB, label="boss"))
    assert isinstance(refused, Refused)
    assert refused.code == LABEL_IN_USE
    lobby.tell(enter(BOB, label="clerk"))
    lobby.tell(Exit(ANN, "lobby"))
    lobby.tell(enter(CAT, label="boss"))
    assert lobby.names() == [BOB, CAT]


def test_who_comes_in_while_in_is_in_once(lobby: Lobby) -> None:
    lobby.tell(enter(ANN))
    assert lobby.tell(replace(enter(ANN, muted=True), ticket=9)) == [(ANN, admitted(started=False, ticket=9))]
    assert lobby.names() == [ANN]
    assert [did for did, _, _ in lobby.did] == ["created", "joined"]


def test_who_comes_in_again_may_not_take_anothers_label(lobby: Lobby) -> None:
    lobby.tell(enter(ANN, label="boss", most=2))
    lobby.tell(enter(BOB))
    [(_, refused)] = lobby.tell(enter(BOB, label="boss"))
    assert isinstance(refused, Refused)
    assert refused.code == LABEL_IN_USE
    [(_, again)] = lobby.tell(enter(ANN, label="boss"))
    assert isinstance(again, Admitted)


def test_a_room_that_is_named_by_its_id_must_be_there(lobby: Lobby) -> None:
    [(_, refused)] = lobby.tell(enter(ANN, room="r1"))
    assert isinstance(refused, Refused)
    assert refused.code == NOT_FOUND
    assert lobby.room is None
    lobby.tell(enter(ANN))
    assert lobby.tell(enter(BOB, room="r1"))[0] == (BOB, admitted())


# -- who hears whom --


def said(call: str) -> RoomSaid:
    return RoomSaid(call, "lobby", 900, "Hello", "en-US", 400)


def heard_by(lobby: Lobby, speaker: str) -> list[str]:
    replies = lobby.tell(said(speaker))
    assert all(each == Overhear(speaker, 900, "Hello", "en-US", 400) for _, each in replies)
    return [call for call, _ in replies]


def test_words_reach_those_who_listen_and_not_the_speaker(lobby: Lobby) -> None:
    lobby.tell(enter(ANN, listens=True))
    lobby.tell(enter(BOB, listens=True))
    lobby.tell(enter(CAT))
    assert heard_by(lobby, ANN) == [BOB]
    assert heard_by(lobby, CAT) == [ANN, BOB]
    assert heard_by(lobby, "stranger") == []


def test_nobody_is_heard_before_it_starts(lobby: Lobby) -> None:
    lobby.tell(enter(ANN, listens=True, starts=False))
    lobby.tell(enter(BOB, listens=True, starts=False))
    assert heard_by(lobby, ANN) == []
    assert apply(None, "r1", said(ANN), 1) == Change(None)


def test_a_muted_member_hears_and_is_not_heard(lobby: Lobby) -> None:
    lobby.tell(enter(ANN, listens=True, muted=True))
    lobby.tell(enter(BOB, listens=True))
    assert heard_by(lobby, ANN) == []
    assert heard_by(lobby, BOB) == [ANN]


def test_a_coach_is_heard_by_one_and_hears_all(lobby: Lobby) -> None:
    lobby.tell(enter(ANN, listens=True, heard_by=[BOB]))
    lobby.tell(enter(BOB, listens=True))
    lobby.tell(enter(CAT, listens=True, hears=[BOB]))
    assert heard_by(lobby, ANN) == [BOB]
    assert heard_by(lobby, BOB) == [ANN, CAT]


def test_a_coach_must_be_in_the_room_or_he_is_heard_by_all(lobby: Lobby) -> None:
    assert lobby.tell(enter(ANN, coach=BOB)) == [(ANN, replace(admitted(started=False), code=NO_COACH))]
    lobby.tell(enter(BOB))
    assert lobby.tell(enter(CAT, coach=BOB)) == [(CAT, admitted())]
    assert lobby.room is not None
    assert [(each.coach, each.heard_by) for each in lobby.room.members] == [
        ("", None),
        ("", None),
        (BOB, (BOB,)),
    ]


def test_one_who_is_held_neither_hears_nor_is_heard(lobby: Lobby) -> None:
    for call in (ANN, BOB, CAT):
        lobby.tell(enter(call, listens=True))
    lobby.wish(Steer(BOB, Steering(held=True)))
    assert heard_by(lobby, ANN) == [CAT]
    assert heard_by(lobby, BOB) == []
