"""Which patterns a far end may listen for."""

from __future__ import annotations

import pytest

from telefonie.core.patterns import objection


@pytest.mark.parametrize(
    "pattern",
    [
        "pin ?code",
        "(?i)press (one|1)",
        r"\d{4}",
        r"your (?:pin|code) is \d+",
        "[)(]+",
        r"\(+",
        "(?P<what>yes)+",
        "(?=please)press",
        "[]a]+",
        "",
        "a{2,3}|b",
        "(?i:abc)+",
    ],
)
def test_ordinary_patterns_are_fine(pattern: str) -> None:
    assert objection(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("(", "no regular expression"),
        ("[z-a]", "no regular expression"),
        ("a{99999999999999999999}", "no regular expression"),
        ("(?P<a>x", "no regular expression"),
        ("x" * 201, "at most 200"),
        ("(a+)+$", "can repeat or choose"),
        ("(a|aa)+$", "can repeat or choose"),
        ("(?:(a?)){50}b", "can repeat or choose"),
        ("((a*))*", "can repeat or choose"),
        ("(?:a{1,9}){1,9}", "can repeat or choose"),
        ("(?i:a+)+", "can repeat or choose"),
        (r"(a)\1", "refer back"),
        ("(?P<x>a)(?P=x)", "refer back"),
        (".*a.*b.*c.*d.*e", "at most 4"),
    ],
)
def test_what_does_not_compile_or_might_never_end_is_turned_down(pattern: str, why: str) -> None:
    assert why in (objection(pattern) or "")
