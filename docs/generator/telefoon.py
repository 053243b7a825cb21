"""The only module that compares the Telefoon contract with what is served, for the list of what works."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final, cast

from docs.generator.markdown import code, table
from telefonie.dialects import telefoon
from telefonie.dialects.telefoon.languages import LANGUAGES
from tests.contract.telefoon import CONTRACT
from tests.contract.walk import METHODS

if TYPE_CHECKING:
    from telefonie.engine.house import Engine
    from telefonie.web.links import Links

Document = Mapping[str, Any]
_BODIES: Final = {
    "CallCreation": "creating a call",
    "Call": "every Call",
    "ConferenceCreation": "creating a conference",
    "ConferenceList": "the list of conferences",
}


@cache
def _document() -> Document:
    # It can be drawn without an engine; only requests need one.
    return cast("Document", telefoon.build(cast("Engine", None), cast("Links", None)).openapi())


def _operations() -> Iterator[tuple[str, str, Document]]:
    for path, methods in _document()["paths"].items():
        for method, operation in methods.items():
            if method in METHODS:
                yield method.upper(), path, operation


def operations() -> str:
    """Every operation of the contract, and those that go beyond it."""
    rows = []
    for method, path, operation in _operations():
        promised = operation["operationId"] in CONTRACT.operations
        state = "served" if promised else f"ours: {operation['description']}"
        rows.append((code(operation["operationId"]), code(f"{method} {telefoon.PREFIX}{path}"), state))
    missing = CONTRACT.operations.keys() - {each["operationId"] for _, _, each in _operations()}
    rows += [(code(name), "", "not served") for name in sorted(missing)]
    return table(("operation", "request", ""), rows)


def extensions() -> str:
    """What operations of the contract take and show beyond it, as the face's own document marks it."""
    rows = [
        (code(f"{method} {path}"), code(each["name"]), each.get("description", ""))
        for method, path, operation in _operations()
        for each in operation.get("parameters", ())
        if each.get("x-extension") and not operation.get("x-extension")
    ]
    for name, where in _BODIES.items():
        fields = _document()["components"]["schemas"][name]["properties"].items()
        rows += [
            (where, code(field), each["description"]) for field, each in fields if each.get("x-extension")
        ]
    return table(("where", "what", ""), rows)


def languages() -> str:
    """What `tts_language` may be."""
    return ", ".join(code(each) for each in sorted(LANGUAGES)) + "."
