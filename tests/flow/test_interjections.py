"""What is said or played into a live call interrupts its documents, which go on afterwards where they were cut."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telefonie.core.commands import Deafen, HangUp, Hold, Redirect
from telefonie.core.errors import Conflict, Illegal
from telefonie.core.events import Actor, Kind
from telefonie.core.phones import Behaviour
from telefonie.core.transcripts import Speaker, transcript
from telefonie.flow import speech
from telefonie.flow.commands import (
    Command,
    Lost,
    SendKeys,
    Sound,
    StopStream,
    StopTalk,
    Stream,
    Talk,
    TellKeys,
)
from telefonie.flow.effects import Purpose
from tests.support.play import Play, Played

LONG: Final = "One two three four five six seven eight nine ten eleven twelve thirteen fourteen."
FILE: Final = "https://app.test/file.mp3"


def ms(text: str) -> int:
    return speech.say(text, "en-US").ms


def talk(text: str, **more: Any) -> str:
    members = "".join(f', "{name}": {value}' for name, value in more.items())
    return f'{{"action": "talk", "text": "{text}"{members}}}'


def doc(*actions: str) -> str:
    return f"[{', '.join(actions)}]"


WAIT: Final = '{"action": "wait", "timeout": 600}'


def spoken(call: Played) -> list[tuple[str, int, int]]:
    """What the platform really said: text, from when to when after the answer."""
    start = call.call.answered_at or 0
    return [
        (each.text, each.start - start, each.end - start)
        for each in transcript(call.events)
        if each.speaker is Speaker.PLATFORM
    ]


# -- talk --


def test_a_talk_cuts_what_is_said_and_the_rest_follows_from_the_word_that_was_cut() -> None:
    play = Play()
    call = play.call(doc(talk(LONG), talk("Bye.")))
    play.pass_time(1)
    call.tell(Talk("Excuse me."))
    play.finish()
    first, between, rest, bye = spoken(call)
    assert f"{first[0]} {rest[0]}" == LONG
    assert between == ("Excuse me.", 1_000, 1_000 + ms("Excuse me."))
    assert rest[1] == between[2]
    assert bye == ("Bye.", rest[2], rest[2] + ms("Bye."))
    # The word that was cut is said once more.
    whole_words = ms(LONG) * len(f"{first[0]} ") // len(LONG)
    assert rest[2] - rest[1] == ms(LONG) - whole_words
    assert call.at(Kind.HUSHED) == [1.0]
    assert call.of(Kind.SAID, Actor.PLATFORM)[2]["resumed"] is True


def test_in_a_silence_it_is_said_and_nothing_is_cut() -> None:
    play = Play()
    call = play.call(doc(WAIT))
    call.tell(Talk("Hello.", language="en-GB", voice="Amy", level=-0.4))
    said = call.of(Kind.SAID, Actor.PLATFORM)[0]
    assert (said["text"], said["language"], said["voice"], said["level"]) == ("Hello.", "en-GB", "Amy", -0.4)
    assert said["interjected"] is True
    play.pass_time(10)
    assert not call.of(Kind.HUSHED)
    assert call.said == ["Hello."]


def test_without_a_language_it_is_said_in_that_of_the_call() -> None:
    call = Play().call(doc(WAIT), language="nl-NL")
    call.tell(Talk("Hallo."))
    assert call.of(Kind.SAID, Actor.PLATFORM)[0]["language"] == "nl-NL"


def test_speech_markup_is_said_as_it_is_meant() -> None:
    play = Play()
    call = play.call(doc(WAIT))
    call.tell(Talk('<speak>One <break time="2s"/> two</speak>'))
    assert call.said == ["One two"]
    assert call.of(Kind.SAID, Actor.PLATFORM)[0]["ms"] == ms("One") + 2_000 + ms("two")
    call.tell(Talk("<speak>One"))
    assert call.warned == [13520]


def test_it_is_said_as_often_as_asked() -> None:
    play = Play()
    call = play.call(doc(talk(LONG)))
    play.pass_time(1)
    call.tell(Talk("Hey there.", loops=3))
    play.finish()
    assert [text for text, _, _ in spoken(call)][1:4] == ["Hey there."] * 3
    assert spoken(call)[4][1] == 1_000 + 3 * ms("Hey there.")


def test_without_end_it_is_said_until_it_is_stopped_and_nobody_waits_for_that() -> None:
    play = Play()
    call = play.call(doc(talk(LONG), WAIT), limit_ms=7_200_000)
    play.pass_time(1)
    call.tell(Talk("Yes.", loops=0))
    play.pass_time(3_000)
    assert len(call.said) == 1 + 3_001  # a short one no more than once a second
    play.finish()
    assert not call.over
    call.tell(StopTalk())
    play.pass_time(60)
    assert call.said[-1].endswith("fourteen.")


def test_a_second_one_takes_the_place_of_the_first() -> None:
    play = Play()
    call = play.call(doc(talk(LONG)))
    play.pass_time(1)
    call.tell(Talk("First " * 20))
    play.pass_time(1)
    call.tell(Talk("Second."))
    play.finish()
    cut, first, second, rest = spoken(call)
    assert first[0].startswith("First First")
    assert first[2] <= 2_000
    assert second[:2] == ("Second.", 2_000)
    assert f"{cut[0]} {rest[0]}" == LONG


def test_stopped_it_leaves_the_word_to_the_document_at_once() -> None:
    play = Play()
    call = play.call(doc(talk(LONG)))
    play.pass_time(1)
    call.tell(Talk("Well well well well well well."))
    play.pass_time(0.5)
    call.tell(StopTalk())
    assert call.at(Kind.HUSHED) == [1.0, 1.5]
    assert call.at(Kind.SAID, Actor.PLATFORM) == [0.0, 1.0, 1.5]


@pytest.mark.parametrize("command", [StopTalk(), StopStream()])
def test_to_stop_what_does_not_run_changes_nothing(command: Command) -> None:
    play = Play()
    call = play.call(doc(talk(LONG)))
    play.pass_time(1)
    before = len(call.events)
    call.tell(command)
    assert len(call.events) == before
    other: Command = Talk("Hi.") if command == StopStream() else Stream(FILE)
    play.pages["/file.mp3"] = Sound(200, 9_000)
    call.tell(other)
    play.pass_time(0)
    before = len(call.events)
    call.tell(command)
    assert len(call.events) == before


def test_cut_twice_it_goes_on_twice() -> None:
    play = Play()
    call = play.call(doc(talk(LONG)))
    for second in (1, 2):
        play.pass_time(1)
        call.tell(Talk(f"Interjection {second}"))
        play.pass_time(ms(f"Interjection {second}") / 1_000)
    play.finish()
    own = [text for text, _, _ in spoken(call) if not text.startswith("Inter")]
    assert len(own) == 3
    assert " ".join(own) == LONG


# -- stream --


def test_a_file_is_fetched_before_it_is_played() -> None:
    play = Play({"/file.mp3": Sound(200, 4_000, "key")})
    play.slow["/file.mp3"] = 700
    call = play.call(doc(talk(LONG)))
    play.pass_time(1)
    call.tell(Stream(FILE, loops=2, level=0.5))
    assert not call.of(Kind.HUSHED)
    play.finish()
    played = call.of(Kind.PLAYED)
    assert played[0] == {
        "url": FILE,
        "what": "file",
        "ms": 4_000,
        "sound": "key",
        "interjected": True,
        "level": 0.5,
    }
    assert call.at(Kind.PLAYED) == [1.7, 5.7]
    assert spoken(call)[1][1] == 9_700
    assert play.asked[-1].purpose is Purpose.SOUND


def test_a_file_that_cannot_be_had_warns_and_cuts_nothing() -> None:
    play = Play({"/file.mp3": Lost(13420, "no sound")})
    call = play.call(doc(talk(LONG)))
    call.tell(Stream(FILE))
    play.finish()
    assert call.warned == [13420]
    assert call.said == [LONG]


def test_a_file_under_way_is_forgotten_when_something_else_is_said_or_it_is_stopped() -> None:
    for command in (Talk("Hi."), StopStream(), Redirect("https://app.test/other", "GET")):
        play = Play({"/file.mp3": Sound(200, 4_000), "/other": doc(WAIT)})
        play.slow["/file.mp3"] = 700
        call = play.call(doc(WAIT))
        call.tell(Stream(FILE))
        call.tell(command)
        play.pass_time(10)
        assert not call.of(Kind.PLAYED)


def test_a_played_file_goes_on_where_it_was_cut() -> None:
    play = Play({"/file.mp3": Sound(200, 10_000, "key")})
    call = play.call(doc('{"action": "stream", "streamUrl": ["/file.mp3"], "loop": 2}'))
    play.pass_time(4)
    call.tell(Talk("Hey."))
    play.finish()
    assert [(each["ms"], each.get("skip")) for each in call.of(Kind.PLAYED)] == [
        *((10_000, None), (6_000, 4_000), (10_000, None)),
    ]
    heard = ms("Hey.") / 1_000
    assert call.at(Kind.PLAYED) == [0.0, 4.0 + heard, 10.0 + heard]
    assert call.at(Kind.ENDED) == [20.0 + heard]


# -- beside other instructions --


def test_who_waits_in_silence_is_not_delayed() -> None:
    play = Play()
    call = play.call(doc('{"action": "wait", "timeout": 5}', talk("Next.")))
    play.pass_time(4)
    call.tell(Talk(LONG))
    play.pass_time(2)
    assert call.at(Kind.STEPPED) == [0.0, 5.0]
    play.finish()
    # What the next one has to say comes when the word is free.
    assert [text for text, _, _ in spoken(call)] == [LONG, "Next."]
    assert spoken(call)[1][1] == 4_000 + ms(LONG)


def test_an_input_goes_on_listening_and_its_prompts_go_on_afterwards() -> None:
    play = Play({"/event": ""})
    listen = '{"action": "input", "type": ["dtmf"], "dtmf": {"timeOut": 3}, "eventUrl": ["https://app.test/event"]}'
    call = play.call(doc(talk(LONG, bargeIn="true"), listen))
    play.pass_time(1)
    call.tell(Talk("Excuse me."))
    play.finish()
    assert " ".join(text for text, _, _ in spoken(call) if text != "Excuse me.") == LONG
    silence = spoken(call)[-1][2] / 1_000 + 3
    assert call.at(Kind.GATHERED) == [silence]


def test_a_key_during_it_ends_the_prompts_and_counts() -> None:
    play = Play({"/event": ""})
    listen = '{"action": "input", "type": ["dtmf"], "dtmf": {"maxDigits": 1}, "eventUrl": ["https://app.test/event"]}'
    call = play.call(doc(talk(LONG, bargeIn="true"), listen, talk("Thanks.")))
    play.pass_time(1)
    call.tell(Talk("Excuse me for a moment please."))
    play.pass_time(0.5)
    call.press("4")
    play.finish()
    assert call.of(Kind.GATHERED)[0]["digits"] == "4"
    assert [text for text, _, _ in spoken(call)][1:] == ["Excuse me for a moment please.", "Thanks."]
    assert call.at(Kind.HUSHED) == [1.0]


def test_in_a_connected_call_it_is_heard_on_this_leg_alone() -> None:
    play = Play()
    play.phones["+31201110001"] = Behaviour(script=({"wait": 60},))
    call = play.call(doc('{"action": "connect", "endpoint": [{"type": "phone", "number": "31201110001"}]}'))
    play.pass_time(10)
    (leg,) = play.legs_of(call)
    call.tell(Talk("Only for you."))
    leg.speak("I go on.")
    play.pass_time(5)
    assert call.said == ["Only for you."]
    assert not leg.said
    assert call.of(Kind.OVERHEARD)[-1]["text"] == "I go on."
    assert call.call.ended_at is None


def test_a_leg_is_spoken_to_apart_from_its_caller() -> None:
    play = Play()
    play.phones["+31201110001"] = Behaviour(script=({"when_heard": "for you", "steps": [{"press": "5"}]},))
    call = play.call(doc('{"action": "connect", "endpoint": [{"type": "phone", "number": "31201110001"}]}'))
    play.pass_time(10)
    (leg,) = play.legs_of(call)
    leg.tell(Talk("Only for you."))
    play.pass_time(5)
    assert (leg.said, call.said) == (["Only for you."], [])
    assert leg.of(Kind.PRESSED) == [{"digits": "5"}]


def test_ringing_that_is_played_to_the_caller_goes_on_unless_somebody_has_picked_up() -> None:
    play = Play()
    play.phones["+31201110001"] = Behaviour(answers_after=9_000, script=({"wait": 60},))
    call = play.call(doc('{"action": "connect", "endpoint": [{"type": "phone", "number": "31201110001"}]}'))
    play.pass_time(2)
    call.tell(Talk("Soon."))
    play.pass_time(2)
    assert call.of(Kind.PLAYED)[1]["skip"] == 2_000
    call.tell(Talk(LONG + LONG + LONG))
    play.pass_time(8)
    assert call.of(Kind.CONNECTED)
    play.pass_time(40)
    assert len(call.of(Kind.PLAYED)) == 2
    assert call.at(Kind.HUSHED) == [2.0, 4.0]


# -- what ends it --


def test_on_hold_it_is_over() -> None:
    play = Play()
    call = play.call(doc(WAIT))
    call.tell(Talk("Yes. ", loops=0))
    play.pass_time(5)
    call.tell(Hold(on=True))
    said = len(call.said)
    play.pass_time(60)
    assert len(call.said) == said


def test_another_document_ends_it_and_what_was_cut_is_not_taken_up() -> None:
    play = Play({"/other": doc(talk("Other."))})
    call = play.call(doc(talk(LONG)))
    play.pass_time(1)
    call.tell(Talk("Yes. " * 50))
    play.pass_time(1)
    call.tell(Redirect("https://app.test/other", "GET"))
    assert call.at(Kind.HUSHED) == [1.0, 2.0]
    play.finish()
    assert call.said[-1] == "Other."
    assert len(call.said) == 3


def test_the_end_of_the_call_is_its_end() -> None:
    play = Play()
    call = play.call(doc(WAIT))
    call.tell(Talk("Yes. " * 50, loops=0))
    play.pass_time(1)
    call.tell(HangUp(Actor.CUSTOMER))
    assert call.over
    assert spoken(call)[-1][2] <= 1_000


_ALL: Final[tuple[Command, ...]] = (
    *(Talk("Hi."), StopTalk(), Stream(FILE), StopStream()),
    *(SendKeys("1"), TellKeys("https://app.test/keys")),
)


@pytest.mark.parametrize("command", _ALL)
def test_before_the_answer_and_after_the_end_it_is_refused(command: Command) -> None:
    play = Play()
    call = play.place()
    with pytest.raises(Illegal):
        call.tell(command)
    call.tell(HangUp(Actor.CUSTOMER))
    with pytest.raises(Illegal):
        call.tell(command)


def test_while_the_far_end_is_asked_whether_it_may_be_recorded_nothing_is_said_into_it() -> None:
    play = Play()
    call = play.call(doc(WAIT), record=True, consent="announce")
    with pytest.raises(Conflict):
        call.tell(Talk("Hi."))
    play.pass_time(20)
    call.tell(Talk("Hi."))
    assert call.said[-1] == "Hi."


# -- who hears it --


def test_a_far_end_reacts_to_it() -> None:
    play = Play()
    call = play.call(doc(WAIT), script=[{"when_heard": "please press", "steps": [{"press": "7"}]}])
    play.pass_time(1)
    call.tell(Talk("Now please press seven."))
    play.pass_time(5)
    assert call.of(Kind.PRESSED) == [{"digits": "7"}]


def test_a_far_end_hears_what_goes_on_as_one_sentence() -> None:
    play = Play()
    call = play.call(doc(talk(LONG)), script=[{"when_heard": "thirteen", "steps": [{"press": "7"}]}])
    play.pass_time(1)
    call.tell(Talk("Excuse me."))
    play.finish()
    assert call.of(Kind.PRESSED) == [{"digits": "7"}]


def test_a_deaf_call_hears_its_documents_and_what_is_said_into_it_but_no_other_call() -> None:
    play = Play()
    play.phones["+31201110001"] = Behaviour(script=({"wait": 60},))
    script = [{"when_heard": "secret", "steps": [{"press": "1"}]}]
    call = play.call(
        doc('{"action": "connect", "endpoint": [{"type": "phone", "number": "31201110001"}]}'), script=script
    )
    play.pass_time(10)
    (leg,) = play.legs_of(call)
    call.tell(Deafen(on=True))
    call.tell(Deafen(on=True))
    leg.speak("The secret.")
    play.pass_time(5)
    assert not [each for each in call.of(Kind.OVERHEARD) if "secret" in str(each["text"])]
    assert not call.of(Kind.PRESSED)
    call.tell(Talk("A secret."))
    play.pass_time(5)
    assert call.of(Kind.PRESSED) == [{"digits": "1"}]
    call.tell(Deafen(on=False))
    leg.speak("Again.")
    assert call.at(Kind.DEAFENED) + call.at(Kind.UNDEAFENED) == [10.0, 20.0]
    play.pass_time(1)
    assert call.of(Kind.OVERHEARD)[-1]["text"] == "Again."


def test_a_call_that_becomes_deaf_while_it_is_spoken_to_still_hears_the_platform() -> None:
    play = Play()
    call = play.call(doc(talk(LONG)), script=[{"when_heard": "thirteen", "steps": [{"press": "7"}]}])
    play.pass_time(1)
    call.tell(Deafen(on=True))
    play.finish()
    assert call.of(Kind.PRESSED) == [{"digits": "7"}]


def test_only_a_call_that_talks_can_be_deafened() -> None:
    call = Play().place()
    with pytest.raises(Illegal):
        call.tell(Deafen(on=True))


# -- keys --


def test_keys_are_sent_to_the_far_end_and_nobody_else() -> None:
    play = Play()
    call = play.call(doc(WAIT))
    call.tell(SendKeys("1p2#"))
    assert call.of(Kind.KEYS_SENT) == [{"digits": "1p2#"}]


def test_keys_are_told_one_by_one_until_they_are_not_wanted_any_more() -> None:
    play = Play({"/keys": "", "/other": ""})
    call = play.call(doc(WAIT))
    call.press("1")
    play.pass_time(1)
    call.tell(TellKeys("https://app.test/keys"))
    call.press("23")
    play.pass_time(1)
    call.tell(TellKeys("https://app.test/other", "GET"))
    call.press("4")
    play.pass_time(1)
    call.tell(TellKeys(None))
    call.press("5")
    play.pass_time(1)
    told = [
        (each.url, each.method, dict(each.outcome)) for each in play.asked if each.purpose is Purpose.TELL
    ]
    keys, other = "https://app.test/keys", "https://app.test/other"
    assert told == [
        (keys, "POST", {"digits": "2", "timed_out": False}),
        (keys, "POST", {"digits": "3", "timed_out": False}),
        (other, "GET", {"digits": "4", "timed_out": False}),
    ]
    assert play.asked[-1].verb == "input"


def test_who_tells_keys_of_an_asynchronous_input_elsewhere_has_them_told_there_alone() -> None:
    play = Play({"/event": "", "/keys": ""})
    listen = '{"action": "input", "type": ["dtmf"], "mode": "asynchronous", "eventUrl": ["https://app.test/event"]}'
    call = play.call(doc(listen, WAIT))
    call.tell(TellKeys("https://app.test/keys"))
    call.press("1")
    play.pass_time(1)
    assert [each.url for each in play.asked if each.purpose is Purpose.TELL] == ["https://app.test/keys"]


# -- whatever happens --

_COMMANDS: Final = st.one_of(
    st.builds(Talk, st.sampled_from(("Zzz.", "Zzz zzz zzz zzz. Zzz.")), loops=st.sampled_from((1, 1, 2))),
    st.just(Stream(FILE)),
    st.sampled_from((StopTalk(), StopStream())),
)


@settings(deadline=None, max_examples=80)
@given(st.lists(st.tuples(st.integers(0, 4_000), _COMMANDS), max_size=6))
def test_every_word_of_the_documents_is_said_once_and_files_are_heard_whole(
    acts: list[tuple[int, Command]],
) -> None:
    play = Play({"/file.mp3": Sound(200, 1_500), "/own.mp3": Sound(200, 5_000)})
    stream = '{"action": "stream", "streamUrl": ["/own.mp3"]}'
    texts = (LONG, "A second one. With two sentences.", "x y")
    call = play.call(doc(talk(texts[0]), stream, *(talk(each) for each in texts[1:])))
    for after, command in acts:
        play.pass_time(after / 1_000)
        if not call.over:
            call.tell(command)
    play.finish()
    assert call.over
    own = " ".join(text for text, _, _ in spoken(call) if not text.startswith("Zzz"))
    assert own.split() == " ".join(texts).split()
    assert _heard(call, "https://app.test/own.mp3") == 5_000


def _heard(call: Played, url: str) -> int:
    """How much of a file has been heard, without what was cut."""
    total, going = 0, (0, 0)
    for each in call.events:
        if each.kind is Kind.HUSHED:
            start, end = going
            total -= max(0, end - max(start, each.at))
            going = (0, 0)
        elif each.kind is Kind.PLAYED and str(each.data["url"]).endswith(url.rpartition("/")[2]):
            total += int(str(each.data["ms"]))
            going = (each.at, each.at + int(str(each.data["ms"])))
    return total
