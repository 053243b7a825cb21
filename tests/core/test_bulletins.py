"""Who is told of what happens in a room, in which order, and what of it is recorded."""

from __future__ import annotations

from typing import Any, Final

import pytest

from telefonie.core.attending import Announce, Close, Invite, Remove, Steer, Steering, SteerRecording
from telefonie.core.derive import part_id
from telefonie.core.errors import Illegal, Unknown
from telefonie.core.messages import Enter, Exit, RoomSaid
from telefonie.core.recordings import News, Source, Status, Trigger
from telefonie.core.room import Did, Room, Terms, packed_terms
from tests.core.halls import URL, Hall, enter, guest

ANN, BOB, CAT = "ann", "bob", "cat"
RECORDED: Final = Terms(record=True, recording_url="https://customer.test/tapes")


def come(call: str, terms: Terms | None = None, **more: Any) -> Enter:
    return enter(call, terms=packed_terms(terms or Terms()), **more)


def said(call: str, at: int, ms: int) -> RoomSaid:
    return RoomSaid(call, "lobby", at, "Hello", "en-US", ms)


# -- letters --


def test_a_room_that_nobody_is_told_of_wishes_nothing() -> None:
    hall = Hall()
    hall.tell(enter(ANN))
    hall.tell(Exit(ANN, "lobby"))
    assert hall.effects == []
    assert hall.did == ["created ann", "joined ann", "left ann hung_up", "ended ann last_left"]


def test_the_usual_events_are_told_in_order_with_the_room_as_it_stood() -> None:
    hall = Hall(report_url=URL)
    hall.tell(enter(ANN))
    hall.tell(enter(BOB))
    hall.wish(Steer(ANN, Steering(muted=True, held=True, ends=True)))
    hall.wish(Announce("https://a.test"))
    hall.wish(Steer(ANN, Steering(muted=False, held=False)))
    hall.tell(Exit(ANN, "lobby"))
    assert hall.told == [
        *("created", "joined ann", "joined bob", "started bob"),
        *("muted ann", "held ann", "unmuted ann", "unheld ann"),
        *("left ann", "left bob", "ended ann"),
    ]
    assert [each.sequence for each in hall.letters] == list(range(11))
    assert [each.lane.place for each in hall.letters] == list(range(11))
    counts = [len(each.room.state.members) for each in hall.letters if isinstance(each.room.state, Room)]
    assert counts == [0, 1, 2, 2, 2, 2, 2, 2, 1, 0, 0]
    assert [each.room.status for each in hall.letters][-2:] == ["started", "ended"]
    assert {(each.url, each.method, each.lane.face) for each in hall.letters} == {(URL, "POST", "plain")}
    mute, left = hall.letters[4], hall.letters[8]
    assert mute.member is not None
    assert (mute.member.call, mute.member.muted) == (ANN, True)
    assert left.member is not None
    assert left.member.call == ANN


def test_only_what_was_asked_for_is_told_and_the_first_one_says_where() -> None:
    hall = Hall()
    wanted = Terms(URL, "GET", (Did.JOINED, Did.MODIFIED, Did.ANNOUNCED))
    hall.tell(come(ANN, wanted))
    hall.tell(come(BOB, Terms("https://elsewhere.test")))
    hall.wish(Steer(ANN, Steering(coach=BOB)))
    hall.wish(Announce("https://a.test"))
    hall.wish(Close())
    assert hall.told == ["joined ann", "joined bob", "modified ann", "announced"]
    assert {(each.url, each.method) for each in hall.letters} == {(URL, "GET")}
    assert [each.sequence for each in hall.letters] == [0, 1, 2, 3]


def test_facts_are_numbered_whether_they_are_told_or_not() -> None:
    hall = Hall(report_url=URL)
    for call in (ANN, BOB):
        hall.tell(enter(call))
    hall.wish(Invite(guest(CAT)))
    hall.wish(Announce("https://a.test"))
    hall.wish(Remove(CAT))
    hall.wish(Close())
    assert [each.ordinal for each in hall.facts] == list(range(len(hall.facts)))


# -- the recording --


def test_a_room_is_recorded_from_its_start_to_its_end_and_no_waiting_is() -> None:
    hall = Hall(report_url=URL, record=True, channels=2)
    hall.tell(enter(ANN), after=1_000)
    assert hall.kept == []
    hall.tell(enter(BOB), after=5_000)
    hall.tell(Exit(BOB, "lobby"), after=10_000)
    hall.tell(Exit(ANN, "lobby"), after=3_000)
    assert hall.meeting is not None
    begun, over = hall.kept
    assert (begun.id, begun.call_id, begun.room_id) == (
        part_id(hall.meeting.id, "recording", "1"),
        BOB,
        hall.meeting.id,
    )
    assert (begun.source, begun.channels, begun.since, begun.currency) == (Source.ROOM, 2, 7_000, "USD")
    assert (over.status, over.ms, over.why) == (Status.COMPLETED, 13_000, "room_ended")
    assert hall.told[3:] == [
        "started bob",
        "recording started",
        "left bob",
        "left ann",
        "ended ann",
        "recording completed",
    ]
    places = [each.lane.place for each in hall.letters] + [each.lane.place for each in hall.news]
    assert sorted(places) == list(range(len(places)))
    assert [(each.sequence, each.recording.url) for each in hall.news] == [(0, URL), (1, URL)]


def test_its_own_url_is_told_of_a_recording_what_was_asked_for() -> None:
    hall = Hall()
    terms = Terms(
        URL,
        record=True,
        recording_url="https://customer.test/tapes",
        recording_method="GET",
        recording_on=(News.COMPLETED,),
    )
    for call in (ANN, BOB):
        hall.tell(come(call, terms))
    hall.wish(Close(), after=2_000)
    [news] = hall.news
    assert (news.news, news.recording.url, news.recording.method) == (
        News.COMPLETED,
        "https://customer.test/tapes",
        "GET",
    )
    assert news.sequence == 0
    assert hall.kept[-1].reports == 1


def test_a_room_that_never_starts_is_not_recorded_and_one_that_takes_no_time_fails() -> None:
    hall = Hall(report_url=URL, record=True)
    hall.tell(enter(ANN))
    hall.wish(Close())
    assert hall.kept == []
    brief = Hall(report_url=URL, record=True)
    for call in (ANN, BOB):
        brief.tell(enter(call), after=0)
    brief.wish(Close(), after=0)
    assert [each.status for each in brief.kept] == [Status.RUNNING, Status.FAILED]
    assert brief.told[-1] == "recording failed"


def test_a_recording_is_paused_and_goes_on_but_ends_only_with_the_room() -> None:
    hall = Hall(report_url=URL, record=True)
    with pytest.raises(Unknown):
        hall.wish(SteerRecording("x", Trigger.PAUSE))
    for call in (ANN, BOB):
        hall.tell(enter(call))
    tape = hall.kept[0].id
    hall.wish(SteerRecording(tape, Trigger.PAUSE, skips=True), after=4_000)
    with pytest.raises(Illegal):
        hall.wish(SteerRecording(tape, Trigger.PAUSE))
    hall.wish(SteerRecording(tape, Trigger.RESUME), after=1_999)
    with pytest.raises(Illegal, match="ends with it"):
        hall.wish(SteerRecording(tape, Trigger.FINISH))
    with pytest.raises(Unknown):
        hall.wish(SteerRecording("x", Trigger.PAUSE))
    hall.wish(Close(), after=1_000)
    over = hall.kept[-1]
    assert (over.skips, len(over.gaps), over.status) == (True, 1, Status.COMPLETED)
    assert [each.news for each in hall.news] == [News.STARTED, News.COMPLETED]


# -- silence is cut off --


def quiet(call: str) -> Enter:
    return come(call, Terms(record=True, trim=True), beep="none")


def test_silence_at_both_ends_is_cut_off_if_that_was_asked_for() -> None:
    hall = Hall()
    for call in (ANN, BOB):
        hall.tell(quiet(call))
    start = hall.now
    for at, ms in ((3_000, 1_000), (9_000, 500)):
        hall.tell(said(ANN, start + at, ms), after=0)
    hall.wish(Close(), after=20_000)
    over = hall.kept[-1]
    assert (over.since - start, over.ms) == (3_000, 6_500)


def test_who_is_not_heard_by_all_makes_no_sound_and_without_any_the_recording_has_failed() -> None:
    hall = Hall()
    for call in (ANN, BOB, CAT):
        hall.tell(quiet(call))
    hall.wish(Steer(ANN, Steering(muted=True)))
    hall.wish(Steer(BOB, Steering(held=True)))
    hall.wish(Steer(CAT, Steering(coach=ANN)))
    for call in (ANN, BOB, CAT, "stranger"):
        hall.tell(said(call, hall.now, 1_000))
    assert hall.room.sound is None
    hall.wish(Close(), after=20_000)
    assert hall.kept[-1].status is Status.FAILED


def test_tones_and_words_that_are_cut_short_are_sound_until_the_end() -> None:
    hall = Hall()
    for call in (ANN, BOB):
        hall.tell(come(call, Terms(record=True, trim=True), beep="enter" if call == BOB else "none"))
    start = hall.now
    assert hall.room.sound == (start, start + 500)
    hall.tell(said(BOB, start + 4_000, 3_000), after=4_000)
    hall.wish(Close(), after=1_000)
    assert (hall.kept[-1].since, hall.kept[-1].ms) == (start, 5_000)


def test_nothing_is_remembered_of_sounds_where_nothing_is_cut_off() -> None:
    hall = Hall()
    for call in (ANN, BOB):
        hall.tell(come(call, RECORDED))
    before = hall.meeting
    hall.tell(said(ANN, hall.now, 1_000))
    assert hall.meeting is before
