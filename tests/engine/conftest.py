"""The only place where an engine's tests get their worlds: each test on SQLite and on Postgres."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.engine.talking import Bots, a_world_with_bots
from tests.support.targets import KINDS, Target, fresh_target
from tests.support.world import World, a_world


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
async def postgres(
    tmp_path: Path, migrated_folder: Path, postgres_server: str, migrated_template: str
) -> AsyncIterator[Target]:
    """The same, where several processes may work."""
    async with fresh_target(
        "postgres", tmp_path, migrated_folder, postgres_server, migrated_template
    ) as fresh:
        yield fresh


@pytest.fixture
async def cottage(
    tmp_path: Path, migrated_folder: Path, postgres_server: str, migrated_template: str
) -> AsyncIterator[World]:
    """An engine that is alone on a folder."""
    folder = tmp_path / "store"
    async with (
        fresh_target("sqlite", folder, migrated_folder, postgres_server, migrated_template) as fresh,
        a_world(fresh) as world,
    ):
        yield world


@pytest.fixture
async def world(target: Target) -> AsyncIterator[World]:
    """An engine in its surroundings."""
    async with a_world(target) as world:
        yield world


@pytest.fixture
async def town(postgres: Target) -> AsyncIterator[World]:
    """The same on Postgres only: a world that may have neighbours."""
    async with a_world(postgres) as world:
        yield world


@pytest.fixture
async def bots(target: Target, tmp_path: Path) -> AsyncIterator[Bots]:
    """A world whose calls may have programs at their far ends."""
    async with a_world_with_bots(target, tmp_path) as found:
        yield found


@pytest.fixture
async def bot_town(postgres: Target, tmp_path: Path) -> AsyncIterator[Bots]:
    """The same where other processes may work on the store."""
    async with a_world_with_bots(postgres, tmp_path) as found:
        yield found


@pytest.fixture
async def bot_hut(
    tmp_path: Path, migrated_folder: Path, postgres_server: str, migrated_template: str
) -> AsyncIterator[Bots]:
    """The same alone on a folder: for what no store makes a difference to."""
    folder = tmp_path / "store"
    async with (
        fresh_target("sqlite", folder, migrated_folder, postgres_server, migrated_template) as fresh,
        a_world_with_bots(fresh, tmp_path) as found,
    ):
        yield found
