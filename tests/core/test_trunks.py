"""What a trunk lets in, and what SIP addresses say."""

from __future__ import annotations

from hashlib import sha256

import pytest

from telefonie.core.trunks import Trunk, domain_of, is_sip, network, number_in, secret


@pytest.mark.parametrize(
    ("allowed", "address", "admitted"),
    [
        ((), "198.51.100.1", True),
        (("203.0.113.0/24",), "203.0.113.255", True),
        (("203.0.113.0/24",), "203.0.114.0", False),
        (("203.0.113.7/32", "2001:db8::/32"), "2001:db8:1::1", True),
        (("203.0.113.7/32", "2001:db8::/32"), "2001:db9::1", False),
    ],
)
def test_calls_come_from_allowed_addresses_or_from_anywhere(
    allowed: tuple[str, ...], address: str, *, admitted: bool
) -> None:
    assert Trunk("t", "a", "pbx.example.com", allowed=allowed).admits(address) is admitted


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("203.0.113.7", "203.0.113.7/32"),
        ("203.0.113.7/24", "203.0.113.0/24"),
        ("2001:DB8::1", "2001:db8::1/128"),
        ("203.0.113.0/33", None),
        ("203.0.113", None),
        ("example.com", None),
        ("", None),
    ],
)
def test_a_network_has_one_spelling(text: str, found: str | None) -> None:
    assert network(text) == found


@pytest.mark.parametrize(
    ("address", "domain", "number"),
    [
        ("sip:+31201234567@pbx.example.com", "pbx.example.com", "+31201234567"),
        ("sip:31201234567@PBX.example.com:5060", "pbx.example.com", "+31201234567"),
        ("sips:+31201234567;ext=9@pbx.example.com;x=y", "pbx.example.com", "+31201234567"),
        ("sip:kim@[2001:db8::1]:5060", "[2001:db8::1]", "sip:kim@[2001:db8::1]:5060"),
        ("SIP:pbx.example.com?X-A=1", "pbx.example.com", "SIP:pbx.example.com?X-A=1"),
        ("+31201234567", "", "+31201234567"),
        ("sipping@example.com", "", "sipping@example.com"),
        ("", "", ""),
    ],
)
def test_an_address_says_its_domain_and_the_number_that_is_meant(
    address: str, domain: str, number: str
) -> None:
    assert (domain_of(address), number_in(address)) == (domain, number)
    assert is_sip(address) is bool(domain)


def test_of_a_password_is_kept_what_a_sip_server_checks_it_by() -> None:
    expected = sha256(b"office:pbx.example.com:secret").hexdigest()
    assert secret("pbx.example.com", "office", "secret") == expected
