"""What is stored of an attempt is what there was, without the bytes of documents."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Final

from telefonie.engine.letters import Receipt
from telefonie.engine.receipts import dump_receipt, load_receipt

LETTER: Final = Receipt(
    status=200,
    error="",
    message="",
    request_headers=(("Host", "example.com"),),
    response_headers=(("Server", "x"), ("Server", "y")),
    body="fine",
    body_cut=False,
    sent_at=1_700_000_000.25,
    took_ms=1.5,
)
DOCUMENT: Final = replace(
    LETTER, raw=b"\xff<Response/>", content_type="text/xml", url="https://example.com/voice", redirects=2
)


def test_an_ordinary_receipt_comes_back_as_it_was() -> None:
    assert load_receipt(dump_receipt(LETTER)) == LETTER


def test_of_something_wanted_all_but_its_bytes_comes_back() -> None:
    assert load_receipt(dump_receipt(DOCUMENT)) == replace(DOCUMENT, raw=b"")
    sound = replace(DOCUMENT, raw=b"", length_ms=1234)
    assert load_receipt(dump_receipt(sound)) == sound


def test_ordinary_receipts_are_stored_without_what_they_cannot_have() -> None:
    """There are millions of them."""
    assert (
        json.loads(dump_receipt(LETTER))
        .keys()
        .isdisjoint({"raw", "content_type", "url", "length_ms", "redirects"})
    )
