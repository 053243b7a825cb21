"""What makes a request the same request."""

from __future__ import annotations

from typing import Any, Final

import httpx
import pytest

BODY: Final = {"to": "+31201234567"}


async def mark(things: httpx.AsyncClient, key: str | bytes | None, **fields: Any) -> Any:
    headers: Any = {} if key is None else {"Idempotency-Key": key}
    return (await things.post("/things", json=BODY | fields, headers=headers)).json()["once"]


async def test_the_same_key_and_body_are_the_same_request(things: httpx.AsyncClient) -> None:
    first = await mark(things, "key 1")
    assert first == await mark(things, "key 1")
    assert first[0] == "key 1"
    assert first[1] != (await mark(things, "key 1", count=2))[1]
    assert await mark(things, None) is None


@pytest.mark.parametrize("key", ["", "k" * 256, "a\tb", b"\xe9", b"\x7f"])
async def test_a_key_that_cannot_be_printed_or_is_too_long_is_refused(
    things: httpx.AsyncClient, key: str | bytes
) -> None:
    headers: Any = {"Idempotency-Key": key}
    answer = await things.post("/things", json=BODY, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_idempotency_key")


async def test_a_key_may_be_as_long_as_255_characters(things: httpx.AsyncClient) -> None:
    assert (await mark(things, "k" * 255))[0] == "k" * 255
