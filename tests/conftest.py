"""The only place where what a test run shares begins and ends: one Postgres for all workers."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from telefonie.settings import Settings
from telefonie.store import schema
from telefonie.store.connect import Store
from telefonie.store.opening import open_store
from tests.support.databases import fresh_database, template_database
from tests.support.house import ADMIN_KEY, House, running
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits for processes comes first: the processors work at the other tests meanwhile."""
    items.sort(key=lambda each: each.get_closest_marker("e2e") is None)


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config) -> str:
    """The address of a real Postgres to make databases on: the run's own, or the one that is named."""
    return os.environ.get(_EXISTING) or server_url(pytestconfig.stash[_FOLDER])


@pytest.fixture
async def postgres_url(postgres_server: str) -> AsyncIterator[str]:
    """A fresh, empty database for one test."""
    async with fresh_database(postgres_server) as url:
        yield url


# -- the whole application, on both stores --


@pytest.fixture(scope="session")
async def migrated_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an empty SQLite store at the newest schema, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    await _migrate(open_store(folder))
    return folder


@pytest.fixture(scope="session")
async def migrated_template(postgres_server: str, testrun_uid: str) -> str:
    """The name of a Postgres database at the newest schema, to be copied."""
    return await template_database(postgres_server, testrun_uid, lambda url: _migrate(open_store(url)))


async def _migrate(store: Store) -> None:
    await store.start()
    await store.write(schema.upgrade)
    await store.stop()


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
async def house(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    migrated_folder: Path,
    postgres_server: str,
    migrated_template: str,
) -> AsyncIterator[House]:
    """A running application; tests share it, each with an account of its own."""
    if request.param == "sqlite":
        folder = tmp_path_factory.mktemp("store")
        shutil.copytree(migrated_folder, folder, dirs_exist_ok=True)
        async with running(Settings(data=folder, admin_key=ADMIN_KEY)) as house:
            yield house
        return
    media = str(tmp_path_factory.mktemp("media"))
    async with (
        fresh_database(postgres_server, template=migrated_template) as url,
        running(Settings(database_url=url, admin_key=ADMIN_KEY, media=media)) as house,
    ):
        yield house


@pytest.fixture
async def client(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """A customer with a fresh account on a manual clock."""
    async with house.customer() as customer:
        yield customer


@pytest.fixture
async def admin(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """The operator."""
    async with house.operator() as operator:
        yield operator


@pytest.fixture
def pass_time(client: httpx.AsyncClient) -> Callable[[float], Awaitable[None]]:
    """Let so many seconds pass for the customer's account, with everything that happens in them."""

    async def pass_(seconds: float) -> None:
        answer = await client.post("/v1/simulator/clock/advance", json={"seconds": seconds})
        assert answer.status_code == 200, answer.text

    return pass_
