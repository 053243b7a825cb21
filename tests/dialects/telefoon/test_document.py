"""The document that this face serves: all of the contract as it is, and whatever goes beyond it is marked."""

from __future__ import annotations

from typing import Any, Final

import httpx
import pytest
from openapi_spec_validator import validate

from telefonie.dialects.telefoon.languages import LANGUAGES
from tests.contract.walk import read
from tests.dialects.telefoon.steps import FACE

CONTRACT: Final = read("telefoon-voice-v1.yaml")
OPERATIONS: Final = [(path, method) for path, methods in CONTRACT["paths"].items() for method in methods]
FACTS: Final = ("type", "enum", "default", "maximum")


@pytest.fixture
async def served(client: httpx.AsyncClient) -> dict[str, Any]:
    document: dict[str, Any] = (await client.get(f"{FACE}/openapi.json")).json()
    return document


def resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """What a reference stands for."""
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = document["components"]["schemas"][name] if name else schema
    return found


def agree(document: dict[str, Any], promised: dict[str, Any], shown: dict[str, Any]) -> None:
    """Every field that is promised is shown just so; every other one is marked."""
    for name, schema in promised["properties"].items():
        if schema.get("type", "array") != "array":
            field = resolved(document, shown["properties"][name])
            assert {fact: field[fact] for fact in FACTS if fact in schema} == {
                fact: schema[fact] for fact in FACTS if fact in schema
            }
            assert "x-extension" not in field
    assert set(promised.get("required", ())) <= set(shown.get("required", ()))
    for name in set(shown["properties"]) - set(promised["properties"]):
        assert shown["properties"][name]["x-extension"] is True, name


def test_the_served_document_is_sound(served: dict[str, Any]) -> None:
    validate(served)
    assert served["servers"] == [{"url": FACE}]
    assert "'null'" not in str(
        {name: each for name, each in served["components"]["schemas"].items() if name != "TrunkChange"}
    )


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_an_operation_of_the_contract_is_served_as_promised(
    served: dict[str, Any], path: str, method: str
) -> None:
    promised, shown = CONTRACT["paths"][path][method], served["paths"][path][method]
    assert (shown["operationId"], shown.get("x-extension")) == (promised["operationId"], None)
    parameters = {each["name"]: each for each in shown["parameters"]}
    for each in promised.get("parameters", ()):
        same = parameters.pop(each["name"])
        assert (same["in"], same["required"]) == (each["in"], each.get("required", False))
        for fact in FACTS:
            if fact in each["schema"]:
                assert same["schema"][fact] == each["schema"][fact]
    assert all(each["x-extension"] for each in parameters.values())
    if "requestBody" in promised:
        assert shown["requestBody"]["required"] == promised["requestBody"].get("required", False)
        body = shown["requestBody"]["content"]["application/json"]["schema"]
        agree(
            served, promised["requestBody"]["content"]["application/json"]["schema"], resolved(served, body)
        )
    for status, answer in promised["responses"].items():
        if "content" in answer:
            wanted = resolved(CONTRACT, answer["content"]["application/json"]["schema"])
            given = shown["responses"][status]["content"]["application/json"]["schema"]
            agree(served, wanted, resolved(served, given))


def test_a_conference_is_shown_as_the_contract_has_it_and_no_more(served: dict[str, Any]) -> None:
    promised = CONTRACT["components"]["schemas"]["Conference"]["properties"]
    assert served["components"]["schemas"]["Conference"]["properties"].keys() == promised.keys()


def test_what_goes_beyond_the_contract_is_marked(served: dict[str, Any]) -> None:
    for path, methods in served["paths"].items():
        for method, operation in methods.items():
            assert (path, method) in OPERATIONS or operation["x-extension"] is True


def test_the_languages_are_listed(served: dict[str, Any]) -> None:
    told = served["components"]["schemas"]["CallCreation"]["properties"]["tts_language"]["enum"]
    assert told == list(LANGUAGES)
    assert len(set(told)) == len(told)
    assert {"nl-NL", "nl-BE", "fr-BE", "fr-FR", "de-DE", "de-AT", "de-CH", "en-GB", "en-US", "pl-PL"} <= set(
        told
    )
