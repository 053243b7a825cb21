"""Which key opens what."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.web.conftest import ADMIN_KEY


async def test_a_key_with_the_scope_opens_and_its_account_is_noted(things: httpx.AsyncClient) -> None:
    for method in ("GET", "POST"):
        answer = await things.request(method, "/mine", headers={"X-API-Key": "voice-key"})
        assert answer.status_code == 200
        assert answer.json()["account"] == answer.json()["noted"] != ""


async def test_a_reading_key_reads_and_does_nothing_else(things: httpx.AsyncClient) -> None:
    headers = {"X-API-Key": "read-key"}
    assert (await things.get("/mine", headers=headers)).status_code == 200
    answer = await things.post("/mine", headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (403, "missing_scope")
    assert "`voice`" in answer.json()["message"]


async def test_a_key_of_another_scope_opens_nothing_here(things: httpx.AsyncClient) -> None:
    for method in ("GET", "POST"):
        answer = await things.request(method, "/mine", headers={"X-API-Key": "simulator-key"})
        assert (answer.status_code, answer.json()["code"]) == (403, 20403)


@pytest.mark.parametrize(
    ("path", "header", "key", "slug"),
    [
        ("/mine", "X-API-Key", None, "missing_key"),
        ("/mine", "X-API-Key", "", "missing_key"),
        ("/mine", "X-API-Key", "wrong", "unknown_key"),
        ("/mine", "X-API-Key", "k" * 5_000, "unknown_key"),
        ("/mine", "X-API-Key", b"\xff\xfe", "unknown_key"),
        ("/operator", "X-Admin-Key", None, "missing_key"),
        ("/operator", "X-Admin-Key", "wrong", "unknown_key"),
        ("/operator", "X-Admin-Key", b"\xff", "unknown_key"),
        ("/operator", "X-API-Key", "voice-key", "missing_key"),
    ],
)
async def test_without_a_known_key_nothing_opens(
    things: httpx.AsyncClient, path: str, header: str, key: str | bytes | None, slug: str
) -> None:
    headers: Any = {} if key is None else {header: key}
    answer = await things.get(path, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (401, slug)
    assert answer.headers["www-authenticate"].startswith("ApiKey ")


async def test_the_operators_key_opens_the_operators_door(things: httpx.AsyncClient) -> None:
    assert (await things.get("/operator", headers={"X-Admin-Key": ADMIN_KEY})).status_code == 200
