"""The document that this face serves: all of the contract as it is, and whatever goes beyond it is marked."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import yaml
from openapi_spec_validator import validate

from telefonie.web.problems import STATUS

CONTRACT: Final[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[3] / "openapi" / "telefonie-voice-v1.yaml").read_text("utf-8")
)
OPERATIONS: Final = [(path, method) for path, methods in CONTRACT["paths"].items() for method in methods]
BESIDE: Final = (
    "/recordings",
    "/recordings/{recording_id}",
)  # of another contract, which this face keeps too
FACTS: Final = ("type", "enum", "default", "maximum")
SCHEMA_FIELDS: Final = {"url", "status_callback", "answered_by"}  # promised by the call schema alone


@pytest.fixture
async def served(client: httpx.AsyncClient) -> dict[str, Any]:
    document: dict[str, Any] = (await client.get("/v1/voice/openapi.json")).json()
    return document


def resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """What a reference stands for."""
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = document["components"]["schemas"][name] if name else schema
    return found


def agree(document: dict[str, Any], promised: dict[str, Any], shown: dict[str, Any]) -> None:
    """Every field that is promised is shown just so; every other one is marked."""
    for name, schema in promised["properties"].items():
        if "$ref" in schema or schema["type"] == "array":
            continue
        for fact in FACTS:
            if fact in schema:
                assert resolved(document, shown["properties"][name])[fact] == schema[fact], (name, fact)
    assert set(promised.get("required", ())) <= set(shown.get("required", ()))
    for name in set(shown["properties"]) - set(promised["properties"]) - SCHEMA_FIELDS:
        assert shown["properties"][name]["x-extension"] is True, name


def test_the_served_document_is_sound(served: dict[str, Any]) -> None:
    validate(served)
    assert served["servers"] == [{"url": "/v1/voice"}]
    assert served["components"]["securitySchemes"]["ApiKeyAuth"]["name"] == "X-API-Key"


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_an_operation_of_the_contract_is_served_as_promised(
    served: dict[str, Any], path: str, method: str
) -> None:
    promised, shown = CONTRACT["paths"][path][method], served["paths"][path][method]
    assert shown["operationId"] == promised["operationId"]
    assert set(promised["responses"]) <= set(shown["responses"])
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
        wanted = promised["requestBody"]["content"]["application/json"]["schema"]
        agree(served, wanted, resolved(served, body))
    for status, answer in promised["responses"].items():
        if "content" in answer:
            wanted = resolved(CONTRACT, answer["content"]["application/json"]["schema"])
            given = shown["responses"][status]["content"]["application/json"]["schema"]
            agree(served, wanted, resolved(served, given))


def test_what_goes_beyond_the_contract_is_marked(served: dict[str, Any]) -> None:
    for path, methods in served["paths"].items():
        for method, operation in methods.items():
            promised = (path, method) in OPERATIONS or path in BESIDE
            assert promised or operation["x-extension"] is True


def test_nothing_shown_is_ever_null(served: dict[str, Any]) -> None:
    assert "'null'" not in str(served["components"]["schemas"])


def test_every_refusal_is_documented_in_the_one_envelope(served: dict[str, Any]) -> None:
    refusals = {str(status) for status in STATUS.values()}
    for path, method in OPERATIONS:
        answers = served["paths"][path][method]["responses"]
        assert {"401", "403", "503"} <= set(answers)
        for status in refusals & set(answers):
            schema = answers[status]["content"]["application/json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/Error"}
