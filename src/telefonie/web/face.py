"""The only module that says what a face is: an application of its own with its own documents and errors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeAlias

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.telemetry import TelemetryConfig
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Receive, Scope, Send

from telefonie.core.errors import Refused
from telefonie.engine.ports import Overloaded, Reused
from telefonie.store.connect import Unavailable
from telefonie.web import direct, gate, openapi
from telefonie.web.access import request_id_of
from telefonie.web.direct import Direct as Direct
from telefonie.web.docs import with_docs
from telefonie.web.envelope import Envelope, Error
from telefonie.web.problems import Problem, ProblemKind, problem_of

Explain: TypeAlias = Callable[[Exception], Problem]
Guard: TypeAlias = Callable[[Request], Awaitable[None]]

_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_SILENT: Final[TelemetryConfig] = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}


class Face(FastAPI):
    """One API: routes, documents, and one way of wording problems."""

    envelope: Envelope
    explain: Explain
    security: openapi.Document
    fault: type[BaseModel]
    limited: bool
    guard: Guard | None = None  # whom it turns away learns nothing else, not even which paths there are

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve; what the gate refused is told in this face's words."""
        if scope["type"] == "http" and not await self._lets_in(scope, receive, send):
            return
        refusal = scope.get("state", {}).get(gate.REFUSAL)
        if refusal is not None:
            await self.word(Request(scope), refusal)(scope, receive, send)
            return
        handler = direct.find(self.router.routes, scope)
        if handler is None:
            await super().__call__(scope, receive, send)
            return
        scope["app"] = self
        request = Request(scope, receive, send)
        try:
            answer = await handler(request)
        except Exception as error:
            await self.word(request, error)(scope, receive, send)
            if problem_of(error).kind is ProblemKind.BROKEN:
                raise  # to the gate, which logs it
            return
        await answer(scope, receive, send)

    async def _lets_in(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """What the guard says; whoever is turned away has been answered."""
        if self.guard is None:
            return True
        scope["app"] = self
        request = Request(scope)
        try:
            await self.guard(request)
        except Exception as error:
            await self.word(request, error)(scope, receive, send)
            if problem_of(error).kind is ProblemKind.BROKEN:
                raise  # to the gate, which logs it
            return False
        return True

    def word(self, request: Request, error: Exception) -> Response:
        """What went wrong, in this face's words."""
        problem = self.explain(error)
        if problem.status == 405:
            problem = _with_allow(self, request, problem)
        return self.envelope(problem, request_id_of(request))

    def serve(self, router: APIRouter) -> None:
        """Take in a router's routes as they are, before the documents' own.

        FastAPI's `include_router` would look for each of them twice in every request.
        """
        self.router.routes[:0] = router.routes

    def openapi(self) -> dict[str, Any]:
        """The document of this face, made once."""
        if not self.openapi_schema:
            self.openapi_schema = openapi.finish(
                super().openapi(), self.security, self.fault, limited=self.limited
            )
        return self.openapi_schema


def new_face(
    *,
    title: str,
    description: str,
    envelope: Envelope,
    version: str = "v1",
    security: openapi.Document = openapi.API_KEY,
    explain: Explain = problem_of,
    docs_below: str = "",
    fault: type[BaseModel] = Error,
    limited: bool = False,
) -> Face:
    """An empty face. `explain` may word some errors in the terms of its API; `docs_below`: where in it its
    documents are, if it shares its mount with another face; `fault`: what its errors look like;
    `limited`: an account may have limits that every operation keeps."""
    face = Face(
        title=title,
        description=description,
        version=version,
        telemetry=_SILENT,
        strict_content_type=False,
        redirect_slashes=False,
        openapi_url=f"{docs_below}/openapi.json",
        docs_url=None,  # FastAPI's pages load their scripts from elsewhere
        redoc_url=None,
    )
    with_docs(face, docs_below)
    face.router.route_class = Direct
    face.envelope = envelope
    face.explain = explain
    face.security = security
    face.fault = fault
    face.limited = limited

    async def render(request: Request, error: Exception) -> Response:
        return face.word(request, error)

    kinds = (
        Problem,
        Refused,
        Overloaded,
        Reused,
        Unavailable,
        RequestValidationError,
        HTTPException,
        Exception,
    )
    for kind in kinds:
        face.add_exception_handler(kind, render)
    return face


def _with_allow(face: FastAPI, request: Request, problem: Problem) -> Problem:
    """The methods of this path: the router names only those of the first route that fits.

    A path that is spelled out is not the one of which it could be an example.
    """
    fitting = [route for route in face.routes if route.matches(request.scope)[0] is not Match.NONE]
    own = getattr(fitting[0], "path", None) if fitting else None
    same = [route for route in fitting if getattr(route, "path", None) == own]
    taken = []
    for method in _METHODS:
        scope = {**request.scope, "method": method}
        if any(route.matches(scope)[0] is Match.FULL for route in same):
            taken.append(method)
    return Problem(
        problem.kind, problem.slug, problem.message, problem.details, [("Allow", ", ".join(taken))]
    )
