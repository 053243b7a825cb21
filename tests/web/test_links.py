"""Signed addresses: they open for a while of the account's time, and only as they were made."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from telefonie.engine.doorman import Seal
from telefonie.web.links import Links, Verdict, url_of
from tests.support.links import LINKS, SEAL

ID: Final = "0190b1c2-0000-7000-8000-000000000001"
NOW: Final = 1_893_456_000_000


def signed(links: Links = LINKS, form: str = "wav") -> tuple[str, str, str, str]:
    """The parts of an address that are signed, and the signature."""
    query = parse_qs(urlsplit(links.media("/v1/voice", ID, NOW, form)).query)
    return ID, form, query["expires"][0], query["signature"][0]


def test_an_address_names_the_recording_its_form_and_until_when_it_works() -> None:
    parts = urlsplit(LINKS.media("/v1/voice", ID, NOW, "mp3"))
    assert (parts.scheme, parts.netloc) == ("https", "voice.example")
    assert parts.path == f"/v1/voice/recordings/{ID}/media.mp3"
    assert parse_qs(parts.query)["expires"] == [str(NOW // 1000 + 86_400)]


def test_it_works_until_its_time_has_come_on_the_accounts_clock() -> None:
    address = signed()
    assert LINKS.check(*address, NOW) is Verdict.GOOD
    assert LINKS.check(*address, NOW + 86_400_000 - 1) is Verdict.GOOD
    assert LINKS.check(*address, NOW + 86_400_000) is Verdict.EXPIRED
    short = replace(LINKS, seconds=1)
    assert short.check(*signed(short), NOW + 999) is Verdict.GOOD
    assert short.check(*signed(short), NOW + 1000) is Verdict.EXPIRED


@given(st.integers(0, 3), st.integers(0, 63), st.characters())
def test_an_address_that_was_changed_anywhere_is_wrong(which: int, place: int, character: str) -> None:
    parts = list(signed())
    at = place % len(parts[which])
    if parts[which][at] == character:
        return
    parts[which] = parts[which][:at] + character + parts[which][at + 1 :]
    recording_id, form, expires, signature = parts
    assert LINKS.check(recording_id, form, expires, signature, NOW) is Verdict.WRONG


@given(st.tuples(st.text(), st.text(), st.text(), st.text()))
def test_whatever_is_sent_as_an_address_is_judged(parts: tuple[str, str, str, str]) -> None:
    recording_id, form, expires, signature = parts
    assert LINKS.check(recording_id, form, expires, signature, NOW) is Verdict.WRONG


@pytest.mark.parametrize("expires", ["", "-1", "+1", "01", "1.0", "1e9", "\u0661", " 1", "9" * 13])
def test_only_one_spelling_of_a_time_is_taken(expires: str) -> None:
    forged = LINKS._signature(ID, "wav", expires)
    assert not LINKS.genuine(ID, "wav", expires, forged)


def test_what_another_store_signed_does_not_open_here() -> None:
    other = replace(LINKS, seal=Seal(secret=b"of another store"))
    assert LINKS.check(*signed(other), NOW) is Verdict.WRONG
    same = replace(LINKS, seal=Seal(secret=SEAL.key))
    assert LINKS.check(*signed(same), NOW) is Verdict.GOOD


def test_nothing_is_signed_before_the_secret_is_known() -> None:
    with pytest.raises(RuntimeError):
        replace(LINKS, seal=Seal()).media("/v1/voice", ID, NOW)


def _asked(host: bytes | None) -> Request:
    headers = [] if host is None else [(b"host", host)]
    return Request({"type": "http", "scheme": "http", "path": "/", "headers": headers})


@pytest.mark.parametrize(
    ("host", "base"),
    [
        (b"127.0.0.1:4711", "http://127.0.0.1:4711"),
        (b"[::1]:8080", "http://[::1]:8080"),
        (b"localhost", "http://localhost"),
        (None, "https://voice.example"),
        (b"evil.example/x?", "https://voice.example"),
        (b"a b", "https://voice.example"),
        (b"user@host", "https://voice.example"),
    ],
)
def test_an_address_leads_where_the_request_was_sent(host: bytes | None, base: str) -> None:
    assert LINKS.at(_asked(host)).base == base


def test_a_known_public_address_stands_in_every_link() -> None:
    assert replace(LINKS, fixed=True).at(_asked(b"10.0.0.7:8080")).base == "https://voice.example"


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("0.0.0.0", "http://127.0.0.1:80"),  # noqa: S104 - a text
        ("::", "http://[::1]:80"),
        ("::1", "http://[::1]:80"),
        ("voice.internal", "http://voice.internal:80"),
    ],
)
def test_who_listens_everywhere_is_found_on_the_same_machine(host: str, url: str) -> None:
    assert url_of(host, 80) == url
