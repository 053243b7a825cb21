"""What customers may do to a room, and what those who are in it are told."""

from __future__ import annotations

from typing import Any

import pytest

from telefonie.core.attending import Announce, Close, Invite, Remove, Steer, Steering, Wish
from telefonie.core.errors import Conflict, Illegal, Unknown
from telefonie.core.events import Actor
from telefonie.core.messages import (
    Admitted,
    Announced,
    Dismissed,
    Exit,
    Started,
    Steered,
    Uninvited,
)
from telefonie.core.room import Did, Status
from tests.core.halls import Hall, enter, guest

ANN, BOB, CAT, DAN = "ann", "bob", "cat", "dan"


@pytest.fixture
def hall() -> Hall:
    return Hall(most=4)


def steer(call: str, **how: Any) -> Steer:
    return Steer(call, Steering(**how))


def test_an_open_room_waits_and_its_name_leads_to_it(hall: Hall) -> None:
    assert hall.did == ["created"]
    assert hall.facts[0].actor is Actor.CUSTOMER
    assert (hall.room.status, hall.room.quorum, hall.room.most) == (Status.WAITING, 2, 4)
    [(call, admitted)] = hall.tell(enter(ANN, most=2))
    assert isinstance(admitted, Admitted)
    assert (call, admitted.started, admitted.name) == (ANN, False, "lobby")
    assert hall.room.most == 4


@pytest.mark.parametrize(
    "wish", [Invite(guest(ANN)), steer(ANN), Remove(ANN), Announce("https://a.test"), Close()]
)
def test_nothing_can_be_done_to_a_room_that_is_over(hall: Hall, wish: Wish) -> None:
    hall.wish(Close())
    before = hall.meeting
    with pytest.raises(Illegal, match="The conference is ended"):
        hall.wish(wish)
    assert hall.meeting is before


# -- calling in --


def test_a_guest_has_a_place_and_comes_in_as_was_settled(hall: Hall) -> None:
    hall.wish(Invite(guest(ANN, label="boss", muted=True, starts=False, ends=True, beep="none", held=True)))
    assert (hall.inside, hall.expected, hall.room.places) == ([], [ANN], 3)
    assert hall.did == ["created"]
    [(_, admitted)] = hall.tell(enter(ANN, ticket=3, room="r", label="other", muted=False, listens=True))
    assert isinstance(admitted, Admitted)
    assert (admitted.held, admitted.beep) == (True, "none")
    [member] = hall.room.members
    assert (member.ticket, member.label, member.muted, member.starts, member.ends) == (
        3,
        "boss",
        True,
        False,
        True,
    )
    assert (member.held, member.listens, hall.expected) == (True, True, [])
    assert hall.facts[-1].data["held"] is True


def test_a_room_with_guests_on_the_way_takes_no_more_than_it_may(hall: Hall) -> None:
    for call in (ANN, BOB, CAT, DAN):
        hall.wish(Invite(guest(call)))
    with pytest.raises(Conflict) as refused:
        hall.wish(Invite(guest("eve")))
    assert refused.value.slug == "conference_full"
    [(_, reply)] = hall.tell(enter("eve"))
    assert getattr(reply, "code", None) == 16020
    hall.tell(enter(ANN))
    hall.tell(Exit(BOB, "lobby", "add_failed", status="busy"))
    assert (hall.inside, hall.expected) == ([ANN], [CAT, DAN])
    assert hall.facts[-1].data == {"joined": False, "status": "busy"}
    hall.tell(enter("eve"))
    assert hall.inside == [ANN, "eve"]


@pytest.mark.parametrize("taken", ["member", "guest"])
def test_a_label_is_taken_by_who_is_in_and_by_who_is_on_the_way(hall: Hall, taken: str) -> None:
    if taken == "member":
        hall.tell(enter(ANN, label="boss"))
    else:
        hall.wish(Invite(guest(ANN, label="boss")))
    with pytest.raises(Conflict) as refused:
        hall.wish(Invite(guest(BOB, label="boss")))
    assert refused.value.slug == "label_in_use"
    [(_, reply)] = hall.tell(enter(BOB, label="boss"))
    assert getattr(reply, "code", None) == 16025


def test_a_guest_may_coach_who_is_in_or_on_the_way_and_nobody_else(hall: Hall) -> None:
    hall.tell(enter(ANN))
    hall.wish(Invite(guest(BOB, heard_by=(ANN,))))
    hall.wish(Invite(guest(CAT, heard_by=(BOB,))))
    for nobody in ("nobody", DAN):
        with pytest.raises(Conflict) as refused:
            hall.wish(Invite(guest(DAN, heard_by=(nobody,))))
        assert refused.value.slug == "coach_not_in_conference"
    assert hall.expected == [BOB, CAT]


def test_a_room_in_which_nobody_was_lives_on_when_its_guests_do_not_come(hall: Hall) -> None:
    hall.wish(Invite(guest(ANN)))
    hall.tell(Exit(ANN, "lobby", "add_failed", status="unanswered"))
    assert hall.room.live
    hall.tell(enter(BOB))
    hall.wish(Invite(guest(CAT)))
    hall.tell(Exit(BOB, "lobby"))
    assert hall.room.live
    hall.tell(Exit(CAT, "lobby", "add_failed", status="busy"))
    assert hall.did[-2:] == ["left cat add_failed", "ended cat last_left"]


# -- steering --


def test_what_changes_is_a_fact_and_told_to_the_call_and_what_does_not_is_not(hall: Hall) -> None:
    hall.tell(enter(ANN))
    room = hall.meeting.id if hall.meeting else ""
    assert hall.wish(steer(ANN, muted=True, held=True)) == [(ANN, Steered(7, room, True, True))]  # noqa: FBT003 - both
    assert hall.wish(steer(ANN, muted=True, held=True)) == []
    assert hall.wish(steer(ANN, held=False)) == [(ANN, Steered(7, room, None, False))]  # noqa: FBT003 - held
    assert hall.wish(steer(ANN, ends=True)) == []
    assert hall.did[-4:] == ["muted ann", "held ann", "unheld ann", "modified ann"]
    [member] = hall.room.members
    assert (member.muted, member.held, member.ends) == (True, False, True)


def test_who_coaches_is_heard_by_one_until_he_does_not(hall: Hall) -> None:
    for call in (ANN, BOB):
        hall.tell(enter(call))
    hall.wish(steer(BOB, coach=ANN))
    assert hall.facts[-1].data == {"heard_by": [ANN], "hears": None, "ends": False}
    assert hall.room.members[1].coach == ANN
    hall.wish(steer(BOB, coach=""))
    assert hall.facts[-1].data["heard_by"] is None
    for nobody in ("nobody", BOB):
        with pytest.raises(Conflict):
            hall.wish(steer(BOB, coach=nobody))


def test_a_guest_is_steered_for_later_and_hears_no_announcement(hall: Hall) -> None:
    hall.wish(Invite(guest(ANN)))
    assert hall.wish(steer(ANN, muted=True, held=True, ends=True)) == []
    assert hall.did == ["created"]
    [there] = hall.room.guests
    assert (there.muted, there.held, there.ends) == (True, True, True)
    with pytest.raises(Illegal):
        hall.wish(steer(ANN, announce_url="https://a.test"))
    with pytest.raises(Unknown):
        hall.wish(steer(BOB, muted=True))


def test_an_announcement_is_for_one_or_for_all_who_are_in(hall: Hall) -> None:
    for call in (ANN, BOB):
        hall.tell(enter(call))
    hall.wish(Invite(guest(CAT)))
    room = hall.meeting.id if hall.meeting else ""
    hear = Announced(7, room, "https://a.test/hear", "GET")
    assert hall.wish(Announce("https://a.test/hear", "GET")) == [(ANN, hear), (BOB, hear)]
    alone = steer(BOB, announce_url="https://a.test/hear", announce_method="GET")
    assert hall.wish(alone) == [(BOB, hear)]
    assert hall.did[-2:] == ["announced", "announced bob"]


# -- going --


@pytest.mark.parametrize(("ends", "why"), [(True, "ender_removed"), (False, "last_removed")])
def test_who_is_removed_is_told_and_may_thereby_end_it(hall: Hall, *, ends: bool, why: str) -> None:
    hall.tell(enter(ANN, ends=ends))
    room = hall.meeting.id if hall.meeting else ""
    assert hall.wish(Remove(ANN)) == [(ANN, Dismissed(7, room, "removed"))]
    assert hall.did[-2:] == ["left ann removed", f"ended ann {why}"]
    assert hall.tell(Exit(ANN, "lobby")) == []


def test_a_guest_who_is_removed_need_not_come(hall: Hall) -> None:
    hall.wish(Invite(guest(ANN)))
    room = hall.meeting.id if hall.meeting else ""
    assert hall.wish(Remove(ANN)) == [(ANN, Uninvited(room, "removed"))]
    assert hall.did == ["created", "left ann removed"]
    assert hall.facts[-1].data == {"joined": False, "status": "canceled"}
    with pytest.raises(Unknown):
        hall.wish(Remove(ANN))


def test_closing_sends_all_away_and_ends_last(hall: Hall) -> None:
    for call in (ANN, BOB):
        hall.tell(enter(call))
    hall.wish(Invite(guest(CAT)))
    room = hall.meeting.id if hall.meeting else ""
    gone = Dismissed(7, room, "closed")
    assert hall.wish(Close()) == [(ANN, gone), (BOB, gone), (CAT, Uninvited(room, "closed"))]
    assert hall.did[-4:] == ["left ann closed", "left bob closed", "left cat closed", "ended closed"]
    assert {each.actor for each in hall.facts[-4:]} == {Actor.CUSTOMER}
    assert hall.facts[-1].did is Did.ENDED


def test_who_ends_it_by_going_keeps_the_guests_away(hall: Hall) -> None:
    hall.tell(enter(ANN, ends=True))
    hall.wish(Invite(guest(BOB)))
    room = hall.meeting.id if hall.meeting else ""
    assert hall.tell(Exit(ANN, "lobby")) == [(BOB, Uninvited(room, "ender_left"))]
    assert hall.did[-3:] == ["left ann hung_up", "left bob ended", "ended ann ender_left"]


def test_a_guest_counts_for_the_start_only_once_he_is_in(hall: Hall) -> None:
    hall.wish(Invite(guest(ANN)))
    hall.tell(enter(BOB))
    assert [each.did for each in hall.facts] == ["created", "joined"]
    replies = hall.tell(enter(ANN))
    room = hall.meeting.id if hall.meeting else ""
    assert (BOB, Started(7, room)) in replies
    assert hall.room.status is Status.STARTED
