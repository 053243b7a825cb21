"""Who may use the simulator."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

OPERATIONS = [
    ("GET", "clock"),
    ("PATCH", "clock"),
    ("POST", "clock/advance"),
    ("GET", "phones"),
    ("GET", "phones/1"),
    ("PUT", "phones/1"),
    ("DELETE", "phones/1"),
    ("GET", "calls"),
    ("GET", "calls/1"),
    ("GET", "calls/1/timeline"),
    ("GET", "calls/1/transcript"),
    ("POST", "calls/1/act"),
    ("PUT", "calls/1/script"),
    ("POST", "inbound-calls"),
    ("POST", "documents/lint"),
    ("GET", "deliveries"),
    ("GET", "deliveries/1"),
    ("POST", "deliveries/1/replay"),
    ("GET", "applications"),
    ("POST", "applications"),
    ("GET", "applications/1"),
    ("PATCH", "applications/1"),
    ("POST", "applications/1/rotate"),
    ("DELETE", "applications/1"),
    ("POST", "reset"),
]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
async def test_without_a_key_nothing_is_told(house: Any, method: str, path: str) -> None:
    async with house.connect() as nobody:
        answer = await nobody.request(method, f"/v1/simulator/{path}")
        assert (answer.status_code, answer.json()["code"]) == (401, 20003)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
async def test_a_reading_key_reads_and_does_nothing(
    house: Any, admin: httpx.AsyncClient, method: str, path: str
) -> None:
    account = (await admin.post("/v1/admin/accounts", json={"scopes": ["read"]})).json()
    async with house.connect(**{"X-API-Key": account["api_key"]}) as reader:
        answer = await reader.request(method, f"/v1/simulator/{path}")
    if method == "GET":
        assert answer.status_code in (200, 404)
    else:
        assert (answer.status_code, answer.json()["error"]) == (403, "missing_scope")


async def test_a_voice_key_has_no_hand_in_the_simulation(house: Any, admin: httpx.AsyncClient) -> None:
    account = (await admin.post("/v1/admin/accounts", json={"scopes": ["voice"]})).json()
    async with house.connect(**{"X-API-Key": account["api_key"]}) as caller:
        assert (await caller.get("/v1/simulator/clock")).status_code == 403
        assert (await caller.get("/v1/voice/calls")).status_code == 200


async def test_an_unknown_path_and_a_wrong_method_are_told(client: httpx.AsyncClient) -> None:
    nowhere = await client.get("/v1/simulator/tea")
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, 20404)
    wrong = await client.delete("/v1/simulator/clock")
    assert (wrong.status_code, wrong.json()["code"]) == (405, 20004)
    assert wrong.headers["Allow"] == "GET, PATCH"


async def test_a_body_of_another_kind_is_told(client: httpx.AsyncClient) -> None:
    form = await client.patch("/v1/simulator/clock", data={"mode": "auto"})
    assert (form.status_code, form.json()["code"]) == (415, 20415)
    broken = await client.patch("/v1/simulator/clock", content=b'{"mode": ')
    assert (broken.status_code, broken.json()["code"]) == (400, 20001)
    wide = await client.patch("/v1/simulator/clock", content=b'{"mode": "' + b"x" * 2**20 + b'"}')
    assert (wide.status_code, wide.json()["code"]) == (413, 20413)
