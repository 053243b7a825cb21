"""The only module that says what a call costs: whole minutes begun, at the rate of the longest prefix."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

DEFAULT_PREFIX: Final = "default"
# Per minute begun. A small table that looks like a price list; every account may bring its own.
RATES: Final[Mapping[str, str]] = {
    DEFAULT_PREFIX: "0.0500",
    "+1": "0.0140",
    "+31": "0.0200",
    "+32": "0.0220",
    "+33": "0.0180",
    "+44": "0.0160",
    "+49": "0.0190",
    "sip:": "0.0040",
}


def rate_for(destination: str, rates: Mapping[str, str]) -> str:
    """The rate of the longest prefix in the table that fits; calls to anywhere else cost the default."""
    for length in range(min(len(destination), 16), 0, -1):
        rate = rates.get(destination[:length])
        if rate is not None:
            return rate
    return rates.get(DEFAULT_PREFIX, RATES[DEFAULT_PREFIX])


def seconds(answered_at: int | None, ended_at: int) -> int:
    """Seconds of talk, begun ones counted whole; none if nobody answered."""
    return 0 if answered_at is None else -(-(ended_at - answered_at) // 1000)


def charge(duration: int, rate: str) -> str:
    """The price as a customer sees it: negative, since it is taken from the account."""
    minutes = -(-max(duration, 1) // 60)
    price = round(minutes * Decimal(rate), 4)
    return f"{-price}" if price else "0.0000"
