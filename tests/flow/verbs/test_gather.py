"""Gather, attribute by attribute, in the order of the manual."""

from __future__ import annotations

from typing import Any

import pytest

from telefonie.core.call import Status
from telefonie.core.commands import Mute, Redirect
from telefonie.core.events import Kind
from telefonie.core.phones import Behaviour, Step
from telefonie.core.speaking import speaking_ms
from telefonie.flow.commands import Lost, Sound
from telefonie.flow.effects import Purpose
from tests.support.play import EMPTY, Play, Played

SILENT = Behaviour(greeting="")
MENU = "Press one or two"
MENU_S = speaking_ms(MENU) / 1000
YES = "Yes, please"
YES_S = speaking_ms(YES) / 1000


def gather(
    attributes: str = "", *script: Step, inside: str = "", phone: Behaviour = SILENT
) -> tuple[Play, Played]:
    """A Gather with an action, then a Say, run to its end. Script time starts at the answer."""
    play = Play({"/got": EMPTY})
    document = f"<Response><Gather action='/got' {attributes}>{inside}</Gather><Say>Nothing</Say></Response>"
    call = play.call(document, phone=phone, script=script)
    play.finish()
    return play, call


def wait(seconds: float) -> Step:
    return {"wait": seconds}


def press(digits: str) -> Step:
    return {"press": digits}


def say(text: str, **more: Any) -> Step:
    return {"say": text, **more}


def got(play: Play) -> dict[str, Any]:
    """The outcome that the action was asked with; it must be the only one."""
    ((path, outcome),) = play.actions
    assert path == "/got"
    return outcome


def asked_at(play: Play, call: Played) -> float:
    """When the action was asked, in seconds after the answer."""
    (ask,) = [each for each in play.asked if each.purpose is Purpose.ACTION]
    assert call.call.answered_at is not None
    return (ask.at - call.call.answered_at) / 1000


# -- input --


@pytest.mark.parametrize("attributes", ["", "input='dtmf'", "input='dtmf speech'", "input='speech dtmf'"])
def test_keys_are_listened_for(attributes: str) -> None:
    play, call = gather(attributes, wait(1), press("12#"))
    assert got(play) == {"digits": "12", "finished_on_key": "#", "timed_out": False}
    assert call.of(Kind.GATHERED) == [{"digits": "12"}]
    assert (call.said, call.warned) == ([], [])


@pytest.mark.parametrize("attributes", ["input='speech'", "input='dtmf speech'"])
def test_speech_is_listened_for(attributes: str) -> None:
    play, call = gather(attributes, wait(1), say(YES, confidence=0.7))
    assert got(play) == {"speech_result": YES, "confidence": 0.7, "language": "en-US"}
    assert call.of(Kind.GATHERED) == [{"speech": YES, "confidence": 0.7}]


def test_what_is_not_listened_for_is_not_heard() -> None:
    play, call = gather("", wait(1), say(YES))
    assert (play.actions, call.said[-1]) == ([], "Nothing")
    play, call = gather("input='speech'", wait(1), press("1#"))
    assert (play.actions, call.said[-1]) == ([], "Nothing")


def test_of_both_the_first_detected_wins() -> None:
    play, _ = gather("input='dtmf speech' speechTimeout='1'", wait(1), say(YES), press("1#"))
    assert got(play)["speech_result"] == YES
    assert "digits" not in got(play)
    play, _ = gather("input='dtmf speech'", wait(1), press("1"), say(YES), wait(1), press("2"))
    assert got(play)["digits"] == "12"
    assert "speech_result" not in got(play)


@pytest.mark.parametrize("value", ["keys", "dtmf,speech", ""])
def test_a_wrong_input_is_warned_of_and_keys_are_listened_for(value: str) -> None:
    play, call = gather(f"input='{value}'", wait(1), press("1#"))
    assert (call.warned, got(play)["digits"]) == ([12200], "1")


# -- action and method --


def test_the_answer_of_the_action_takes_over() -> None:
    play = Play({"/got": "<Response><Say>Thanks</Say></Response>"})
    call = play.call(
        "<Response><Gather action='/got'/><Say>never</Say></Response>",
        phone=SILENT,
        script=[wait(1), press("1#")],
    )
    play.finish()
    assert call.said == ["Thanks"]


def test_without_an_action_the_document_is_asked_again() -> None:
    documents = ["<Response><Gather/></Response>", EMPTY]
    play = Play({"/menu": lambda _: documents.pop(0)})
    play.call("<Response><Redirect>/menu</Redirect></Response>", phone=SILENT, script=[wait(1), press("7#")])
    play.finish()
    assert play.actions == [("/menu", {"digits": "7", "finished_on_key": "#", "timed_out": False})]


def test_the_action_is_asked_by_its_method() -> None:
    for attributes, method in (("", "POST"), ("method='GET'", "GET")):
        play, call = gather(attributes, wait(1), press("1#"))
        assert [each.method for each in play.asked if each.verb] == [method]
        assert call.warned == []
    play, call = gather("method='PUT'", wait(1), press("1#"))
    assert (call.warned, play.asked[-1].method) == ([13312], "POST")


def test_the_action_may_be_relative() -> None:
    play = Play({"/a/menu": "<Response><Gather action='got?x=1'/></Response>", "/a/got": EMPTY})
    play.call(
        "<Response><Redirect>/a/menu</Redirect></Response>", phone=SILENT, script=[wait(1), press("1#")]
    )
    play.finish()
    assert play.asked[-1].url == "https://app.test/a/got?x=1"


# -- timeout --


def test_silence_falls_through_to_the_next_verb_after_five_seconds() -> None:
    play, call = gather()
    assert (play.actions, call.said, call.at(Kind.SAID)) == ([], ["Nothing"], [5])
    assert call.of(Kind.GATHERED) == [{"timed_out": True}]


def test_it_counts_from_the_end_of_the_prompts() -> None:
    _, call = gather("timeout='2'", inside=f"<Say>{MENU}</Say>")
    assert call.at(Kind.GATHERED) == [MENU_S + 2]


def test_each_key_begins_it_anew() -> None:
    play, call = gather("timeout='2'", wait(1), press("1"), wait(1.5), press("2"))
    assert got(play) == {"digits": "12", "finished_on_key": "", "timed_out": True}
    assert asked_at(play, call) == pytest.approx(1 + 0.2 + 1.5 + 2)


def test_a_key_at_its_very_end_counts() -> None:
    play, _ = gather("timeout='2'", wait(2), press("1#"))
    assert got(play)["digits"] == "1"


@pytest.mark.parametrize("value", ["0", "-1", "x", "3601", "1.5"])
def test_a_wrong_timeout_is_five_seconds(value: str) -> None:
    _, call = gather(f"timeout='{value}'")
    assert (call.warned, call.at(Kind.GATHERED)) == ([13313], [5])


def test_it_is_also_how_long_speech_is_waited_for() -> None:
    _, call = gather("input='speech' timeout='3'")
    assert call.at(Kind.GATHERED) == [3]
    play, _ = gather("input='speech' timeout='3' speechTimeout='1'", wait(2.9), say(YES))
    assert got(play)["speech_result"] == YES


# -- finishOnKey --


@pytest.mark.parametrize(
    ("attributes", "pressed", "digits", "finish"),
    [
        ("", "1*#", "1*", "#"),
        ("finishOnKey='*'", "1#*", "1#", "*"),
        ("finishOnKey='9'", "129", "12", "9"),
        ("finishOnKey='' numDigits='3'", "1#*", "1#*", ""),
    ],
)
def test_the_finish_key_ends_it_and_is_no_digit(
    attributes: str, pressed: str, digits: str, finish: str
) -> None:
    play, call = gather(attributes, wait(1), press(pressed))
    assert got(play) == {"digits": digits, "finished_on_key": finish, "timed_out": False}
    assert asked_at(play, call) == pytest.approx(1 + 0.2 * (len(pressed) - 1))


def test_the_finish_key_alone_is_an_empty_result() -> None:
    play, call = gather("", wait(1), press("#"))
    assert (play.actions, call.said) == ([], ["Nothing"])
    play, _ = gather("actionOnEmptyResult='true'", wait(1), press("#"))
    assert got(play) == {"digits": "", "finished_on_key": "#", "timed_out": False}


@pytest.mark.parametrize("value", ["##", "a", "12"])
def test_more_than_one_finish_key_is_warned_of_and_is_hash(value: str) -> None:
    play, call = gather(f"finishOnKey='{value}'", wait(1), press("3#"))
    assert (call.warned, got(play)["digits"]) == ([13310], "3")


# -- numDigits --


def test_so_many_keys_end_it_at_once() -> None:
    play, call = gather("numDigits='3'", wait(1), press("1234"))
    assert got(play) == {"digits": "123", "finished_on_key": "", "timed_out": False}
    assert asked_at(play, call) == pytest.approx(1.4)


def test_without_it_there_is_no_limit() -> None:
    play, _ = gather("", wait(1), press("12345678901234567890"))
    assert got(play)["digits"] == "12345678901234567890"


@pytest.mark.parametrize("value", ["0", "-2", "many"])
def test_a_wrong_number_of_keys_is_no_limit(value: str) -> None:
    play, call = gather(f"numDigits='{value}'", wait(1), press("12#"))
    assert (call.warned, got(play)["digits"]) == ([13314], "12")


# -- actionOnEmptyResult --


def test_an_empty_result_is_reported_if_wanted() -> None:
    play, call = gather("actionOnEmptyResult='true'")
    assert got(play) == {"digits": "", "finished_on_key": "", "timed_out": True}
    assert call.said == []
    play, _ = gather("actionOnEmptyResult='true' input='speech'")
    assert got(play) == {}


def test_a_wrong_flag_is_warned_of() -> None:
    play, call = gather("actionOnEmptyResult='yes'")
    assert (call.warned, play.actions) == ([12200], [])


# -- speechTimeout --


@pytest.mark.parametrize(
    ("attributes", "silence"),
    [("", 5), ("timeout='3'", 3), ("speechTimeout='2'", 2), ("speechTimeout='auto'", 1)],
)
def test_silence_ends_speech(attributes: str, silence: float) -> None:
    play, call = gather(f"input='speech' {attributes}", wait(1), say(YES))
    assert asked_at(play, call) == pytest.approx(1 + YES_S + silence)
    assert got(play)["speech_result"] == YES


def test_what_is_said_before_that_belongs_to_it() -> None:
    play, call = gather(
        "input='speech' speechTimeout='2'", say("One", confidence=0.8), wait(1.9), say("two", confidence=0.9)
    )
    assert got(play) == {"speech_result": "One two", "confidence": 0.85, "language": "en-US"}
    assert asked_at(play, call) == pytest.approx(
        speaking_ms("One") / 1000 + 1.9 + speaking_ms("two") / 1000 + 2
    )


def test_what_is_said_after_that_does_not() -> None:
    play, _ = gather("input='speech' speechTimeout='auto'", say("One"), wait(1.1), say("two"))
    assert got(play)["speech_result"] == "One"


@pytest.mark.parametrize("value", ["0", "soon", "-1"])
def test_a_wrong_speech_timeout_is_that_of_timeout(value: str) -> None:
    play, call = gather(f"input='speech' speechTimeout='{value}'", say(YES))
    assert call.warned == [12200]
    assert asked_at(play, call) == pytest.approx(YES_S + 5)


# -- maxSpeechTime --


def test_speech_is_cut_at_its_longest_with_the_words_said_so_far() -> None:
    words = "one two three four five six seven eight nine ten " * 2
    play, call = gather("input='speech' maxSpeechTime='2'", wait(1), say(words.strip()))
    assert asked_at(play, call) == 3
    assert words.startswith(got(play)["speech_result"] + " ")
    assert speaking_ms(got(play)["speech_result"]) <= 2_000


def test_a_minute_is_the_longest() -> None:
    play, call = gather("input='speech'", *[say("And so on and so on.")] * 100)
    assert asked_at(play, call) == 60
    play, call = gather("input='speech' maxSpeechTime='61'", *[say("And so on and so on.")] * 100)
    assert (asked_at(play, call), call.warned) == (60, [12200])


# -- language, hints and what has no effect --


def test_the_language_is_reported() -> None:
    play, _ = gather("input='speech' language='nl-NL'", say("Ja", language="nl-NL"))
    assert got(play)["language"] == "nl-NL"


def test_hints_have_bounds() -> None:
    assert gather(f"hints='{','.join(['a' * 100] * 500)}'")[1].warned == []
    assert gather(f"hints='{','.join(['a'] * 501)}'")[1].warned == [12200]
    assert gather(f"hints='yes, {'a' * 101}'")[1].warned == [12200]


@pytest.mark.parametrize(
    "attributes",
    [
        "profanityFilter='false'",
        "speechModel='phone_call'",
        "enhanced='true'",
        "debug='true'",
        "bargeIn='false'",
    ],
)
def test_options_without_effect_are_read(attributes: str) -> None:
    play, call = gather(f"input='speech' {attributes}", say("Damn it"))
    assert (got(play)["speech_result"], call.warned) == ("Damn it", [])


def test_unknown_attributes_are_warned_of() -> None:
    assert gather("numdigits='1'")[1].warned == [12200]


# -- prompts and bargeIn --


def test_prompts_are_said_and_played_in_turn() -> None:
    play = Play({"/music": Sound(200, 3_000, "a1/sounds/5e")})
    document = f"<Response><Gather><Say>{MENU}</Say><Pause length='2'/><Play>music</Play></Gather></Response>"
    call = play.call(document, phone=SILENT)
    play.finish()
    assert call.steps == ["Gather", "Say", "Pause", "Play"]
    assert (call.at(Kind.SAID), call.at(Kind.PLAYED)) == ([0], [MENU_S + 2])
    assert call.at(Kind.GATHERED) == [MENU_S + 2 + 3 + 5]
    assert [each["sound"] for each in call.of(Kind.PLAYED)] == ["a1/sounds/5e"]
    assert call.at(Kind.HUSHED) == []


def test_a_key_during_a_prompt_stops_it_and_counts() -> None:
    play, call = gather(
        "numDigits='2'", wait(0.3), press("1"), wait(4), press("2"), inside=f"<Say loop='9'>{MENU}</Say>"
    )
    assert call.at(Kind.HUSHED) == [0.3]
    assert call.said == [MENU]
    assert got(play)["digits"] == "12"
    assert asked_at(play, call) == pytest.approx(4.5)


def test_a_key_during_a_pause_stops_the_prompts() -> None:
    inside = f"<Pause length='9'/><Say>{MENU}</Say>"
    play, call = gather("numDigits='1'", wait(1), press("1"), inside=inside)
    assert (got(play)["digits"], asked_at(play, call), call.said, call.at(Kind.HUSHED)) == ("1", 1, [], [])


def test_a_key_while_a_file_is_under_way_stops_the_prompts_and_the_file_is_never_played() -> None:
    play = Play({"/got": EMPTY, "/music": Sound(200, 3_000)})
    play.slow["/music"] = 2_000
    document = "<Response><Gather action='/got'><Play>music</Play></Gather></Response>"
    call = play.call(document, phone=SILENT, script=[wait(1), press("1"), wait(2), press("2#")])
    play.finish()
    assert got(play)["digits"] == "12"
    assert (call.of(Kind.PLAYED), call.of(Kind.HUSHED)) == ([], [])
    assert play.fetched == ["/", "/music", "/got"]


def test_speech_during_a_prompt_stops_it_if_it_is_listened_for() -> None:
    play, call = gather("input='speech'", wait(0.3), say(YES), inside=f"<Say loop='9'>{MENU}</Say>")
    assert (call.at(Kind.HUSHED), got(play)["speech_result"]) == ([0.3], YES)
    _, call = gather("", wait(0.3), say(YES), inside=f"<Say>{MENU}</Say>")
    assert (call.at(Kind.HUSHED), call.at(Kind.GATHERED)) == ([], [MENU_S + 5])
    _, call = gather("input='speech'", wait(0.3), press("1"), inside=f"<Say>{MENU}</Say>")
    assert call.at(Kind.HUSHED) == []


def test_without_barge_in_keys_wait_for_the_end_of_the_prompts() -> None:
    inside = f"<Say>{MENU}</Say>"
    play, call = gather("bargeIn='false' numDigits='2'", wait(0.3), press("12"), inside=inside)
    assert (got(play)["digits"], asked_at(play, call), call.at(Kind.HUSHED)) == ("12", MENU_S, [])
    play, call = gather("bargeIn='false' timeout='2'", wait(0.1), press("12"), inside=inside)
    assert (got(play)["digits"], asked_at(play, call)) == ("12", MENU_S + 2)
    play, call = gather("bargeIn='false'", wait(0.1), press("7#9"), inside=inside)
    assert (got(play)["digits"], asked_at(play, call)) == ("7", MENU_S)


def test_without_barge_in_speech_counts_only_if_it_goes_on_after_the_prompts() -> None:
    inside = f"<Say>{MENU}</Say>"
    play, call = gather("bargeIn='false' input='speech'", say("Yes"), inside=inside)
    assert (play.actions, call.at(Kind.GATHERED)) == ([], [MENU_S + 5])
    play, call = gather("bargeIn='false' input='speech'", wait(MENU_S - 0.1), say(YES), inside=inside)
    assert got(play)["speech_result"] == YES
    assert call.at(Kind.HUSHED) == []


def test_a_prompt_that_cannot_be_had_is_left_out() -> None:
    play = Play({"/none": Lost(13420, "no sound", 200)})
    call = play.call(
        f"<Response><Gather><Play>none</Play><Say>{MENU}</Say></Gather></Response>", phone=SILENT
    )
    play.finish()
    assert (call.warned, call.said) == ([13420], [MENU])


def test_a_greeting_is_no_answer() -> None:
    phone = Behaviour(greeting="Hello, this is Bob speaking")
    play, call = gather("input='speech'", inside=f"<Say>{MENU}</Say>", phone=phone)
    assert play.actions == []
    assert call.said[-1] == "Nothing"


def test_speech_that_began_before_counts_from_its_end() -> None:
    play = Play({"/got": EMPTY})
    document = "<Response><Pause length='1'/><Gather action='/got' input='speech' timeout='1'/></Response>"
    long = "I would like to speak with somebody in sales, please"
    call = play.call(document, phone=SILENT, script=[wait(0.5), say(long)])
    play.finish()
    assert got(play)["speech_result"] == long
    assert asked_at(play, call) == pytest.approx(0.5 + speaking_ms(long) / 1000 + 1)


# -- what may stand inside --


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("<Hangup/>", 13320),
        ("<Gather/>", 13320),
        ("<Nothing/>", 13320),
        ("<Say voice='robot'>Hi</Say>", 13321),
        ("<Say loop='-1'>Hi</Say>", 13322),
        ("<Play/>", 13325),
        ("<Play digits='1'/>", 13320),
        ("<Pause length='x'/>", 13910),
        ("<Say bold='1'>Hi</Say>", 12200),
        ("text", 12200),
    ],
)
def test_what_is_wrong_inside_has_its_own_codes(inside: str, code: int) -> None:
    play, call = gather("", wait(1), press("1#"), inside=inside)
    assert (call.warned, got(play)["digits"]) == ([code], "1")


# -- partial results --


def partial(attributes: str, *script: Step) -> list[tuple[str, float, dict[str, Any]]]:
    """What was told while somebody spoke: how, when and what."""
    play = Play({"/got": EMPTY, "/partial": EMPTY})
    document = (
        "<Response><Gather action='/got' input='dtmf speech' speechTimeout='1' partialResultCallback='/partial' "
        f"{attributes}/></Response>"
    )
    call = play.call(document, phone=SILENT, script=script)
    play.finish()
    assert call.call.answered_at is not None
    start = call.call.answered_at
    tells = [each for each in play.asked if each.purpose is Purpose.TELL]
    return [(each.method, (each.at - start) / 1000, dict(each.outcome)) for each in tells]


def test_partial_results_come_at_half_of_a_sentence_and_at_its_end() -> None:
    text = "I want to buy a horse"
    ms = speaking_ms(text)
    (one, two) = partial("", wait(1), say(text))
    assert one[:2] == ("POST", (1_000 + ms // 2) / 1000)
    assert one[2] == {
        "unstable_speech_result": "I want to",
        "stable_speech_result": "",
        "language": "en-US",
        "sequence_number": 0,
    }
    assert two[:2] == ("POST", (1_000 + ms) / 1000)
    assert (two[2]["stable_speech_result"], two[2]["sequence_number"]) == (text, 1)


def test_they_are_numbered_over_all_sentences() -> None:
    told = partial("", say("One two three"), wait(0.5), say("four five six"))
    assert [each[2]["sequence_number"] for each in told] == [0, 1, 2, 3]


def test_they_are_told_by_their_method() -> None:
    assert {each[0] for each in partial("partialResultCallbackMethod='GET'", say(YES))} == {"GET"}


def test_of_keys_there_are_none() -> None:
    assert partial("", press("12#")) == []


# -- interplay --


def test_it_may_stand_in_a_whisper() -> None:
    whisper = (
        "<Response><Gather action='/got' numDigits='1'><Say>Press one to accept</Say></Gather></Response>"
    )
    play = Play({"/whisper": whisper, "/got": EMPTY})
    play.phones["+31201111111"] = Behaviour(greeting="", script=(wait(1), press("1")))
    call = play.call(
        "<Response><Dial><Number url='/whisper'>+31201111111</Number></Dial></Response>", phone=SILENT
    )
    play.pass_time(10)
    (leg,) = play.legs_of(call)
    assert (got(play)["digits"], leg.warned) == ("1", [])
    assert len(leg.of(Kind.CONNECTED)) == 1


def test_a_hang_up_reports_nothing() -> None:
    play, call = gather("", wait(1), press("1"), {"hangup": True})
    assert (play.actions, call.of(Kind.GATHERED), call.status) == ([], [], Status.COMPLETED)


def test_another_document_takes_its_place() -> None:
    play = Play({"/b": "<Response><Pause length='60'/></Response>"})
    call = play.call(f"<Response><Gather><Say loop='0'>{MENU}</Say></Gather></Response>", phone=SILENT)
    play.pass_time(0.2)
    call.tell(Redirect("https://app.test/b", "POST"))
    play.pass_time(1)
    call.press("1")
    play.pass_time(20)
    assert (call.at(Kind.HUSHED), call.of(Kind.GATHERED), play.actions) == ([0.2], [], [])


def test_keys_pressed_by_hand_count() -> None:
    play = Play({"/got": EMPTY})
    call = play.call("<Response><Gather action='/got'/></Response>", phone=SILENT)
    play.pass_time(1)
    call.press("42#")
    play.finish()
    assert got(play)["digits"] == "42"


def test_a_muted_far_end_presses_but_does_not_speak() -> None:
    play = Play({"/got": EMPTY})
    call = play.call(
        "<Response><Gather action='/got' input='dtmf speech'/></Response>",
        phone=SILENT,
        script=[wait(1), say(YES)],
    )
    call.tell(Mute(on=True))
    play.pass_time(2)
    call.press("1#")
    play.finish()
    assert got(play)["digits"] == "1"
