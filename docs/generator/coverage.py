"""The only module that compares the contracts with what is served, for the list of what works."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, cast

import yaml

from docs.generator.markdown import code, table
from telefonie.dialects import telefonie, telefoon, vonage
from tests.contract.telefonie import CONTRACT, LATER_PATHS
from tests.contract.walk import FOLDER, METHODS

if TYPE_CHECKING:
    from telefonie.engine.house import Engine
    from telefonie.web.links import Links

Document = Mapping[str, Any]
_FACES: Final[Mapping[str, Callable[[Engine, Links], Any]]] = {
    "telefonie-voice-v1.yaml": telefonie.build,
    "telefonie-recording-v1.yaml": telefonie.build_recordings,
    "telefoon-voice-v1.yaml": telefoon.build,
    "nexmo-voice-v1.yaml": vonage.build,
}


def contracts() -> str:
    """How much of each contract is served."""
    rows = []
    for path in sorted(FOLDER.glob("*.yaml")):
        asked = dict(_operations(yaml.safe_load(path.read_text("utf-8"))))
        served = asked.keys() & _served(path.name).keys()
        rows.append((code(path.name), str(len(asked)), str(len(served)) if served else "later"))
    return table(("contract", "operations", "served"), rows)


def operations() -> str:
    """Every operation of the Telefonie Voice contract."""
    served = _served(_TELEFONIE)
    rows = []
    for name, (method, path) in _operations(_contract(_TELEFONIE)):
        state = "served" if name in served else f"later: {_reason(path)}"
        rows.append((code(name), code(f"{method} {CONTRACT.base}{path}"), state))
    return table(("operation", "request", ""), rows)


def recording_operations() -> str:
    """Every operation of the Telefonie Call Recording contract, and those that go beyond it."""
    asked = dict(_operations(_contract(_RECORDING)))
    served = _served(_RECORDING).items()
    rows = [
        (code(name), code(f"{method} /v1/recordings{path}"), state)
        for state in ("served", "ours")
        for name, (method, path) in served
        if (name in asked) is (state == "served")
    ]
    return table(("operation", "request", ""), rows)


def recording_extensions() -> str:
    """What the recordings have beyond their contract, inside its operations."""
    document = _document(_RECORDING)
    fields = document["components"]["schemas"]["Recording"]["properties"].items()
    rows = [
        (code("GET /recordings"), code(each["name"]), each.get("description", ""))
        for each in document["paths"]["/recordings"]["get"]["parameters"]
        if each.get("x-extension")
    ]
    rows += [
        ("every Recording", code(name), each.get("description", ""))
        for name, each in fields
        if each.get("x-extension")
    ]
    return table(("where", "what", ""), rows)


def extensions() -> str:
    """What the Telefonie face has beyond its contract, as its own document marks it."""
    document = _document(_TELEFONIE)
    rows = []
    for method, path, operation in _walk(document):
        if operation.get("x-extension"):
            rows.append((code(f"{method} {path}"), "", operation["description"]))
            continue
        rows += [
            (code(f"{method} {path}"), code(each["name"]), each.get("description", ""))
            for each in operation.get("parameters", ())
            if each.get("x-extension")
        ]
    for name in _BODIES:
        fields = document["components"]["schemas"][name]["properties"].items()
        rows += [
            (f"{_BODIES[name]}", code(field), each.get("description", ""))
            for field, each in fields
            if each.get("x-extension")
        ]
    return table(("where", "what", ""), rows)


_TELEFONIE: Final = "telefonie-voice-v1.yaml"
_RECORDING: Final = "telefonie-recording-v1.yaml"
_BODIES: Final = {
    "CallCreation": "creating a call",
    "CallUpdate": "changing a call",
    "Call": "every Call",
    "ConferenceCreation": "creating a conference",
    "ConferenceList": "the list of conferences",
    "Conference": "every Conference",
    "ParticipantCreation": "adding a participant",
    "ParticipantList": "the list of participants",
    "Participant": "every Participant",
}


def _contract(name: str) -> Document:
    return cast("Document", yaml.safe_load((FOLDER / name).read_text("utf-8")))


def _document(name: str) -> Document:
    build = _FACES[name]
    # A document can be drawn without an engine; only requests need one.
    return cast("Document", build(cast("Engine", None), cast("Links", None)).openapi())


def _served(name: str) -> dict[str, tuple[str, str]]:
    return dict(_operations(_document(name))) if name in _FACES else {}


def _walk(document: Document) -> Iterator[tuple[str, str, Document]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method in METHODS:
                yield method.upper(), path, operation


def _operations(document: Document) -> Iterator[tuple[str, tuple[str, str]]]:
    for method, path, operation in _walk(document):
        yield operation["operationId"], (method, path)


def _reason(path: str) -> str:
    found = [why for start, why in LATER_PATHS.items() if path.startswith(start)]
    if not found:
        raise ValueError(f"{path} is neither served nor among what waits for later")
    return found[0]
