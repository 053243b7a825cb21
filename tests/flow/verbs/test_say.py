"""Say and talk, attribute by attribute."""

from __future__ import annotations

import pytest

from telefonie.core.call import Status
from telefonie.core.commands import Redirect
from telefonie.core.events import Actor, Kind
from telefonie.core.phones import Behaviour
from telefonie.core.speaking import speaking_ms
from tests.support.play import Play, Played, page

HELLO = "Hello there"
SILENT = Behaviour(greeting="")


def say(inside: str) -> Played:
    """A document with this, run to its end; the far end says nothing."""
    play = Play()
    call = play.call(f"<Response>{inside}</Response>", phone=SILENT)
    play.finish()
    return call


def talk(more: str = "", text: str = HELLO) -> Played:
    """The same of an action."""
    play = Play()
    call = play.call(f'[{{"action":"talk","text":"{text}"{more}}}]', phone=SILENT)
    play.finish()
    return call


def lasted(call: Played) -> int:
    """Milliseconds from the answer to the end."""
    assert call.call.ended_at is not None
    assert call.call.answered_at is not None
    return call.call.ended_at - call.call.answered_at


@pytest.mark.parametrize("document", [f"<Say>{HELLO}</Say>", "<Say>\n  Hello\n there </Say>"])
def test_it_takes_as_long_as_its_words(document: str) -> None:
    call = say(document)
    assert call.said == [HELLO]
    assert lasted(call) == speaking_ms(HELLO)
    assert call.warned == []


def test_a_text_alone_is_said() -> None:
    play = Play({"/": page(HELLO, content_type="text/plain")})
    call = play.call(phone=SILENT)
    play.finish()
    assert (call.said, call.steps) == ([HELLO], ["Say"])


def test_nothing_to_say_is_passed_over() -> None:
    assert say("<Say/>").warned == [13520]
    assert say("<Say>  </Say>").steps == []
    assert say("<Say><break time='3s'/></Say>").warned == [13520]


def test_too_much_is_passed_over() -> None:
    assert say(f"<Say>{'a' * 4_096}</Say>").warned == []
    call = say(f"<Say>{'a' * 4_097}</Say><Say>Hi</Say>")
    assert (call.warned, call.said) == ([13520], ["Hi"])


# -- voice --


@pytest.mark.parametrize(
    "voice", ["man", "woman", "alice", "Polly.Joanna", "Polly.Joanna-Neural", "Google.de-DE-X"]
)
def test_a_voice_is_written_down_with_what_it_says(voice: str) -> None:
    call = say(f"<Say voice='{voice}'>{HELLO}</Say>")
    assert [each["voice"] for each in call.of(Kind.SAID)] == [voice]
    assert call.warned == []


@pytest.mark.parametrize("voice", ["robot", "Polly.", ""])
def test_a_strange_voice_is_warned_of_and_any_voice_speaks(voice: str) -> None:
    call = say(f"<Say voice='{voice}'>{HELLO}</Say>")
    assert (call.warned, call.said) == ([13511], [HELLO])
    assert "voice" not in call.of(Kind.SAID)[0]


# -- language --


def test_its_language_is_that_of_the_call_unless_it_says_another() -> None:
    assert say("<Say>Hi</Say>").of(Kind.SAID)[0]["language"] == "en-US"
    assert say("<Say language='de-DE'>Hallo</Say>").of(Kind.SAID)[0]["language"] == "de-DE"
    play = Play()
    call = play.call("<Response><Say>Hoi</Say></Response>", phone=SILENT, language="nl-NL")
    play.finish()
    assert call.of(Kind.SAID)[0]["language"] == "nl-NL"


def test_another_language_takes_its_own_time() -> None:
    assert lasted(say("<Say language='ja-JP'>もしもし</Say>")) == speaking_ms("もしもし", "ja-JP")


def test_a_word_that_is_no_language_is_warned_of() -> None:
    call = say("<Say language='German!'>Hi</Say>")
    assert (call.warned, call.of(Kind.SAID)[0]["language"]) == ([13511], "en-US")


# -- loop --


def test_it_is_said_as_often_as_asked() -> None:
    call = say(f"<Say loop='3'>{HELLO}</Say>")
    once = speaking_ms(HELLO) / 1000
    assert call.at(Kind.SAID) == pytest.approx([0, once, 2 * once])
    assert lasted(call) == 3 * speaking_ms(HELLO)


def test_without_end_is_a_thousand_times() -> None:
    assert len(say("<Say loop='0'>Hi</Say>").said) == 1_000
    assert len(say("<Say loop='1000'>Hi</Say>").said) == 1_000


@pytest.mark.parametrize("loop", ["-1", "1001", "often", "1.5"])
def test_a_loop_out_of_bounds_is_warned_of_and_it_is_said_once(loop: str) -> None:
    call = say(f"<Say loop='{loop}'>Hi</Say>")
    assert (call.warned, call.said) == ([13510], ["Hi"])


def test_what_cannot_be_pronounced_takes_no_time_however_often() -> None:
    call = say("<Say loop='0'>( )</Say><Say>Hi</Say>")
    assert call.said[-1] == "Hi"
    assert lasted(call) == speaking_ms("Hi")


# -- speech markup --


def test_breaks_take_time_and_divide() -> None:
    call = say("<Say>One<break time='2s'/>two</Say>")
    pieces = call.of(Kind.SAID)[0]["pieces"]
    one = speaking_ms("One")
    assert [each[:1] + each[2:3] for each in pieces] == [[0, "One"], [one + 2_000, "two"]]
    assert lasted(call) == one + 2_000 + speaking_ms("two")
    assert call.warned == []


def test_rates_and_languages_inside_count() -> None:
    slow = lasted(say("<Say><prosody rate='50%'>Hello</prosody></Say>"))
    assert slow == 2 * speaking_ms("Hello")
    call = say("<Say>Hi <lang xml:lang='de-DE'>Guten Tag</lang></Say>")
    assert [each[3] for each in call.of(Kind.SAID)[0]["pieces"]] == ["en-US", "de-DE"]


def test_every_element_of_the_manual_is_known() -> None:
    call = say(
        "<Say voice='Polly.Joanna'><p><s>One</s></p> <emphasis level='strong'>two</emphasis> "
        "<phoneme alphabet='ipa' ph='x'>three</phoneme> <say-as interpret-as='digits'>45</say-as> "
        "<sub alias='six'>6</sub> <w role='amazon:VB'>read</w></Say>"
    )
    assert call.warned == []
    assert call.said[0].split() == ["One", "two", "three", "4", "5", "six", "read"]


def test_an_unknown_element_is_warned_of_once_and_its_text_said() -> None:
    call = say("<Say>One <blink>two</blink></Say>")
    assert (call.warned, call.said) == ([12200], ["One two"])


# -- interplay --


def test_a_hang_up_cuts_it() -> None:
    play = Play()
    call = play.call(
        f"<Response><Say>{HELLO}</Say></Response>", phone=Behaviour(greeting="", hangs_up_after=300)
    )
    play.finish()
    assert (call.status, lasted(call)) == (Status.COMPLETED, 300)
    assert call.at(Kind.HUSHED) == [0.3]


def test_another_document_cuts_it() -> None:
    play = Play({"/b": "<Response><Say>B</Say></Response>"})
    call = play.call(f"<Response><Say loop='9'>{HELLO}</Say></Response>", phone=SILENT)
    play.pass_time(0.2)
    call.tell(Redirect("https://app.test/b", "POST"))
    play.finish()
    assert call.said == [HELLO, "B"]
    assert call.at(Kind.SAID, Actor.PLATFORM) == [0, 0.2]


def test_it_picks_an_inbound_call_up() -> None:
    play = Play()
    call = play.arrive(f"<Response><Say>{HELLO}</Say></Response>")
    assert call.status is Status.TALKING


def test_keys_do_not_cut_it() -> None:
    play = Play()
    call = play.call(f"<Response><Say>{HELLO}</Say></Response>", phone=SILENT, script=[{"press": "1"}])
    play.finish()
    assert lasted(call) == speaking_ms(HELLO)


# -- the action --


def test_talk_says_its_text() -> None:
    call = talk()
    assert (call.said, call.steps, call.warned) == ([HELLO], ["talk"], [])
    assert lasted(call) == speaking_ms(HELLO)


def test_talk_needs_a_text_of_at_most_1500_characters() -> None:
    play = Play()
    call = play.call('[{"action":"talk"},{"action":"talk","text":""}]', phone=SILENT)
    play.finish()
    assert (call.warned, call.steps) == ([13520, 13520], [])
    assert talk(text="a" * 1_500).warned == []
    assert talk(text="a" * 1_501).warned == [13520]


def test_talk_understands_speech_markup_inside_speak() -> None:
    call = talk(text="<speak>One<break time='1s'/>two</speak>")
    assert call.said == ["One two"]
    assert lasted(call) == speaking_ms("One") + 1_000 + speaking_ms("two")


def test_broken_markup_is_warned_of_where_the_text_stands() -> None:
    call = talk(text="<speak>One")
    assert call.warned == [13520]
    assert call.of(Kind.WARNED)[0]["column"] == 26
    assert call.steps == []


def test_talk_warns_of_a_language_that_it_does_not_speak_and_says_it() -> None:
    assert talk(',"language":"cy-GB"').warned == []
    call = talk(',"language":"xx-XX"')
    assert (call.warned, call.of(Kind.SAID)[0]["language"]) == ([13511], "xx-XX")


def test_a_voice_of_old_says_the_language() -> None:
    assert talk(',"voiceName":"Lotte"').of(Kind.SAID)[0]["language"] == "nl-NL"
    assert talk(',"voiceName":"Lotte","language":"en-GB"').of(Kind.SAID)[0]["language"] == "en-GB"
    assert talk(',"voiceName":"Nobody"').warned == [13511]


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ('"level":-1', '"level":1.1'),
        ('"level":"0.5"', '"level":"loud"'),
        ('"style":4', '"style":-1'),
        ('"premium":true', '"premium":"yes"'),
        ('"provider":"Polly","providerOptions":{"a":1}', '"provider":[]'),
    ],
)
def test_options_without_effect_are_read(good: str, bad: str) -> None:
    assert talk("," + good).warned == []
    call = talk("," + bad)
    assert (call.warned, call.said) == ([12200], [HELLO])


def test_talk_loops() -> None:
    assert len(talk(',"loop":3').said) == 3
    assert len(talk(',"loop":0').said) == 1_000
    assert (talk(',"loop":1001').warned, len(talk(',"loop":1001').said)) == ([13510], 1)


def test_barge_in_without_an_input_is_warned_of() -> None:
    call = talk(',"bargeIn":true')
    assert (call.warned, call.said) == ([12200], [HELLO])
