"""The only module that translates between a number of the inventory and its fields on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from pydantic import BaseModel

from telefonie.core.accounts import Number
from telefonie.web.fields import iso

# Names on the wire, and those of the rules.
FIELDS: Final[Mapping[str, str]] = {
    "friendly_name": "friendly_name",
    "voice_url": "voice_url",
    "voice_method": "voice_method",
    "fallback_url": "fallback_url",
    "status_callback": "report_url",
    "dialect": "face",
    "application_id": "application_id",
    "record": "record",
}


def worded(number: Number) -> dict[str, object]:
    """A number on the wire; what is not set is left out."""
    fields = {name: getattr(number, field) for name, field in FIELDS.items()}
    return {
        "number": number.number,
        **{name: value for name, value in fields.items() if value is not None},
        "created_at": iso(number.created_at),
    }


def over(present: Number, given: BaseModel, default: Number) -> Number:
    """A number with what was given in the place of what is; null stands for the default."""
    changes: dict[str, Any] = {}
    for name in given.model_fields_set & FIELDS.keys():
        value = getattr(given, name)
        changes[FIELDS[name]] = getattr(default, FIELDS[name]) if value is None else value
    return replace(present, **changes)
