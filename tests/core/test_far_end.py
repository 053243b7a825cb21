"""A far end does what its script says and what it is told by hand, each thing at its own moment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from telefonie.core import far_end
from telefonie.core.errors import Conflict
from telefonie.core.far_end import (
    Act,
    Beeped,
    FarEnd,
    Finished,
    HangsUp,
    Heard,
    Holds,
    Missed,
    Pressed,
    Says,
)
from telefonie.core.phones import Behaviour, Outcome, greeting_of
from telefonie.core.speaking import speaking_ms

NEVER = 10**9
START = 5_000


def caller(*script: Mapping[str, object], **rest: Any) -> FarEnd:
    """Somebody who called, so that no greeting is in the way."""
    return far_end.begin(Behaviour(script=script, **rest), START, inbound=True, patient=True)


def all_acts(far: FarEnd, until: int = NEVER) -> list[Act]:
    return list(far_end.wake(far, until)[1])


def speech(at: int, text: str, language: str = "en-US", confidence: float = 0.9) -> list[Act]:
    ms = speaking_ms(text, language)
    return [Says(at, text, language, confidence, ms), Finished(at + ms, text, language, confidence, ms)]


# -- picking up --


def test_who_is_called_says_a_greeting_first() -> None:
    far = far_end.begin(Behaviour(greeting="Anna here"), START, inbound=False, patient=True)
    ms = speaking_ms("Anna here")
    assert all_acts(far) == [
        Says(START, "Anna here", "en-US", 0.9, ms, greeting=True),
        Finished(START + ms, "Anna here", "en-US", 0.9, ms, greeting=True),
    ]


def test_a_machine_beeps_when_its_greeting_ends() -> None:
    phone = Behaviour(outcome=Outcome.MACHINE, beep=True)
    far = far_end.begin(phone, START, inbound=False, patient=True)
    assert all_acts(far)[2:] == [Beeped(START + speaking_ms(greeting_of(phone)), 500)]


def test_a_machine_that_says_nothing_beeps_at_once() -> None:
    phone = Behaviour(outcome=Outcome.MACHINE, beep=True, greeting="")
    assert all_acts(far_end.begin(phone, START, inbound=False, patient=True)) == [Beeped(START, 500)]


def test_a_human_does_not_beep_and_a_fax_does_not_speak() -> None:
    human = far_end.begin(Behaviour(beep=True, greeting=""), START, inbound=False, patient=True)
    fax = far_end.begin(Behaviour(outcome=Outcome.FAX), START, inbound=False, patient=True)
    assert all_acts(human) == all_acts(fax) == []


def test_who_calls_says_no_greeting() -> None:
    phone = Behaviour(outcome=Outcome.MACHINE, beep=True, greeting="Hello")
    far = far_end.begin(phone, START, inbound=True, patient=True)
    assert far_end.due(far) is None


# -- leaving --


@pytest.mark.parametrize(
    ("phone", "patient", "leaves"),
    [
        (Behaviour(greeting=""), True, None),
        (Behaviour(greeting=""), False, 10_000),
        (Behaviour(greeting="", hangs_up_after=3_000), True, 3_000),
        (Behaviour(greeting="", hangs_up_after=3_000), False, 3_000),
        (Behaviour(greeting="", hangs_up_after=60_000), False, 60_000),
        (Behaviour(greeting="", script=({"wait": 1},)), False, None),
        (Behaviour(greeting="", script=({"wait": 1},), hangs_up_after=200), True, 200),
    ],
)
def test_when_it_leaves_by_itself(phone: Behaviour, *, patient: bool, leaves: int | None) -> None:
    far = far_end.begin(phone, START, inbound=False, patient=patient)
    assert all_acts(far) == ([] if leaves is None else [HangsUp(START + leaves)])


def test_nothing_follows_when_it_has_left() -> None:
    far = caller({"say": "Well, a long story"}, {"press": "1"}, hangs_up_after=500)
    gone, acts = far_end.wake(far, NEVER)
    assert acts[1:] == (HangsUp(START + 500),)
    assert far_end.due(gone) is None
    assert far_end.speaking(gone, START + 501) is None
    assert far_end.say(far_end.press(gone, NEVER, "1"), NEVER, "Hi") == gone
    assert far_end.hear(gone, NEVER, 100, "menu") == gone


# -- the steps of a script --


def test_steps_follow_each_other() -> None:
    far = caller(
        {"wait": 0.25}, {"press": "1#"}, {"hold": 1.5}, {"say": "Yes"}, {"hangup": True}, {"wait": 1}
    )
    said = START + 250 + 400 + 1_500
    assert all_acts(far) == [
        Pressed(START + 250, "1"),
        Pressed(START + 450, "#"),
        Holds(START + 650, on=True),
        Holds(said, on=False),
        *speech(said, "Yes"),
        HangsUp(said + speaking_ms("Yes")),
    ]


def test_after_its_last_step_it_stays() -> None:
    far, _ = far_end.wake(caller({"wait": 1}), NEVER)
    assert far_end.due(far) is None
    assert not far.gone


def test_speech_waits_for_the_greeting_and_keys_do_not() -> None:
    phone = Behaviour(greeting="Hello, who is there?", script=({"press": "1"}, {"say": "Well?"}))
    far = far_end.begin(phone, START, inbound=False, patient=True)
    over = START + speaking_ms("Hello, who is there?")
    assert all_acts(far)[1:] == [
        Pressed(START, "1"),
        Finished(over, "Hello, who is there?", "en-US", 0.9, over - START, greeting=True),
        *speech(over, "Well?"),
    ]


def test_speech_waits_for_the_end_of_the_beep() -> None:
    phone = Behaviour(outcome=Outcome.MACHINE, beep=True, greeting="", script=({"say": "Full"},))
    assert all_acts(far_end.begin(phone, START, inbound=False, patient=True))[1:] == speech(
        START + 500, "Full"
    )


def test_a_step_says_in_what_language_and_how_clearly() -> None:
    far = caller({"say": "goedemorgen", "language": "nl-NL", "confidence": 0.4})
    assert all_acts(far) == speech(START, "goedemorgen", "nl-NL", 0.4)


def test_what_cannot_be_pronounced_is_not_said() -> None:
    assert all_acts(caller({"say": "..."}, {"press": "1"})) == [Pressed(START, "1")]


# -- when_heard --

MENU = "For opening hours press one. For sales press two."


def listening(step: Mapping[str, object], *after: Mapping[str, object]) -> FarEnd:
    return far_end.wake(caller(step, *after), START)[0]


def test_it_acts_when_the_last_character_was_spoken_and_not_before() -> None:
    far = listening({"when_heard": "PRESS  one", "steps": [{"press": "1"}]}, {"press": "9"})
    far = far_end.hear(far, START + 1_000, 100 * len(MENU), MENU)
    moment = START + 1_000 + 100 * len("For opening hours press one")
    assert far_end.due(far) == moment
    assert all_acts(far, moment - 1) == []
    assert all_acts(far) == [
        Heard(moment, "PRESS  one", "press one"),
        Pressed(moment, "1"),
        Pressed(moment + 200, "9"),
    ]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("sales", "sales"),
        ({"text": "For Sales"}, "For sales"),
        ({"pattern": "PRESS (two|three)"}, "press two"),
        ({"pattern": r"hours.*?two"}, "hours press one. For sales press two"),
        ({"text": "press ."}, None),
        ({"pattern": "^sales"}, None),
        ({"pattern": "x*"}, None),
        ("operator", None),
    ],
)
def test_words_and_patterns_are_found_anywhere_whatever_their_capitals(
    wanted: object, found: str | None
) -> None:
    far = far_end.hear(listening({"when_heard": wanted}), START, 1_000, MENU)
    assert [act.text for act in all_acts(far) if isinstance(act, Heard)] == ([] if found is None else [found])


@pytest.mark.parametrize(
    ("said", "wanted", "found"),
    [
        ("Hauptstra\u00dfe eins", "STRASSE", "stra\u00dfe"),
        ("Caf\u00e9 Central", "cafe\u0301", "Caf\u00e9"),
        (
            "\u041d\u0430\u0436\u043c\u0438\u0442\u0435",
            "\u041d\u0410\u0416\u041c\u0418",
            "\u041d\u0430\u0436\u043c\u0438",
        ),
        ("\u8bf7\u6309\u4e00", "\u6309\u4e00", "\u6309\u4e00"),
    ],
)
def test_any_language_is_understood(said: str, wanted: str, found: str) -> None:
    far = far_end.hear(listening({"when_heard": wanted}), START, 1_000, said)
    assert [act.text for act in all_acts(far) if isinstance(act, Heard)] == [found]


def test_words_may_come_in_several_utterances() -> None:
    far = listening({"when_heard": "press one"})
    far = far_end.hear(far, START, 400, "To go on, press")
    far = far_end.hear(far, START + 2_000, 800, "one\n\nnow.")
    assert all_acts(far) == [Heard(START + 2_000 + 300, "press one", "press one")]


def test_two_may_speak_at_once_and_the_first_to_say_it_counts() -> None:
    far = listening({"when_heard": "yes"})
    far = far_end.hear(far, START, 10_000, "I should think that it is yes")
    far = far_end.hear(far, START + 1_000, 300, "Yes!")
    assert all_acts(far) == [Heard(START + 1_225, "yes", "Yes")]


COUNT = "one two three four"


@pytest.mark.parametrize(
    ("wanted", "heard"), [("two", False), ("three", False), ("hree", False), ("four", True)]
)
def test_of_what_is_under_way_it_hears_the_next_whole_word(wanted: str, *, heard: bool) -> None:
    far = caller({"wait": 1}, {"when_heard": wanted})
    far = far_end.hear(far, START, 100 * len(COUNT), COUNT)  # `three` lasts from 800 to 1,300
    assert all_acts(far) == ([Heard(START + 1_800, wanted, wanted)] if heard else [])


def test_after_a_match_it_listens_to_the_rest_of_what_is_being_said() -> None:
    far = listening({"when_heard": "two"}, {"when_heard": "two"}, {"when_heard": "four"})
    far = far_end.hear(far, START, 100 * len(COUNT), COUNT)
    assert all_acts(far) == [Heard(START + 700, "two", "two")]
    far = listening({"when_heard": "two"}, {"when_heard": "four"})
    far = far_end.hear(far, START, 100 * len(COUNT), COUNT)
    assert all_acts(far)[1:] == [Heard(START + 1_800, "four", "four")]


def test_what_is_cut_off_is_never_heard() -> None:
    far = far_end.hear(listening({"when_heard": "sales"}), START, 100 * len(MENU), MENU)
    spoken = START + 100 * MENU.index("sales")
    assert far_end.due(far_end.hush(far, spoken + 499)) is None
    assert far_end.due(far_end.hush(far, spoken + 600)) == spoken + 500
    other = far_end.hear(listening({"when_heard": "press"}), START, 100 * len(MENU), MENU)
    over = START + 100 * len("For opening hours press")
    assert far_end.hush(other, over).heard[0].text == "For opening hours press"
    assert far_end.hush(other, over - 1).heard[0].text == "For opening hours"


def test_what_was_spoken_before_the_cut_goes_on_with_what_comes_after() -> None:
    far = far_end.hear(listening({"when_heard": "opening times"}), START, 100 * len(MENU), MENU)
    far = far_end.hush(far, START + 1_300)
    far = far_end.hear(far, START + 1_300, 500, "times")
    assert all_acts(far) == [Heard(START + 1_800, "opening times", "opening times")]


OTHER = {"when_heard": "sales", "steps": [{"press": "2"}], "otherwise": [{"say": "What?"}]}


def test_otherwise_is_done_a_second_after_the_last_word() -> None:
    far = far_end.hear(listening(OTHER, {"press": "0"}), START + 300, 500, "Good morning")
    far = far_end.hear(far, START + 1_700, 500, "How are you")
    missed = START + 3_200
    assert all_acts(far) == [
        Missed(missed, "sales"),
        *speech(missed, "What?")[:1],
        *speech(missed, "What?")[1:],
        Pressed(missed + speaking_ms("What?"), "0"),
    ]


def test_otherwise_needs_that_something_was_said() -> None:
    assert far_end.due(listening(OTHER)) is None


def test_an_empty_otherwise_goes_on_with_the_script() -> None:
    far = far_end.hear(listening({"when_heard": "x", "otherwise": []}, {"press": "0"}), START, 500, "Hello")
    assert all_acts(far) == [Missed(START + 1_500, "x"), Pressed(START + 1_500, "0")]


def test_without_otherwise_it_goes_on_waiting() -> None:
    far = far_end.hear(listening({"when_heard": "sales"}, {"press": "0"}), START, 500, "Hello")
    assert far_end.due(far) is None
    far = far_end.hear(far, START + 60_000, 500, "sales")
    assert all_acts(far) == [Heard(START + 60_500, "sales", "sales"), Pressed(START + 60_500, "0")]


def test_words_within_the_second_are_in_time() -> None:
    far = far_end.hear(listening(OTHER), START, 500, "Good morning")
    far = far_end.hear(far, START + 1_400, 500, "sales")
    assert all_acts(far)[0] == Heard(START + 1_900, "sales", "sales")


def test_words_that_begin_after_the_second_are_too_late() -> None:
    far = far_end.hear(listening(OTHER), START, 500, "Good morning")
    far = far_end.hear(far, START + 1_501, 500, "sales")
    assert all_acts(far)[0] == Missed(START + 1_500, "sales")


def test_silence_and_signs_are_not_heard() -> None:
    far = far_end.hear(listening(OTHER), START, 500, " ")
    assert far_end.hear(far, START, 0, "...") == far == listening(OTHER)


def test_steps_inside_steps_run_before_the_rest() -> None:
    inner = {"when_heard": "code", "steps": [{"press": "7"}]}
    far = listening({"when_heard": "menu", "steps": [inner, {"press": "8"}]}, {"press": "9"})
    far = far_end.hear(far, START, 900, "the menu and the code")
    assert [act.digit for act in all_acts(far) if isinstance(act, Pressed)] == ["7", "8", "9"]


def test_whether_words_can_make_a_difference() -> None:
    assert far_end.listens(caller({"wait": 1}, {"when_heard": "x"}))
    assert not far_end.listens(caller({"wait": 1}))
    far = far_end.hear(listening({"when_heard": "x"}), START, 100, "x")
    assert not far_end.listens(far_end.wake(far, NEVER)[0])


def test_words_are_kept_only_while_it_waits_for_some() -> None:
    assert far_end.hear(caller({"wait": 1}), START, 900, MENU).heard == ()
    later = far_end.hear(caller({"wait": 1}, {"when_heard": "x"}), START, 900, MENU)
    assert far_end.wake(later, START + 901)[0].heard == ()
    far = listening({"when_heard": "x"})
    for second in range(400):
        far = far_end.hear(far, START + 1_000 * second, 900, "some more words that are of no use")
    assert len(json.dumps(far_end.packed(far))) < 2_500


# -- by hand --


def test_by_hand_it_speaks_presses_and_holds_at_once() -> None:
    far = far_end.say(caller(), START + 100, "Yes", "nl-NL", 0.5)
    far = far_end.press(far, START + 150, "12")
    far = far_end.hold(far, START + 150, on=True)
    says, finished = speech(START + 100, "Yes", "nl-NL", 0.5)
    assert all_acts(far) == [
        says,
        Pressed(START + 150, "1"),
        Holds(START + 150, on=True),
        finished,
        Pressed(START + 350, "2"),
    ]


def test_by_hand_and_by_script_there_is_one_mouth() -> None:
    far = far_end.say(caller({"wait": 0.1}, {"say": "second"}), START, "first")
    far = far_end.say(far, START + 50, "third")
    assert [act.text for act in all_acts(far) if isinstance(act, Says)] == ["first", "third", "second"]
    ends = [act.at for act in all_acts(far) if isinstance(act, Finished)]
    assert [act.at for act in all_acts(far) if isinstance(act, Says)] == [START, *ends[:2]]


def test_letters_on_the_keys_have_no_capitals() -> None:
    assert all_acts(far_end.press(caller(), START, "a")) == [Pressed(START, "A")]


def test_keys_pressed_by_hand_follow_each_other() -> None:
    far = far_end.press(far_end.press(caller(), START, "12"), START + 10, "3")
    assert all_acts(far) == [Pressed(START, "1"), Pressed(START + 200, "2"), Pressed(START + 400, "3")]


def test_what_it_is_saying_at_a_moment() -> None:
    far = caller({"wait": 1}, {"say": "Hello there"}, {"say": "again"})
    over = START + 1_000 + speaking_ms("Hello there")
    for at, text in (
        (START + 999, None),
        (START + 1_000, "Hello there"),
        (over - 1, "Hello there"),
        (over, "again"),
    ):
        said = far_end.speaking(far_end.wake(far, at)[0], at)
        assert (said.text if said else None) == text


def test_it_can_be_told_only_so_much_in_advance() -> None:
    far = caller()
    for _ in range(7):
        far = far_end.press(far, START, "1" * 64)
    with pytest.raises(Conflict) as refused:
        far_end.press(far, START, "1" * 64)
    assert refused.value.slug == "far_end_busy"
    later, _ = far_end.wake(far, START + 60_000)
    assert far_end.press(later, START + 60_000, "1" * 64).planned
