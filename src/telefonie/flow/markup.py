"""The only module that says what a document looks like once it is read, before anybody knows its verbs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something stands in a document; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Element:
    """An element of an XML document. Text between children stands among them, as it was written."""

    name: str
    attributes: Mapping[str, str]
    children: tuple[Element | str, ...]
    spot: Spot

    @property
    def text(self) -> str:
        """Its own text, without that of its children, trimmed, with single spaces."""
        return " ".join("".join(each if isinstance(each, str) else " " for each in self.children).split())

    @property
    def elements(self) -> tuple[Element, ...]:
        """Its children that are elements."""
        return tuple(each for each in self.children if isinstance(each, Element))


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a JSON document: a scalar, a tuple of nodes, or a mapping of names to nodes."""

    value: object
    spot: Spot

    @property
    def members(self) -> Mapping[str, Node]:
        """The members of an object; of anything else none."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> tuple[Node, ...]:
        """The items of an array; of anything else none."""
        return self.value if isinstance(self.value, tuple) else ()

    def plain(self) -> object:
        """The value without its spots."""
        if isinstance(self.value, dict):
            return {name: each.plain() for name, each in self.value.items()}
        if isinstance(self.value, tuple):
            return [each.plain() for each in self.value]
        return self.value


@dataclass(frozen=True, slots=True)
class Remark:
    """A warning about a document: what was passed over or corrected. The rest still runs."""

    code: int
    message: str
    spot: Spot


class Unreadable(Exception):
    """A document that cannot be run at all."""

    def __init__(self, code: int, message: str, spot: Spot | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.spot = spot


@dataclass(slots=True)
class Remarks:
    """Collects warnings while a document is read; of very many only the first are kept."""

    found: list[Remark] = field(default_factory=list)
    fault: Remark | None = None  # the first for which a strict reader refuses the whole

    def warn(self, code: int, message: str, spot: Spot) -> None:
        """Note one."""
        if len(self.found) < MOST_REMARKS:
            self.found.append(Remark(code, message, spot))

    def spoil(self, code: int, message: str, spot: Spot) -> None:
        """Note one of something that was meant and cannot be done."""
        self.warn(code, message, spot)
        self.fault = self.fault or Remark(code, message, spot)


def shown(name: str) -> str:
    """A name out of a document as a message may carry it: short, and on one line."""
    plain = "".join(
        each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in name[:_MOST_SHOWN]
    )
    return plain if len(name) <= _MOST_SHOWN else plain + "..."


def meant(name: str, known: Iterable[str]) -> str:
    """A hint for a message, if a name is known but for its capitals; else nothing."""
    return next((f"; did you mean {each}?" for each in known if each.lower() == name.lower()), "")


_MOST_SHOWN = 40
MOST_REMARKS = 200
SCHEMA_WARNING = 12200  # unknown verb, attribute or nested element: it is passed over
NOT_WELL_FORMED = 12100
WRONG_CONTENT_TYPE = 12300
TOO_LARGE = 11750
