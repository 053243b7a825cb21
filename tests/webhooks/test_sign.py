"""What receivers rely on: letters verify with any Standard Webhooks library."""

from __future__ import annotations

import time
import traceback
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from telefonie.webhooks import new_secret
from telefonie.webhooks.sign import key_of, signature

SECRET = "whsec_dGVsZWZvbmllLWVtdWxhdG9yLXRlc3Qta2V5LTAwMDE="
BODY = '{"type":"call.completed","id":"c1"}'


def test_the_published_vector_is_met() -> None:
    assert (
        signature((SECRET,), "msg_0001", 1700000000, BODY.encode())
        == "v1,pfPjudFP2HMuzS2S3WkWXk2Q0BqOOHT3GTEo+tJo1so="
    )


@pytest.mark.parametrize("body", ["", BODY, '{"name":"Zoë ☎"}', "x" * 100_000])
@pytest.mark.parametrize("size", [24, 32, 63, 64])
def test_the_reference_library_makes_the_same_signature(body: str, size: int) -> None:
    secret = new_secret(bytes(range(size)))
    moment = datetime.fromtimestamp(1700000000, tz=UTC)
    assert signature((secret,), "evt", 1700000000, body.encode()) == Webhook(secret).sign("evt", moment, body)


def test_while_a_secret_is_rotated_both_holders_can_verify() -> None:
    old, new = new_secret(b"o" * 32), new_secret(b"n" * 32)
    now = int(time.time())  # the library compares with the wall clock
    headers = {
        "webhook-id": "evt",
        "webhook-timestamp": str(now),
        "webhook-signature": signature((new, old), "evt", now, BODY.encode()),
    }
    assert headers["webhook-signature"].count("v1,") == 2
    assert Webhook(new).verify(BODY, headers) == Webhook(old).verify(BODY, headers)


def test_a_secret_is_the_random_bytes_it_was_made_of() -> None:
    secret = new_secret(b"\x00\xff" * 16)
    assert secret.startswith("whsec_")
    assert key_of(secret) == b"\x00\xff" * 16


@pytest.mark.parametrize("size", [0, 23, 65])
def test_too_little_or_too_much_chance_makes_no_secret(size: int) -> None:
    with pytest.raises(ValueError, match=f"24 to 64 random bytes, not {size}"):
        new_secret(b"x" * size)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_###", "whsec_abc", "whsec_é", "dGVsZWZvbmll"])
def test_a_malformed_secret_is_refused_without_being_repeated(secret: str) -> None:
    with pytest.raises(ValueError, match="whsec_ followed by base64") as refused:
        key_of(secret)
    last_words = secret.removeprefix("whsec_")
    assert not last_words or last_words not in "".join(traceback.format_exception_only(refused.value))
