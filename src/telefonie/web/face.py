"""The only module that says what a face is: an application of its own with its own documents and errors."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeAlias

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Receive, Scope, Send

from telefonie.core.errors import Refused
from telefonie.engine.ports import Overloaded, Reused
from telefonie.web import gate, openapi
from telefonie.web.access import request_id_of
from telefonie.web.envelope import Envelope
from telefonie.web.problems import Problem, problem_of

Explain: TypeAlias = Callable[[Exception], Problem]

_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_SILENT: Final[TelemetryConfig] = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}


class Direct(APIRoute):
    """A route whose handler takes the request and nothing else gets it as it is: that halves its cost.

    Such a handler reads query, body and key by `reading` and `access`, so a missing key is told before
    anything else; what FastAPI cannot see of it is documented by `openapi.operation`.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler itself, where it asks for nothing but the request."""
        parameters = list(inspect.signature(self.endpoint, eval_str=True).parameters.values())
        if len(parameters) == 1 and parameters[0].annotation is Request:
            handler: Callable[[Request], Coroutine[Any, Any, Response]] = self.endpoint
            return handler
        return super().get_route_handler()


class Face(FastAPI):
    """One API: routes, documents, and one way of wording problems."""

    wording: Envelope
    key_header: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve; what the gate refused is told in this face's words."""
        refusal = scope.get("state", {}).get(gate.REFUSAL)
        if refusal is not None:
            await self.wording(refusal, scope["state"][gate.REQUEST_ID])(scope, receive, send)
            return
        await super().__call__(scope, receive, send)

    def openapi(self) -> dict[str, Any]:
        """The document of this face, made once."""
        if not self.openapi_schema:
            self.openapi_schema = openapi.finish(super().openapi(), self.key_header)
        return self.openapi_schema


def new_face(
    *,
    title: str,
    description: str,
    envelope: Envelope,
    version: str = "v1",
    key_header: str = "X-API-Key",
    explain: Explain = problem_of,
) -> Face:
    """An empty face. `explain` may word some errors in the terms of its API."""
    face = Face(
        title=title,
        description=description,
        version=version,
        telemetry=_SILENT,
        strict_content_type=False,
        redirect_slashes=False,
        redoc_url=None,
    )
    face.router.route_class = Direct
    face.wording = envelope
    face.key_header = key_header

    async def render(request: Request, error: Exception) -> Response:
        problem = explain(error)
        if problem.status == 405:
            problem = _with_allow(face, request, problem)
        return envelope(problem, request_id_of(request))

    kinds = (Problem, Refused, Overloaded, Reused, RequestValidationError, HTTPException, Exception)
    for kind in kinds:
        face.add_exception_handler(kind, render)
    return face


def _with_allow(face: FastAPI, request: Request, problem: Problem) -> Problem:
    """The methods of this path: the router names only those of the first route that fits."""
    taken = []
    for method in _METHODS:
        scope = {**request.scope, "method": method}
        if any(route.matches(scope)[0] is Match.FULL for route in face.routes):
            taken.append(method)
    return Problem(
        problem.kind, problem.slug, problem.message, problem.details, [("Allow", ", ".join(taken))]
    )
