"""What is said is divided into sentences, each with its moment, and nothing takes longer than saying it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telefonie.core.speaking import speaking_ms
from telefonie.flow.speech import Bit, Break, Passage, Piece, plan, say


def texts(*bits: Bit, language: str = "en-US") -> list[str]:
    return [each.text for each in plan(bits, language).pieces]


def test_sentences_follow_each_other_without_a_gap() -> None:
    first, second = speaking_ms("Hello there."), speaking_ms("Press one!")
    said = say("Hello there.  Press\n one!", "en-US")
    assert said.pieces == (
        Piece("Hello there.", 0, first, "en-US"),
        Piece("Press one!", first, second, "en-US"),
    )
    assert said.ms == first + second
    assert said.text == "Hello there. Press one!"


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One? Two! Three", ["One?", "Two!", "Three"]),
        ('He said "stop." Then he left.', ['He said "stop."', "Then he left."]),
        ("press one. press two.", ["press one.", "press two."]),
        ("Wait... what?!", ["Wait...", "what?!"]),
        ("It costs 3.5 euro at example.com today.", ["It costs 3.5 euro at example.com today."]),
        ("Call Dr. Smith or Mrs. Jones now.", ["Call Dr. Smith or Mrs. Jones now."]),
        ("See no. 5, or say no. Goodbye.", ["See no. 5, or say no.", "Goodbye."]),
        ("Bring fruit, e.g. Apples. Bye.", ["Bring fruit, e.g. Apples.", "Bye."]),
        ("\u4f60\u597d\u3002\u8bf7\u6309\u4e00\uff01", ["\u4f60\u597d\u3002", "\u8bf7\u6309\u4e00\uff01"]),
        ("", []),
        (" ... ", []),
        ("Yes. ...", ["Yes."]),
    ],
)
def test_where_a_sentence_ends(text: str, sentences: list[str]) -> None:
    assert [each.text for each in say(text, "en-US").pieces] == sentences


def test_a_break_ends_a_sentence_and_takes_its_time() -> None:
    said = plan(
        (Break(200), Passage("Hello"), Break(500), Break(100), Passage("you."), Break(1_000)), "en-US"
    )
    hello, you = speaking_ms("Hello"), speaking_ms("you.")
    assert said.pieces == (
        Piece("Hello", 200, hello, "en-US"),
        Piece("you.", 200 + hello + 600, you, "en-US"),
    )
    assert said.ms == 200 + hello + 600 + you + 1_000


def test_a_sentence_goes_on_from_passage_to_passage() -> None:
    assert texts(Passage("Hello "), Passage("you"), Passage(" there. And"), Passage(" then?")) == [
        "Hello you there.",
        "And then?",
    ]


def test_a_language_has_pieces_of_its_own_and_a_region_the_pace_of_its_language() -> None:
    said = plan((Passage("Say "), Passage("hola amigo", "es-AR"), Passage(" now")), "en-US")
    assert [(each.text, each.language) for each in said.pieces] == [
        ("Say", "en-US"),
        ("hola amigo", "es-AR"),
        ("now", "en-US"),
    ]
    assert said.pieces[1].ms == speaking_ms("hola amigo", "es") != speaking_ms("hola amigo", "en")


def test_a_rate_is_that_of_its_passage_times_that_of_the_whole() -> None:
    (piece,) = plan((Passage("slow", rate=0.5), Passage(" go", rate=2.0)), "en-US", 2.0).pieces
    assert piece.ms == speaking_ms("slow") + speaking_ms("go") / 4
    assert say("Hello", "en-US", 2.0).ms == speaking_ms("Hello") / 2


TEXTS = st.text("ab .,!?3\n\u4f60\u3002", max_size=60)
BITS = st.lists(
    st.builds(Break, st.integers(0, 5_000))
    | st.builds(Passage, TEXTS, st.sampled_from([None, "nl", "zh-CN"]), st.sampled_from([0.5, 1.0, 2.0])),
    max_size=8,
)


@given(TEXTS)
def test_a_plain_text_takes_as_long_as_the_one_estimate_says(text: str) -> None:
    assert say(text, "en-US").ms == speaking_ms(text)


@given(BITS)
def test_pieces_stand_one_after_the_other_and_no_word_is_lost(bits: list[Bit]) -> None:
    said = plan(bits, "en-US")
    now = 0
    for piece in said.pieces:
        assert piece.start >= now
        assert piece.ms > 0
        now = piece.start + piece.ms
    assert now <= said.ms
    written = "".join(each.text for each in bits if isinstance(each, Passage))
    assert [c for c in said.text if c.isalnum()] == [c for c in written if c.isalnum()]
