"""What makes a recording of a call begin, and what becomes of it: with the call, and while it is under way."""

from __future__ import annotations

from typing import Any, Final

import pytest

from telefonie.core.call import Direction
from telefonie.core.commands import HangUp, Hold, Leave, Mute, Redirect
from telefonie.core.errors import Conflict, Illegal
from telefonie.core.events import Actor, Kind
from telefonie.core.phones import Behaviour, Outcome
from telefonie.core.recordings import News, Recording, Source, Status, Trigger, Wanted
from telefonie.core.speaking import speaking_ms
from telefonie.flow.commands import StartRecording, SteerRecording
from tests.support.play import ROOT, Play, Played

SILENT: Final = Behaviour(greeting="")
TOLD: Final = (Kind.PLACED, Kind.RANG, Kind.ANSWERED, Kind.ENDED)
HELLO_MS: Final = speaking_ms("Hello")


def pause_of(seconds: int) -> str:
    return f"<Response><Pause length='{seconds}'/></Response>"


def only(play: Play) -> Recording:
    (it,) = play.recordings.values()
    return it


def start(call: Played, **wanted: Any) -> str:
    """Record it from now on; the recording's id."""
    known = set(call.play.recordings)
    call.tell(StartRecording(Wanted(**wanted)))
    (new,) = set(call.play.recordings) - known
    return new


def states(call: Played) -> list[str]:
    return [str(each["state"]) for each in call.of(Kind.RECORDED)]


# -- with the call itself --


def test_a_call_is_recorded_from_its_answer_to_its_end() -> None:
    play = Play()
    call = play.call(pause_of(5), phone=SILENT, record=True, channels=2)
    play.finish()
    it = only(play)
    answered = call.call.answered_at
    assert answered is not None
    assert (it.source, it.channels, it.track, it.consent) == (Source.CALL, 2, "both", None)
    assert (it.since, it.until, it.why) == (answered, call.call.ended_at, "call_ended")
    assert (it.status, it.ms) == (Status.COMPLETED, 5_000)  # nothing said is still recorded
    assert call.call.recording == it.id
    assert call.of(Kind.RECORDED) == [
        {"recording_id": it.id, "state": "started", "source": "call", "channels": 2, "track": "both"},
        {"recording_id": it.id, "state": "finished", "ms": 5_000, "why": "call_ended", "lead_ms": 0},
    ]


def test_a_call_without_a_document_is_recorded_too() -> None:
    play = Play()
    call = play.call(document_url=None, record=True)
    play.finish()
    assert (only(play).since, only(play).until) == (call.call.answered_at, call.call.ended_at)
    assert call.leg.run is None


@pytest.mark.parametrize("outcome", [Outcome.BUSY, Outcome.NO_ANSWER, Outcome.REJECTED, Outcome.FAILED])
def test_of_a_call_that_nobody_answers_there_is_none(outcome: Outcome) -> None:
    play = Play()
    call = play.place(phone=Behaviour(outcome=outcome), record=True)
    play.finish()
    assert (play.recordings, call.call.recording) == ({}, None)


def test_an_inbound_call_is_recorded_from_when_it_is_picked_up() -> None:
    play = Play({"/": "<Response><Pause length='2'/><Say>Hello</Say></Response>"})
    call = play.arrive(record=True, record_source="number")
    play.finish()
    assert (only(play).source, only(play).ms) == (Source.NUMBER, HELLO_MS)
    assert only(play).since == call.call.answered_at


def test_the_legs_of_a_recorded_call_are_not_recorded_once_more() -> None:
    play = Play()
    call = play.call("<Response><Dial>+31612345601</Dial></Response>", record=True, record_source="account")
    play.finish()
    assert [each.call_id for each in play.recordings.values()] == [call.id]


def test_where_the_far_end_is_asked_first_it_does_not_begin_by_itself() -> None:
    play = Play()
    play.call(pause_of(1), record=True, consent="announce")
    assert play.recordings == {}


def test_consent_that_is_assumed_stands_in_it() -> None:
    play = Play()
    call = play.call(pause_of(1), record=True, consent="assume")
    assert only(play).consent == "assumed"
    assert call.of(Kind.RECORDED)[0]["consent"] == "assumed"


def test_it_goes_on_over_all_documents() -> None:
    play = Play({"/other": pause_of(2)})
    call = play.call(pause_of(60), record=True)
    play.pass_time(3)
    call.tell(Redirect(f"{ROOT}other", "POST", None))
    play.finish()
    assert only(play).ms == 5_000


# -- what is told of it --


def test_it_is_told_in_the_lane_of_its_call_after_what_happened_to_the_call() -> None:
    play = Play()
    call = play.call(pause_of(2), record=True, report_url=f"{ROOT}events", report_on=TOLD)
    play.finish()
    places = {each.place: str(each.event.kind) for each in play.reported}
    places |= {each.lane.place: f"recording {each.news}" for each in play.news}
    told = ["placed", "rang", "answered", "recording started", "ended", "recording completed"]
    assert [places[place] for place in range(len(places))] == told
    assert [each.sequence for each in play.reported] == [0, 1, 2, 3]
    assert [each.sequence for each in play.news] == [0, 1]
    assert {(each.lane.subject, each.lane.face) for each in play.news} == {(call.id, "plain")}
    assert call.call.told == 6
    assert only(play).reports == 2


def test_it_is_told_as_it_stood_at_that_moment() -> None:
    play = Play()
    play.call(pause_of(2), record=True, recording_url=f"{ROOT}tapes")
    play.finish()
    assert [(each.recording.status, each.recording.reports) for each in play.news] == [
        (Status.RUNNING, 1),
        (Status.COMPLETED, 2),
    ]
    assert play.news[-1].recording == only(play)


def test_nobody_who_can_be_told_is_told_nothing() -> None:
    play = Play()
    call = play.call(pause_of(2), record=True)
    play.finish()
    assert (play.news, call.call.told) == ([], 0)
    assert only(play).ms == 2_000


# -- on demand --


def test_a_call_that_talks_can_be_recorded_from_now_on() -> None:
    play = Play()
    call = play.call(pause_of(10), phone=SILENT)
    play.pass_time(4)
    start(call, channels=2)
    play.finish()
    it = only(play)
    assert (it.source, it.channels, it.ms) == (Source.ON_DEMAND, 2, 6_000)
    assert call.call.recording == it.id


@pytest.mark.parametrize("track", ["inbound", "outbound"])
def test_one_side_alone_has_one_channel(track: str) -> None:
    play = Play()
    start(play.call(pause_of(1)), channels=2, track=track)
    assert (only(play).channels, only(play).track) == (1, track)


def test_a_call_that_does_not_talk_cannot_be_recorded() -> None:
    play = Play()
    ringing, over = play.place(), play.call(pause_of(1))
    play.pass_time(1.5)
    for call in (ringing, over):
        with pytest.raises(Illegal):
            call.tell(StartRecording(Wanted()))
    assert play.recordings == {}


def test_several_go_on_at_once_up_to_ten() -> None:
    play = Play()
    call = play.call(pause_of(10))
    ids = [start(call) for _ in range(10)]
    with pytest.raises(Conflict):
        start(call)
    call.tell(SteerRecording(ids[0], Trigger.FINISH))
    start(call)
    play.finish()
    assert len(play.recordings) == 11
    assert not any(each.live for each in play.recordings.values())
    assert call.call.recording == ids[0]


def test_its_own_url_hears_everything_and_else_the_calls_hears_the_usual() -> None:
    play = Play()
    call = play.call(pause_of(10), report_url=f"{ROOT}events", report_on=TOLD)
    own, plain = start(call, url=f"{ROOT}own", method="GET"), start(call)
    play.pass_time(1)
    for each in (own, plain):
        call.tell(SteerRecording(each, Trigger.PAUSE))
        call.tell(SteerRecording(each, Trigger.RESUME))
    play.finish()

    def told(recording_id: str) -> list[tuple[str | None, str, News]]:
        mine = [each for each in play.news if each.recording.id == recording_id]
        return [(each.recording.url, each.recording.method, each.news) for each in mine]

    everything = [News.STARTED, News.PAUSED, News.RESUMED, News.COMPLETED]
    assert told(own) == [(f"{ROOT}own", "GET", each) for each in everything]
    usual = [News.STARTED, News.COMPLETED]
    assert told(plain) == [(f"{ROOT}events", "POST", each) for each in usual]


def test_a_pause_leaves_silence_or_nothing() -> None:
    for skips, ms in ((False, 10_000), (True, 7_000)):
        play = Play()
        call = play.call(pause_of(10), phone=SILENT)
        it = start(call)
        play.pass_time(2)
        call.tell(SteerRecording(it, Trigger.PAUSE, skips))
        assert play.recordings[it].status is Status.PAUSED
        play.pass_time(3)
        call.tell(SteerRecording(it, Trigger.RESUME))
        play.finish()
        assert only(play).ms == ms
        assert states(call) == ["started", "paused", "resumed", "finished"]


def test_what_is_paused_when_the_call_ends_ends_with_it() -> None:
    play = Play()
    call = play.call(pause_of(10), phone=SILENT)
    it = start(call)
    play.pass_time(2)
    call.tell(SteerRecording(it, Trigger.PAUSE, skips=True))
    play.finish()
    answered = call.call.answered_at
    assert answered is not None
    assert (only(play).ms, only(play).why) == (2_000, "call_ended")
    assert only(play).gaps == ((answered + 2_000, answered + 10_000),)


@pytest.mark.parametrize(
    ("before", "then"),
    [
        ((), Trigger.RESUME),
        ((Trigger.PAUSE,), Trigger.PAUSE),
        ((Trigger.FINISH,), Trigger.PAUSE),
        ((Trigger.FINISH,), Trigger.RESUME),
        ((Trigger.FINISH,), Trigger.FINISH),
    ],
)
def test_what_its_state_does_not_allow_is_refused(before: tuple[Trigger, ...], then: Trigger) -> None:
    play = Play()
    call = play.call(pause_of(10))
    it = start(call)
    play.pass_time(1)
    for each in before:
        call.tell(SteerRecording(it, each))
    with pytest.raises(Illegal) as refused:
        call.tell(SteerRecording(it, then))
    assert refused.value.what == "recording"


def test_one_that_is_nobodys_cannot_be_steered() -> None:
    play = Play()
    call = play.call(pause_of(10))
    with pytest.raises(Illegal):
        call.tell(SteerRecording("unknown", Trigger.PAUSE))


# -- steering what documents began --


def test_stopping_what_a_record_verb_waits_for_ends_the_verb_as_its_key_would() -> None:
    play = Play({"/done": "<Response><Say>Thanks</Say></Response>"})
    call = play.call("<Response><Record action='/done' playBeep='false'/></Response>", phone=SILENT)
    call.speak("Hello")
    play.pass_time(3)
    call.tell(SteerRecording(only(play).id, Trigger.FINISH))
    play.finish()
    assert (only(play).why, only(play).ms) == ("stopped", HELLO_MS)
    assert play.actions == [("/done", {"recording_id": only(play).id, "recording_duration": 1})]
    assert call.said == ["Thanks"]


def test_a_pause_of_what_a_record_verb_waits_for_is_left_out_of_its_length() -> None:
    play = Play({"/done": "<Response/>"})
    call = play.call(
        "<Response><Record action='/done' playBeep='false' timeout='0' maxLength='10' trim='do-not-trim'/></Response>",
        phone=SILENT,
    )
    play.pass_time(2)
    call.tell(SteerRecording(only(play).id, Trigger.PAUSE, skips=True))
    play.pass_time(4)
    call.tell(SteerRecording(only(play).id, Trigger.RESUME))
    play.finish()
    assert play.actions[0][1]["recording_duration"] == only(play).seconds == 6


def test_stopping_what_start_began_leaves_nothing_for_stop() -> None:
    play = Play()
    noun = "<Recording name='tape'/>"
    call = play.call(
        f"<Response><Start>{noun}</Start><Pause length='5'/><Stop>{noun}</Stop></Response>", phone=SILENT
    )
    play.pass_time(2)
    call.tell(SteerRecording(only(play).id, Trigger.FINISH))
    play.finish()
    assert (only(play).ms, only(play).why) == (2_000, "stopped")
    assert call.warned == [12200]


def test_a_json_record_that_is_waited_for_is_stopped_and_the_next_action_runs() -> None:
    play = Play()
    call = play.call(
        '[{"action": "record", "endOnSilence": 10}, {"action": "talk", "text": "Then"}]', phone=SILENT
    )
    play.pass_time(2)
    call.tell(SteerRecording(only(play).id, Trigger.FINISH))
    assert (call.said, only(play).ms) == (["Then"], 2_000)


def test_stopping_the_recording_of_a_dial_leaves_the_talk() -> None:
    play = Play({"/done": "<Response/>"})
    call = play.call("<Response><Dial record='true' action='/done'>+31612345601</Dial></Response>")
    play.pass_time(5)
    it = only(play).id
    call.tell(SteerRecording(it, Trigger.FINISH))
    play.finish()
    assert only(play).ms == 2_000
    assert (call.at(Kind.PARTED), play.actions[0][1]["recording_id"]) == ([13.0], it)


def test_recordings_of_all_makes_have_names_of_their_own() -> None:
    play = Play({"/next": '[{"action": "record"}, {"action": "wait", "timeout": 2}]'})
    document = (
        "<Response><Start><Recording/><Recording/></Start><Record timeout='2' action='/next'/>"
        "<Dial record='true'>+31612345601</Dial><Redirect>/next</Redirect></Response>"
    )
    call = play.call(document, phone=SILENT, record=True)
    start(call)
    play.pass_time(4)
    start(call)
    play.finish()
    made = [each.source for each in play.recordings.values()]
    assert sorted(made) == sorted(
        (
            *(Source.CALL, Source.START_VERB, Source.START_VERB, Source.ON_DEMAND, Source.ON_DEMAND),
            *(Source.RECORD_VERB, Source.DIAL_VERB, Source.RECORD_ACTION),
        )
    )
    assert not any(each.live for each in play.recordings.values())


# -- silence that is cut off --


def cut(document: str, *script: dict[str, Any], track: str = "both", after: float = 0) -> tuple[float, float]:
    """From when to when a recording reaches that is cut at both ends, in seconds after the answer."""
    play = Play()
    call = play.call(document, script=script, phone=SILENT)
    play.pass_time(after)
    start(call, trim=True, track=track)
    play.finish()
    answered, it = call.call.answered_at, only(play)
    assert answered is not None
    assert it.until is not None
    return (it.since - answered) / 1000, (it.until - answered) / 1000


SAYS: Final = "<Response><Pause length='2'/><Say>Hello</Say><Pause length='6'/></Response>"
FROM_TWO: Final = (2.0, 2.0 + HELLO_MS / 1000)


def test_what_is_said_to_the_far_end_and_what_it_says_is_sound() -> None:
    assert cut(SAYS) == FROM_TWO
    assert cut(pause_of(9), {"wait": 2}, {"say": "Hello"}) == FROM_TWO
    assert cut(SAYS, {"wait": 5}, {"say": "Hello"}) == (2.0, 5.0 + HELLO_MS / 1000)


def test_only_the_side_that_is_recorded_counts() -> None:
    script = ({"wait": 5}, {"say": "Hello"})
    assert cut(SAYS, *script, track="outbound") == FROM_TWO
    assert cut(SAYS, *script, track="inbound") == (5.0, 5.0 + HELLO_MS / 1000)


def test_keys_and_their_pauses_are_sounds() -> None:
    assert cut(pause_of(9), {"wait": 2}, {"press": "12"}) == (2.0, 2.3)
    sent = "<Response><Pause length='2'/><Play digits='1w2'/><Pause length='3'/></Response>"
    assert cut(sent) == (2.0, 2.8)


def test_it_begins_at_once_if_something_is_being_said() -> None:
    long = "This is a long announcement that is under way when it begins"
    ends = speaking_ms(long) / 1000
    assert cut(f"<Response><Say>{long}</Say><Pause length='5'/></Response>", after=1) == (1.0, ends)
    assert cut(pause_of(9), {"say": long}, after=1) == (1.0, ends)


def test_what_is_cut_short_is_no_sound_any_more() -> None:
    play = Play({"/done": pause_of(5)})
    long = "This is a long announcement that is cut short by a key"
    call = play.call(
        f"<Response><Gather numDigits='1' action='/done'><Say>{long}</Say></Gather></Response>", phone=SILENT
    )
    start(call, trim=True, track="outbound")
    play.pass_time(1)
    call.press("1")
    play.finish()
    assert (only(play).ms, len(call.of(Kind.HUSHED))) == (1_000, 1)


def test_a_far_end_that_is_muted_is_silent() -> None:
    play = Play()
    call = play.call(pause_of(9), script=({"wait": 2}, {"say": "Hello"}), phone=SILENT)
    call.tell(Mute(on=True))
    start(call, trim=True)
    play.finish()
    assert (only(play).status, only(play).ms) == (Status.FAILED, 0)
    assert states(call) == ["started", "absent"]


def test_the_music_of_a_hold_is_a_sound_until_it_is_over() -> None:
    play = Play()
    call = play.call(pause_of(20), phone=SILENT)
    start(call, trim=True)
    play.pass_time(2)
    call.tell(Hold(on=True))
    play.pass_time(3)
    call.tell(Hold(on=False))
    play.finish()
    answered = call.call.answered_at
    assert answered is not None
    assert (only(play).since, only(play).ms) == (answered + 2_000, 3_000)


def test_what_is_said_during_a_pause_is_no_sound_of_it() -> None:
    play = Play()
    call = play.call(pause_of(20), phone=SILENT)
    it = start(call, trim=True)
    call.tell(SteerRecording(it, Trigger.PAUSE))
    call.speak("This is said while nothing is recorded, and goes on for a while")
    play.pass_time(1)
    call.tell(SteerRecording(it, Trigger.RESUME))
    play.finish()
    answered = call.call.answered_at
    assert answered is not None
    assert only(play).since == answered + 1_000  # the rest of it is heard


# -- the end of the call --


@pytest.mark.parametrize("command", [HangUp(Actor.CUSTOMER), Leave(), HangUp(Actor.PLATFORM)])
def test_whoever_ends_the_call_ends_its_recordings(command: Any) -> None:
    play = Play()
    call = play.call(pause_of(60), phone=SILENT, record=True)
    start(call)
    play.pass_time(5)
    call.tell(command)
    assert [(each.why, each.ms) for each in play.recordings.values()] == [("call_ended", 5_000)] * 2


def test_a_call_that_ends_in_the_moment_of_its_answer_leaves_nothing() -> None:
    play = Play()
    call = play.call("<Response/>", record=True, direction=Direction.OUTBOUND)
    assert (only(play).status, only(play).price) == (Status.FAILED, None)
    assert states(call) == ["started", "absent"]
