"""What a face says about itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import validate

from telefonie.web.face import Face


@pytest.fixture
def document(face: Face) -> dict[str, Any]:
    return face.openapi()


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in document["paths"].values():
        yield from methods.values()


def every_key(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            yield key
            yield from every_key(value)
    elif isinstance(part, list):
        for each in part:
            yield from every_key(each)


def test_the_document_is_sound_and_always_the_same(face: Face, document: dict[str, Any]) -> None:
    validate(document)
    assert face.openapi() is document


def test_no_answer_is_documented_that_is_never_given(document: dict[str, Any]) -> None:
    for operation in operations(document):
        keyed = any(each["name"] == "Idempotency-Key" for each in operation.get("parameters", ()))
        assert ("422" in operation["responses"]) == keyed
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_bodies_queries_and_paths_are_documented_from_their_models(document: dict[str, Any]) -> None:
    make = document["paths"]["/things"]["post"]
    assert make["requestBody"]["required"] is True
    thing = document["components"]["schemas"]["Thing"]
    assert thing["required"] == ["to"]
    assert thing["properties"]["count"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 600,
        "default": 30,
        "title": "Count",
    }
    query = {each["name"]: each for each in document["paths"]["/things"]["get"]["parameters"]}
    assert query["page_size"]["schema"]["maximum"] == 100
    assert query["page_size"]["schema"]["default"] == 50
    path = document["paths"]["/errors/{name}"]["get"]["parameters"]
    assert [(each["name"], each["in"], each["required"]) for each in path] == [("name", "path", True)]


def test_what_may_be_left_out_is_not_nullable_unless_null_means_something(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert schemas["Thing"]["properties"]["name"]["type"] == "string"
    assert "default" not in schemas["Thing"]["properties"]["name"]
    assert {"type": "null"} in schemas["Patch"]["properties"]["name"]["anyOf"]


def test_extensions_are_marked(document: dict[str, Any]) -> None:
    make = document["paths"]["/things"]["post"]
    assert make["x-extension"] is True
    assert document["components"]["schemas"]["Thing"]["properties"]["url"]["x-extension"] is True
    assert "x-definitions" not in set(every_key(document))


def test_every_operation_tells_how_it_may_be_refused(document: dict[str, Any]) -> None:
    for operation in operations(document):
        if operation["operationId"].startswith("typed"):
            continue
        assert {"401", "403", "503"} <= set(operation["responses"])
        assert ("413" in operation["responses"]) == ("requestBody" in operation)
    assert document["security"] == [{"ApiKeyAuth": []}]


def test_every_answer_carries_the_requests_id(document: dict[str, Any]) -> None:
    for operation in operations(document):
        for answer in operation["responses"].values():
            assert "X-Request-Id" in answer["headers"]
