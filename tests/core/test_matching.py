"""What is found in what was said: the earliest that matches, and in time whatever the pattern."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telefonie.core import matching
from telefonie.core.patterns import objection

SAID = "For hours press one. For sales press two. For all else press two two."


def first(text: str, pattern: str) -> str | None:
    return next((text[start:end] for start, end in matching.patterns(text, pattern)), None)


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("SALES press (two|2)", "sales press two"),
        ("(?i)press .wo", "press two"),
        ("sales.*two", "sales press two"),
        ("(sales).*(two|2)", "sales press two"),
        (r"sales \w+", "sales press"),
        ("hours.*sales.*two", "hours press one. For sales press two"),
        ("(?i)hours.+sales.+?else.*two", "hours press one. For sales press two. For all else press two"),
        ("for.*all.*two.*", "For hours press one. For sales press two. For all else press two"),
        ("two.*one.*sales", None),
        ("one.+one.*one", None),
        ("sales.*press.*hours", None),
        (r"two\.$", "two."),
        ("one$", None),
        (".*.*", "For"),
        ("x*", None),
        ("[[f]or", "For"),
    ],
)
def test_a_pattern_is_found_as_early_as_there_is_a_match(pattern: str, found: str | None) -> None:
    assert first(SAID, pattern) == found


@pytest.mark.parametrize("filler", [100, 1_900, 3_900])
def test_however_much_is_said_between_parts_of_fixed_length(filler: int) -> None:
    text = "welcome " + "and so on " * (filler // 10) + "press one for sales"
    assert first(text, "welcome.*press.*for sales") == text


@pytest.mark.parametrize(
    "pattern", ["a*a*a*a*b", "a*a*b", "a+[ab]*c", "(a*)(a*)(a*)c", r"\w*\w*\w*\d", "a.*a.*a.*a.*b"]
)
def test_what_tries_every_way_has_little_to_try(pattern: str) -> None:
    assert objection(pattern) is None
    assert first("a" * 4_000, pattern) is None


PARTS = st.sampled_from(["a", "b", "ab", "[bc]", r"\w", "c c"])
GAPS = st.sampled_from([".*", ".+", ".*?"])


@given(st.text("abc ", max_size=12), st.lists(st.tuples(GAPS, PARTS), min_size=2, max_size=4), PARTS)
def test_parts_are_followed_where_the_whole_pattern_would_be_found(
    text: str, rest: list[tuple[str, str]], head: str
) -> None:
    pattern = head + "".join(gap + part for gap, part in rest)
    found = first(text, pattern)
    assert (found is None) == (re.search(pattern, text) is None)
    assert found is None or re.fullmatch(pattern, found)
