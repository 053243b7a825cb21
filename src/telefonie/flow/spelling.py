"""The only module that says how a verb is spelled: its name, its fields, their kinds, defaults and limits.

A verb's file declares one `Spelling` for each document language. Reading, warnings, the lint and the
reference of verbs all go by these tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from telefonie.flow.kinds import BadValue, Kind, OutOfBounds
from telefonie.flow.markup import SCHEMA_WARNING, Element, Node, Remarks, Spot, meant, shown
from telefonie.flow.members import NO_SPOTS, lay_out

if TYPE_CHECKING:
    from telefonie.flow.program import Verb


class Language(StrEnum):
    """The two languages of documents."""

    XML = "xml"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute or member. A value that does not fit is warned of with `code`, and the default taken."""

    name: str
    kind: Kind
    default: Any
    says: str
    code: int = SCHEMA_WARNING
    required: bool = False  # without it the verb is passed over
    shown_default: str = ""  # for the reference, where the default is not the value itself
    within: str = ""  # JSON: the member that holds it, like `dtmf` in {"dtmf": {"maxDigits": 4}}

    @property
    def key(self) -> str:
        """The name that its value goes by."""
        return f"{self.within}.{self.name}" if self.within else self.name


@dataclass(frozen=True, slots=True)
class Part:
    """What may stand inside a verb and has fields of its own: a noun, a parameter, an endpoint. For the reference."""

    name: str  # as a reader of the reference knows it
    says: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Spelling:
    """How one document language spells a verb."""

    language: Language
    name: str
    says: str  # one sentence for the reference
    fields: tuple[Field, ...]
    read: Callable[[Reading], Verb | None]  # None: it was warned of, and is passed over
    content: str = ""  # for the reference: what stands inside
    nested: tuple[str, ...] = ()  # names of elements that `read` looks after by itself
    mixed: bool = False  # whatever else stands inside, `read` looks after it, too
    parts: tuple[Part, ...] = ()  # for the reference: those of what is nested that are no verbs


@dataclass(frozen=True, slots=True)
class Reading:
    """A verb under reading: its values, and where it stands."""

    spelling: Spelling
    values: Mapping[str, Any]  # by field name (`within.name` for inner members), defaults filled in
    source: Element | Node
    remarks: Remarks
    inner: Callable[[tuple[Element | Node, ...], tuple[str, ...]], tuple[Verb, ...]] = field(repr=False)
    given: frozenset[str] = frozenset()  # the names of fields that were there and fit

    @property
    def spot(self) -> Spot:
        """Where the verb stands."""
        return self.source.spot

    @property
    def element(self) -> Element:
        """The XML element; only for spellings in XML."""
        assert isinstance(self.source, Element)  # noqa: S101 - a spelling has one language
        return self.source

    @property
    def node(self) -> Node:
        """The JSON object; only for spellings in JSON."""
        assert isinstance(self.source, Node)  # noqa: S101 - a spelling has one language
        return self.source

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def warn(self, message: str, code: int = SCHEMA_WARNING, spot: Spot | None = None) -> None:
        """Say that something is passed over or corrected."""
        self.remarks.warn(code, message, spot or self.spot)

    def verbs(self, allowed: tuple[str, ...]) -> tuple[Verb, ...]:
        """The verbs nested in this element, of these names only; others are warned of."""
        return self.inner(self.element.elements, allowed)


def reach(
    fields: tuple[Field, ...], source: Element | Node, remarks: Remarks, *, of: str = ""
) -> dict[str, Any] | None:
    """The values of what is no verb itself (a noun, a child, an inner object); None when a required one is missing.

    Unknown attributes and members are warned of.
    """
    own = f"<{source.name}>" if isinstance(source, Element) else "the object"
    return gather(fields, source, remarks, of or own)[0]


def gather(
    fields: tuple[Field, ...],
    source: Element | Node,
    remarks: Remarks,
    of: str,
    *,
    aside: tuple[str, ...] = (),
) -> tuple[dict[str, Any] | None, frozenset[str]]:
    """What `take` makes of an element's attributes or an object's members, those `aside` left out."""
    if isinstance(source, Node) and not isinstance(source.value, dict):
        remarks.spoil(SCHEMA_WARNING, f"{of} must be an object, so it is passed over", source.spot)
        return None, frozenset()
    within = frozenset(each.within for each in fields if each.within)
    laid_out = lay_out(source, within, remarks, of)
    found = {name: value for name, value in laid_out.values.items() if name not in aside}
    return take(fields, found, source.spot, remarks, of, laid_out.spots)


def take(
    fields: tuple[Field, ...],
    found: Mapping[str, object],
    spot: Spot,
    remarks: Remarks,
    of: str,
    spots: Mapping[str, Spot] = NO_SPOTS,
) -> tuple[dict[str, Any] | None, frozenset[str]]:
    """Values by field key from raw ones, defaults filled in; and which of them were there and fit.

    `spots`: where each raw value stands, if that is another place than `spot`.
    """
    values: dict[str, Any] = {}
    given: set[str] = set()
    missing = False
    for each in fields:
        key = each.key
        values[key] = each.default
        if key not in found:
            if each.required:
                remarks.spoil(each.code, f"{of} needs {key}, so it is passed over", spot)
                missing = True
            continue
        try:
            values[key] = each.kind.read(found[key])
            given.add(key)
        except BadValue as bad:
            missing |= each.required
            spoils = each.required or not isinstance(bad, OutOfBounds)
            remark = remarks.spoil if spoils else remarks.warn
            remark(each.code, f"{key} of {of} {bad}", spots.get(key, spot))
    for name in found:
        if name not in values:
            message = f"{of} has no {shown(name)}, so it is passed over{meant(name, values)}"
            remarks.warn(SCHEMA_WARNING, message, spots.get(name, spot))
    return (None if missing else values), frozenset(given)
