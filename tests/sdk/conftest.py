"""The only place where SDKs get what they share: one real server for all, on http and https, and their processes."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.server import Server
from tests.sdk import environments
from tests.sdk.driver import Client, Driver, Sdk, driving
from tests.sdk.place import ALIAS, Customer, Place, a_customer
from tests.sdk.vonage4 import voice_of


@pytest.fixture(scope="session")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    """A server for all SDKs."""
    folder = tmp_path_factory.mktemp("sdk-server")
    server = Server(
        folder, "--ephemeral", "--tls-port", "0", "--tls-names", ALIAS, "--tls-folder", str(folder / "tls")
    )
    url = await server.start()
    yield Place(url, server.printed("and on"), Path(server.printed("authority")))
    assert await server.stop() == 0, server.told


@pytest.fixture
async def customer(place: Place) -> AsyncIterator[Customer]:
    """Somebody with a fresh account."""
    async with a_customer(place) as customer:
        yield customer


@pytest.fixture(scope="session", params=["nexmo", "vonage3"])
def older_driver(
    request: pytest.FixtureRequest, place: Place, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Driver]]:
    """An older SDK for Python, in an environment of its own."""
    python = environments.python_with(request.param)
    script = environments.HERE / "older.py"
    trusted = {"REQUESTS_CA_BUNDLE": str(place.authority)}
    with driving(
        python, "-W", "ignore", script, folder=tmp_path_factory.mktemp("older"), **trusted
    ) as driver:
        yield request.param, driver


@pytest.fixture
def older(older_driver: tuple[str, Driver], customer: Customer) -> Sdk:
    """An older SDK, set up for the customer."""
    package, driver = older_driver
    return Sdk(driver, Client(customer.place.host, customer.application, customer.key, package))


@pytest.fixture(scope="session")
def node_driver(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    """The SDK for Node."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not installed here")
    known = {"NODE_EXTRA_CA_CERTS": str(place.authority), "NODE_PATH": str(environments.node_modules())}
    script, folder = environments.HERE / "node" / "drive.cjs", tmp_path_factory.mktemp("node")
    with driving("node", script, folder=folder, **known) as driver:
        yield driver


@pytest.fixture(params=["http", "https"])
def node(request: pytest.FixtureRequest, node_driver: Driver, customer: Customer) -> Sdk:
    """The SDK for Node, set up for the customer, with and without encryption."""
    host = customer.place.url if request.param == "http" else customer.place.secure
    return Sdk(node_driver, Client(host, customer.application, customer.key))


@pytest.fixture
def trusting(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python trusts the server's authority."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(place.authority))


@pytest.fixture
def voice(customer: Customer, trusting: None) -> Any:  # noqa: ARG001
    """The SDK."""
    return voice_of(customer)
