"""Record leaves a message with the app, in the order of the manual; and the action record."""

from __future__ import annotations

import json
from typing import Any

import pytest

from telefonie.core.call import Status
from telefonie.core.commands import Mute, Redirect
from telefonie.core.events import Kind
from telefonie.core.phones import Behaviour
from telefonie.core.recordings import Trigger
from telefonie.core.speaking import speaking_ms
from telefonie.flow.commands import SteerRecording
from telefonie.flow.effects import Ask, Purpose
from tests.support.play import ROOT, Play, Played

TOLD = (Kind.PLACED, Kind.RANG, Kind.ANSWERED, Kind.ENDED)
SILENT = Behaviour(greeting="")
MESSAGE = "Please call me back tomorrow about the invoice"
LONG = speaking_ms(MESSAGE) / 1000
DONE = "<Response><Say>Thanks</Say></Response>"


def record(attributes: str = "", then: str = "<Say>Nothing heard</Say>") -> str:
    return f"<Response><Record {attributes}/>{then}</Response>"


def leave(attributes: str, *script: dict[str, Any], **more: Any) -> tuple[Play, Played]:
    """A call whose far end does this while it is being recorded, played to its end."""
    play = Play({"/done": DONE})
    call = play.call(record(attributes), script=script, phone=SILENT, **more)
    play.finish()
    return play, call


def told(play: Play, verb: str) -> list[tuple[str, dict[str, Any]]]:
    found = [each for each in play.asked if each.purpose is Purpose.TELL and each.verb == verb]
    return [(each.url.removeprefix(ROOT), dict(each.outcome)) for each in found]


def news(play: Play) -> list[tuple[str, str, str]]:
    """What was told of recordings: where, how, and what."""
    return [
        ((each.recording.url or "").removeprefix(ROOT), each.recording.method, each.news)
        for each in play.news
    ]


def ends(call: Played) -> list[tuple[str, int, str]]:
    return [(e["state"], e["ms"], e["why"]) for e in call.of(Kind.RECORDED) if e["state"] != "started"]


# -- action, method --


def test_the_action_learns_of_the_recording_and_its_answer_takes_over() -> None:
    play, call = leave("action='/done'", {"wait": 1}, {"say": MESSAGE})
    (path, outcome), *others = play.actions
    started = call.of(Kind.RECORDED)[0]
    assert (path, others) == ("/done", [])
    assert outcome == {
        "recording_id": started["recording_id"],
        "recording_duration": -(-int(LONG * 1000) // 1000),
    }
    assert call.said == ["Thanks"]
    assert play.asked[-1].method == "POST"
    assert play.asked[-1].verb == "Record"


def test_nobody_is_told_of_a_url_that_is_not_served() -> None:
    callbacks = "recordingStatusCallback='/status' transcribe='true' transcribeCallback='/words'"
    play, _ = leave(f"action='/done' {callbacks}", {"say": MESSAGE})
    assert len(play.asked) == 3
    assert not [name for each in play.asked for name in each.outcome if "url" in name]


def test_the_method_of_the_action() -> None:
    play, _ = leave("action='/done' method='GET'", {"say": MESSAGE})
    assert play.asked[-1].method == "GET"


def test_without_an_action_this_document_is_asked_for_once_more() -> None:
    def root(question: Ask) -> str:
        return DONE if question.outcome else record()

    play = Play({"/": root})
    call = play.call(script=({"say": MESSAGE},), phone=SILENT)
    play.finish()
    assert play.fetched == ["/", "/"]
    assert play.actions[0][0] == "/"
    assert call.said == ["Thanks"]


def test_a_wrong_method_is_warned_of() -> None:
    play, call = leave("action='/done' method='PUT'", {"say": MESSAGE})
    assert call.warned == [13610]
    assert play.asked[-1].method == "POST"


# -- timeout --


def test_five_seconds_of_silence_after_the_last_word_end_it() -> None:
    _, call = leave("action='/done'", {"wait": 1}, {"say": MESSAGE})
    assert call.at(Kind.RECORDED) == [0.5, 1 + LONG + 5]
    assert ends(call) == [("finished", round(LONG * 1000), "silence")]


def test_the_timeout_is_a_matter_of_choice_and_speech_in_between_starts_it_anew() -> None:
    _, call = leave(
        "action='/done' timeout='2' playBeep='false'", {"say": "One"}, {"wait": 1.9}, {"say": "Two"}
    )
    spoken = (speaking_ms("One") + speaking_ms("Two")) / 1000
    assert call.at(Kind.RECORDED) == [0.0, pytest.approx(spoken + 1.9 + 2)]


def test_with_a_timeout_of_0_silence_does_not_end_it() -> None:
    play, call = leave("action='/done' timeout='0' maxLength='60' playBeep='false'")
    assert call.at(Kind.RECORDED) == [0.0, 60.0]
    assert ends(call) == [("absent", 0, "max_length")]
    assert play.actions[0][1]["recording_duration"] == 0


def test_if_nothing_at_all_is_said_the_next_verb_runs() -> None:
    play, call = leave("action='/done'")
    assert call.said == ["Nothing heard"]
    assert play.actions == []
    assert ends(call) == [("absent", 0, "silence")]
    assert call.at(Kind.RECORDED) == [0.5, 5.5]


def test_the_greeting_counts_as_sound() -> None:
    play = Play({"/done": DONE})
    play.call(
        record("action='/done' playBeep='false'"), phone=Behaviour(greeting="Hello, this is Jan speaking")
    )
    play.finish()
    assert play.actions[0][1]["recording_duration"] == -(-speaking_ms("Hello, this is Jan speaking") // 1000)


def test_speech_that_was_under_way_at_the_beginning_is_waited_for() -> None:
    _, call = leave("action='/done' timeout='1'", {"say": MESSAGE})
    assert call.at(Kind.RECORDED) == [0.5, LONG + 1]
    assert ends(call) == [("finished", round(LONG * 1000) - 500, "silence")]


@pytest.mark.parametrize("wrong", ["-1", "soon", "99999"])
def test_a_wrong_timeout_is_warned_of(wrong: str) -> None:
    _, call = leave(f"action='/done' timeout='{wrong}'", {"wait": 1}, {"say": MESSAGE})
    assert call.warned == [13611]
    assert call.at(Kind.RECORDED)[1] == 1 + LONG + 5


# -- finishOnKey --


def test_any_key_ends_it_and_the_action_learns_which() -> None:
    play, call = leave("action='/done'", {"wait": 1}, {"say": MESSAGE}, {"wait": 1}, {"press": "7"})
    assert play.actions[0][1]["digits"] == "7"
    assert call.at(Kind.RECORDED)[1] == LONG + 2
    assert ends(call)[0][2] == "key"


def test_only_the_keys_that_were_named_end_it() -> None:
    script = ({"wait": 1}, {"press": "5"}, {"wait": 2}, {"press": "#"})
    play, call = leave("action='/done' finishOnKey='#*'", *script)
    assert play.actions[0][1]["digits"] == "#"
    assert [each["digits"] for each in call.of(Kind.PRESSED)] == ["5", "#"]


def test_a_key_pressed_while_words_are_said_cuts_nothing_off() -> None:
    play = Play({"/done": DONE})
    call = play.call(record("action='/done' finishOnKey='#' playBeep='false'"), phone=SILENT)
    call.speak(MESSAGE)
    play.pass_time(0.5)
    call.press("1")
    play.finish()
    assert call.at(Kind.RECORDED) == [0.0, LONG + 5]
    assert ends(call) == [("finished", round(LONG * 1000), "silence")]


def test_with_an_empty_set_no_key_ends_it_but_its_tone_is_a_sound() -> None:
    play, call = leave("action='/done' finishOnKey=''", {"wait": 3}, {"press": "#"})
    assert call.at(Kind.RECORDED)[1] == pytest.approx(3 + 0.1 + 5)
    assert "digits" not in play.actions[0][1]


def test_keys_while_the_beep_is_played_do_not_count() -> None:
    _, call = leave("action='/done'", {"wait": 0.2}, {"press": "1"})
    assert call.said == ["Nothing heard"]


@pytest.mark.parametrize("wrong", ["A", "##############"])
def test_a_wrong_finish_key_is_warned_of(wrong: str) -> None:
    play, call = leave(f"action='/done' finishOnKey='{wrong}'", {"wait": 1}, {"press": "8"})
    assert call.warned == [13613]
    assert play.actions[0][1]["digits"] == "8"


# -- maxLength --


def test_it_ends_at_its_longest() -> None:
    _, call = leave("action='/done' maxLength='2' playBeep='false'", {"say": MESSAGE})
    assert call.at(Kind.RECORDED) == [0.0, 2.0]
    assert ends(call) == [("finished", 2_000, "max_length")]


def test_an_hour_is_the_longest_unless_said() -> None:
    _, call = leave("action='/done' timeout='0' playBeep='false'")
    assert call.at(Kind.RECORDED) == [0.0, 3_600.0]


@pytest.mark.parametrize("wrong", ["0", "14401", "x"])
def test_a_wrong_longest_length_is_warned_of(wrong: str) -> None:
    _, call = leave(f"action='/done' maxLength='{wrong}'", {"say": MESSAGE})
    assert call.warned == [13612]


@pytest.mark.parametrize("right", ["1", "14400"])
def test_the_bounds_of_the_longest_length(right: str) -> None:
    _, call = leave(f"action='/done' maxLength='{right}'", {"say": MESSAGE})
    assert call.warned == []


# -- playBeep --


def test_a_beep_comes_first_and_is_not_recorded() -> None:
    _, call = leave("action='/done'", {"wait": 1}, {"say": MESSAGE})
    assert call.of(Kind.PLAYED) == [{"what": "beep", "ms": 500}]
    assert call.at(Kind.PLAYED) == [0.0]
    assert call.at(Kind.RECORDED)[0] == 0.5


def test_without_a_beep_it_begins_at_once() -> None:
    _, call = leave("action='/done' playBeep='false'", {"say": MESSAGE})
    assert call.of(Kind.PLAYED) == []
    assert call.at(Kind.RECORDED)[0] == 0.0


def test_a_wrong_beep_is_warned_of() -> None:
    assert leave("action='/done' playBeep='yes'")[1].warned == [13616]


# -- trim --


def test_silence_before_and_after_is_cut_off_unless_said() -> None:
    script = ({"wait": 3}, {"say": "Hello"})
    _, trimmed = leave("action='/done' playBeep='false'", *script)
    _, whole = leave("action='/done' playBeep='false' trim='do-not-trim'", *script)
    said = speaking_ms("Hello")
    assert [(e["ms"], e["lead_ms"]) for e in trimmed.of(Kind.RECORDED)[1:]] == [(said, 3_000)]
    assert [(e["ms"], e["lead_ms"]) for e in whole.of(Kind.RECORDED)[1:]] == [(3_000 + said + 5_000, 0)]


def test_a_wrong_trim_is_warned_of() -> None:
    assert leave("action='/done' trim='yes'")[1].warned == [13699]


# -- recordingStatusCallback, its method and events --


def test_the_status_callback_hears_of_the_end() -> None:
    play, call = leave("action='/done' recordingStatusCallback='/status'", {"wait": 1}, {"say": MESSAGE})
    (it,) = play.recordings.values()
    begun = call.leg.call.answered_at
    assert begun is not None
    assert news(play) == [("status", "POST", "completed")]
    assert play.news[0].recording == it
    assert (it.source, it.status, it.channels, it.track) == ("record_verb", "completed", 1, "both")
    assert (it.since, it.until) == (begun + 1_000, begun + 1_000 + round(LONG * 1000))  # without the silence
    assert (it.seconds, it.price) == (play.actions[0][1]["recording_duration"], "-0.0025")


def test_the_events_that_were_chosen_are_told_by_the_method_that_was_chosen() -> None:
    chosen = "recordingStatusCallbackMethod='GET' recordingStatusCallbackEvent='in-progress completed absent'"
    play, _ = leave(f"recordingStatusCallback='/status' {chosen}")
    assert news(play) == [("status", "GET", "started"), ("status", "GET", "failed")]
    assert [each.sequence for each in play.news] == [0, 1]


def test_of_an_absent_recording_only_those_hear_who_want_to() -> None:
    play, _ = leave("recordingStatusCallback='/status'")
    assert news(play) == []


def test_without_a_callback_of_its_own_it_is_told_where_the_call_is() -> None:
    everything = {"report_url": f"{ROOT}events", "report_on": TOLD}
    play, _ = leave("action='/done'", {"say": MESSAGE}, **everything)
    assert news(play) == [("events", "POST", "started"), ("events", "POST", "completed")]
    play, _ = leave("action='/done'", {"say": MESSAGE}, recording_url=f"{ROOT}tapes", **everything)
    assert news(play) == [("tapes", "POST", "started"), ("tapes", "POST", "completed")]
    play, _ = leave(
        "action='/done'", {"say": MESSAGE}, report_url=f"{ROOT}events", report_on=(Kind.ANSWERED,)
    )
    assert news(play) == []  # who chose some events of the call hears of those


@pytest.mark.parametrize(
    "wrong",
    [
        "recordingStatusCallbackMethod='PUT'",
        "recordingStatusCallbackEvent='done'",
        "transcribeCallback='a b'",
    ],
)
def test_wrong_callbacks_are_warned_of(wrong: str) -> None:
    assert leave(wrong)[1].warned == [13621]


# -- transcribe, transcribeCallback --


def test_a_transcript_has_the_words_that_were_said() -> None:
    attributes = "action='/done' transcribe='true' transcribeCallback='/words'"
    play, call = leave(attributes, {"wait": 1}, {"say": MESSAGE}, {"say": "Bye"})
    ((path, words),) = told(play, "transcription")
    assert path == "words"
    assert words.pop("transcription_id")
    assert words == {
        "recording_id": call.of(Kind.RECORDED)[0]["recording_id"],
        "transcription_status": "completed",
        "transcription_text": f"{MESSAGE} Bye",
    }


def test_what_is_too_short_cannot_be_transcribed() -> None:
    play, _ = leave(
        "action='/done' transcribe='true' transcribeCallback='/words'", {"wait": 1}, {"say": "Hm"}
    )
    assert [each["transcription_status"] for _, each in told(play, "transcription")] == ["failed"]


def test_no_transcript_unless_asked_for_and_none_of_nothing() -> None:
    assert told(leave("transcribeCallback='/words'", {"say": MESSAGE})[0], "transcription") == []
    assert told(leave("transcribe='true' transcribeCallback='/words'")[0], "transcription") == []


def test_to_be_transcribed_it_is_at_most_two_minutes_long() -> None:
    quiet = "action='/done' timeout='0' playBeep='false' transcribe='true'"
    for attributes, warned in (
        (quiet, []),
        (f"{quiet} maxLength='121'", [13615]),
        (f"{quiet} maxLength='120'", []),
    ):
        _, call = leave(attributes)
        assert (call.at(Kind.RECORDED)[1], call.warned) == (120.0, warned)


def test_a_wrong_wish_to_transcribe_is_warned_of() -> None:
    assert leave("transcribe='maybe'")[1].warned == [13614]


def test_a_record_has_no_children() -> None:
    play = Play()
    call = play.call("<Response><Record><Say>no</Say></Record></Response>", phone=SILENT)
    play.finish()
    assert (call.warned, call.said) == ([12200], [])


# -- interplay --


def test_who_hangs_up_leaves_the_message_and_the_action_is_told_so() -> None:
    attributes = "action='/done' recordingStatusCallback='/status'"
    play, call = leave(attributes, {"wait": 1}, {"say": MESSAGE}, {"hangup": True})
    assert call.status is Status.COMPLETED
    assert play.actions == []  # nobody waits for the answer
    ((path, outcome),) = told(play, "Record")
    assert (path, outcome["digits"], outcome["recording_duration"]) == (
        "done",
        "hangup",
        -(-int(LONG * 1000) // 1000),
    )
    assert news(play) == [("status", "POST", "completed")]
    assert ends(call) == [("finished", round(LONG * 1000), "call_ended")]


def test_who_hangs_up_at_the_beep_leaves_no_message() -> None:
    play, call = leave("method='GET'", {"wait": 0.3}, {"hangup": True})
    assert told(play, "Record") == [("", {"digits": "hangup"})]
    assert play.asked[-1].method == "GET"
    assert call.of(Kind.RECORDED) == []


def test_another_document_ends_it_and_the_action_is_not_asked() -> None:
    play = Play({"/done": DONE, "/other": "<Response><Say>Other</Say></Response>"})
    call = play.call(record("action='/done'"), script=({"say": MESSAGE},), phone=SILENT)
    play.pass_time(1)
    call.tell(Redirect(f"{ROOT}other", "POST", None))
    play.finish()
    assert call.said == ["Other"]
    assert (play.actions, told(play, "Record")) == ([], [])
    assert ends(call) == [("finished", 500, "redirected")]


def test_a_far_end_that_is_muted_is_silent() -> None:
    play = Play({"/done": DONE})
    call = play.call(
        record("action='/done' playBeep='false'"), script=({"wait": 1}, {"say": MESSAGE}), phone=SILENT
    )
    call.tell(Mute(on=True))
    play.finish()
    assert call.said == ["Nothing heard"]
    assert call.at(Kind.RECORDED) == [0.0, 5.0]


def test_two_recordings_of_a_call_have_their_own_names() -> None:
    play = Play()
    call = play.call(f"<Response>{'<Record/>' * 2}</Response>", phone=SILENT)
    play.finish()
    ids = [each["recording_id"] for each in call.of(Kind.RECORDED)]
    assert ids[0] == ids[1] != ids[2] == ids[3]


# -- the action record --


def action(**options: Any) -> dict[str, Any]:
    return {"action": "record", "eventUrl": [f"{ROOT}recorded"], **options}


def play_actions(*actions: dict[str, Any], **more: Any) -> tuple[Play, Played]:
    play = Play()
    call = play.call(json.dumps(actions), phone=SILENT, **more)
    play.finish()
    return play, call


def test_it_goes_on_beside_the_other_actions_until_the_call_ends() -> None:
    play, call = play_actions(action(), {"action": "wait", "timeout": 7.2})
    assert call.at(Kind.RECORDED) == [0.0, 7.2]
    start = call.leg.call.answered_at
    assert start is not None
    assert told(play, "record") == [
        (
            "recorded",
            {
                "recording_id": call.of(Kind.RECORDED)[0]["recording_id"],
                "recording_start_time": start,
                "recording_end_time": start + 7_200,
                "recording_duration": 8,
                "recording_channels": 1,
            },
        )
    ]
    assert ends(call) == [("finished", 7_200, "call_ended")]


def test_it_outlives_its_document() -> None:
    play = Play({"/other": "<Response><Pause length='2'/></Response>"})
    call = play.call(json.dumps([action(eventUrl=["recorded"]), {"action": "wait"}]), phone=SILENT)
    play.pass_time(3)
    call.tell(Redirect(f"{ROOT}other", "POST", None))
    play.finish()
    assert call.at(Kind.RECORDED) == [0.0, 5.0]
    assert [path for path, _ in told(play, "record")] == ["recorded"]


def test_another_one_ends_it() -> None:
    _, call = play_actions(
        action(), {"action": "wait", "timeout": 2}, action(), {"action": "wait", "timeout": 1}
    )
    assert [(e["state"], e.get("why")) for e in call.of(Kind.RECORDED)] == [
        ("started", None),
        ("finished", "recorded_anew"),
        ("started", None),
        ("finished", "call_ended"),
    ]
    assert call.at(Kind.RECORDED) == [0.0, 2.0, 2.0, 3.0]


def test_what_start_has_begun_goes_on_beside_it() -> None:
    play = Play({"/json": json.dumps([action(), {"action": "wait", "timeout": 1}])})
    call = play.call(
        "<Response><Start><Recording/></Start><Redirect>/json</Redirect></Response>", phone=SILENT
    )
    play.finish()
    assert {(each["ms"], each["why"]) for each in call.of(Kind.RECORDED)[2:]} == {(1_000, "call_ended")}
    assert len(call.of(Kind.RECORDED)) == 4


def test_without_a_url_its_events_go_to_where_those_of_the_call_go() -> None:
    listed: list[dict[str, Any]] = [{"action": "record"}, {"action": "wait", "timeout": 1}]
    play, _ = play_actions(*listed, report_url=f"{ROOT}events", report_on=TOLD)
    assert told(play, "record") == []
    assert news(play) == [("events", "POST", "started"), ("events", "POST", "completed")]
    assert news(play_actions(*listed)[0]) == []


def test_the_method_of_its_event() -> None:
    play, _ = play_actions(action(eventMethod="GET"), {"action": "wait", "timeout": 1})
    assert play.asked[-1].method == "GET"


@pytest.mark.parametrize("seconds", [3, 10])
def test_silence_ends_it_before_the_next_action(seconds: int) -> None:
    play, call = play_actions(action(endOnSilence=seconds), {"action": "talk", "text": "Then"})
    assert call.at(Kind.RECORDED) == [0.0, seconds]
    assert call.at(Kind.SAID) == [seconds]
    assert len(told(play, "record")) == 1


def test_a_key_ends_it() -> None:
    play, call = play_actions(action(endOnKey="#"), script=({"wait": 2}, {"press": "5#"}))
    assert ends(call)[0][2] == "key"
    assert told(play, "record")[0][1]["digits"] == "#"


def test_a_time_ends_it() -> None:
    _, call = play_actions(action(timeOut=3), script=({"say": MESSAGE * 3},))
    assert ends(call) == [("finished", 3_000, "max_length")]


def test_a_beep_comes_first_if_wanted() -> None:
    _, call = play_actions(action(beepStart=True), {"action": "talk", "text": "Then"})
    assert call.of(Kind.PLAYED) == [{"what": "beep", "ms": 500}]
    assert call.at(Kind.RECORDED)[0] == 0.5
    assert call.at(Kind.SAID) == [0.5]


def test_channels_need_a_split() -> None:
    wait = {"action": "wait", "timeout": 1}
    for options, channels, warned in (
        ({"split": "conversation"}, 2, []),
        ({"split": "conversation", "channels": 5, "format": "wav"}, 5, []),
        ({"channels": 5}, 1, [12200]),
        ({"channels": 1}, 1, []),
    ):
        _, call = play_actions(action(**options), wait)
        assert (call.of(Kind.RECORDED)[0]["channels"], call.warned) == (channels, warned)


@pytest.mark.parametrize(
    "wrong",
    [
        {"format": "flac"},
        {"split": "yes"},
        {"channels": 33, "split": "conversation"},
        {"endOnSilence": 2},
        {"endOnSilence": 11},
        {"endOnKey": "A"},
        {"timeOut": 2},
        {"timeOut": 7201},
        {"beepStart": "maybe"},
        {"eventUrl": ROOT},
        {"eventMethod": "PUT"},
        {"transcription": {"eventMethod": "PUT"}},
        {"transcription": {"sentimentAnalysis": 3}},
        {"transcription": True},
        {"else": 1},
    ],
)
def test_wrong_options_are_warned_of_and_it_goes_on(wrong: dict[str, Any]) -> None:
    _, call = play_actions(action(**wrong), {"action": "wait", "timeout": 1})
    assert call.warned == [12200]
    assert call.at(Kind.RECORDED) == [0.0, 1.0]


def test_a_transcription_may_be_asked_for() -> None:
    wanted = {
        "language": "nl-NL",
        "eventUrl": [f"{ROOT}words"],
        "eventMethod": "GET",
        "sentimentAnalysis": True,
    }
    spoken: list[dict[str, Any]] = [
        {"action": "talk", "text": "Who is there?"},
        {"action": "wait", "timeout": 3},
    ]
    script = ({"wait": 2}, {"say": "It is me"})
    play, call = play_actions(action(transcription=wanted), *spoken, script=script)
    assert call.warned == []
    ((path, words),) = told(play, "transcription")
    assert path == "words"
    assert play.asked[-1].method == "GET"
    assert words["recording_id"] == next(iter(play.recordings))
    assert (words["transcription_status"], words["transcription_text"]) == (
        "completed",
        "Who is there? It is me",
    )


def test_a_transcript_has_only_the_words_that_were_out() -> None:
    wanted = action(transcription={"eventUrl": [f"{ROOT}words"]})
    long = "This is a very long announcement that nobody ever hears to its end"
    play, _ = play_actions(wanted, {"action": "talk", "text": long}, script=({"wait": 1}, {"hangup": True}))
    ((_, words),) = told(play, "transcription")
    assert words["transcription_text"] == "This is a very"


def test_a_transcript_leaves_out_what_was_said_during_a_pause() -> None:
    play = Play()
    wanted = action(transcription={"eventUrl": [f"{ROOT}words"]})
    call = play.call(json.dumps([wanted, {"action": "wait", "timeout": 10}]), phone=SILENT)
    call.speak("One")
    play.pass_time(2)
    (it,) = play.recordings
    call.tell(SteerRecording(it, Trigger.PAUSE, skips=True))
    call.speak("Two")
    play.pass_time(2)
    call.tell(SteerRecording(it, Trigger.RESUME))
    call.speak("Three")
    play.finish()
    assert told(play, "transcription")[0][1]["transcription_text"] == "One Three"
    assert told(play, "record")[0][1]["recording_duration"] == 8


def test_who_hangs_up_ends_it_and_so_does_another_document() -> None:
    play, _ = play_actions(action(endOnSilence=3), script=({"wait": 1}, {"hangup": True}))
    assert len(told(play, "record")) == 1

    play = Play({"/other": "<Response/>"})
    call = play.call(json.dumps([action(endOnSilence=3)]), phone=SILENT)
    call.tell(Redirect(f"{ROOT}other", "POST", None))
    play.finish()
    assert len(told(play, "record")) == 1
    assert ends(call)[0][2] == "redirected"
