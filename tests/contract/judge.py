"""The only module that validates a value against a schema of a contract, formats included."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from jsonschema import Draft4Validator, Draft7Validator, FormatChecker

from tests.contract.walk import Node, component

# Our own checks: those of the library are silently absent when an optional package is.
FORMATS: Final = FormatChecker(formats=())
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@FORMATS.checks("date-time", raises=ValueError)
def is_instant(value: object) -> bool:
    """RFC 3339: a date, a time and an offset, and one that the calendar has."""
    if not isinstance(value, str):
        return True
    return _INSTANT.fullmatch(value) is not None and datetime.fromisoformat(value).tzinfo is not None


@FORMATS.checks("uri", raises=ValueError)
def is_address(value: object) -> bool:
    """An absolute address that names a host, without blanks or control characters."""
    if not isinstance(value, str):
        return True
    parts = urlsplit(value)
    return bool(parts.scheme and parts.netloc) and re.search(r"[\x00-\x20\x7f-\uffff]", value) is None


@FORMATS.checks("uuid", raises=ValueError)
def is_uuid(value: object) -> bool:
    """A UUID as it is usually written: lower case, with dashes."""
    return not isinstance(value, str) or str(UUID(value)) == value


def judge_component(document: Node, schema: Node, value: object) -> None:
    """The schemas of OpenAPI 3.0 are those of JSON Schema's fourth draft, but for `nullable`."""
    plain = _plain(document, schema)
    _know_formats(plain)
    Draft4Validator(plain, format_checker=FORMATS).validate(value)


def judge_schema(schema: Node, value: object) -> None:
    """A schema that says itself which draft it follows."""
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    _know_formats(schema)
    Draft7Validator(schema, format_checker=FORMATS).validate(value)


def _plain(document: Node, node: Any) -> Any:
    """With references replaced by what they refer to, and `nullable` by a second type."""
    if isinstance(node, list):
        return [_plain(document, each) for each in node]
    if not isinstance(node, Mapping):
        return node
    if "$ref" in node:
        return _plain(document, document["components"]["schemas"][component(node)])
    plain = {key: _plain(document, value) for key, value in node.items()}
    if plain.pop("nullable", None) is True:
        plain["type"] = [plain["type"], "null"]
        if "enum" in plain:
            plain["enum"] = [*plain["enum"], None]
    return plain


def _know_formats(node: object) -> None:
    """A format that nobody checks would be a promise that nobody keeps."""
    if isinstance(node, list):
        for each in node:
            _know_formats(each)
    elif isinstance(node, Mapping):
        named = node.get("format")
        if isinstance(named, str) and named not in FORMATS.checkers:
            raise NotImplementedError(f"nobody checks the format {named}")
        for each in node.values():
            _know_formats(each)
