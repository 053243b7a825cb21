"""The only module that parses XML: plain elements with their places, and nothing that could reach outside."""

from __future__ import annotations

from typing import Final
from xml.parsers import expat

from telefonie.flow.markup import NOT_WELL_FORMED, Element, Spot, Unreadable, shown

MOST_DEPTH: Final = 64
MOST_ELEMENTS: Final = 5_000
MOST_ATTRIBUTES: Final = 100

# expat's numbers, which it never changes, and what a person can do about each.
_SAYS: Final = {
    2: "this is not XML",
    3: "the document ends before its root element is closed",
    4: "not well-formed: a character stands where it may not (write & as &amp; and < as &lt;)",
    5: "the document ends inside a tag or comment",
    8: "an attribute is given twice",
    9: "something follows the root element",
    11: "only &amp; &lt; &gt; &apos; &quot; and numbers like &#233; are known; write the character itself",
    14: "a number stands for a character that XML does not allow",
    17: "nothing may stand before the XML declaration, not even a blank line",
    20: "a CDATA section is not closed",
    30: 'the XML declaration is wrong; leave it out, or write <?xml version="1.0" encoding="UTF-8"?>',
}
_MISMATCHED: Final = 7


def read_xml(text: str) -> Element:
    """The root element of a document."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Unreadable(
            NOT_WELL_FORMED, "half of a surrogate pair is no character", _at(text, error.start)
        ) from None
    return _Tree().of(text)


def _at(text: str, position: int) -> Spot:
    line_start = text.rfind("\n", 0, position) + 1
    return Spot(text.count("\n", 0, position) + 1, position - line_start + 1)


class _Open:
    """An element whose end tag has not come yet."""

    __slots__ = ("attributes", "children", "name", "spot")

    def __init__(self, name: str, attributes: dict[str, str], spot: Spot) -> None:
        self.name = name
        self.attributes = attributes
        self.spot = spot
        self.children: list[Element | str] = []


class _Tree:
    """Builds elements while expat reports them. A list is the stack, so that depth costs no recursion."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._open: list[_Open] = []
        self._count = 0
        self._root: Element | None = None

    def of(self, text: str) -> Element:
        """The root of this text. What encoding it once had does not matter any more."""
        try:
            self._parser.Parse(text, True)  # noqa: FBT003 - expat takes no names; this is the last piece
        except expat.ExpatError as error:
            raise Unreadable(
                NOT_WELL_FORMED, self._why(error), Spot(error.lineno, error.offset + 1)
            ) from None
        assert self._root is not None  # noqa: S101 - expat refuses a text without one
        return self._root

    def _why(self, error: expat.ExpatError) -> str:
        if error.code == _MISMATCHED:
            last = self._open[-1]
            return f"another end tag than </{shown(last.name)}> for the element of line {last.spot.line}"
        if error.code == 3 and not self._open:
            return "the document has no element"
        return _SAYS.get(error.code) or f"not well-formed: {expat.ErrorString(error.code)}"

    def _here(self) -> Spot:
        return Spot(self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1)

    def _refuse(self, message: str) -> Unreadable:
        return Unreadable(NOT_WELL_FORMED, message, self._here())

    def _doctype(self, *_: object) -> None:
        raise self._refuse(
            "a document type (<!DOCTYPE ...>) could define entities, so none is read; take it out"
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MOST_ELEMENTS:
            raise self._refuse(f"a document may have at most {MOST_ELEMENTS} elements")
        if len(self._open) >= MOST_DEPTH:
            raise self._refuse(f"elements may be nested at most {MOST_DEPTH} deep")
        if len(attributes) > MOST_ATTRIBUTES:
            raise self._refuse(f"an element may have at most {MOST_ATTRIBUTES} attributes")
        self._open.append(_Open(name, attributes, self._here()))

    def _end(self, _: str) -> None:
        done = self._open.pop()
        element = Element(done.name, done.attributes, tuple(done.children), done.spot)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self._root = element

    def _characters(self, text: str) -> None:
        children = self._open[-1].children
        last = children[-1] if children else None
        if isinstance(last, str):
            children[-1] = last + text  # expat hands long texts over in pieces
        else:
            children.append(text)
