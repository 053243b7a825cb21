"""How long a text takes to say: about as long as a person would, and the same every time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telefonie.core.speaking import speaking_ms

PROSE = (
    "Welcome to the customer line of the city library. For opening hours, press one. "
    "To renew a book that you have on loan, press two. If you would like to speak with somebody at the desk, "
    "please stay on the line, and we will be with you in a moment."
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.text("ab 3.,!?\n", max_size=40)


def test_ordinary_english_takes_about_sixty_five_milliseconds_a_character() -> None:
    assert 62 <= speaking_ms(PROSE) / len(PROSE) <= 68


@pytest.mark.parametrize("text", ["", "   ", "...", "?!", " - ", "\n\t", "( )", "\U0001f44d"])
def test_what_cannot_be_pronounced_takes_no_time(text: str) -> None:
    assert speaking_ms(text) == 0


@pytest.mark.parametrize(
    ("shorter", "longer", "difference"),
    [
        ("yes", "yes,", 150),
        ("yes", "yes.", 350),
        ("yes", "yes!", 350),
        ("yes.", "yes...", 0),
        ("yes.", "yes?!,", 0),
        ("yes no", "yes  \n no", 0),
        ("yes", " yes ", 0),
        ("yes", "(yes)", 0),
        ("room ", "room 7", 60 + 350),
        ("7", "77", 350),
        ("7", "7%", 350),
        ("7", "7.5", 700),
        ("好", "好。", 350),
    ],
)
def test_pauses_digits_and_signs_have_their_time(shorter: str, longer: str, difference: int) -> None:
    assert speaking_ms(longer) - speaking_ms(shorter) == difference


@pytest.mark.parametrize(
    ("language", "text"),
    [("zh-CN", "请按一"), ("ja-JP", "こんにちは"), ("ko-KR", "안녕하세요"), ("th-TH", "สวัสดี")],
)
def test_scripts_that_write_more_with_a_character_take_longer_for_one(language: str, text: str) -> None:
    assert (
        speaking_ms(text, language) > speaking_ms("a" * sum(each.isalpha() for each in text), "en-US") * 1.5
    )


def test_chinese_takes_its_time_in_a_text_that_says_it_is_english() -> None:
    assert speaking_ms("请按一", "en-US") == 600


@pytest.mark.parametrize("tag", ["es", "es-MX", "ES_mx", "es-Latn-ES"])
def test_a_region_speaks_its_language(tag: str) -> None:
    assert (
        speaking_ms("buenos dias", tag) == speaking_ms("buenos dias", "es-ES") != speaking_ms("buenos dias")
    )


def test_a_language_that_nobody_measured_is_spoken_as_english() -> None:
    assert speaking_ms("saluton", "eo") == speaking_ms("saluton", "en-US")


def test_twice_the_rate_is_half_the_time_and_no_rate_stops_time() -> None:
    assert speaking_ms("Good morning", rate=2.0) == speaking_ms("Good morning") / 2
    assert speaking_ms("Good morning", rate=0.0) == 10 * speaking_ms("Good morning")


@given(TEXTS, st.sampled_from(["en-US", "zh-CN", "th", "xx"]), st.sampled_from([0.5, 1.0, 1.7]))
def test_a_text_is_never_shorter_than_its_beginning(text: str, language: str, rate: float) -> None:
    times = [speaking_ms(text[:end], language, rate) for end in range(len(text) + 1)]
    assert times == sorted(times)
