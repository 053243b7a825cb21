"""The only module that makes programs of documents: verbs by their spellings, and a remark on all the rest."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, TypeAlias

from telefonie.flow.catalogue import Table, spellings
from telefonie.flow.content import Document, Form
from telefonie.flow.jsontext import read_json
from telefonie.flow.markup import (
    NOT_WELL_FORMED,
    SCHEMA_WARNING,
    Element,
    Node,
    Remark,
    Remarks,
    Spot,
    Unreadable,
    meant,
    shown,
)
from telefonie.flow.program import Program, Verb
from telefonie.flow.spelling import Language, Reading, Spelling, gather
from telefonie.flow.xml import read_xml

__all__ = ["MOST_VERBS", "read", "read_by", "spellings"]

MOST_VERBS: Final = 1_000

# A call reads its document anew at every step, so programs are kept: of long ones few, to stay within some megabytes.
_SHORT: Final = 8_192  # characters
_MOST_SHORT: Final = 256
_MOST_LONG: Final = 32

Source: TypeAlias = Element | Node


def read(document: Document, url: str = "") -> Program:
    """The program of a document. `url` is where it came from: sound is played from there."""
    from_url = url if document.kind is Form.AUDIO else ""
    kept = _kept_short if len(document.text) <= _SHORT else _kept_long
    return kept(document, from_url)


@lru_cache(maxsize=_MOST_SHORT)
def _kept_short(document: Document, url: str) -> Program:
    return read_by(_table(), document, url)


@lru_cache(maxsize=_MOST_LONG)
def _kept_long(document: Document, url: str) -> Program:
    return read_by(_table(), document, url)


@lru_cache(maxsize=1)
def _table() -> Table:
    return Table(spellings())


def read_by(table: Table, document: Document, url: str = "") -> Program:
    """The same, by the verbs of that table."""
    reader = _Reader(table)
    verbs = _verbs(reader, document, url)
    return Program(verbs, tuple(sorted(reader.remarks.found, key=_place)), reader.remarks.fault)


def _verbs(reader: _Reader, document: Document, url: str) -> tuple[Verb, ...]:
    match document.kind:
        case Form.XML:
            return reader.response(read_xml(document.text))
        case Form.JSON:
            return reader.array(read_json(document.text, reader.remarks))
        case Form.TEXT:
            return reader.alone("Say", document.text)
        case Form.AUDIO:
            return reader.alone("Play", url)


def _place(remark: Remark) -> tuple[int, int]:
    return remark.spot.line, remark.spot.column


class _Reader:
    """Reads one document."""

    def __init__(self, table: Table) -> None:
        self.remarks = Remarks()
        self._table = table
        self._count = 0

    def response(self, root: Element) -> tuple[Verb, ...]:
        """The verbs of an XML document."""
        if root.name != "Response":
            message = f"the root element must be <Response>, not <{shown(root.name)}>"
            raise Unreadable(NOT_WELL_FORMED, message, root.spot)
        for name in root.attributes:
            # What tools write of namespaces and schemas means nothing here, and nobody meant anything by it.
            if not name.startswith("xml") and ":" not in name:
                self._warn(f"<Response> has no {shown(name)}, so it is passed over", root.spot)
        self._stray(root)
        return self._verbs(root.elements)

    def array(self, root: Node) -> tuple[Verb, ...]:
        """The verbs of a JSON document."""
        if not isinstance(root.value, tuple):
            raise Unreadable(NOT_WELL_FORMED, "the document must be an array of actions", root.spot)
        joined: list[Verb] = []
        for each in self._verbs(root.items):
            each.join(joined)
        return tuple(joined)

    def alone(self, name: str, content: str) -> tuple[Verb, ...]:
        """One verb around a content that is no document."""
        return self._verbs((Element(name, {}, (content,), Spot(1, 1)),))

    def _warn(self, message: str, spot: Spot) -> None:
        self.remarks.warn(SCHEMA_WARNING, message, spot)

    def _stray(self, root: Element) -> None:
        spot, before = root.spot, "<Response>"
        for child in root.children:
            if isinstance(child, Element):
                spot, before = child.spot, f"<{shown(child.name)}>"
            elif child.strip():
                self._warn(f"the text after {before} is in no verb, so it is passed over", spot)

    def _verbs(self, sources: tuple[Source, ...]) -> tuple[Verb, ...]:
        found = ((source, self._known(source)) for source in sources)
        return self._all(tuple((source, spelling) for source, spelling in found if spelling is not None))

    def _all(self, found: tuple[tuple[Source, Spelling], ...]) -> tuple[Verb, ...]:
        verbs: list[Verb] = []
        for source, spelling in found:
            self._count += 1
            if self._count > MOST_VERBS:
                self._cut(source)
                break
            verb = self._verb(source, spelling)
            if verb is not None:
                verbs.append(verb)
        return tuple(verbs)

    def _cut(self, source: Source) -> None:
        if self._count == MOST_VERBS + 1:
            self._warn(
                f"a document may have at most {MOST_VERBS} verbs; from here on it is passed over", source.spot
            )

    def _known(self, source: Source) -> Spelling | None:
        """The spelling of a verb; None: there is none, and that was remarked."""
        if isinstance(source, Element):
            return self._element(source)
        return self._action(source)

    def _element(self, source: Element) -> Spelling | None:
        spelling = self._table.find(Language.XML, source.name)
        if spelling is None:
            hint = meant(source.name, self._table.names(Language.XML))
            message = f"there is no verb <{shown(source.name)}>; names are case-sensitive{hint}"
            self._warn(message, source.spot)
        return spelling

    def _action(self, source: Node) -> Spelling | None:
        action = source.members.get("action")
        if action is None or not isinstance(action.value, str):
            message = 'an item must be an object with an action, like {"action": "talk"}'
            self.remarks.spoil(SCHEMA_WARNING, message, (action or source).spot)
            return None
        spelling = self._table.find(Language.JSON, action.value)
        if spelling is None:
            hint = meant(action.value, self._table.names(Language.JSON))
            self.remarks.spoil(SCHEMA_WARNING, f"there is no action {shown(action.value)}{hint}", action.spot)
        return spelling

    def _verb(self, source: Source, spelling: Spelling) -> Verb | None:
        is_element = isinstance(source, Element)
        of = f"<{spelling.name}>" if is_element else spelling.name
        aside = () if is_element else ("action",)
        values, given = gather(spelling.fields, source, self.remarks, of, aside=aside)
        if values is None:
            return None
        inside = _Inside(self, spelling, of)
        before = len(self.remarks.found)
        verb = spelling.read(Reading(spelling, values, source, self.remarks, inside.verbs, given))
        if verb is None:  # what was remarked about it is why
            self.remarks.fault = self.remarks.fault or next(iter(self.remarks.found[before:]), None)
        if isinstance(source, Element):
            inside.look_over(source)
        return verb

    # -- for what is nested --

    def nested(self, sources: tuple[Source, ...], allowed: tuple[str, ...], of: str) -> tuple[Verb, ...]:
        """The verbs among what stands inside another one."""
        known = []
        for source in sources:
            name = _name(source)
            if name in allowed:
                spelling = self._known(source)
                known += [] if spelling is None else [(source, spelling)]
            else:
                self.misplaced(name, source, allowed, of)
        return self._all(tuple(known))

    def misplaced(self, name: str, source: Source, allowed: tuple[str, ...], of: str) -> None:
        """Something stands where it may not."""
        label = f"<{shown(name)}>" if isinstance(source, Element) else shown(name) or "this"
        self._warn(f"{label} may not stand in {of}, so it is passed over{meant(name, allowed)}", source.spot)


class _Inside:
    """What stands inside one verb; what its spelling does not look after is remarked."""

    def __init__(self, reader: _Reader, spelling: Spelling, of: str) -> None:
        self._reader = reader
        self._spelling = spelling
        self._of = of
        self._seen: set[int] = set()

    def verbs(self, sources: tuple[Source, ...], allowed: tuple[str, ...]) -> tuple[Verb, ...]:
        """Those that are verbs of these names."""
        own = set(self._spelling.nested) - set(allowed)
        self._seen |= {id(each) for each in sources}
        return self._reader.nested(
            tuple(each for each in sources if _name(each) not in own), allowed, self._of
        )

    def look_over(self, source: Element) -> None:
        """Remark what nobody looked after."""
        if self._spelling.mixed:
            return
        for each in source.elements:
            if id(each) not in self._seen and each.name not in self._spelling.nested:
                self._reader.misplaced(each.name, each, self._spelling.nested, self._of)


def _name(source: Source) -> str:
    if isinstance(source, Element):
        return source.name
    action = source.members.get("action")
    return action.value if action is not None and isinstance(action.value, str) else ""
