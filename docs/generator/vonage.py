"""The only module that compares the Nexmo / Vonage contract with what is served, for the list of what works."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final, cast

from docs.generator.markdown import code, table
from telefonie.dialects import vonage
from tests.contract.vonage import CONTRACT, RIGHT
from tests.contract.walk import METHODS

if TYPE_CHECKING:
    from telefonie.engine.house import Engine
    from telefonie.web.links import Links

Document = Mapping[str, Any]
_UNSAID: Final = (
    "components",
    "schemas",
    "paths",
    "requestBody",
    "content",
    "application/json",
    "schema",
    "properties",
)


@cache
def _documents() -> Mapping[str, Document]:
    # They can be drawn without an engine; only requests need one.
    engine, links = cast("Engine", None), cast("Links", None)
    faces = {"/v1": vonage.build, "/v2": vonage.build_v2, "/v3": vonage.build_v3}
    return {prefix: cast("Document", build(engine, links).openapi()) for prefix, build in faces.items()}


def _operations() -> Iterator[tuple[str, str, Document]]:
    for prefix, document in _documents().items():
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                if method in METHODS:
                    yield method.upper(), f"{prefix}{path}", operation


def operations() -> str:
    """Every operation of the contract, and those that go beyond it."""
    asked = {(each.method, f"{CONTRACT.base}{each.path}"): name for name, each in CONTRACT.operations.items()}
    served = {(method, path): operation for method, path, operation in _operations()}
    rows = []
    for (method, path), operation in served.items():
        promised = (method, path) in asked
        state = "served" if promised else f"beyond: {operation['description']}"
        rows.append((code(f"{method} {path}"), state))
    rows += [(code(f"{method} {path}"), "not served") for method, path in asked.keys() - served.keys()]
    return table(("request", ""), rows)


def extensions() -> str:
    """What creating a call takes beyond the contract, as the face's own document marks it."""
    rows = []
    for name, schema in _documents()["/v1"]["components"]["schemas"].items():
        for field, each in schema.get("properties", {}).items():
            if each.get("x-extension"):
                rows.append((code(name), code(field), each.get("description", "")))
    return table(("where", "what", ""), rows)


def corrections() -> str:
    """What the vendor's document says wrongly."""
    rows = [(code(" ".join(step for step in each.where if step not in _UNSAID)), each.why) for each in RIGHT]
    return table(("where", "what holds instead"), rows)
