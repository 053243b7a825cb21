"""What is kept of headers: everything that helps, nothing that is secret, no more than fits."""

from __future__ import annotations

import pytest

from telefonie.webhooks.masks import shown


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("Content-Type", "text/plain", "text/plain"),
        ("webhook-signature", "v1,abc", "v1,abc"),
        ("WWW-Authenticate", 'Basic realm="x"', 'Basic realm="x"'),
        ("Authorization", "Basic dTpw", "Basic ***"),
        ("authorization", "bearer eyJ", "bearer ***"),
        ("Authorization", "opensesame", "***"),
        ("Authorization", "open sesame", "***"),
        ("Proxy-Authorization", "Basic dTpw", "Basic ***"),
        ("Set-Cookie", "sid=1; Path=/", "***"),
        ("COOKIE", "sid=1", "***"),
        ("X-API-Key", "k", "***"),
        ("X-ApiKey", "k", "***"),
        ("X-Amz-Security-Token", "t", "***"),
        ("Client-Secret", "s", "***"),
        ("Location", "https://u:p@h/x", "https://***@h/x"),
        ("Referer", "https://h/x", "https://h/x"),
        ("X-Bytes", "caf\udce9", "caf\ufffd"),
        ("X-Unicode", "café", "café"),
        ("X-Nul", "a\0b", "a\ufffdb"),
        ("X-Long", "a" * 1024, "a" * 1024),
        ("X-Long", "a" * 1025, "a" * 1024 + "..."),
    ],
)
def test_a_header_is_kept_like_this(name: str, value: str, kept: str) -> None:
    assert shown([(name, value)]) == ((name, kept),)


def test_of_many_headers_the_first_are_kept_and_the_rest_counted() -> None:
    kept = shown([(f"X-{n}", "v") for n in range(100)])
    assert len(kept) == 65
    assert kept[63] == ("X-63", "v")
    assert kept[64] == ("...", "36 more headers were left out")


def test_odd_names_are_made_plain() -> None:
    assert shown([("X-\udce9", "v"), ("N" * 2000, "v")]) == (("X-\ufffd", "v"), ("N" * 1024 + "...", "v"))
