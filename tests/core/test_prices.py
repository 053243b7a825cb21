"""A call costs whole minutes begun, at the rate of the longest prefix."""

from __future__ import annotations

import pytest

from telefonie.core.prices import RATES, charge, rate_for, seconds

TABLE = {"default": "0.9", "+1": "0.1", "+1242": "0.2", "+12425550100": "0.3", "sip:": "0.4"}


@pytest.mark.parametrize(
    ("destination", "rate"),
    [
        ("+12425550100", "0.3"),
        ("+12425550101", "0.2"),
        ("+12125550101", "0.1"),
        ("+3225551234", "0.9"),
        ("sip:alice@example.test", "0.4"),
        ("client:alice", "0.9"),
        ("+", "0.9"),
        ("", "0.9"),
        ("default", "0.9"),
    ],
)
def test_the_longest_prefix_decides(destination: str, rate: str) -> None:
    assert rate_for(destination, TABLE) == rate


def test_a_table_without_a_default_falls_back_to_ours() -> None:
    assert rate_for("+3225551234", {"+1": "0.1"}) == RATES["default"]
    assert rate_for("+3225551234", RATES) == RATES["+32"]


@pytest.mark.parametrize(
    ("answered", "ended", "duration"),
    [
        (None, 9_000, 0),
        (0, 0, 0),
        (0, 1, 1),
        (0, 1_000, 1),
        (0, 1_001, 2),
        (500, 60_500, 60),
        (500, 60_501, 61),
    ],
)
def test_seconds_of_talk_are_begun_ones(answered: int | None, ended: int, duration: int) -> None:
    assert seconds(answered, ended) == duration


@pytest.mark.parametrize(
    ("duration", "price"),
    [(0, "-0.0140"), (1, "-0.0140"), (60, "-0.0140"), (61, "-0.0280"), (120, "-0.0280"), (3_600, "-0.8400")],
)
def test_minutes_are_begun_ones_and_less_than_a_second_is_a_minute_too(duration: int, price: str) -> None:
    assert charge(duration, "0.0140") == price


def test_money_is_never_a_float() -> None:
    assert charge(60 * 3, "0.1") == "-0.3000"
    assert charge(60 * 10**6, "0.0001") == "-100.0000"


def test_a_free_call_costs_nothing_and_not_minus_nothing() -> None:
    assert charge(61, "0") == "0.0000"
