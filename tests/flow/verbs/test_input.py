"""The action input, option by option, and bargeIn of what is said before it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from telefonie.core.commands import HangUp, Redirect
from telefonie.core.events import Actor, Kind
from telefonie.core.phones import Behaviour, Step
from telefonie.core.recordings import Source
from telefonie.core.speaking import speaking_ms
from telefonie.flow.commands import Page, Sound
from telefonie.flow.effects import Purpose
from tests.support.play import Play, Played

SILENT = Behaviour(greeting="")
DTMF: dict[str, Any] = {"type": ["dtmf"]}
SPEECH: dict[str, Any] = {"type": ["speech"]}
BOTH: dict[str, Any] = {"type": ["dtmf", "speech"]}
MENU = "Press one or two"
MENU_S = speaking_ms(MENU) / 1000
YES = "Yes, please"
YES_S = speaking_ms(YES) / 1000
AFTER = {"action": "talk", "text": "After"}


def run(actions: list[dict[str, Any]], *script: Step, **order: Any) -> tuple[Play, Played]:
    """A document of these actions, run to its end. Script time starts at the answer."""
    play = Play({"/got": "[]", "/music": Sound(200, 3_000)})
    call = play.call(json.dumps(actions), phone=SILENT, script=script, **order)
    play.finish()
    return play, call


def listen(options: dict[str, Any], *script: Step) -> tuple[Play, Played]:
    """An input that reports to /got."""
    return run([{"action": "input", "eventUrl": ["https://app.test/got"], **options}], *script)


def wait(seconds: float) -> Step:
    return {"wait": seconds}


def press(digits: str) -> Step:
    return {"press": digits}


def say(text: str, **more: Any) -> Step:
    return {"say": text, **more}


def got(play: Play) -> dict[str, Any]:
    """The outcome that was reported; it must be the only one."""
    ((path, outcome),) = play.actions
    assert path == "/got"
    return outcome


def ended(call: Played) -> float:
    """When listening ended, in seconds after the answer."""
    (at,) = call.at(Kind.GATHERED)
    return at


# -- type --


def test_keys_are_listened_for() -> None:
    play, call = listen(DTMF, wait(1), press("1234"))
    assert got(play) == {"digits": "1234", "finished_on_key": "", "timed_out": False}
    assert call.warned == []


def test_speech_is_listened_for() -> None:
    play, _ = listen(SPEECH, wait(1), say(YES, confidence=0.94))
    assert got(play) == {
        "speech_result": YES,
        "confidence": 0.94,
        "language": "en-US",
        "results": [{"text": YES, "confidence": 0.94}],
        "timeout_reason": "end_on_silence_timeout",
    }


def test_of_both_the_first_detected_wins() -> None:
    play, _ = listen(BOTH, wait(1), say(YES), press("1"))
    assert (got(play)["digits"], got(play)["speech_result"]) == ("", YES)
    play, _ = listen(BOTH, wait(1), press("1"), say(YES))
    assert (got(play)["digits"], got(play)["results"]) == ("1", [])


def test_the_old_form_means_keys() -> None:
    play, call = listen({}, wait(1), press("1234"))
    assert (got(play)["digits"], call.warned) == ("1234", [])


@pytest.mark.parametrize("value", ["dtmf", ["keys"], ["dtmf", "speech", "dtmf"], 7])
def test_a_wrong_type_is_warned_of_and_means_keys(value: object) -> None:
    play, call = listen({"type": value}, wait(1), press("1234"))
    assert (call.warned, got(play)["digits"]) == ([12200], "1234")


# -- dtmf --


def test_three_seconds_without_a_key_end_it() -> None:
    play, call = listen(DTMF)
    assert (ended(call), got(play)) == (3, {"digits": "", "finished_on_key": "", "timed_out": True})
    play, call = listen(DTMF, wait(2), press("1"))
    assert (ended(call), got(play)["digits"], got(play)["timed_out"]) == (5, "1", True)


@pytest.mark.parametrize(("value", "seconds"), [(10, 10), (0.5, 0.5), ("2", 2)])
def test_the_time_out_can_be_set(value: object, seconds: float) -> None:
    _, call = listen({**DTMF, "dtmf": {"timeOut": value}})
    assert (ended(call), call.warned) == (seconds, [])


@pytest.mark.parametrize("value", [11, -1, "soon"])
def test_a_wrong_time_out_is_three_seconds(value: object) -> None:
    _, call = listen({**DTMF, "dtmf": {"timeOut": value}})
    assert (ended(call), call.warned) == (3, [12200])


@pytest.mark.parametrize("most", [1, 4, 20, 22])
def test_so_many_keys_end_it(most: int) -> None:
    play, call = listen({**DTMF, "dtmf": {"maxDigits": most}}, wait(1), press("1" * 23))
    assert (got(play)["digits"], call.warned) == ("1" * most, [])


@pytest.mark.parametrize("most", [0, 23])
def test_a_wrong_number_of_keys_is_four(most: int) -> None:
    play, call = listen({**DTMF, "dtmf": {"maxDigits": most}}, wait(1), press("12345"))
    assert (got(play)["digits"], call.warned) == ("1234", [12200])


def test_hash_ends_it_only_if_wanted() -> None:
    play, _ = listen({**DTMF, "dtmf": {"submitOnHash": True}}, wait(1), press("1#"))
    assert got(play) == {"digits": "1", "finished_on_key": "#", "timed_out": False}
    play, _ = listen(DTMF, wait(1), press("1#*2"))
    assert got(play)["digits"] == "1#*2"


def test_settings_of_the_old_form_count_unless_the_new_one_has_them() -> None:
    old = {"timeOut": 5, "maxDigits": 2, "submitOnHash": True}
    play, call = listen(old, wait(4), press("12"))
    assert (got(play)["digits"], call.warned) == ("12", [])
    play, _ = listen(old, wait(4), press("1#"))
    assert got(play)["finished_on_key"] == "#"
    play, _ = listen({**old, "type": ["dtmf"], "dtmf": {"maxDigits": 3}}, wait(4), press("123"))
    assert got(play)["digits"] == "123"


# -- speech --


def test_two_seconds_of_silence_end_speech() -> None:
    _, call = listen(SPEECH, wait(1), say(YES))
    assert ended(call) == pytest.approx(1 + YES_S + 2)


@pytest.mark.parametrize("seconds", [0.4, 10])
def test_the_silence_can_be_set(seconds: float) -> None:
    _, call = listen({**SPEECH, "speech": {"endOnSilence": seconds}}, wait(1), say(YES))
    assert ended(call) == pytest.approx(1 + YES_S + seconds)
    assert call.warned == []


def test_nothing_said_is_reported_after_ten_seconds() -> None:
    play, call = listen(SPEECH)
    assert (ended(call), got(play)) == (10, {"results": [], "timeout_reason": "start_timeout"})


@pytest.mark.parametrize("seconds", [1, 60])
def test_the_time_to_begin_can_be_set(seconds: float) -> None:
    _, call = listen({**SPEECH, "speech": {"startTimeout": seconds}})
    assert (ended(call), call.warned) == (seconds, [])


def test_with_keys_the_shorter_time_counts() -> None:
    play, call = listen(BOTH)
    assert ended(call) == 3
    assert got(play) == {
        "digits": "",
        "finished_on_key": "",
        "timed_out": True,
        "results": [],
        "timeout_reason": "start_timeout",
    }


def test_speech_is_cut_at_its_longest() -> None:
    play, call = listen(
        {**SPEECH, "speech": {"maxDuration": 1}}, wait(1), say("one two three four five six seven")
    )
    assert (ended(call), got(play)["timeout_reason"]) == (2, "max_duration")
    assert got(play)["results"][0]["text"] == got(play)["speech_result"] != ""


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ({"endOnSilence": 0.4}, {"endOnSilence": 0.3}),
        ({"startTimeout": 60}, {"startTimeout": 61}),
        ({"maxDuration": 60}, {"maxDuration": 0}),
        ({"sensitivity": 10}, {"sensitivity": 9}),
        ({"language": "nl-NL"}, {"language": ["nl"]}),
        ({"uuid": ["a"]}, {"uuid": ["a", "b"]}),
        ({"context": ["sales", "support"]}, {"context": "sales"}),
        ({"saveAudio": True}, {"saveAudio": 1}),
        ({"provider": "deepgram"}, {"provider": "mine"}),
        ({"providerOptions": {"a": 1}}, {"options": 1}),
    ],
)
def test_settings_of_speech_have_bounds(good: dict[str, Any], bad: dict[str, Any]) -> None:
    assert listen({**SPEECH, "speech": good}, wait(1), say(YES))[1].warned == []
    play, call = listen({**SPEECH, "speech": bad}, wait(1), say(YES))
    assert (call.warned, got(play)["speech_result"]) == ([12200], YES)


def test_the_language_is_reported() -> None:
    play, _ = listen({**SPEECH, "speech": {"language": "nl-NL"}}, wait(1), say("Ja", language="nl-NL"))
    assert got(play)["language"] == "nl-NL"


def test_what_was_said_can_be_heard_afterwards_if_that_is_wished_for() -> None:
    play, call = listen({**BOTH, "speech": {"saveAudio": True}}, wait(1), say(YES))
    kept = play.recordings[got(play)["recording_id"]]
    begun = (call.call.answered_at or 0) + 1_000
    assert (kept.since, kept.ms) == (begun, speaking_ms(YES) + 2_000)  # with the silence that ended it
    assert (kept.track, kept.source, kept.live) == ("inbound", Source.RECORD_VERB, False)
    assert play.news == []


def test_nothing_is_kept_of_keys_of_silence_or_without_the_wish() -> None:
    for script in ((), (wait(1), press("1"))):
        play, _ = listen({**BOTH, "speech": {"saveAudio": True}}, *script)
        assert ("recording_id" in got(play), play.recordings) == (False, {})
    play, _ = listen(SPEECH, wait(1), say(YES))
    assert play.recordings == {}


def test_what_is_said_is_kept_to_the_end_of_the_call() -> None:
    play = Play({"/got": "[]"})
    listening = {"action": "input", **SPEECH, "speech": {"saveAudio": True}}
    call = play.call(json.dumps([listening]), phone=SILENT, script=[wait(1), say("Yes " * 20)])
    play.pass_time(2)
    call.tell(HangUp(Actor.CUSTOMER))
    (kept,) = play.recordings.values()
    assert (kept.ms, kept.why) == (1_000, "call_ended")


# -- eventUrl and eventMethod --


def test_the_answer_takes_the_place_of_the_rest() -> None:
    play = Play({"/got": '[{"action":"talk","text":"Thanks"}]'})
    document = [{"action": "input", "type": ["dtmf"], "eventUrl": ["/got"]}, AFTER]
    call = play.call(json.dumps(document), phone=SILENT)
    play.finish()
    assert call.said == ["Thanks"]


@pytest.mark.parametrize("answer", [Page(204, "", b"", ""), Page(200, "application/json", b"", ""), None])
def test_an_empty_answer_or_none_lets_the_next_action_run(answer: Page | None) -> None:
    play = Play({} if answer is None else {"/got": answer})
    document = [{"action": "input", "type": ["dtmf"], "eventUrl": ["/got"]}, AFTER]
    call = play.call(json.dumps(document), phone=SILENT)
    play.finish()
    assert call.said == ["After"]


def test_without_one_the_outcome_goes_to_the_events_url_of_the_call() -> None:
    play, call = run([{"action": "input", **DTMF}, AFTER], report_url="https://app.test/got")
    assert got(play)["timed_out"] is True
    assert call.said == []
    play, call = run([{"action": "input", **DTMF}, AFTER])
    assert (play.actions, call.said) == ([], ["After"])


def test_it_is_asked_by_its_method() -> None:
    for more, method in (({}, "POST"), ({"eventMethod": "GET"}, "GET")):
        play, call = listen({**DTMF, **more})
        assert (play.asked[-1].method, call.warned) == (method, [])


@pytest.mark.parametrize("url", ["/got", ["/got", "/got"], []])
def test_its_url_is_an_array_of_one(url: object) -> None:
    play, call = run([{"action": "input", **DTMF, "eventUrl": url}])
    assert (call.warned, play.actions) == ([12200], [])


# -- mode --


def told(play: Play) -> list[tuple[str, str, dict[str, Any]]]:
    """What was told without waiting for an answer."""
    return [
        (each.url, each.method, dict(each.outcome)) for each in play.asked if each.purpose is Purpose.TELL
    ]


def every_key(**more: Any) -> dict[str, Any]:
    return {"action": "input", **DTMF, "mode": "asynchronous", "eventUrl": ["/keys"], **more}


def test_in_asynchronous_mode_each_key_is_told_while_later_actions_run() -> None:
    play, call = run(
        [every_key(), {"action": "talk", "text": MENU}, {"action": "wait", "timeout": 5}],
        wait(0.5),
        press("1#"),
        wait(3),
        press("2"),
    )
    assert told(play) == [
        ("https://app.test/keys", "POST", {"digits": key, "timed_out": False}) for key in ("1", "#", "2")
    ]
    assert (call.said, call.at(Kind.HUSHED), call.warned) == ([MENU], [], [])
    assert call.call.ended_at == call.call.answered_at + round(MENU_S * 1000) + 5_000  # type: ignore[operator]


def test_it_goes_on_in_other_documents_until_another_takes_its_place() -> None:
    play = Play(
        {
            "/b": json.dumps(
                [
                    {"action": "wait", "timeout": 1},
                    every_key(eventUrl=["/more"], eventMethod="GET"),
                    {"action": "wait"},
                ]
            )
        }
    )
    call = play.call(json.dumps([every_key(), {"action": "wait"}]), phone=SILENT)
    play.pass_time(1)
    call.tell(Redirect("https://app.test/b", "POST"))
    call.press("1")
    play.pass_time(2)
    call.press("2")
    play.finish()
    assert [(url, method) for url, method, _ in told(play)] == [
        ("https://app.test/keys", "POST"),
        ("https://app.test/more", "GET"),
    ]


def test_a_synchronous_input_gets_its_keys_all_the_same() -> None:
    play, _ = run([every_key(), {"action": "input", **DTMF, "eventUrl": ["/got"]}], wait(1), press("1234"))
    assert (got(play)["digits"], len(told(play))) == ("1234", 4)


def test_without_a_url_keys_are_told_at_that_of_the_call_or_not_at_all() -> None:
    later = [{"action": "input", **DTMF, "mode": "asynchronous"}, {"action": "wait"}]
    assert len(told(run(later, wait(1), press("1"), report_url="https://app.test/got")[0])) == 1
    play, call = run(later, wait(1), press("1"))
    assert (told(play), call.warned) == ([], [12200])


def test_speech_is_not_listened_for_in_asynchronous_mode() -> None:
    play, call = run([every_key(type=["dtmf", "speech"]), AFTER], wait(0.1), say(YES))
    assert (call.warned, told(play)) == ([12200], [])


def test_a_wrong_mode_is_synchronous() -> None:
    play, call = listen({**DTMF, "mode": "later"})
    assert (call.warned, got(play)["timed_out"]) == ([12200], True)


# -- bargeIn of talk and stream --


def menu(*before: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    return [*before, {"action": "input", **DTMF, "eventUrl": ["/got"], **options}]


def talk(text: str = MENU, **more: Any) -> dict[str, Any]:
    return {"action": "talk", "text": text, **more}


MUSIC = {"action": "stream", "streamUrl": ["/music"]}


def test_without_it_what_is_said_runs_to_its_end_and_early_keys_are_lost() -> None:
    play, call = run(menu(talk()), wait(0.3), press("1"))
    assert (call.at(Kind.HUSHED), ended(call), got(play)["digits"]) == ([], MENU_S + 3, "")
    assert call.steps == ["talk", "input"]


def test_with_it_a_key_stops_what_is_said_and_goes_to_the_input() -> None:
    play, call = run(menu(talk(bargeIn=True, loop=0)), wait(0.3), press("1234"))
    assert (call.at(Kind.HUSHED), got(play)["digits"]) == ([0.3], "1234")
    assert (call.said, call.warned) == ([MENU], [])


def test_it_holds_for_what_follows_up_to_the_input() -> None:
    play, call = run(
        menu(talk(bargeIn=True), MUSIC, talk("More", bargeIn=False)), wait(MENU_S + 1), press("1234")
    )
    assert (call.at(Kind.HUSHED), got(play)["digits"]) == ([MENU_S + 1], "1234")
    assert call.steps == ["input", "talk", "stream"]


def test_it_does_not_hold_for_what_came_before() -> None:
    play, call = run(
        menu(talk(), {**MUSIC, "bargeIn": True}), wait(0.3), press("1"), wait(MENU_S), press("2345")
    )
    assert call.at(Kind.HUSHED) == pytest.approx([0.5 + MENU_S])
    assert got(play)["digits"] == "2345"


def test_without_keys_all_is_said_and_then_the_time_out_counts() -> None:
    play, call = run(menu(talk(bargeIn=True), MUSIC))
    assert (ended(call), got(play)["timed_out"]) == (MENU_S + 3 + 3, True)


def test_speech_stops_it_if_the_input_listens_for_it() -> None:
    play, call = run(menu(talk(bargeIn=True, loop=0), **SPEECH), wait(0.3), say(YES))
    assert (call.at(Kind.HUSHED), got(play)["speech_result"]) == ([0.3], YES)
    play, call = run(menu(talk(bargeIn=True)), wait(0.3), say(YES))
    assert call.at(Kind.HUSHED) == []


def test_another_action_between_ends_it() -> None:
    play, call = run(menu(talk(bargeIn=True), {"action": "wait", "timeout": 1}), wait(0.3), press("1"))
    assert (call.warned, call.at(Kind.HUSHED), got(play)["digits"]) == ([12200], [], "")


def test_an_asynchronous_input_tells_the_key_and_the_next_action_runs() -> None:
    actions = [talk(bargeIn=True, loop=0), every_key(), AFTER]
    play, call = run(actions, wait(0.3), press("1"))
    assert (call.at(Kind.HUSHED), call.said, len(told(play))) == ([0.3], [MENU, "After"], 1)


def test_before_an_asynchronous_input_all_is_said_if_no_key_comes() -> None:
    _, call = run([talk(bargeIn=True), every_key(), AFTER])
    assert (call.said, call.at(Kind.SAID)) == ([MENU, "After"], [0, MENU_S])


def test_a_redirect_cuts_what_is_said_before_an_asynchronous_input() -> None:
    play = Play({"/b": "[]"})
    call = play.call(json.dumps([talk(bargeIn=True, loop=0), every_key()]), phone=SILENT)
    play.pass_time(0.2)
    call.tell(Redirect("https://app.test/b", "POST"))
    play.finish()
    assert (call.at(Kind.HUSHED), call.over) == ([0.2], True)
