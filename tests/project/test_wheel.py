"""The wheel is whole: it carries the migrations, and serves from an empty environment elsewhere."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from typing import IO, Any

import pytest

import telefonie
from tests.support.environment import install, install_locked, make, run
from tests.support.project import ROOT, pyproject

pytestmark = pytest.mark.e2e

_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


def test_it_carries_all_migrations_and_its_version(wheel: Path) -> None:
    assert wheel.name == f"telefonie-{telefonie.__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as opened:
        carried = {name.removeprefix("telefonie/") for name in opened.namelist() if "/migrations/" in name}
    sources = (path for path in (ROOT / "migrations").rglob("*") if path.is_file())
    wanted = {str(path.relative_to(ROOT)) for path in sources if "__pycache__" not in path.parts}
    assert carried == wanted


def test_it_carries_the_package_and_nothing_of_the_checkout_around_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        names = opened.namelist()
    assert {name.split("/")[0] for name in names} == {
        "telefonie",
        f"telefonie-{telefonie.__version__}.dist-info",
    }
    assert "telefonie/py.typed" in names
    assert [name for name in names if name.endswith(".pyc")] == []


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the locked runtime and the wheel, made by uv where it is, else by pip."""
    folder = tmp_path_factory.mktemp("elsewhere")
    python = make(folder / "env")
    install_locked(python, ROOT / "requirements-runtime.lock")
    install(python, "--no-deps", "--no-index", wheel)
    return folder


@pytest.fixture
def address(elsewhere: Path) -> Iterator[str]:
    """A server of that environment, started by its command in a folder that knows nothing of the checkout."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "TELEFONIE_"))
    }
    with subprocess.Popen(  # noqa: S603 - our own arguments, no shell
        [str(elsewhere / "env" / "bin" / "telefonie"), "serve", "--port", "0", "--ephemeral"],
        cwd=elsewhere,
        env=clean,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        lines: Queue[str | None] = Queue()
        assert server.stdout is not None
        reader = threading.Thread(target=_pass_on, args=(server.stdout, lines))
        reader.start()
        try:
            yield _announced(lines)
        finally:
            server.terminate()
            server.wait(30)
            reader.join(30)


def _pass_on(lines: IO[str], into: Queue[str | None]) -> None:
    for line in lines:
        into.put(line)
    into.put(None)


def _announced(lines: Queue[str | None]) -> str:
    """The address that the server prints; a server that ends or stays silent for half a minute has failed."""
    seen: list[str] = []
    while (line := lines.get(timeout=30)) is not None:
        found = _ADDRESS.search(line)
        if found:
            return found[0]
        seen.append(line)
    pytest.fail(f"the server named no address:\n{''.join(seen)}")


def _ask(url: str, body: dict[str, str] | None = None) -> tuple[int, dict[str, Any]]:
    request = urllib.request.Request(  # noqa: S310 - our own server on loopback
        url,
        data=None if body is None else json.dumps(body).encode(),
        headers={"X-API-Key": "telefonie-dev-key", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - the same
        return answer.status, json.load(answer)


def test_it_serves_a_call_from_an_empty_environment(address: str) -> None:
    status, created = _ask(f"{address}/v1/voice/calls", {"to": "+15550100000", "from": "+31201234567"})
    assert status == 201
    status, read = _ask(f"{address}/v1/voice/calls/{created['id']}")
    assert status == 200
    assert read["id"] == created["id"]
    assert read["to"] == "+15550100000"


def test_the_command_and_the_version_stand_in_one_place() -> None:
    project = pyproject()
    assert project["project"]["scripts"] == {"telefonie": "telefonie.cli.main:main"}
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["hatch"]["version"]["path"] == "src/telefonie/__init__.py"
