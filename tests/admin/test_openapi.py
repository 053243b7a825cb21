"""The operator's document."""

from __future__ import annotations

import secrets

import httpx
import pytest

from tests.support.documents import Document, judged, misfits


@pytest.fixture
async def document(admin: httpx.AsyncClient) -> Document:
    found: Document = (await admin.get("/v1/admin/openapi.json")).json()
    return found


async def test_every_operation_tells_its_answers_and_errors(document: Document) -> None:
    operations = [each for methods in document["paths"].values() for each in methods.values()]
    assert len(operations) == 18
    for each in operations:
        assert "401" in each["responses"]
        assert "422" not in each["responses"]
        assert each["description"]
        assert each["tags"]
    assert document["components"]["securitySchemes"]["ApiKeyAuth"]["name"] == "X-Admin-Key"


async def test_every_example_fits_its_schema(document: Document) -> None:
    assert misfits(document) == {}


async def test_what_is_served_fits_what_is_documented(admin: httpx.AsyncClient, document: Document) -> None:
    made = await admin.post(
        "/v1/admin/accounts", json={"settings": {"currency": "EUR"}, "seed": secrets.token_hex(8)}
    )
    path = f"/v1/admin/accounts/{made.json()['id']}"
    key = await admin.post(f"{path}/keys")
    secret = await admin.post(f"{path}/secrets/rotate")
    served = {
        "MadeAccount": made,
        "MadeKey": key,
        "MadeSecret": secret,
        "Account": await admin.get(path),
        "AccountList": await admin.get("/v1/admin/accounts"),
        "KeyList": await admin.get(f"{path}/keys"),
        "ErasureList": await admin.get(f"{path}/erasures"),
        "Erasure": await admin.post(f"{path}/erasures", json={"number": "+31612345678"}),
        "ArchivedList": await admin.get(f"{path}/archive"),
        "AuditList": await admin.get(f"{path}/audit"),
        "SecretList": await admin.get(f"{path}/secrets"),
    }
    for name, answer in served.items():
        assert judged(document, name, answer.json()) == []
