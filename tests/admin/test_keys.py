"""Keys and secrets, as the operator makes them and takes them away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
async def account(admin: httpx.AsyncClient) -> AsyncIterator[dict[str, Any]]:
    made = (await admin.post("/v1/admin/accounts")).json()
    yield made
    await admin.delete(f"/v1/admin/accounts/{made['id']}")


@pytest.fixture
def path(account: dict[str, Any]) -> str:
    return f"/v1/admin/accounts/{account['id']}"


async def test_a_key_is_shown_once_and_works_until_it_is_revoked(
    admin: httpx.AsyncClient, house: Any, path: str
) -> None:
    answer = await admin.post(f"{path}/keys", json={"name": "dashboard", "scopes": ["read"]})
    assert answer.status_code == 201
    made = answer.json()
    assert made.items() >= {"name": "dashboard", "scopes": ["read"], "hint": made["key"][:8]}.items()
    async with house.connect(**{"X-API-Key": made["key"]}) as reader:
        assert (await reader.get("/v1/voice/calls")).status_code == 200
        assert (await reader.post("/v1/simulator/reset")).status_code == 403
        assert (await admin.delete(f"{path}/keys/{made['id']}")).status_code == 204
        assert (await reader.get("/v1/voice/calls")).status_code == 401
    assert made["key"] not in (await admin.get(f"{path}/keys")).text


async def test_an_account_has_several_keys_listed_newest_first(admin: httpx.AsyncClient, path: str) -> None:
    second = (await admin.post(f"{path}/keys")).json()
    assert (second["name"], second["scopes"]) == ("Key", ["read", "simulator", "voice"])
    await admin.delete(f"{path}/keys/{second['id']}")
    listed = (await admin.get(f"{path}/keys")).json()
    assert listed["total"] == 2
    assert {each["id"]: "revoked_at" in each for each in listed["keys"]}[second["id"]]
    assert sum("revoked_at" in each for each in listed["keys"]) == 1
    assert not any("key" in each for each in listed["keys"])
    page = (await admin.get(f"{path}/keys", params={"page": 2, "page_size": 1})).json()
    assert page["keys"] == listed["keys"][1:]


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"name": ""}, "name"),
        ({"scopes": "read"}, "scopes"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["all"]}, "scopes.0"),
    ],
)
async def test_a_wrong_key_is_told_field_by_field(
    admin: httpx.AsyncClient, path: str, wish: dict[str, Any], field: str
) -> None:
    answer = await admin.post(f"{path}/keys", json=wish)
    assert answer.status_code == 400
    assert [each["field"] for each in answer.json()["details"]] == [field]


async def test_there_is_no_such_key(admin: httpx.AsyncClient, path: str) -> None:
    for key in (NOBODY, "nonsense"):
        assert (await admin.delete(f"{path}/keys/{key}")).status_code == 404


async def test_a_key_of_another_account_is_not_here(admin: httpx.AsyncClient, path: str) -> None:
    other = (await admin.post("/v1/admin/accounts")).json()
    foreign = (await admin.get(f"/v1/admin/accounts/{other['id']}/keys")).json()["keys"][0]["id"]
    assert (await admin.delete(f"{path}/keys/{foreign}")).status_code == 404


async def test_a_secret_is_shown_once_and_rotated_with_an_overlap(
    admin: httpx.AsyncClient, account: dict[str, Any], path: str
) -> None:
    answer = await admin.post(f"{path}/secrets/rotate", json={"overlap_seconds": 3600})
    assert answer.status_code == 201
    made = answer.json()
    assert made["secret"].startswith("whsec_")
    assert made["hint"] == made["secret"][:10] + "..."
    told = await admin.get(f"{path}/secrets")
    assert made["secret"] not in told.text
    assert account["webhook_secret"] not in told.text
    new, old = told.json()["secrets"]
    assert new == {key: made[key] for key in ("id", "hint", "created_at")}
    assert old["hint"] == account["webhook_secret"][:10] + "..."
    assert old["retires_at"] > new["created_at"]
    assert told.json()["total"] == 2


async def test_without_a_word_the_overlap_is_a_day(admin: httpx.AsyncClient, path: str) -> None:
    assert (await admin.post(f"{path}/secrets/rotate")).status_code == 201
    new, old = (await admin.get(f"{path}/secrets")).json()["secrets"]
    assert old["retires_at"][11:] == new["created_at"][11:]
    assert old["retires_at"] > new["created_at"]


@pytest.mark.parametrize("overlap", [-1, 31_536_001, 1.5, "3600", True, None])
async def test_a_wrong_overlap_is_told(admin: httpx.AsyncClient, path: str, overlap: object) -> None:
    answer = await admin.post(f"{path}/secrets/rotate", json={"overlap_seconds": overlap})
    assert answer.status_code == 400
    assert [each["field"] for each in answer.json()["details"]] == ["overlap_seconds"]


OPERATIONS = [
    ("POST", ""),
    ("GET", ""),
    ("GET", "/x"),
    ("PATCH", "/x"),
    ("DELETE", "/x"),
    ("POST", "/x/keys"),
    ("GET", "/x/keys"),
    ("DELETE", "/x/keys/x"),
    ("GET", "/x/secrets"),
    ("POST", "/x/secrets/rotate"),
]


@pytest.mark.parametrize(("method", "below"), OPERATIONS)
async def test_only_the_operator_gets_in(
    house: Any, account: dict[str, Any], method: str, below: str
) -> None:
    for headers in ({}, {"X-Admin-Key": "guessed"}, {"X-API-Key": account["api_key"]}):
        async with house.connect(**headers) as stranger:
            answer = await stranger.request(method, f"/v1/admin/accounts{below}")
            assert (answer.status_code, answer.json()["code"]) == (401, 20003)
