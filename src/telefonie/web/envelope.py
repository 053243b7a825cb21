"""The only module that knows the shape of our error answers; each face brings its own codes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from pydantic import BaseModel, Field
from starlette.responses import Response

from telefonie.web.problems import Problem, ProblemKind, Reason

Envelope: TypeAlias = Callable[[Problem, str], Response]


class ErrorDetail(BaseModel):
    """One field and what is wrong with it."""

    field: str = Field(description="Name of the field; nested ones with dots.")
    issue: str = Field(description="What is wrong with it.")


class Error(BaseModel):
    """What every error answer looks like."""

    code: int = Field(description="Number of the error, stable.")
    error: str = Field(description="Name of the error, stable.")
    message: str = Field(description="What was wrong and what to do, for people.")
    status: int = Field(description="The HTTP status again.")
    details: list[ErrorDetail] = Field(
        default_factory=list, description="One entry for each field that is not as it must be; else left out."
    )
    request_id: str = Field(description="Find this request in the server's log by it.")


@dataclass(frozen=True, slots=True)
class Codes:
    """A face's numbers: for a field and its fault, else for a name, else for the whole family."""

    kinds: Mapping[ProblemKind, int]
    slugs: Mapping[str, int] = field(default_factory=dict)
    fields: Mapping[tuple[str, Reason], tuple[int, str]] = field(default_factory=dict)


OURS: Final = Codes(
    kinds={
        ProblemKind.INVALID: 20001,
        ProblemKind.UNAUTHORIZED: 20003,
        ProblemKind.FORBIDDEN: 20403,
        ProblemKind.NOT_FOUND: 20404,
        ProblemKind.METHOD_NOT_ALLOWED: 20004,
        ProblemKind.NOT_ACCEPTABLE: 20406,
        ProblemKind.CONFLICT: 20409,
        ProblemKind.TOO_LARGE: 20413,
        ProblemKind.UNSUPPORTED_MEDIA_TYPE: 20415,
        ProblemKind.OUT_OF_RANGE: 20416,
        ProblemKind.REUSED_KEY: 20422,
        ProblemKind.TOO_MANY_REQUESTS: 20429,
        ProblemKind.BROKEN: 20500,
        ProblemKind.OVERLOADED: 20503,
    }
)


def envelope(codes: Codes) -> Envelope:
    """A renderer of problems with these codes."""

    def render(problem: Problem, request_id: str) -> Response:
        code, name = _numbered(codes, problem)
        content: dict[str, object] = {
            "code": code,
            "error": name,
            "message": problem.message,
            "status": problem.status,
        }
        if problem.details:
            content["details"] = [{"field": each.field, "issue": each.issue} for each in problem.details]
        content["request_id"] = request_id
        # Pure ASCII: what a client sent may stand in it, lone surrogates included.
        text = json.dumps(content)
        return Response(text, problem.status, dict(problem.headers), "application/json")

    return render


def _numbered(codes: Codes, problem: Problem) -> tuple[int, str]:
    if problem.details:
        first = problem.details[0]
        found = codes.fields.get((first.field.partition(".")[0], first.reason))
        if found is not None:
            return found
    return codes.slugs.get(problem.slug, codes.kinds[problem.kind]), problem.slug
