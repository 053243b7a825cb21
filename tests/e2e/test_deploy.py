"""While a newer version is being rolled out, an old replica stays ready for as long as the store fits it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

import asyncpg
import httpx
import pytest

from telefonie.store.tables import REVISION
from tests.e2e.conftest import Serve
from tests.e2e.tenant import new_tenant, owner

pytestmark = pytest.mark.e2e

LATER: Final = "9999"


async def test_an_old_replica_during_a_deploy(serve: Serve, store: tuple[str, str]) -> None:
    server = serve(*store)
    tenant = await new_tenant(await server.start())
    async with owner(server.url, tenant) as client:
        # A newer version has migrated the store, and says that this one can still work on it.
        await _migrated(store, oldest=REVISION)
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["revision"]) == (200, LATER)
        order = {"from": "+12025550100", "to": "+12025550100"}
        assert (await client.post("/v1/voice/calls", json=order)).status_code == 201
        # One that says that it can not.
        await _migrated(store, oldest=LATER)
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["schema"]) == (503, False)
        assert LATER in ready.json()["message"]
        assert (await client.get("/healthz")).status_code == 200
    assert await server.stop() == 0
    # Nor does it start on such a store, and it changes nothing there.
    server.spawn()
    assert await server.ends(20) == 1
    assert f"at revision {LATER}, this code needs {REVISION}" in server.log
    # Back to a compatible one it starts, without any migration.
    await _migrated(store, oldest=REVISION)
    async with httpx.AsyncClient(base_url=await server.start()) as client:
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["revision"]) == (200, LATER)


async def _migrated(store: tuple[str, str], oldest: str) -> None:
    """What another version's migration leaves behind."""
    statements = [
        f"UPDATE alembic_version SET version_num = '{LATER}'",  # noqa: S608 - our own words
        f"UPDATE compatibility SET oldest = '{oldest}'",  # noqa: S608 - our own words
    ]
    option, place = store
    if option == "--data":
        with closing(sqlite3.connect(Path(place) / "telefonie.sqlite3")) as connection, connection:
            for statement in statements:
                connection.execute(statement)
        return
    asked = await asyncpg.connect(place)
    try:
        for statement in statements:
            await asked.execute(statement)
    finally:
        await asked.close()
