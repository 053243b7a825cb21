"""What the tables of events say of everything that can be, so that no new fact is told by accident or not at all."""

from __future__ import annotations

import pytest

from telefonie.core.call import Cause
from telefonie.core.phones import Heard
from telefonie.dialects.vonage import VonageFace, events, requests
from telefonie.dialects.vonage.events import TOLD


def test_each_cause_has_a_detail_and_a_code_of_sip() -> None:
    assert set(events.DETAIL) == set(Cause)
    assert all(200 <= code < 700 for _, code in events.DETAIL.values())


def test_detection_has_one_of_two_words() -> None:
    assert set(events.HEARD) == set(Heard)
    assert set(events.HEARD.values()) == {"human", "machine"}


def test_a_call_that_comes_in_is_told_as_one_that_is_placed() -> None:
    assert VonageFace.told == TOLD


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        *(("+447700900000", "phone"), ("4000", "vbc"), ("sip:kim@example.com", "sip")),
        *(("SIPS:kim@example.com", "sip"), ("wss://bot.test/s", "websocket"), ("ws://bot.test", "websocket")),
        *(("app:kim", "app"), ("client:kim", "app"), ("tel:+44", "phone"), ("", "phone")),
    ],
)
def test_an_address_says_what_kind_of_endpoint_it_is(address: str, kind: str) -> None:
    assert requests.kind_of(address) == kind
