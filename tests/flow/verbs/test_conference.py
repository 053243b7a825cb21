"""Dial's Conference and the action conversation: calls meet in a room by its name."""

from __future__ import annotations

from typing import Final

import pytest

from telefonie.core.call import Status
from telefonie.core.commands import HangUp, Redirect
from telefonie.core.events import Actor, Kind
from telefonie.core.meetings import Kind as Meet
from telefonie.core.rooms import Room
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
    given = (
        "jitterBufferSize='small' region='ie1' record='record-from-start' trim='do-not-trim' statusCallback='/events'"
        " statusCallbackMethod='GET' statusCallbackEvent='start end join leave mute hold modify speaker announcement'"
        " recordingStatusCallback='/r' recordingStatusCallbackMethod='GET'"
        " recordingStatusCallbackEvent='in-progress completed absent'"
    )
    assert come(play, given).warned == []


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
    more = ',"record":true,"eventUrl":["https://app.test/e"],"eventMethod":"GET"'
    assert play.call(converse(more)).warned == []


def test_both_spellings_lead_into_one_room() -> None:
    play, meetings = meeting_play()
    play.call(converse())
    come(play, SILENT)
    found = room(meetings)
    assert found is not None
    assert len(found.members) == 2
