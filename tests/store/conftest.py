"""The only place where a store's tests get their stores: each test on SQLite and on Postgres."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from telefonie.store.connect import Store
from telefonie.store.opening import open_store
from tests.support.targets import KINDS, Target, fresh_target


@pytest.fixture(params=KINDS)
async def target(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    migrated_folder: Path,
    postgres_server: str,
    migrated_template: str,
) -> AsyncIterator[Target]:
    """A migrated, empty store that nobody else uses."""
    kind, folder = request.param, tmp_path / "store"
    async with fresh_target(kind, folder, migrated_folder, postgres_server, migrated_template) as fresh:
        yield fresh


@pytest.fixture
async def store(target: Target) -> AsyncIterator[Store]:
    """The same, opened."""
    opened = open_store(target)
    await opened.start()
    yield opened
    await opened.stop()
