"""Dial's Conference and the action conversation: calls meet in a room by its name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest

from telefonie.core.attending import Announce, Close, Invite, Remove, Steer, Steering
from telefonie.core.call import Status
from telefonie.core.commands import HangUp, Redirect
from telefonie.core.effects import KeepRecording, NotifyRecording, NotifyRoom
from telefonie.core.events import Actor, Kind
from telefonie.core.meetings import Kind as Meet
from telefonie.core.phones import Behaviour, Outcome
from telefonie.core.recordings import USUAL, News
from telefonie.core.room import Did, Member, Room, Terms
from telefonie.core.room import Status as RoomStatus
from telefonie.flow.commands import Lost
from telefonie.flow.effects import Purpose
from tests.support.meetings import Meetings, meeting_play
from tests.support.play import Play, Played

SILENT: Final = "waitUrl=''"
ANSWERED: Final = {"dial_call_status": "answered", "conference_id": "room-1", "conference_name": "lobby"}


def dial(attributes: str = "", dial: str = "", room: str = "lobby") -> str:
    """A document that goes into a room, and says something afterwards."""
    inner = f"<Conference {attributes}>{room}</Conference>"
    return f"<Response><Dial {dial}>{inner}</Dial><Say>After</Say></Response>"


def come(play: Play, attributes: str = "", more: str = "", **order: object) -> Played:
    return play.call(dial(attributes, more), **order)  # type: ignore[arg-type]


def room(meetings: Meetings, name: str = "lobby") -> Room | None:
    found = meetings.find(Meet.ROOM, name)
    if found is None:
        return None
    assert isinstance(found.state, Room)
    return found.state


@pytest.fixture
def two() -> tuple[Play, Meetings, Played, Played]:
    """Two calls in one room."""
    play, meetings = meeting_play()
    return play, meetings, come(play, SILENT), come(play, SILENT)


# -- the room --


def test_two_calls_meet_in_the_room_that_both_name(two: tuple[Play, Meetings, Played, Played]) -> None:
    _, meetings, ann, bob = two
    found = room(meetings)
    assert found is not None
    assert [each.call for each in found.members] == [ann.id, bob.id]
    assert ann.of(Kind.JOINED) == bob.of(Kind.JOINED) == [{"room": "room-1", "name": "lobby"}]
    assert meetings.did == ["created", "joined", "joined", "started"]
    assert ann.status is bob.status is Status.TALKING


def test_the_name_is_trimmed_and_may_have_128_characters() -> None:
    play, meetings = meeting_play()
    play.call(dial(room=f"  {'n' * 128}\n"))
    assert room(meetings, "n" * 128) is not None
    long = play.call(dial(room="n" * 129))
    play.finish()
    assert long.warned == [13237]
    assert long.said == ["After"]
    nobody = play.call(dial(room="  "))
    play.finish()
    assert nobody.warned == [13237]


def test_what_one_says_the_others_hear_if_they_listen_for_words(
    two: tuple[Play, Meetings, Played, Played],
) -> None:
    play, _, ann, _ = two
    cat = come(play, SILENT, script=[{"when_heard": {"text": "thanks"}, "then": []}])
    ann.speak("Hello everybody")
    play.pass_time(5)
    assert [each["text"] for each in cat.of(Kind.OVERHEARD)] == ["Hello everybody"]
    assert ann.of(Kind.OVERHEARD) == []


def test_the_last_who_leaves_ends_it_and_the_name_makes_a_new_room(
    two: tuple[Play, Meetings, Played, Played],
) -> None:
    play, meetings, ann, bob = two
    ann.tell(HangUp(Actor.CUSTOMER))
    bob.tell(HangUp(Actor.CUSTOMER))
    play.pass_time(1)
    assert ann.of(Kind.LEFT) == [{"room": "room-1", "name": "lobby", "why": "hung_up"}]
    assert meetings.did[-3:] == ["left hung_up", "left hung_up", "ended last_left"]
    cat = come(play, SILENT)
    assert cat.of(Kind.JOINED) == [{"room": "room-2", "name": "lobby"}]


def test_a_redirect_takes_a_call_out_and_the_others_stay(two: tuple[Play, Meetings, Played, Played]) -> None:
    play, meetings, ann, bob = two
    play.pages["/away"] = "<Response><Say>Away</Say></Response>"
    ann.tell(Redirect("https://app.test/away", "POST"))
    play.pass_time(0)
    assert ann.said == ["Away"]
    assert [each["why"] for each in ann.of(Kind.LEFT)] == ["redirected"]
    assert not bob.over
    assert meetings.did[-1] == "left redirected"


# -- attributes --


def test_muted_members_are_not_heard() -> None:
    play, _ = meeting_play()
    ann = come(play, f"{SILENT} muted='true'")
    bob = come(play, SILENT, script=[{"when_heard": {"text": "thanks"}, "then": []}])
    ann.speak("Hello")
    play.pass_time(5)
    assert bob.of(Kind.OVERHEARD) == []


@pytest.mark.parametrize(
    ("beep", "beeps"),
    [("", 1), ("beep='true'", 1), ("beep='onEnter'", 1), ("beep='onExit'", 0), ("beep='false'", 0)],
)
def test_a_tone_is_heard_by_who_comes_in(beep: str, beeps: int) -> None:
    play, _ = meeting_play()
    come(play, SILENT)
    bob = come(play, f"{SILENT} {beep}")
    assert [each["what"] for each in bob.of(Kind.PLAYED)] == ["beep"] * beeps


def test_who_may_not_start_it_waits_for_one_who_may() -> None:
    play, meetings = meeting_play()
    waiting = [come(play, f"{SILENT} startConferenceOnEnter='false'") for _ in range(2)]
    assert "started" not in meetings.did
    come(play, SILENT)
    play.pass_time(0)
    assert meetings.did[-1] == "started"
    assert [len(each.of(Kind.PLAYED)) for each in waiting] == [1, 1]  # the tone, now that it starts


def test_who_ends_it_by_going_sends_all_others_on_with_their_documents() -> None:
    play, meetings = meeting_play()
    boss = come(play, f"{SILENT} endConferenceOnExit='true'")
    others = [come(play, SILENT), come(play, SILENT, "action='/done'")]
    play.pages["/done"] = "<Response><Say>Done</Say></Response>"
    boss.tell(HangUp(Actor.CUSTOMER))
    play.pass_time(0)
    assert [each.said for each in others] == [["After"], ["Done"]]
    assert [each.of(Kind.LEFT)[0]["why"] for each in others] == ["ender_left", "ender_left"]
    assert play.actions == [("/done", ANSWERED)]
    assert meetings.did[-4:] == ["left hung_up", "left ended", "left ended", "ended ender_left"]


def test_a_label_that_is_in_use_is_refused_and_the_next_verb_runs() -> None:
    play, _ = meeting_play()
    come(play, f"{SILENT} participantLabel='boss'")
    bob = come(play, f"{SILENT} participantLabel='boss'")
    play.finish()
    assert bob.warned == [16025]
    assert bob.said == ["After"]
    assert bob.of(Kind.JOINED) == bob.of(Kind.LEFT) == []


def test_a_full_room_is_a_failed_dial() -> None:
    play, _ = meeting_play({"/done": "<Response/>"})
    for _ in range(2):
        come(play, f"{SILENT} maxParticipants='2'")
    cat = come(play, f"{SILENT} maxParticipants='250'", "action='/done'")
    play.finish()
    assert cat.warned == [16020]
    assert play.actions == [("/done", {"dial_call_status": Status.FAILED})]


def test_a_coach_of_somebody_who_is_not_there_is_warned_of_and_heard_by_all() -> None:
    play, meetings = meeting_play()
    ann = come(play, "coach='00000000-0000-4000-8000-00000000000a'")
    assert ann.warned == [13240]
    found = room(meetings)
    assert found is not None
    assert found.members[0].heard_by is None


def test_a_coach_is_heard_by_one_call_only() -> None:
    play, meetings = meeting_play()
    ann = come(play, SILENT)
    coach = come(play, f"{SILENT} coach='{ann.id}'")
    found = room(meetings)
    assert found is not None
    coaching = found.member(coach.id)
    assert coaching is not None
    assert coaching.heard_by == (ann.id,)
    assert come(play, f"{SILENT} coach='nobody'").warned == [13240]


@pytest.mark.parametrize(
    ("attribute", "code"),
    [
        ("muted='yes'", 13230),
        ("endConferenceOnExit='yes'", 13231),
        ("startConferenceOnEnter='1'", 13232),
        ("waitUrl='no url'", 13233),
        ("waitMethod='PUT'", 13234),
        ("beep='loud'", 13235),
        ("maxParticipants='1'", 12200),
        ("maxParticipants='251'", 12200),
        (f"participantLabel='{'l' * 129}'", 12200),
        ("jitterBufferSize='huge'", 12200),
        ("record='always'", 12200),
        ("trim='maybe'", 12200),
        ("statusCallbackEvent='lunch'", 12200),
        ("statusCallbackMethod='PUT'", 12200),
        ("recordingStatusCallbackEvent='lunch'", 12200),
        ("colour='red'", 12200),
    ],
)
def test_a_wrong_value_is_warned_of_and_the_call_goes_in(attribute: str, code: int) -> None:
    play, meetings = meeting_play()
    ann = come(play, attribute)
    assert ann.warned == [code]
    assert meetings.did == ["created", "joined"]


def test_what_has_no_effect_here_is_read() -> None:
    play, _ = meeting_play()
    assert come(play, "jitterBufferSize='small' region='ie1' eventCallbackUrl='/e'").warned == []


# -- what the first who comes settles --

EVERY_WORD: Final = "start end join leave mute hold modify speaker announcement"


def terms(meetings: Meetings) -> Terms:
    found = room(meetings)
    assert found is not None
    return found.terms


def test_nobody_is_told_and_nothing_recorded_unless_it_is_asked_for() -> None:
    play, meetings = meeting_play()
    come(play)
    assert terms(meetings) == Terms(report_on=(), recording_on=(News.COMPLETED,), trim=True)


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("start", [Did.STARTED]),
        ("end", [Did.ENDED]),
        ("join", [Did.JOINED]),
        ("leave", [Did.LEFT]),
        ("mute", [Did.MUTED, Did.UNMUTED]),
        ("hold", [Did.HELD, Did.UNHELD]),
        ("modify", [Did.MODIFIED]),
        ("announcement", [Did.ANNOUNCED]),
        ("speaker", []),
    ],
)
def test_of_what_the_status_callback_is_told(word: str, told: list[Did]) -> None:
    play, meetings = meeting_play()
    come(play, f"statusCallback='events' statusCallbackMethod='GET' statusCallbackEvent='{word}'")
    assert terms(meetings).report_on == tuple(told)
    assert (terms(meetings).report_url, terms(meetings).report_method) == ("https://app.test/events", "GET")


def test_the_first_one_settles_whom_all_is_told() -> None:
    play, meetings = meeting_play()
    come(play, f"statusCallback='/first' statusCallbackEvent='{EVERY_WORD}' maxParticipants='2'")
    come(play, f"statusCallback='/second' statusCallbackEvent='{EVERY_WORD}' record='record-from-start'")
    letters = [each for each in meetings.effects if isinstance(each, NotifyRoom)]
    assert [each.fact.did for each in letters] == [Did.JOINED, Did.JOINED, Did.STARTED]
    assert {(each.url, each.method) for each in letters} == {("https://app.test/first", "POST")}
    assert [each.sequence for each in letters] == [0, 1, 2]


def test_a_room_is_recorded_from_its_start_and_that_is_told_where_it_was_asked_for() -> None:
    play, meetings = meeting_play()
    given = (
        "record='record-from-start' trim='do-not-trim' recordingStatusCallback='/tapes'"
        " recordingStatusCallbackMethod='GET' recordingStatusCallbackEvent='in-progress completed absent'"
    )
    ann = come(play, given)
    assert meetings.effects == []
    play.pass_time(5)
    bob = come(play, SILENT)
    play.pass_time(20)
    for each in (bob, ann):
        each.tell(HangUp(Actor.CUSTOMER))
    news = [each for each in meetings.effects if isinstance(each, NotifyRecording)]
    assert [each.news for each in news] == [News.STARTED, News.COMPLETED]
    it = news[-1].recording
    assert (it.url, it.method, it.trim, it.channels) == ("https://app.test/tapes", "GET", False, 1)
    assert (it.call_id, it.ms, it.currency) == (bob.id, 20_000, "USD")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("", [News.COMPLETED]),
        ("recordingStatusCallbackEvent='in-progress'", [News.STARTED]),
        ("recordingStatusCallbackEvent='absent'", [News.FAILED]),
    ],
)
def test_of_what_the_recording_status_callback_is_told(words: str, told: list[News]) -> None:
    play, meetings = meeting_play()
    come(play, f"recordingStatusCallback='/tapes' {words}")
    assert terms(meetings).recording_on == tuple(told)


# -- waiting --


def test_music_is_heard_until_it_starts() -> None:
    play, _ = meeting_play()
    ann = come(play)
    assert [each["what"] for each in ann.of(Kind.PLAYED)] == ["music"]
    play.pass_time(60)
    assert ann.of(Kind.HUSHED) == []
    come(play)
    play.pass_time(0)
    assert len(ann.of(Kind.HUSHED)) == 1
    assert [each["what"] for each in ann.of(Kind.PLAYED)] == ["music", "beep"]


def test_an_empty_wait_url_is_silence() -> None:
    play, _ = meeting_play()
    ann = come(play, SILENT)
    play.finish()  # nobody waits for anything
    assert ann.of(Kind.PLAYED) == []
    assert not ann.over


def test_after_the_wait_document_there_is_silence_unless_it_leads_on() -> None:
    play, _ = meeting_play({"/wait": "<Response><Say>Please wait</Say><Pause length='9'/></Response>"})
    ann = come(play, "waitUrl='/wait' waitMethod='GET'")
    play.pass_time(25)
    assert ann.said == ["Please wait"]
    waits = [each for each in play.asked if each.purpose is Purpose.BESIDE]
    assert [each.method for each in waits] == ["GET"]
    come(play, SILENT)
    play.pass_time(60)
    assert play.fetched.count("/wait") == 1


def test_a_wait_document_that_leads_on_is_heard_until_the_room_starts() -> None:
    looping = "<Response><Say>Please wait</Say><Pause length='9'/><Redirect>/wait</Redirect></Response>"
    play, _ = meeting_play({"/wait": looping})
    ann = come(play, "waitUrl='/wait'")
    play.pass_time(25)
    assert ann.said == ["Please wait"] * 3
    come(play, SILENT)
    play.pass_time(60)
    assert play.fetched.count("/wait") == 3


def test_the_wait_document_may_play_say_pause_and_redirect_only() -> None:
    pages = {
        "/wait": "<Response><Hangup/><Gather/><Redirect>/more</Redirect></Response>",
        "/more": "<Response><Pause length='60'/></Response>",
    }
    play, _ = meeting_play(pages)  # type: ignore[arg-type]
    ann = come(play, "waitUrl='/wait'")
    play.pass_time(10)
    assert ann.warned == [13238, 13238]
    assert not ann.over
    assert play.fetched == ["/", "/wait", "/more"]


def test_a_wait_document_that_leads_to_itself_is_paced() -> None:
    play, _ = meeting_play({"/wait": "<Response><Redirect/></Response>"})
    come(play, "waitUrl='/wait'")
    play.pass_time(60)
    assert 60 < play.fetched.count("/wait") < 80


def test_a_wait_document_that_cannot_be_had_ends_the_dial() -> None:
    play, meetings = meeting_play({"/wait": Lost(11200, "gone", 404), "/done": "<Response/>"})
    ann = come(play, "waitUrl='/wait'", "action='/done'")
    play.finish()
    assert ann.warned == [11200]
    assert play.actions == [("/done", {**ANSWERED, "dial_call_status": Status.FAILED})]
    assert room(meetings) is None


# -- what Dial says --


def test_the_star_key_leaves_the_room_if_dial_says_so(two: tuple[Play, Meetings, Played, Played]) -> None:
    play, _, ann, _ = two
    ann.press("*")
    cat = come(play, SILENT, "hangupOnStar='true'")
    cat.press("1*")
    play.pass_time(0.5)
    assert ann.of(Kind.LEFT) == []
    assert [each["why"] for each in cat.of(Kind.LEFT)] == ["star"]
    assert cat.said == ["After"]


def test_the_time_limit_counts_from_coming_in() -> None:
    play, _ = meeting_play()
    ann = come(play, "", "timeLimit='30'")
    play.pass_time(29.9)
    assert ann.of(Kind.LEFT) == []
    play.pass_time(0.1)
    assert [each["why"] for each in ann.of(Kind.LEFT)] == ["time_limit"]
    assert ann.said == ["After"]


def test_the_action_is_asked_without_id_and_duration(two: tuple[Play, Meetings, Played, Played]) -> None:
    play, _, _, _ = two
    play.pages["/done"] = "<Response><Say>Done</Say></Response>"
    cat = come(play, SILENT, "action='done' method='GET' timeLimit='5'")
    play.pass_time(6)
    assert cat.said == ["Done"]
    asked = play.asked[-1]
    assert (asked.url, asked.method, asked.verb, asked.outcome) == (
        "https://app.test/done",
        "GET",
        "Dial",
        ANSWERED,
    )


def test_who_hangs_up_in_the_room_has_the_action_told_only() -> None:
    play, _ = meeting_play({"/done": "<Response/>"})
    ann = come(play, SILENT, "action='/done'")
    ann.tell(HangUp(Actor.CUSTOMER))
    play.pass_time(0)
    assert (play.asked[-1].purpose, play.asked[-1].outcome) == (
        Purpose.TELL,
        ANSWERED,
    )


# -- the action --


def converse(more: str = "", name: str = "lobby") -> str:
    return f'[{{"action":"conversation","name":"{name}"{more}}},{{"action":"talk","text":"After"}}]'


def test_a_conversation_starts_with_the_first_who_comes() -> None:
    play, meetings = meeting_play()
    ann = play.call(converse())
    assert meetings.did == ["created", "joined", "started"]
    assert ann.of(Kind.PLAYED) == []
    assert ann.steps == ["conversation"]


def test_one_who_does_not_start_it_hears_music_until_the_moderator_comes() -> None:
    play, meetings = meeting_play({"/music": "<Response><Pause length='600'/></Response>"})
    play.call(converse(',"startOnEnter":false,"musicOnHoldUrl":["https://app.test/music"]'))
    assert "started" not in meetings.did
    assert play.fetched == ["/", "/music"]
    play.call(converse())
    play.pass_time(0)
    assert meetings.did[-1] == "started"


def test_end_on_exit_ends_it_for_all() -> None:
    play, _ = meeting_play()
    boss, ann = play.call(converse(',"endOnExit":true')), play.call(converse())
    boss.tell(HangUp(Actor.CUSTOMER))
    play.pass_time(0)
    assert ann.said == ["After"]


@pytest.mark.parametrize(
    ("given", "muted", "heard_by", "hears"),
    [
        ("", False, None, None),
        (',"mute":true', True, None, None),
        (',"canSpeak":[]', True, None, None),
        (',"canSpeak":["a"]', False, ("a",), None),
        (',"canHear":[]', False, None, ()),
        (',"canHear":["a","b"]', False, None, ("a", "b")),
    ],
)
def test_who_may_be_heard_and_what_is_heard(given: str, muted: bool, heard_by: object, hears: object) -> None:  # noqa: FBT001 - a row of the table
    play, meetings = meeting_play()
    play.call(converse(given))
    found = room(meetings)
    assert found is not None
    [member] = found.members
    assert (member.muted, member.heard_by, member.hears) == (muted, heard_by, hears)


def test_mute_does_not_go_with_can_speak() -> None:
    play, meetings = meeting_play()
    ann = play.call(converse(',"mute":true,"canSpeak":["a"]'))
    assert ann.warned == [12200]
    found = room(meetings)
    assert found is not None
    assert not found.members[0].muted


def test_a_conversation_needs_a_name_and_reads_the_rest() -> None:
    play, _ = meeting_play()
    ann = play.call('[{"action":"conversation"},{"action":"talk","text":"After"}]')
    play.finish()
    assert ann.warned == [12200]
    assert ann.said == ["After"]


@pytest.mark.parametrize(
    ("given", "order", "url"),
    [
        (',"eventUrl":["https://app.test/e"],"eventMethod":"GET"', {}, "https://app.test/e"),
        ("", {"report_url": "https://app.test/calls"}, "https://app.test/calls"),
        ("", {}, None),
    ],
)
def test_a_conversation_is_recorded_from_its_start(
    given: str, order: dict[str, Any], url: str | None
) -> None:
    play, meetings = meeting_play()
    ann = play.call(converse(f',"record":true{given}'), **order)
    play.pass_time(10)
    ann.tell(HangUp(Actor.CUSTOMER))
    [begun, over] = [each.recording for each in meetings.effects if isinstance(each, KeepRecording)]
    assert (begun.call_id, over.status, over.ms, over.trim) == (ann.id, "completed", 10_000, False)
    assert (over.url, over.on) == (url, (News.COMPLETED, News.FAILED) if url else USUAL)
    told = [each.news for each in meetings.effects if isinstance(each, NotifyRecording)]
    assert told == ([News.COMPLETED] if url else [])


def test_both_spellings_lead_into_one_room() -> None:
    play, meetings = meeting_play()
    play.call(converse())
    come(play, SILENT)
    found = room(meetings)
    assert found is not None
    assert len(found.members) == 2


# -- what customers do to those who are in --


def sounds(call: Played) -> list[str]:
    """What begins and ends for the far end, in order, each with its seconds after the answer."""
    kinds = {Kind.PLAYED: "what", Kind.HUSHED: "", Kind.SAID: "text"}
    zero = call.call.answered_at or 0
    return [
        f"{(each.at - zero) / 1000:g} {each.data.get(kinds[each.kind], 'hushed')}"
        for each in call.events
        if each.kind in kinds and each.actor is Actor.PLATFORM
    ]


def steer(call: Played, **how: Any) -> Steer:
    return Steer(call.id, Steering(**how))


def test_who_is_held_hears_music_and_no_words_until_he_is_taken_back(
    two: tuple[Play, Meetings, Played, Played],
) -> None:
    play, meetings, ann, bob = two
    cat = come(play, SILENT, script=[{"when_heard": {"text": "never"}, "then": []}])
    play.pass_time(5)
    meetings.wish(play, "room-1", steer(cat, held=True))
    bob.speak("Cat cannot hear this")
    play.pass_time(5)
    meetings.wish(play, "room-1", steer(cat, held=False))
    ann.speak("Hello Cat")
    play.pass_time(5)
    assert sounds(cat) == ["0 beep", "5 music", "10 hushed"]
    assert [each["text"] for each in cat.of(Kind.OVERHEARD)] == ["Hello Cat"]
    assert [each["what"] for each in cat.of(Kind.DID)] == ["held", "unheld"]
    assert cat.status is Status.TALKING


def test_who_is_muted_learns_of_it_and_hears_on(two: tuple[Play, Meetings, Played, Played]) -> None:
    play, meetings, ann, _ = two
    for on in (True, False):
        meetings.wish(play, "room-1", steer(ann, muted=on))
    assert [each["what"] for each in ann.of(Kind.DID)] == ["muted", "unmuted"]
    assert sounds(ann) == ["3 beep"]


@pytest.mark.parametrize(
    ("wait", "heard"),
    [
        ("", ["0 music"]),  # it is the same music
        ("waitUrl=''", ["5 music", "10 hushed"]),
        ("waitUrl='/wait'", ["0 Please wait", "5 music", "10 hushed", "10 Please wait"]),
    ],
)
def test_one_who_waits_and_is_held_goes_on_waiting_afterwards(wait: str, heard: list[str]) -> None:
    play, meetings = meeting_play(
        {"/wait": "<Response><Say>Please wait</Say><Pause length='60'/></Response>"}
    )
    ann = come(play, wait)
    for held in (True, False):
        play.pass_time(5)
        meetings.wish(play, "room-1", steer(ann, held=held))
    play.pass_time(1)
    assert sounds(ann) == heard
    come(play, SILENT)
    assert sounds(ann)[-1].endswith("beep")


def test_the_room_may_start_while_one_is_held() -> None:
    play, meetings = meeting_play()
    ann = come(play)
    meetings.wish(play, "room-1", steer(ann, held=True))
    come(play, SILENT)
    play.pass_time(5)
    assert sounds(ann) == ["0 music"]
    meetings.wish(play, "room-1", steer(ann, held=False))
    assert sounds(ann) == ["0 music", "8 hushed"]


def test_an_announcement_is_heard_and_then_what_would_be_heard_without_it() -> None:
    play, meetings = meeting_play(
        {"/hear": "<Response><Say>Lunch is served</Say><Dial>+31</Dial></Response>"}
    )
    ann = come(play)
    play.pass_time(5)
    meetings.wish(play, "room-1", Announce("https://app.test/hear", "GET"))
    play.pass_time(10)
    assert sounds(ann)[:3] == ["0 music", "5 hushed", "5 Lunch is served"]
    assert [each.split()[1] for each in sounds(ann)[3:]] == ["music"]
    assert ann.warned == [12200]
    assert [(each.method, each.purpose) for each in play.asked[1:]] == [("GET", Purpose.BESIDE)]


def test_one_is_announced_to_while_the_others_talk_and_a_lost_one_is_warned_of(
    two: tuple[Play, Meetings, Played, Played],
) -> None:
    play, meetings, ann, bob = two
    meetings.wish(play, "room-1", steer(ann, announce_url="https://app.test/nothing"))
    play.pass_time(5)
    assert ann.warned == [11200]
    play.pages["/hear"] = "<Response><Say>You are late</Say></Response>"
    meetings.wish(play, "room-1", steer(ann, announce_url="https://app.test/hear"))
    ann.tell(HangUp(Actor.CUSTOMER))
    play.pass_time(5)
    assert (ann.said, bob.said) == ([], [])
    assert meetings.did[-3:] == ["announced", "announced", "left hung_up"]


@pytest.mark.parametrize("why", ["removed", "closed"])
def test_who_is_sent_away_goes_on_with_his_document(
    two: tuple[Play, Meetings, Played, Played], why: str
) -> None:
    play, meetings, ann, bob = two
    meetings.wish(play, "room-1", Remove(ann.id) if why == "removed" else Close())
    play.finish()
    assert ann.said == ["After"]
    assert ann.of(Kind.LEFT)[0]["why"] == why
    assert bob.over is (why == "closed")
    assert (room(meetings) is None) is (why == "closed")


# -- who is called in --


def invited(play: Play, meetings: Meetings, **more: Any) -> tuple[str, Played]:
    room_id = meetings.open(play)
    call = play.place(document_url=None, room_id=room_id, **more)
    meetings.wish(play, room_id, Invite(Member(call.id, 0, play.now, "guest")))
    return room_id, call


def test_who_is_called_in_enters_and_hangs_up_when_he_is_removed() -> None:
    play, meetings = meeting_play()
    room_id, call = invited(play, meetings)
    play.pass_time(10)
    assert call.steps == ["Conference"]
    assert call.of(Kind.JOINED) == [{"room": room_id, "name": room_id}]
    meetings.wish(play, room_id, Remove(call.id))
    assert call.status is Status.COMPLETED
    assert play.asked == []
    assert meetings.did == ["created", "joined", "left removed", "ended last_removed"]


def test_who_is_called_in_by_id_finds_the_room_and_no_other_of_its_name() -> None:
    play, meetings = meeting_play()
    room_id, call = invited(play, meetings)
    play.pass_time(2)
    meetings.wish(play, room_id, Close())
    assert call.status is Status.CANCELED
    assert meetings.did == ["created", "left closed", "ended closed"]


def test_whose_call_ends_before_he_is_in_tells_the_room_how() -> None:
    play, meetings = meeting_play()
    _, call = invited(play, meetings, phone=Behaviour(outcome=Outcome.BUSY))
    play.pass_time(10)
    assert call.status is Status.BUSY
    assert meetings.did == ["created", "left add_failed"]
    assert meetings.facts[-1].data == {"joined": False, "status": "busy"}


def test_who_stands_at_the_door_when_the_room_closes_is_turned_away() -> None:
    play, meetings = meeting_play()
    room_id, call = invited(play, meetings)
    meetings.all[room_id] = replace(meetings.all[room_id], state=Room(2, 2, RoomStatus.ENDED))
    play.pass_time(10)
    assert call.status is Status.COMPLETED
    assert call.warned == [20404]
