"""What counts as the same phone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telefonie.core.addresses import canonical


@pytest.mark.parametrize(
    "spelling",
    [
        "+12125550120",
        "12125550120",
        "0012125550120",
        "+1 212 555 0120",
        "+1 (212) 555-0120",
        "1.212.555.0120",
        " 12125550120",
        "tel:+1-212-555-0120",
        "TEL:+12125550120",
    ],
)
def test_every_common_spelling_names_the_same_phone(spelling: str) -> None:
    assert canonical(spelling) == "12125550120"


def test_the_zero_for_callers_inside_the_country_is_not_dialled() -> None:
    assert canonical("+44 (0)7700 900000") == "447700900000"


@pytest.mark.parametrize(
    ("spelling", "kept"),
    [
        ("sip:Bob@Example.COM", "sip:Bob@example.com"),
        ("SIP:Bob@example.com;transport=tcp", "sip:Bob@example.com"),
        ("sip:bob@example.com:5070?X-A=1", "sip:bob@example.com:5070"),
        ("sips:example.com", "sips:example.com"),
        ("client:alice", "client:alice"),
        ("Client:Alice", "client:Alice"),
        ("app:jamie.doe", "app:jamie.doe"),
    ],
)
def test_an_address_keeps_whose_it_is_and_loses_how_to_get_there(spelling: str, kept: str) -> None:
    assert canonical(spelling) == kept


@pytest.mark.parametrize(
    "nobody",
    [
        "",
        "+",
        "00",
        "+0123",
        "0612345678",
        "1234567890123456",
        "abc",
        "+1212555o120",
        "sip:",
        "sip:a b@c",
        "client:",
        "client:" + "a" * 129,
        "9" * 256,
        "+١٢٣",
        "1\x00",
        "sip:\ud800@x y",
    ],
)
def test_what_nobody_can_dial_has_no_phone(nobody: str) -> None:
    assert canonical(nobody) is None


@given(st.text(max_size=300))
def test_any_text_is_understood_or_turned_down_and_the_kept_spelling_stays_itself(text: str) -> None:
    kept = canonical(text)
    assert kept is None or canonical(kept) == kept
