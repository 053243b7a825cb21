"""The only module that runs the whole application inside a test, with its real store and real postman."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import httpx

from telefonie.app import build_app, make_engine
from telefonie.core.accounts import Account
from telefonie.core.accounts import Settings as AccountSettings
from telefonie.core.clocks import Mode
from telefonie.engine.house import Engine
from telefonie.engine.registry import ClockWish
from telefonie.settings import Settings

ADMIN_KEY: Final = "the-operators-key"
NEW_YEAR: Final = 1_893_456_000_000  # 2030-01-01T00:00:00Z: no test depends on today
SECRET: Final = "whsec_dGVsZWZvbmllLWVtdWxhdG9yLXRlc3Qta2V5LTAwMDE="


@dataclass(frozen=True, slots=True)
class House:
    """A running application."""

    engine: Engine
    app: Any

    def connect(self, **headers: str) -> httpx.AsyncClient:
        """A client without a key."""
        transport = httpx.ASGITransport(self.app)
        return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers)

    async def account(
        self, settings: AccountSettings | None = None, clock: ClockWish | None = None
    ) -> tuple[Account, str]:
        """A fresh account, by default on a manual clock, and its key."""
        key = secrets.token_urlsafe(24)
        wish = clock or ClockWish(Mode.MANUAL, now=NEW_YEAR)
        chosen = settings or AccountSettings()
        return await self.engine.registry.create_account("test", chosen, wish, key, SECRET), key

    @asynccontextmanager
    async def customer(
        self, settings: AccountSettings | None = None, clock: ClockWish | None = None
    ) -> AsyncIterator[httpx.AsyncClient]:
        """Somebody with a fresh account."""
        _, key = await self.account(settings, clock)
        async with self.connect(**{"X-API-Key": key}) as client:
            yield client

    @asynccontextmanager
    async def operator(self) -> AsyncIterator[httpx.AsyncClient]:
        """Somebody with the admin key."""
        async with self.connect(**{"X-Admin-Key": ADMIN_KEY}) as client:
            yield client


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[House]:
    """The application as the server puts it together, without the server."""
    engine = make_engine(settings)
    await engine.start()
    try:
        yield House(engine, build_app(engine, settings))
    finally:
        await engine.stop()
