"""Ids, keys and secrets are fresh and have one spelling."""

from __future__ import annotations

import base64
import time
from uuid import RFC_4122, UUID

import pytest

from telefonie.web.ids import as_id, new_id, new_key, new_request_id, new_secret


def test_ids_keys_and_secrets_are_never_the_same_twice() -> None:
    for new in (new_id, new_request_id, new_key, new_secret):
        assert len({new() for _ in range(100)}) == 100


def test_an_id_is_a_uuid_that_begins_with_the_time() -> None:
    before = time.time_ns() // 1_000_000
    made = UUID(new_id())
    assert (made.version, made.variant) == (7, RFC_4122)
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000


def test_ids_made_in_one_millisecond_differ_by_chance() -> None:
    assert len({new_id()[15:] for _ in range(1000)}) == 1000


def test_a_secret_is_spelled_as_standard_webhooks_spells_it() -> None:
    prefix, _, value = new_secret().partition("_")
    assert prefix == "whsec"
    assert len(base64.b64decode(value, validate=True)) == 32


def test_a_key_is_long_and_fits_into_a_header() -> None:
    key = new_key()
    assert key.isascii()
    assert len(key) > 40


def test_an_id_is_found_in_either_case() -> None:
    assert as_id("7B1E0000-0000-4000-8000-00000000000F") == "7b1e0000-0000-4000-8000-00000000000f"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "7b1e0000000040008000000000000000",
        "{7b1e0000-0000-4000-8000-000000000000}",
        "7b1e0000-0000-4000-8000-00000000000g",
        "7b1e0000-0000-4000-8000-000000000000\n",
    ],
)
def test_nothing_else_is_an_id(text: str) -> None:
    assert as_id(text) is None
