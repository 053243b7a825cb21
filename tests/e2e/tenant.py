"""The only module that makes an account on a real server, as its operator would, and asks as its owner."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import httpx

ADMIN_KEY: Final = "telefonie-dev-admin"
PATIENCE: Final = 10.0
LIVE: Final = ("queued", "ringing", "in-progress")


@dataclass(frozen=True, slots=True)
class Tenant:
    """An account, and what its owner needs to know."""

    account_id: str
    key: str
    secret: str

    def headers(self) -> dict[str, str]:
        return {"X-API-Key": self.key}


def operator(url: str) -> httpx.AsyncClient:
    """Somebody with the admin key."""
    return httpx.AsyncClient(base_url=url, headers={"X-Admin-Key": ADMIN_KEY}, timeout=PATIENCE)


def owner(url: str, tenant: Tenant) -> httpx.AsyncClient:
    """Somebody with the account's key."""
    return httpx.AsyncClient(base_url=url, headers=tenant.headers(), timeout=PATIENCE)


async def new_tenant(
    url: str, clock: Mapping[str, Any] | None = None, settings: Mapping[str, Any] | None = None
) -> Tenant:
    """A fresh account; on a manual clock unless said."""
    body = {"clock": dict(clock or {"mode": "manual", "now": "2030-01-01T00:00:00Z"})}
    if settings:
        body["settings"] = dict(settings)
    async with operator(url) as asking:
        answer = await asking.post("/v1/admin/accounts", json=body)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    return Tenant(made["id"], made["api_key"], made["webhook_secret"])


async def everything(client: httpx.AsyncClient, path: str, name: str, **query: str) -> tuple[list[Any], int]:
    """All pages of a list, and the total that every page must tell alike."""
    found: list[Any] = []
    totals = set()
    page = 1
    while True:
        answer = await client.get(path, params={**query, "page": page, "page_size": 100})
        assert answer.status_code == 200, answer.text
        body = answer.json()
        totals.add(body["total"])
        found += body[name]
        if len(body[name]) < 100:
            break
        page += 1
    assert len(totals) == 1, totals
    return found, totals.pop()


@asynccontextmanager
async def telling(tenant: Tenant) -> AsyncIterator[httpx.AsyncClient]:
    """A client that is told the whole address each time, for servers that come and go."""
    async with httpx.AsyncClient(headers=tenant.headers(), timeout=PATIENCE) as client:
        yield client


async def settled(client: httpx.AsyncClient, url: str = "", seconds: float = 20.0) -> None:
    """Wait until every call of the account has ended and every letter has come through."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while True:
        live = [await _total(client, f"{url}/v1/voice/calls", status=status) for status in LIVE]
        pending = await _total(client, f"{url}/v1/simulator/deliveries", state="pending")
        if not any(live) and not pending:
            return
        assert loop.time() < deadline, f"still live: {live}, still to be delivered: {pending}"
        await asyncio.sleep(0.05)


async def _total(client: httpx.AsyncClient, path: str, **query: str) -> int:
    answer = await client.get(path, params={**query, "page_size": 1})
    assert answer.status_code == 200, answer.text
    total: int = answer.json()["total"]
    return total
