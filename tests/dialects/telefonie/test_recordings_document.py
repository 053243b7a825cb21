"""The document of the recordings' own face: all of its contract as it is, and whatever goes beyond it is marked."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import yaml
from openapi_spec_validator import validate

from tests.dialects.telefonie.test_document import FACTS, agree, resolved

CONTRACT: Final[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[3] / "openapi" / "telefonie-recording-v1.yaml").read_text("utf-8")
)
OPERATIONS: Final = [(path, method) for path, methods in CONTRACT["paths"].items() for method in methods]


@pytest.fixture
async def served(client: httpx.AsyncClient) -> dict[str, Any]:
    document: dict[str, Any] = (await client.get("/v1/recordings/openapi.json")).json()
    return document


def test_the_served_document_is_sound(served: dict[str, Any]) -> None:
    validate(served)
    assert served["servers"] == [{"url": "/v1/recordings"}]
    assert "'null'" not in str(served["components"]["schemas"])


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
    for status, answer in promised["responses"].items():
        if "content" in answer:
            wanted = resolved(CONTRACT, answer["content"]["application/json"]["schema"])
            given = shown["responses"][status]["content"]["application/json"]["schema"]
            agree(served, wanted, resolved(served, given))


def test_what_goes_beyond_the_contract_is_marked(served: dict[str, Any]) -> None:
    for path, methods in served["paths"].items():
        for method, operation in methods.items():
            assert (path, method) in OPERATIONS or operation["x-extension"] is True


async def test_the_list_of_faces_names_it(client: httpx.AsyncClient) -> None:
    page = (await client.get("/docs")).text
    assert "Telefonie Call Recording API" in page
    assert "/v1/recordings/docs" in page
