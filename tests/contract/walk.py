"""The only module that takes a contract apart: into operations, and into facts that each have a name.

`listCalls.parameter.status.enum.busy` and `Call.price.type` are such names. Tags and sentences are no facts.
A word of OpenAPI that this module does not know is an error, so that no fact can slip through unnamed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

import yaml

Node: TypeAlias = Mapping[str, Any]
Named: TypeAlias = tuple[str, object]

FOLDER: Final = Path(__file__).parents[2] / "openapi"
METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
SAID: Final = frozenset(
    {"description", "summary", "title", "example", "tags", "$schema", "$id", "$comment"}
)  # what is said about facts, or where they stand in a page; no facts themselves
SIMPLE: Final = frozenset(
    {
        "type",
        "format",
        "default",
        "nullable",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "minLength",
        "maxLength",
        "pattern",
        "minItems",
        "maxItems",
    }
)
WORDS: Final = SIMPLE | {"enum", "required", "properties", "items", "oneOf"}


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that a client may ask for."""

    name: str
    method: str
    path: str
    parameters: Mapping[str, Node]
    body: Node | None
    answers: Mapping[str, Node]
    keys: tuple[str, ...]  # the security schemes, any of which opens it


class Contract:
    """One file of openapi/, and beside it the separate schemas that hold for some of its components.

    `later` are beginnings of paths that this walk leaves out; `apart` are components that no path refers to;
    `right` puts right what the vendor's own document says wrongly, and answers the document.
    """

    def __init__(
        self,
        name: str,
        schemas: Mapping[str, str],
        later: Collection[str] = (),
        apart: Collection[str] = (),
        right: Callable[[dict[str, Any]], Node] = lambda document: document,
    ) -> None:
        self.document = right(read(name))
        self.base = urlsplit(self.document["servers"][0]["url"]).path
        # Beside the component `Call` there is a schema of its own, whose facts begin with `CallSchema`.
        self.schemas: Mapping[str, Node] = {each: read(file) for each, file in schemas.items()}
        self.left_out = [path for path in self.document["paths"] if path.startswith(tuple(later))]
        found = (each for each in _operations(self.document) if each.path not in self.left_out)
        self.operations: Mapping[str, Operation] = {each.name: each for each in found}
        self._apart = apart
        self.facts: Mapping[str, object] = self._facts()

    def resolved(self, schema: Node) -> Node:
        """The schema itself, or the one that it refers to."""
        return self.document["components"]["schemas"][component(schema)] if "$ref" in schema else schema

    def _facts(self) -> dict[str, object]:
        named: list[Named] = [("server", self.base)]
        for scheme, node in self.document["components"].get("securitySchemes", {}).items():
            named += [(f"security.{scheme}.{key}", node[key]) for key in node if key not in SAID]
        for operation in self.operations.values():
            named += self._of_operation(operation)
        for each, schema in self.schemas.items():
            named += self._of_schema(f"{each}Schema", schema)
        for each in self._apart:
            named += self._of_schema(each, self.document["components"]["schemas"][each])
        return dict(named)

    def _of_operation(self, operation: Operation) -> Iterator[Named]:
        name = operation.name
        yield name, f"{operation.method} {operation.path}"
        yield from ((f"{name}.security.{key}", key) for key in operation.keys)
        for key, parameter in operation.parameters.items():
            yield from self._of_parameter(f"{name}.parameter.{key}", parameter)
        if operation.body is not None:
            yield from self._of_message(f"{name}.body", f"{name}.request", operation.body)
        for status, answer in operation.answers.items():
            yield from self._of_message(f"{name}.{status}", f"{name}.{status}", answer)

    def _of_parameter(self, name: str, parameter: Node) -> Iterator[Named]:
        _expect(parameter, {"name", "in", "required", "schema"}, name)
        yield name, None
        yield f"{name}.in", parameter["in"]
        if parameter.get("required"):
            yield f"{name}.required", True
        yield from self._of_schema(name, parameter["schema"])

    def _of_message(self, name: str, fields: str, message: Node) -> Iterator[Named]:
        _expect(message, {"required", "content"}, name)
        yield name, None
        if message.get("required"):
            yield f"{name}.required", True
        for kind, content in message.get("content", {}).items():
            _expect(content, {"schema"}, name)
            yield f"{name}.content", kind
            yield from self._of_schema(fields, content["schema"])

    def _of_schema(self, name: str, schema: Node) -> Iterator[Named]:
        if "$ref" in schema:
            yield f"{name}.{component(schema)}", None
            yield from self._of_schema(component(schema), self.resolved(schema))
            return
        _expect(schema, WORDS, name)
        yield from ((f"{name}.{word}", schema[word]) for word in schema if word in SIMPLE)
        yield from _of_enum(name, schema)
        yield from ((f"{name}.{field_name(each)}.required", True) for each in schema.get("required", ()))
        for each, node in schema.get("properties", {}).items():
            yield f"{name}.{field_name(each)}", None
            yield from self._of_schema(f"{name}.{field_name(each)}", node)
        if "items" in schema:
            yield from self._of_schema(f"{name}.items", schema["items"])
        for each in schema.get("oneOf", ()):
            yield from self._of_schema(name, each)


def read(name: str) -> dict[str, Any]:
    """One file of openapi/."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text) if name.endswith(".json") else yaml.safe_load(text)
    return document


def component(schema: Node) -> str:
    """The name of what a reference refers to."""
    return str(schema["$ref"]).removeprefix("#/components/schemas/")


def field_name(name: str) -> str:
    """A field as part of a fact's name; in quotes where it could be taken for a word of the schema."""
    return f"'{name}'" if name in WORDS else name


def content_of(message: Node) -> tuple[str, Node] | None:
    """The content type and the schema of a body or an answer, if it has any."""
    return next(((kind, node["schema"]) for kind, node in message.get("content", {}).items()), None)


def _of_enum(name: str, schema: Node) -> Iterator[Named]:
    if "enum" in schema:
        yield f"{name}.enum", tuple(schema["enum"])
        yield from ((f"{name}.enum.{value}", value) for value in schema["enum"])


def _operations(document: Node) -> Iterator[Operation]:
    for path, item in document["paths"].items():
        _expect(item, {*METHODS, "parameters"}, path)
        for method in METHODS:
            if method in item:
                yield _operation(document, path, method, item)


def _operation(document: Node, path: str, method: str, item: Node) -> Operation:
    node = item[method]
    _expect(node, {"operationId", "parameters", "requestBody", "responses", "security"}, path)
    parameters = [*item.get("parameters", ()), *node.get("parameters", ())]
    schemes = node.get("security", document.get("security", ()))
    return Operation(
        name=node["operationId"],
        method=method.upper(),
        path=path,
        parameters={each["name"]: each for each in parameters},
        body=node.get("requestBody"),
        answers=node["responses"],
        keys=tuple(key for scheme in schemes for key in scheme),
    )


def _expect(node: Node, known: Collection[str], where: str) -> None:
    unknown = {key for key in node if key not in SAID and not key.startswith("x-")} - set(known)
    if unknown:
        raise NotImplementedError(f"{where}: the walk does not know {sorted(unknown)} yet")
