"""The only module that words what went wrong as this API does: a few fixed bodies, and one that names fields."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from telefonie.core.errors import Illegal
from telefonie.web.problems import Problem, ProblemKind, problem_of

STATE: Final = "not_in_this_state"
_TITLES: Final[Mapping[ProblemKind, tuple[str, str]]] = {
    ProblemKind.INVALID: ("BAD_REQUEST", "Bad Request"),
    ProblemKind.UNAUTHORIZED: ("UNAUTHORIZED", "Unauthorized"),
    ProblemKind.FORBIDDEN: ("FORBIDDEN", "Forbidden"),
    ProblemKind.NOT_FOUND: ("NOT_FOUND", "Not Found"),
    ProblemKind.METHOD_NOT_ALLOWED: ("METHOD_NOT_ALLOWED", "Method Not Allowed"),
    ProblemKind.NOT_ACCEPTABLE: ("NOT_ACCEPTABLE", "Not Acceptable"),
    ProblemKind.CONFLICT: ("CONFLICT", "Conflict"),
    ProblemKind.TOO_LARGE: ("PAYLOAD_TOO_LARGE", "Payload Too Large"),
    ProblemKind.UNSUPPORTED_MEDIA_TYPE: ("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type"),
    ProblemKind.OUT_OF_RANGE: ("RANGE_NOT_SATISFIABLE", "Range Not Satisfiable"),
    ProblemKind.REUSED_KEY: ("UNPROCESSABLE_ENTITY", "Unprocessable Entity"),
    ProblemKind.TOO_MANY_REQUESTS: ("TOO_MANY_REQUESTS", "Too Many Requests"),
    ProblemKind.BROKEN: ("INTERNAL_SERVER_ERROR", "Internal Server Error"),
    ProblemKind.OVERLOADED: ("SERVICE_UNAVAILABLE", "Service Unavailable"),
}


# The kind of an endpoint, behind its place in an array.
_KIND: Final = re.compile(r"(\.\d+)\.(?:phone|sip|websocket|vbc|app)\b")


def explain(error: Exception) -> Problem:
    """A problem in this API's terms: what a call's state forbids is no conflict here, but a bad request."""
    if isinstance(error, Illegal):
        return Problem(ProblemKind.INVALID, STATE, str(error))
    return problem_of(error)


def render(problem: Problem, _request_id: str) -> Response:
    """The body that the service gives. What is wrong with a field is told; what else is wrong has one word."""
    content: dict[str, object]
    if problem.kind is ProblemKind.INVALID and problem.details:
        named = [{"name": _named(each.field), "reason": each.issue} for each in problem.details]
        content = {"type": 400, "title": "Bad Request", "invalid_parameters": named}
    else:
        kind, title = _TITLES[problem.kind]
        content = {"type": kind, "error_title": title}
    # Pure ASCII: what a client sent may stand in it, lone surrogates included.
    return Response(json.dumps(content), problem.status, dict(problem.headers), "application/json")


def _named(field: str) -> str:
    """As the field stands in the request: which kind of endpoint it was taken for is no part of its place."""
    return _KIND.sub(r"\1", field)
