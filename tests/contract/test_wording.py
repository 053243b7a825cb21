"""The contracts are sound by themselves: valid, complete in what they say, and in nobody's name but ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pytest
from jsonschema import Draft7Validator
from openapi_spec_validator import OpenAPIV30SpecValidator

from tests.contract.walk import FOLDER, METHODS, read

CONTRACTS: Final = tuple(sorted(path.name for path in FOLDER.glob("*.yaml")))
SCHEMAS: Final = tuple(sorted(path.name for path in FOLDER.glob("*.json")))
VENDORS_OWN: Final = frozenset({"contact", "termsOfService", "license", "externalDocs"})
SHORTEST: Final = 2  # words that make a description; one word repeats the name of the field


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                yield f"{method.upper()} {path}", operation


def nodes(node: object, path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every mapping of the document with its place, the document itself first."""
    if isinstance(node, Mapping):
        yield path, node
        for key, value in node.items():
            yield from nodes(value, f"{path}/{key}")
    elif isinstance(node, Sequence) and not isinstance(node, str):
        for position, value in enumerate(node):
            yield from nodes(value, f"{path}/{position}")


def to_describe(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Parameters, bodies, answers, fields and named schemas that are not mere references."""
    for path, node in nodes(document):
        for family in ("properties", "responses", "schemas"):
            if isinstance(members := node.get(family), Mapping) and not path.endswith("/properties"):
                yield from ((f"{path}/{family}/{name}", member) for name, member in members.items())
        yield from ((f"{path}/parameters/{each['name']}", each) for each in node.get("parameters", ()))
        if "requestBody" in node:
            yield f"{path}/requestBody", node["requestBody"]


def words(node: Mapping[str, Any]) -> str:
    return str(node.get("description") or node.get("title") or "")


@pytest.mark.parametrize("name", CONTRACTS)
def test_each_contract_is_valid_openapi_3_0(name: str) -> None:
    document = read(name)
    assert re.fullmatch(r"3\.0\.\d", document["openapi"])
    assert [str(error) for error in OpenAPIV30SpecValidator(document).iter_errors()] == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_schema_is_valid_draft_07(name: str) -> None:
    schema = read(name)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    Draft7Validator.check_schema(schema)


@pytest.mark.parametrize("name", CONTRACTS)
def test_each_operation_has_a_name_of_its_own_a_summary_and_a_description(name: str) -> None:
    found = dict(operations(read(name)))
    assert found
    names = [operation.get("operationId") for operation in found.values()]
    assert all(names)
    assert len(set(names)) == len(names)
    assert [place for place, operation in found.items() if not operation.get("summary")] == []
    thin = [
        place
        for place, operation in found.items()
        if not operation.get("description") or operation["description"] == operation["summary"]
    ]
    assert thin == []


@pytest.mark.parametrize("name", CONTRACTS + SCHEMAS)
def test_each_parameter_body_field_and_answer_is_described(name: str) -> None:
    members = dict(to_describe(read(name)))
    assert members
    bare = [
        place for place, node in members.items() if "$ref" not in node and len(words(node).split()) < SHORTEST
    ]
    assert bare == []


@pytest.mark.parametrize("name", CONTRACTS + SCHEMAS)
def test_each_file_opens_by_saying_what_it_is(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    if name in SCHEMAS:
        head = str(read(name)["$comment"])
    else:
        head = " ".join(line.removeprefix("#") for line in text.split("openapi:", 1)[0].splitlines())
    said = " ".join(head.split())
    assert [part for part in ("our", "words", "src/ never reads it", "superset") if part not in said] == []


@pytest.mark.parametrize("name", CONTRACTS + SCHEMAS)
def test_no_file_speaks_in_the_vendors_name(name: str) -> None:
    assert [path for path, node in nodes(read(name)) if VENDORS_OWN & node.keys()] == []
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert re.findall(r"[\w.+-]+@(?!pbx\.example)[\w-]+\.\w+", text) == []


def test_the_table_of_the_readme_names_exactly_the_files_that_are_there() -> None:
    table = re.findall(r"^\| `([^`]+)` \|", (FOLDER / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(table) == sorted(CONTRACTS + SCHEMAS)
