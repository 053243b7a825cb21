"""Which words of a sentence are out at which moment."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telefonie.core.pacing import Word, heard, words

LINE = "aaaa bbbb cccc dddd"  # 19 characters in 1.9 s: 100 ms each


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        (0, 1_900, LINE),
        (0, 1_899, "aaaa bbbb cccc"),
        (0, 900, "aaaa bbbb"),  # at the end of a word
        (0, 899, "aaaa"),
        (0, 399, ""),
        (1, 1_900, "bbbb cccc dddd"),
        (500, 1_400, "bbbb cccc"),
        (501, 1_399, ""),
        (1_900, 1_900, ""),
    ],
)
def test_a_word_counts_when_all_of_it_is_heard(since: int, until: int, found: str) -> None:
    assert heard(LINE, 1_900, since, until) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hello?", ""),  # one word, and no half ones
        ("こんにちは", "こん"),
        ("你好 世界", "你好"),
        ("สวัสดี", "สวั"),
        ("sí-ça", ""),
        ("", ""),
    ],
)
def test_only_scripts_that_do_not_part_words_are_cut_inside_them(text: str, found: str) -> None:
    assert heard(text, 1_000, 0, 599) == found


def test_each_word_has_its_moments() -> None:
    assert words("Hi, you there.", 1_400, 0, 1_400) == (
        Word("Hi,", 0, 300),
        Word("you", 400, 700),
        Word("there.", 800, 1_400),
    )


def test_wide_characters_are_words_and_what_follows_them_belongs_to_them() -> None:
    assert [each.text for each in words("今日は。OK です", 900, 0, 900)] == [
        "今",
        "日",
        "は。",
        "OK",
        "で",
        "す",
    ]


def test_of_a_part_there_are_its_words_where_they_were() -> None:
    assert words(LINE, 1_900, 450, 1_400) == (Word("bbbb", 500, 900), Word("cccc", 1_000, 1_400))


_TEXTS = st.text(st.sampled_from("ab .,?é今日。ส \n\u0301"), max_size=30)


@given(_TEXTS, st.integers(1, 5_000), st.integers(-10, 5_100), st.integers(-10, 5_100))
def test_words_are_what_is_heard_in_order_and_in_their_time(
    text: str, ms: int, since: int, until: int
) -> None:
    found = words(text, ms, since, until)
    part = heard(text, ms, since, until)
    assert "".join(each.text for each in found) == "".join(part.split())
    assert part in text
    moments = [moment for each in found for moment in (each.start, each.end)]
    assert all(one.start < one.end for one in found)
    assert all(one.start <= two.start and one.end <= two.end for one, two in pairwise(found))
    if found and (since > 0 or until < ms):
        assert max(moments) <= until


@given(_TEXTS, st.integers(1, 5_000), st.integers(0, 5_000))
def test_no_word_is_heard_twice_if_a_sentence_is_cut_in_two(text: str, ms: int, cut: int) -> None:
    before, after = heard(text, ms, 0, cut), heard(text, ms, cut, ms)
    if 0 < cut < ms:
        assert len(before) + len(after) <= len(text)
