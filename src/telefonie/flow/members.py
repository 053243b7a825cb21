"""The only module that lays out what a verb was given, attributes or members alike, by the keys of its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from telefonie.flow.markup import SCHEMA_WARNING, Element, Node, Remarks, Spot, shown

NO_SPOTS: Final[Mapping[str, Spot]] = {}


@dataclass(frozen=True, slots=True)
class LaidOut:
    """Raw values and their places, by key: a plain name, or `within.name` for a member of an inner object."""

    values: dict[str, object] = field(default_factory=dict)
    spots: dict[str, Spot] = field(default_factory=dict)

    def put(self, key: str, node: Node) -> None:
        """One member."""
        self.values[key] = node.plain()
        self.spots[key] = node.spot


def lay_out(source: Element | Node, within: frozenset[str], remarks: Remarks, of: str) -> LaidOut:
    """The attributes of an element, or the members of an object with those of its inner objects `within`."""
    if isinstance(source, Element):
        return LaidOut(dict(source.attributes))
    laid_out = LaidOut()
    for name, node in source.members.items():
        if name in within:
            _put_inner(laid_out, name, node, remarks, of)
        elif name.partition(".")[0] in within:
            # It would pass for a member of the inner object, which it is not.
            remarks.warn(SCHEMA_WARNING, f"{of} has no {shown(name)}, so it is passed over", node.spot)
        else:
            laid_out.put(name, node)
    return laid_out


def _put_inner(laid_out: LaidOut, name: str, node: Node, remarks: Remarks, of: str) -> None:
    if not isinstance(node.value, dict):
        remarks.spoil(SCHEMA_WARNING, f"{name} of {of} must be an object", node.spot)
    for inner, each in node.members.items():
        laid_out.put(f"{name}.{inner}", each)
