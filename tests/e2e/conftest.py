"""The only module that lends servers to e2e tests: whatever happens to the test, none of them outlives it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.e2e.server import Program, Server

Serve: TypeAlias = Callable[..., Server]
Run: TypeAlias = Callable[..., Program]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Programs to be run in the test, by what comes after `telefonie`."""
    made: list[Program] = []

    def make(*arguments: str, environment: Mapping[str, str] | None = None) -> Program:
        made.append(Program(tmp_path / f"run-{len(made)}", *arguments, environment=environment))
        return made[-1]

    yield make
    for each in made:
        each.kill()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Servers to be started in the test, by their options."""
    made: list[Server] = []

    def make(*options: str, environment: Mapping[str, str] | None = None) -> Server:
        made.append(Server(tmp_path / f"serve-{len(made)}", *options, environment=environment))
        return made[-1]

    yield make
    for each in made:
        each.kill()


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """The options that name a store of the test's own."""
    if request.param == "sqlite":
        return "--data", str(tmp_path / "store")
    return "--database-url", request.getfixturevalue("postgres_url")
