"""What a letter says, as the query of a URL."""

from __future__ import annotations

import pytest

from telefonie.web.flat import flat, with_query


def test_scalars_stand_under_their_names_and_inner_ones_under_both() -> None:
    content = {
        "event": "call.action",
        "count": 2,
        "sure": 0.5,
        "done": True,
        "call": {"id": "c1", "muted": False, "phone": {"beep": True}},
        "list": [1, 2],
        "nothing": None,
    }
    assert flat(content) == [
        ("event", "call.action"),
        ("count", "2"),
        ("sure", "0.5"),
        ("done", "true"),
        ("call_id", "c1"),
        ("call_muted", "false"),
        ("call_phone_beep", "true"),
    ]


def test_a_name_that_stands_there_already_is_not_taken_again() -> None:
    assert flat({"call_id": "outer", "call": {"id": "inner", "to": "x"}}) == [
        ("call_id", "outer"),
        ("call_to", "x"),
    ]


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://a.test/x", "https://a.test/x?b=1+2"),
        ("https://a.test/x?a=0", "https://a.test/x?a=0&b=1+2"),
        ("https://a.test/x?a=0#part", "https://a.test/x?a=0&b=1+2"),
        ("https://[a.test", "https://[a.test"),
    ],
)
def test_fields_go_behind_those_that_are_there(url: str, found: str) -> None:
    assert with_query(url, [("b", "1 2")]) == found
