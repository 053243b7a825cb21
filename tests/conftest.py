"""The only place where what a test run shares begins and ends: one Postgres for all workers."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support.databases import fresh_database
from tests.support.postgres import Place, prepare, server_url

_PLACE: Final = pytest.StashKey[Place]()
_FOLDER: Final = pytest.StashKey[Path]()
_EXISTING: Final = "TELEFONIE_TEST_POSTGRES_URL"


def pytest_configure(config: pytest.Config) -> None:
    """The process that leads the run owns the server; workers of pytest-xdist are told where to find it."""
    handed: dict[str, Any] | None = getattr(config, "workerinput", None)
    if handed is not None:
        config.stash[_FOLDER] = Path(handed["postgres_folder"])
        return
    place = prepare()
    config.stash[_PLACE] = place
    config.stash[_FOLDER] = place.folder


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["postgres_folder"] = str(node.config.stash[_FOLDER])


def pytest_unconfigure(config: pytest.Config) -> None:
    place = config.stash.get(_PLACE, None)
    if place is not None:
        place.close()


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config) -> str:
    """The address of a real Postgres to make databases on: the run's own, or the one that is named."""
    return os.environ.get(_EXISTING) or server_url(pytestconfig.stash[_FOLDER])


@pytest.fixture
async def postgres_url(postgres_server: str) -> AsyncIterator[str]:
    """A fresh, empty database for one test."""
    async with fresh_database(postgres_server) as url:
        yield url
