"""The only module that documents what FastAPI cannot see: bodies, queries, errors and headers of a face."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from pydantic import BaseModel

from telefonie.web.problems import STATUS, ProblemKind

Document: TypeAlias = dict[str, Any]

API_KEY: Final[Document] = {"ApiKeyAuth": {"type": "apiKey", "in": "header", "name": "X-API-Key"}}
ADMIN_KEY: Final[Document] = {"ApiKeyAuth": {"type": "apiKey", "in": "header", "name": "X-Admin-Key"}}
BEARER: Final[Document] = {"bearerAuth": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}

_DEFINITIONS: Final = "x-definitions"  # carried on an operation until the whole document is finished
_REF: Final = "#/components/schemas/{model}"
_MEANING: Final = {
    ProblemKind.INVALID: "A field, the query or the body is not as it must be.",
    ProblemKind.UNAUTHORIZED: "The key is missing or unknown.",
    ProblemKind.FORBIDDEN: "The key may not do this.",
    ProblemKind.NOT_FOUND: "There is no such thing, or not for this account.",
    ProblemKind.NOT_ACCEPTABLE: "It cannot be had in any form that Accept names.",
    ProblemKind.OUT_OF_RANGE: "Nothing of it lies in the range that is asked for; see Content-Range.",
    ProblemKind.CONFLICT: "The present state does not allow it.",
    ProblemKind.TOO_LARGE: "The body is larger than 1 MiB.",
    ProblemKind.UNSUPPORTED_MEDIA_TYPE: "The body is not sent as JSON.",
    ProblemKind.REUSED_KEY: "The Idempotency-Key was used before with another body.",
    ProblemKind.TOO_MANY_REQUESTS: "More was asked for within a second than the account allows.",
    ProblemKind.OVERLOADED: "More is waiting than can be promised an answer; see Retry-After.",
}
_ALWAYS: Final = (ProblemKind.UNAUTHORIZED, ProblemKind.FORBIDDEN, ProblemKind.OVERLOADED)
_ONCE: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
    "description": "Send the same request again under the same key: it is done once and answered twice.",
    "x-extension": True,
}
_HEADERS: Final = {
    "X-Request-Id": {"schema": {"type": "string"}, "description": "Finds this request in the server's log."},
}
_IGNORED: Final = {
    "X-Ignored-Fields": {
        "schema": {"type": "string"},
        "description": "Fields of the body that are not known here, percent-encoded and comma-separated.",
    }
}


def operation(
    *,
    path: Mapping[str, str] | None = None,
    query: type[BaseModel] | None = None,
    body: type[BaseModel] | None = None,
    body_required: bool = False,
    nulls: bool = False,
    once: bool = False,
    conflicts: bool = False,
    extension: bool = False,
    also: Sequence[ProblemKind] = (),
) -> Document:
    """For a route's `openapi_extra`: what its handler reads by hand and how it may be refused.

    Optional fields are written `X | None = None`. Unless `nulls` is set, that means: may be left out.
    """
    definitions: Document = {}
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}, "description": text}
        for name, text in (path or {}).items()
    ]
    parameters += _query_parameters(query, definitions) if query else []
    parameters += [_ONCE] if once else []
    possible = {
        **dict.fromkeys((*_ALWAYS, *also), True),
        ProblemKind.INVALID: bool(query or body or once),
        ProblemKind.NOT_FOUND: bool(path),
        ProblemKind.CONFLICT: conflicts or once,
        ProblemKind.TOO_LARGE: bool(body),
        ProblemKind.UNSUPPORTED_MEDIA_TYPE: bool(body),
        ProblemKind.REUSED_KEY: once,
    }
    kinds = sorted((kind for kind, may_be in possible.items() if may_be), key=STATUS.__getitem__)
    answers = {str(STATUS[kind]): _error_answer(_MEANING[kind]) for kind in kinds}
    document: Document = {"parameters": parameters, "responses": answers, _DEFINITIONS: definitions}
    if body:
        document["requestBody"] = _request_body(body, definitions, required=body_required)
    if not nulls:
        document[_DEFINITIONS] = _without_nulls(definitions)
    return document | ({"x-extension": True} if extension else {})


def finish(
    document: Document, security: Document, fault: type[BaseModel], *, limited: bool = False
) -> Document:
    """Complete what FastAPI generated for a face. `security`: what opens it; `fault`: what its errors look like;
    `limited`: each of its operations may be too much for an account with limits."""
    components = document.setdefault("components", {})
    components["securitySchemes"] = security
    document["security"] = [{name: []} for name in security]
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    components["schemas"] = schemas = _without_nulls(schemas)
    schemas["Error"] = _without_nulls(_hoisted(fault.model_json_schema(ref_template=_REF), schemas))
    for methods in document["paths"].values():
        for each in methods.values():
            schemas.update(each.pop(_DEFINITIONS, {}))
            if limited:
                each["responses"].setdefault("429", _error_answer(_MEANING[ProblemKind.TOO_MANY_REQUESTS]))
            _finish_answers(each)
    return document


def _request_body(model: type[BaseModel], definitions: Document, *, required: bool) -> Document:
    definitions[model.__name__] = _hoisted(model.model_json_schema(ref_template=_REF), definitions)
    reference = {"$ref": _REF.format(model=model.__name__)}
    return {"required": required, "content": {"application/json": {"schema": reference}}}


def _query_parameters(model: type[BaseModel], definitions: Document) -> list[Document]:
    schema = _without_nulls(_hoisted(model.model_json_schema(ref_template=_REF), definitions))
    required = schema.get("required", [])
    found = []
    for name, each in schema["properties"].items():
        parameter = {"name": name, "in": "query", "required": name in required, "schema": each}
        for key in ("description", "x-extension"):
            if key in each:
                parameter[key] = each.pop(key)
        found.append(parameter)
    return found


def _hoisted(schema: Document, definitions: Document) -> Document:
    definitions.update(schema.pop("$defs", {}))
    return schema


def _error_answer(meaning: str) -> Document:
    reference = {"$ref": _REF.format(model="Error")}
    return {"description": meaning, "content": {"application/json": {"schema": reference}}}


def _finish_answers(each: Document) -> None:
    answers = each["responses"]
    if "#/components/schemas/HTTPValidationError" in str(answers.get("422", "")):
        del answers["422"]
    for status, answer in answers.items():
        headers = dict(_HEADERS)
        if "requestBody" in each and status.startswith("2"):
            headers |= _IGNORED
        answer["headers"] = headers | answer.get("headers", {})


def _without_nulls(part: Any) -> Any:
    """What may be left out is None in Python only; on the wire it is never null."""
    if isinstance(part, list):
        return [_without_nulls(each) for each in part]
    if not isinstance(part, dict):
        return part
    kept = {key: _without_nulls(value) for key, value in part.items() if (key, value) != ("default", None)}
    choices = [each for each in kept.get("anyOf", ()) if each != {"type": "null"}]
    if len(choices) == 1:
        del kept["anyOf"]
        return {**choices[0], **kept}
    return kept | ({"anyOf": choices} if choices else {})
