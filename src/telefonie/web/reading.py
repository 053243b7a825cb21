"""The only module that reads requests: bodies and queries into models, and what was not understood."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any, Final, Generic, NoReturn, TypeVar
from urllib.parse import quote

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from telefonie.web import gate
from telefonie.web.problems import Detail, Problem, ProblemKind, details_of, invalid, unreadable

MOST_IGNORED: Final = 20
_MOST_OF_A_NAME: Final = 64

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Body(Generic[M]):
    """A body as it was understood. `ignored` names the unknown fields in plain ASCII."""

    value: M
    ignored: tuple[str, ...]

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """What the answer says about it."""
        return (("X-Ignored-Fields", ", ".join(self.ignored)),) if self.ignored else ()


def header(request: Request, name: bytes) -> str | None:
    """A header by its lower-case name."""
    state = request.scope.get("state", {})
    headers: Mapping[bytes, bytes] = state.get(gate.HEADERS) or dict(request.scope["headers"])
    value = headers.get(name)
    return None if value is None else value.decode("latin-1")


async def raw_body(request: Request) -> bytes:
    """The body's bytes."""
    taken: bytes | None = request.scope.get("state", {}).get(gate.BODY)
    return await request.body() if taken is None else taken


async def body(request: Request, model: type[M], *, nulls: bool = False) -> Body[M]:
    """The JSON body as a model; a missing or empty one stands for `{}`. `nulls`: null is a value here."""
    raw = await raw_body(request)
    given = _object(request, raw) if raw else {}
    known = _names(model)
    wrong = [] if nulls else [name for name, value in given.items() if value is None and name in known]
    try:
        value = model.model_validate(given)
    except ValidationError as error:
        details = details_of(error.errors(include_url=False, include_context=False, include_input=False))
        raise invalid(*details, *_null_details(wrong, details)) from error
    if wrong:
        raise invalid(*_null_details(wrong, []))
    ignored = () if known.issuperset(given) else _ignored(name for name in given if name not in known)
    return Body(value, ignored)


def query(request: Request, model: type[M]) -> M:
    """The query as a model. Of a parameter given twice the last one counts."""
    try:
        return model.model_validate(dict(request.query_params))
    except ValidationError as error:
        details = details_of(error.errors(include_url=False, include_context=False, include_input=False))
        raise invalid(*details) from error


@cache
def _names(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(field.alias or name for name, field in model.model_fields.items())


def _ignored(names: Iterable[str]) -> tuple[str, ...]:
    # Percent-encoded, since a name can hold anything and goes into a header and into the store; and short,
    # since clients bound the headers that they take.
    safe = (quote(name[:_MOST_OF_A_NAME], safe="$@[]()") for name in islice(names, MOST_IGNORED))
    return tuple(_HALF_AN_ESCAPE.sub("", name[: 3 * _MOST_OF_A_NAME]) for name in safe)


def _null_details(names: list[str], others: list[Detail]) -> list[Detail]:
    taken = {detail.field for detail in others}
    return [Detail(name, "must not be null; leave it out instead") for name in names if name not in taken]


def _object(request: Request, raw: bytes) -> dict[str, Any]:
    _require_json(header(request, b"content-type"))
    try:
        given = _DECODER.decode(raw.decode())
    except UnicodeDecodeError as error:
        raise unreadable(f"The body is not UTF-8: see the byte at {error.start}.") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise unreadable(f"The body is not JSON: {error.msg} at {where}.") from error
    except RecursionError as error:
        raise unreadable("The body is nested too deeply.") from error
    except ValueError as error:  # an integer of thousands of digits
        raise unreadable("The body holds a number that is too long.") from error
    if not isinstance(given, dict):
        raise unreadable("The body must be a JSON object.")
    if b"\\u" in raw:
        _refuse_unstorable(raw, given)
    return given


def _refuse_unstorable(raw: bytes, given: dict[str, Any]) -> None:
    """Escapes can spell what is no text and what no store keeps."""
    if _NUL.search(raw):
        raise unreadable("The body holds a NUL character.")
    try:
        json.dumps(given, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise unreadable("The body holds half of a surrogate pair, which is no character.") from error


def _require_json(content_type: str | None) -> None:
    if not content_type or content_type == "application/json":
        return
    kind, _, parameters = content_type.lower().partition(";")
    kind = kind.strip()
    if kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json")):
        charset = parameters.partition("charset=")[2].partition(";")[0].strip(' "')
        if charset in {"", "utf-8", "utf8", "us-ascii"}:
            return
    message = "The body must be JSON in UTF-8; send it with the header `Content-Type: application/json`."
    raise Problem(ProblemKind.UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", message)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise invalid(Detail(name[:_MOST_OF_A_NAME], "stands in the body more than once"))
            seen.add(name)
    return found


def _number(text: str) -> float | int:
    """JSON knows one kind of number: 30.0 is as whole as 30, and some languages write nothing else."""
    value = float(text)
    return int(value) if value.is_integer() and abs(value) <= _EXACT else value


def _refuse_constant(name: str) -> NoReturn:
    raise unreadable(f"The body is not JSON: {name} is no number there.")


_HALF_AN_ESCAPE: Final = re.compile(r"%[0-9A-F]?$")
_NUL: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_EXACT: Final = 2**53
_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_once_each, parse_constant=_refuse_constant, parse_float=_number
)
