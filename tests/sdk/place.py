"""The only module that makes a customer of the server that the SDKs speak with: account, application, web server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from tests.e2e.tenant import new_tenant, owner
from tests.support.shop import Shop, a_shop
from tests.support.tokens import keys

ALIAS: Final = "files.nexmo.com"  # one of the names from which SDKs fetch files
SECRET: Final = "a signature secret that is only used in tests".replace(" ", "-")
CALLER: Final = "12025550100"
ROW: Final = "1202555010"  # people who pick up


@dataclass(frozen=True, slots=True)
class Place:
    """Where the server is, and who vouches for it."""

    url: str
    secure: str
    authority: Path

    @property
    def host(self) -> str:
        """Of its https port."""
        return urlsplit(self.secure).netloc


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody with an account on a manual clock, an application and a web server."""

    place: Place
    application: str
    key: str
    shop: Shop
    client: httpx.AsyncClient

    async def pass_time(self, seconds: float) -> None:
        """With everything that happens in it."""
        answer = await self.client.post("/v1/simulator/clock/advance", json={"seconds": seconds})
        assert answer.status_code == 200, answer.text

    async def timeline(self, uuid: str, *types: str) -> list[dict[str, Any]]:
        """What happened to a call, of these types."""
        answer = await self.client.get(f"/v1/simulator/calls/{uuid}/timeline")
        assert answer.status_code == 200, answer.text
        return [each for each in answer.json()["entries"] if each["type"] in types]

    @property
    def events(self) -> list[dict[str, Any]]:
        """What the application was told, in order."""
        return [each.json for each in self.shop.asked("/events")]

    @property
    def statuses(self) -> list[str]:
        """The states among that."""
        return [each["status"] for each in self.events if "status" in each]


@asynccontextmanager
async def a_customer(place: Place, settings: Mapping[str, Any] | None = None) -> AsyncIterator[Customer]:
    """As long as it is needed."""
    tenant = await new_tenant(place.url, settings=settings)
    async with a_shop() as shop, owner(place.url, tenant) as client:
        asked = {
            "name": "sdk",
            "public_key": keys().public,
            "event_url": shop.at("/events"),
            "signature_secret": SECRET,
        }
        answer = await client.post("/v1/simulator/applications", json=asked)
        assert answer.status_code == 201, answer.text
        yield Customer(place, answer.json()["id"], keys().private, shop, client)
