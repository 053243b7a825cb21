"""The only module that judges what a face serves by the document that the face serves of itself."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator

Document = dict[str, Any]


def misfits(document: Document) -> dict[str, list[str]]:
    """By schema, what is wrong with its examples."""
    found = {}
    for name, schema in document["components"]["schemas"].items():
        wrong = [each for example in schema.get("examples", ()) for each in judged(document, name, example)]
        if wrong:
            found[name] = wrong
    return found


def judged(document: Document, name: str, value: object) -> list[str]:
    """What is wrong with a value; fields that the schema does not name are wrong too."""
    strict = closed(document["components"])
    schema = {"$ref": f"#/components/schemas/{name}", "components": strict}
    return [error.message for error in Draft202012Validator(schema).iter_errors(value)]


def closed(part: Any) -> Any:
    if isinstance(part, list):
        return [closed(each) for each in part]
    if not isinstance(part, dict):
        return part
    inner = {key: closed(each) for key, each in part.items()}
    if "properties" in inner and "additionalProperties" not in inner:
        inner["additionalProperties"] = False
    return inner
