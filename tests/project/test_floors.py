"""The contracts of import-linter name every floor, so that none escapes them by being new."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support.project import ROOT, pyproject

_OWNERS: Final[dict[str, set[str]]] = {
    "SQL only in store": {"store"},
    "Outbound HTTP and sockets only in webhooks and streams, on their way through reach": {
        "webhooks",
        "streams",
        "reach",
    },
    "httpx only in client": {"client"},
    "Sound libraries only in the booth": {"booth"},
    "boto3 only in media": {"media"},
}


def _contracts() -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in pyproject()["tool"]["importlinter"]["contracts"]}


def _floors() -> set[str]:
    (layers,) = (each["layers"] for each in _contracts().values() if each["type"] == "layers")
    return {name for layer in layers for name in re.findall(r"\w+", layer)} - {"__main__"}


@pytest.mark.parametrize(("contract", "owners"), _OWNERS.items())
def test_all_floors_but_the_owners_are_forbidden(contract: str, owners: set[str]) -> None:
    sources = {source.split(".")[1] for source in _contracts()[contract]["source_modules"]}
    assert sources == _floors() - owners


def test_no_import_is_excused() -> None:
    assert [name for name, contract in _contracts().items() if contract.get("ignore_imports")] == []


def test_every_package_that_exists_is_a_floor() -> None:
    source = ROOT / "src" / "telefonie"
    there = {each.name.removesuffix(".py") for each in source.iterdir() if (each / "__init__.py").exists()}
    there |= {each.stem for each in source.glob("*.py")} - {"__init__", "__main__"}
    assert there - _floors() == set()


def _reads_environment(module: Path) -> bool:
    tree = ast.parse(module.read_text(), str(module))
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names |= {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    return bool(names & {"environ", "environb", "getenv", "getenvb", "putenv"})


def test_environment_variables_are_read_in_settings_only() -> None:
    source = ROOT / "src" / "telefonie"
    readers = {each.relative_to(source).parts[0] for each in source.rglob("*.py") if _reads_environment(each)}
    assert readers <= {"settings"}
