"""The only module that says how freely values may be written: the clients of this API spell one value in several ways."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any, Final, TypeAlias

from pydantic import (
    BeforeValidator,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from telefonie.web.fields import LONGEST_URL, WebUrl

WRONG_TYPE: Final = "Invalid type parameter provided"  # as the service says it of a text in an array's place
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]{1,9}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})")
_FLAGS: Final = {"true": True, "false": False}


def _whole(value: object) -> object:
    """60, 60.0 and "60" are one number; true is none."""
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        return int(value)
    if isinstance(value, bool | str):
        raise PydanticCustomError("int_parsing", "must be a whole number")
    return value


def _flag(value: object) -> object:
    if isinstance(value, str) and value.lower() in _FLAGS:
        return _FLAGS[value.lower()]
    if not isinstance(value, bool):
        raise PydanticCustomError("bool_parsing", "must be true or false")
    return value


def _level(value: object) -> float:
    """A loudness from -1 to 1 in steps of 0.1: a number, which some reckon inexactly, or a text that holds one."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = float(value) if abs(value) <= 1 else None
    else:
        found = _DECIMAL.fullmatch(value.strip()) if isinstance(value, str) else None
        number = float(found[0]) if found and abs(Decimal(found[0])) <= 1 else None
    if number is None:
        raise PydanticCustomError("level", "must be a number from -1 to 1, in steps of 0.1")
    return round(number, 1) + 0.0  # there is no level of minus zero


def digits(value: object) -> object:
    """A text of digits may come as the number that it spells."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _only_url(value: object) -> object:
    """Addresses stand in arrays, and there is always one."""
    if not isinstance(value, list):
        raise PydanticCustomError("list_type", WRONG_TYPE)
    if len(value) != 1:
        raise PydanticCustomError("one_url", "must be an array of exactly one URL")
    return value[0]


def _method(value: object) -> object:
    if isinstance(value, str) and value.upper() in ("GET", "POST"):
        return value.upper()
    raise PydanticCustomError("method", "only GET and POST can be used")


class _Whole:
    """Stands last in an Annotated, after the number's range."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_whole, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return handler(schema)  # the document tells the plain way of writing it, which has a range


WHOLE: Final = _Whole()  # a whole number, or a text that holds one
Flag: TypeAlias = Annotated[
    bool,
    BeforeValidator(_flag),
    WithJsonSchema({"type": "boolean"}),
]
Level: TypeAlias = Annotated[
    float,
    BeforeValidator(_level),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": -1, "maximum": 1},
                {"type": "string", "pattern": r"^[+-]?(0(\.[0-9]+)?|1(\.0+)?)$"},
            ]
        }
    ),
]
Keys: TypeAlias = Annotated[
    str,
    StringConstraints(min_length=1, max_length=512, pattern=r"^[0-9*#p]+$"),
    BeforeValidator(digits),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 512, "pattern": "^[0-9*#p]+$"}),
]
OneUrl: TypeAlias = Annotated[
    WebUrl,
    BeforeValidator(_only_url),
    WithJsonSchema(
        {
            "type": "array",
            "items": {"type": "string", "format": "uri", "maxLength": LONGEST_URL},
            "minItems": 1,
            "maxItems": 1,
        }
    ),
]
Method: TypeAlias = Annotated[
    str, BeforeValidator(_method), WithJsonSchema({"type": "string", "enum": ["POST", "GET"]})
]
