"""The only place where tests of the third vendor's letters get their worlds: each on SQLite and on Postgres."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.dialects.vonage.lives import Country, Town, a_country
from tests.support.targets import KINDS, fresh_target


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
