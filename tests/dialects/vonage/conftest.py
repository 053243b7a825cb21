"""The only place where this API's tests get what they share: programs with tokens, worlds, and the customer's server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.dialects.vonage.lives import Country, Town, a_country
from tests.dialects.vonage.steps import Program, a_program
from tests.support.house import House
from tests.support.shop import Shop, a_shop
from tests.support.targets import KINDS, fresh_target


@pytest.fixture
async def program(house: House) -> AsyncIterator[Program]:
    """A program with a fresh account on a manual clock."""
    async with a_program(house) as program:
        yield program


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    """The customer's server."""
    async with a_shop() as shop:
        yield shop


@pytest.fixture(params=KINDS)
async def country(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    migrated_folder: Path,
    postgres_server: str,
    migrated_template: str,
) -> AsyncIterator[Country]:
    """A world in which this vendor's face is spoken."""
    kind, folder = request.param, tmp_path / "store"
    async with (
        fresh_target(kind, folder, migrated_folder, postgres_server, migrated_template) as target,
        a_country(target) as country,
    ):
        yield country


@pytest.fixture
async def town(country: Country) -> Town:
    """An account with an application."""
    return await country.town()
