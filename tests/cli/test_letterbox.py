"""`telefonie listen` says of each callback what it is and whether to believe it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import jwt
import pytest
from standardwebhooks.webhooks import Webhook

from telefonie.cli.letterbox import Letterbox
from telefonie.cli.signatures import Secrets

SECRET = "whsec_dGVsZWZvbmllLWVtdWxhdG9yLXRlc3Qta2V5LTAwMDE="
OTHER = "whsec_dGVsZWZvbmllLWVtdWxhdG9yLXRlc3Qta2V5LTAwMDI="
NOW = 1_900_000_000
BODY = json.dumps({"event": "call.ringing", "call": {"id": "c-1", "status": "ringing"}})


def signed(body: str = BODY, *, by: str = SECRET, at: int = NOW, letter_id: str = "e-1") -> dict[str, str]:
    """Headers as the official library makes them."""
    signature = Webhook(by).sign(letter_id, datetime.fromtimestamp(at, UTC), body)
    return {"webhook-id": letter_id, "webhook-timestamp": str(at), "webhook-signature": signature}


async def told(
    headers: dict[str, str],
    body: str | bytes = BODY,
    *,
    secret: str | None = SECRET,
    token: str | None = None,
    bodies: bool = False,
) -> str:
    lines: list[str] = []
    box = Letterbox(Secrets(secret, token), lines.append, show_bodies=bodies, wall=lambda: NOW)
    answer = await post(box, headers, body)
    assert answer.status_code == 200
    return lines[0]


async def post(box: Letterbox, headers: dict[str, str], body: str | bytes = BODY) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(box), base_url="http://127.0.0.1") as client:
        return await client.post("/hook", content=body, headers=headers)


async def test_a_true_callback_is_verified() -> None:
    assert await told(signed()) == "call.ringing     ringing call c-1 verified"


async def test_one_of_two_signatures_is_enough() -> None:
    """While a secret is being rotated, both sign."""
    both = signed() | {
        "webhook-signature": f"{signed(by=OTHER)['webhook-signature']} {signed()['webhook-signature']}"
    }
    assert (await told(both)).endswith(" verified")


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        (lambda: signed(by=OTHER), "WRONG SIGNATURE"),
        (lambda: signed(body=BODY + " "), "WRONG SIGNATURE"),
        (lambda: signed() | {"webhook-id": "e-2"}, "WRONG SIGNATURE"),
        (lambda: signed() | {"webhook-timestamp": str(NOW - 1)}, "WRONG SIGNATURE"),
        (lambda: signed() | {"webhook-timestamp": "now"}, "WRONG SIGNATURE"),
        (lambda: signed() | {"webhook-signature": "v1,"}, "WRONG SIGNATURE"),
        (lambda: signed(at=NOW - 301), "TOO OLD"),
        (lambda: signed(at=NOW + 301), "TOO OLD"),
        (lambda: signed(at=NOW - 300), "verified"),
        (dict, "unsigned"),
    ],
)
async def test_a_callback_is_judged(change: Callable[[], dict[str, str]], verdict: str) -> None:
    assert (await told(change())).endswith(f"call c-1 {verdict}")


async def test_without_the_secret_nothing_is_claimed() -> None:
    assert (await told(signed(), secret=None)).endswith("signed, not checked (--secret)")


async def test_a_repeated_callback_is_marked() -> None:
    lines: list[str] = []
    box = Letterbox(Secrets(SECRET), lines.append, wall=lambda: NOW)
    for letter_id in ("e-1", "e-1", "e-2"):
        await post(box, signed(letter_id=letter_id))
    assert [line.endswith("(again)") for line in lines] == [False, True, False]


async def test_the_first_requests_fail_when_asked_to() -> None:
    lines: list[str] = []
    counted: list[int] = []
    box = Letterbox(Secrets(SECRET), lines.append, fail=2, wall=lambda: NOW, enough=counted.append)
    answers = [(await post(box, signed())).status_code for _ in range(4)]
    assert answers == [503, 503, 200, 200]
    assert "answered 503" in lines[0]
    assert counted == [1, 2]


@pytest.mark.parametrize("body", ["", "no json", "[1]", '{"event": ["x"]}', '{"call": "c"}', b"\xff\xfe"])
async def test_whatever_comes_is_taken(body: str | bytes) -> None:
    assert await told({}, body)


async def test_a_callback_cannot_forge_lines() -> None:
    body = json.dumps({"event": "call.\nringing\x1b[31m", "call": {"id": "x" * 500, "status": None}})
    line = await told({}, body)
    assert "\n" not in line
    assert "\x1b" not in line
    assert len(line) < 200


async def test_the_body_is_shown_when_asked_for() -> None:
    assert (await told(signed(), bodies=True)).splitlines()[1] == BODY


LEG = json.dumps({"status": "ringing", "uuid": "l-1", "to": "447700900000"})
BEARER = "a-secret-of-an-application-for-tests-that-is-long-enough-for-all-of-them"


def token(body: str = LEG, *, by: str = BEARER, at: object = NOW, algorithm: str = "HS256") -> dict[str, str]:
    """A header as an application gets it."""
    claims = {"iat": at, "payload_hash": hashlib.sha256(body.encode()).hexdigest()}
    return {"authorization": f"Bearer {jwt.encode(claims, by, algorithm)}"}


@pytest.mark.parametrize(
    ("headers", "verdict"),
    [
        (token(), "verified"),
        (token(at=NOW - 300), "verified"),
        (token(at=NOW - 301), "TOO OLD"),
        (token(at=NOW + 301), "TOO OLD"),
        (token(by=f"{BEARER}x"), "WRONG SIGNATURE"),
        (token(f"{LEG} "), "WRONG SIGNATURE"),
        (token(algorithm="HS512"), "WRONG SIGNATURE"),
        ({"authorization": "Bearer x"}, "WRONG SIGNATURE"),
        ({"authorization": "Basic eDp5"}, "unsigned"),
    ],
)
async def test_a_token_is_judged(headers: dict[str, str], verdict: str) -> None:
    assert await told(headers, LEG, token=BEARER) == f"ringing          leg l-1 {verdict}"


async def test_without_the_signature_secret_nothing_is_claimed() -> None:
    assert (await told(token(), LEG)).endswith("signed, not checked (--signature-secret)")
