"""The only module that reads the Parameter children of a noun: names and values for whoever takes the call on."""

from __future__ import annotations

from typing import Final

from telefonie.flow.kinds import TEXT
from telefonie.flow.markup import SCHEMA_WARNING, Element, Remarks, shown
from telefonie.flow.spelling import Field, Part, reach

PARAMETER: Final = "Parameter"
MOST_CHARACTERS: Final = 500
_FIELDS: Final = (
    Field("name", TEXT, "", "The name.", required=True),
    Field("value", TEXT, "", "The value; with its name under 500 characters."),
)
PARAMETER_PART: Final = Part("<Parameter>", "A name and a value for whoever takes the call on.", _FIELDS)


def read_parameters(
    noun: Element, remarks: Remarks, besides: tuple[str, ...] = ()
) -> tuple[tuple[str, str], ...]:
    """Names and values; children that are neither Parameters nor of the names `besides` are warned of."""
    found = []
    for each in noun.elements:
        if each.name == PARAMETER:
            found += _read(each, remarks)
        elif each.name not in besides:
            message = f"<{shown(each.name)}> may not stand in <{noun.name}>, so it is passed over"
            remarks.warn(SCHEMA_WARNING, message, each.spot)
    return tuple(found)


def _read(element: Element, remarks: Remarks) -> list[tuple[str, str]]:
    values = reach(_FIELDS, element, remarks)
    if values is None:
        return []
    if len(values["name"]) + len(values["value"]) >= MOST_CHARACTERS:
        message = (
            f"<Parameter> may have under {MOST_CHARACTERS} characters of name and value, so it is passed over"
        )
        remarks.warn(SCHEMA_WARNING, message, element.spot)
        return []
    return [(values["name"], values["value"])]
