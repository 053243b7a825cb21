"""A room starts once, ends once, and everybody in it is told what concerns him."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

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
from telefonie.core.rooms import (
    FULL,
    LABEL_IN_USE,
    NOT_FOUND,
    TABLE,
    Change,
    Did,
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


# -- whatever happens --

CALLS: Final = st.sampled_from([f"c{n}" for n in range(6)])


class RoomMachine(RuleBasedStateMachine):
    """Calls come and go in any order; each one's letters are counted."""

    @initialize()
    def empty(self) -> None:
        self.room: Room | None = None
        self.rooms = 0
        self.now = 0
        self.inside: list[str] = []
        self.letters: list[tuple[str, Message]] = []
        self.facts: Counter[Did] = Counter()
        self.tickets = 0

    def take(self, message: Enter | Exit | RoomSaid) -> Change:
        self.now += 1
        if self.room is None or not self.room.live:
            self.rooms += 1
        change = apply(self.room, f"r{self.rooms}", message, self.now)
        self.room = change.room if change.room is not None else self.room
        self.facts.update(each.fact.did for each in change.happened)
        self.letters += change.replies
        return change

    @rule(
        call=CALLS,
        starts=st.booleans(),
        ends=st.booleans(),
        most=st.integers(2, 4),
        label=st.sampled_from(["", "x"]),
    )
    def come(self, call: str, *, starts: bool, ends: bool, most: int, label: str) -> None:
        self.tickets += 1
        asked = Enter(
            call,
            self.tickets,
            "lobby",
            "plain",
            starts=starts,
            ends=ends,
            most=most,
            label=label,
            listens=True,
        )
        [(_, first), *_] = [each for each in self.take(asked).replies if each[0] == call]
        if isinstance(first, Admitted):
            self.inside = [each for each in self.inside if each != call] + [call]
        else:
            assert isinstance(first, Refused)

    @rule(call=CALLS, why=st.sampled_from(["hung_up", "redirected", "removed"]))
    def go(self, call: str, why: str) -> None:
        change = self.take(Exit(call, "lobby", why))
        self.inside = [each for each in self.inside if each != call]
        for other, letter in change.replies:
            assert isinstance(letter, Dismissed)
            self.inside.remove(other)

    @rule(call=CALLS)
    def speak(self, call: str) -> None:
        change = self.take(RoomSaid(call, "lobby", self.now, "Hi", "en-US", 300))
        assert {each for each, _ in change.replies} <= set(self.inside) - {call}

    @invariant()
    def the_count_is_exact_and_nobody_is_in_twice(self) -> None:
        members = [each.call for each in self.room.members] if self.room else []
        assert members == self.inside
        assert len(set(members)) == len(members)
        assert self.facts[Did.JOINED] - self.facts[Did.LEFT] == len(members)

    @invariant()
    def an_ended_room_is_empty_and_a_live_one_is_not(self) -> None:
        assert self.room is None or self.room.live == bool(self.room.members)
        live = 1 if self.room is not None and self.room.live else 0
        assert self.facts[Did.CREATED] == self.facts[Did.ENDED] + live
        assert self.facts[Did.STARTED] <= self.facts[Did.CREATED]

    @invariant()
    def whoever_is_let_in_is_sent_away_at_most_once(self) -> None:
        let_in = Counter((call, each.ticket) for call, each in self.letters if isinstance(each, Admitted))
        sent_away = Counter((call, each.ticket) for call, each in self.letters if isinstance(each, Dismissed))
        assert all(count == 1 for count in (*let_in.values(), *sent_away.values()))
        assert set(sent_away) <= set(let_in)

    @invariant()
    def a_started_room_had_its_quorum(self) -> None:
        if self.room is not None and self.room.status is Status.WAITING:
            assert len(self.room.members) < self.room.quorum or not any(m.starts for m in self.room.members)


TestRoomMachine = RoomMachine.TestCase
TestRoomMachine.settings = settings(max_examples=150, stateful_step_count=15, deadline=None)
