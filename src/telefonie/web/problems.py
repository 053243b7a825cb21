"""The only module that says what can be wrong with a request, in words that every face can render."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from telefonie.core.errors import Conflict, Illegal, Refused, TooMany, Unfit, Unknown
from telefonie.engine.ports import Overloaded, Reused
from telefonie.store.connect import Unavailable

MOST_DETAILS: Final = 50
_MOST_OF_A_FIELD: Final = 120  # a client's own key may stand in a field's path


class ProblemKind(StrEnum):
    """The families of problems, one HTTP status each."""

    INVALID = "invalid"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    NOT_ACCEPTABLE = "not_acceptable"
    CONFLICT = "conflict"
    TOO_LARGE = "too_large"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    OUT_OF_RANGE = "range_not_satisfiable"
    REUSED_KEY = "reused_key"
    TOO_MANY_REQUESTS = "too_many_requests"
    BROKEN = "broken"
    OVERLOADED = "overloaded"


STATUS: Final = {
    ProblemKind.INVALID: 400,
    ProblemKind.UNAUTHORIZED: 401,
    ProblemKind.FORBIDDEN: 403,
    ProblemKind.NOT_FOUND: 404,
    ProblemKind.METHOD_NOT_ALLOWED: 405,
    ProblemKind.NOT_ACCEPTABLE: 406,
    ProblemKind.CONFLICT: 409,
    ProblemKind.TOO_LARGE: 413,
    ProblemKind.UNSUPPORTED_MEDIA_TYPE: 415,
    ProblemKind.OUT_OF_RANGE: 416,
    ProblemKind.REUSED_KEY: 422,
    ProblemKind.TOO_MANY_REQUESTS: 429,
    ProblemKind.BROKEN: 500,
    ProblemKind.OVERLOADED: 503,
}


class Reason(StrEnum):
    """What kind of fault a field has; a face may have a code of its own for each."""

    MISSING = "missing"
    MALFORMED = "malformed"
    NOT_ALLOWED = "not_allowed"


@dataclass(frozen=True, slots=True)
class Detail:
    """One field and what is wrong with it."""

    field: str
    issue: str
    reason: Reason = Reason.MALFORMED


class Problem(Exception):
    """A request that cannot be granted: what was wrong, and what to do."""

    def __init__(
        self,
        kind: ProblemKind,
        slug: str,
        message: str,
        details: Sequence[Detail] = (),
        headers: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.slug = slug
        self.message = message
        self.details = tuple(details)
        self.headers = tuple(headers)

    @property
    def status(self) -> int:
        """The HTTP status of its kind."""
        return STATUS[self.kind]


def invalid(*details: Detail) -> Problem:
    """One or more fields are not as they must be."""
    first = details[0]
    more = f" ({len(details) - 1} more in `details`.)" if len(details) > 1 else ""
    return Problem(ProblemKind.INVALID, "invalid_request", f"`{first.field}` {first.issue}.{more}", details)


def unreadable(message: str) -> Problem:
    """The body as a whole cannot be read."""
    return Problem(ProblemKind.INVALID, "malformed_body", message)


def problem_of(error: Exception) -> Problem:
    """The problem that stands behind whatever was raised below or beside a route."""
    match error:
        case Problem():
            return error
        case Refused():
            return _of_rules(error)
        case ValidationError() | RequestValidationError():
            return invalid(*details_of(error.errors()))
        case HTTPException():
            return _of_http(error)
        case Overloaded() | Reused() | Unavailable():
            return _of_engine(error)
        case _:
            message = "Something went wrong on our side; the request id finds it in the server's log."
            return Problem(ProblemKind.BROKEN, "internal_error", message)


def _of_engine(error: Overloaded | Reused | Unavailable) -> Problem:
    match error:
        case Unavailable():
            message = "The store cannot be reached at the moment; try again soon."
            return Problem(
                ProblemKind.OVERLOADED, "store_unavailable", message, headers=[("Retry-After", "2")]
            )
        case Overloaded():
            message = "The server has more to do than it can promise; try again in a moment."
            return Problem(ProblemKind.OVERLOADED, "overloaded", message, headers=[("Retry-After", "1")])
        case Reused():
            message = "This Idempotency-Key was used for another request; take a new key for a new request."
            return Problem(ProblemKind.REUSED_KEY, "idempotency_key_reused", message)


def _of_rules(error: Refused) -> Problem:
    match error:
        case Illegal():
            return Problem(ProblemKind.CONFLICT, f"{error.what}_not_active", str(error))
        case Unknown():
            slug = f"{error.what}_not_found".replace(" ", "_")
            return Problem(ProblemKind.NOT_FOUND, slug, str(error))
        case Unfit():
            return invalid(Detail(error.field, error.issue, Reason.NOT_ALLOWED))
        case Conflict():
            return Problem(ProblemKind.CONFLICT, error.slug, str(error))
        case TooMany():
            after = [("Retry-After", str(error.seconds))]
            return Problem(ProblemKind.TOO_MANY_REQUESTS, "too_many_requests", str(error), headers=after)
        case _:  # a kind of refusal that nobody worded yet still tells its reason
            return Problem(ProblemKind.CONFLICT, "refused", str(error))


def details_of(errors: Sequence[Any]) -> list[Detail]:
    """What pydantic found, field by field."""
    return [
        Detail(_field(error["loc"]), _issue(error), _REASONS.get(error["type"], Reason.MALFORMED))
        for error in errors[:MOST_DETAILS]
    ]


_REASONS: Final = {"missing": Reason.MISSING}
_PLACES: Final = ("body", "query", "path", "header")


def _field(location: Sequence[str | int]) -> str:
    rest = location[1:] if location and location[0] in _PLACES else location
    return ".".join(str(part) for part in rest)[:_MOST_OF_A_FIELD] or "body"


def _issue(error: Any) -> str:
    if error["type"] == "missing":
        return "is required"
    text = str(error["msg"]).removeprefix("Value error, ").replace("Input should", "should")
    return text.rstrip(".")


_KINDS: Final = {status: kind for kind, status in STATUS.items()}
_MESSAGES: Final = {
    404: "There is nothing at this path.",
    405: "This path does not take that method; the Allow header lists those it takes.",
}


def _of_http(error: HTTPException) -> Problem:
    kind = _KINDS.get(error.status_code)
    if kind is None:
        kind = ProblemKind.INVALID if error.status_code < 500 else ProblemKind.BROKEN
    message = _MESSAGES.get(error.status_code, str(error.detail))
    return Problem(kind, kind.value, message, headers=tuple((error.headers or {}).items()))
