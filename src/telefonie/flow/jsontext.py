"""The only module that parses JSON documents: values with their places, within bounds, without recursion."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from typing import Final

from telefonie.flow.markup import NOT_WELL_FORMED, SCHEMA_WARNING, Node, Remarks, Spot, Unreadable, shown

MOST_DEPTH: Final = 64
MOST_NODES: Final = 20_000
MOST_DIGITS: Final = 40  # of a number as it is written

_BLANK: Final = re.compile(r"[ \t\r\n]*")
_BREAK: Final = re.compile(r"\r\n|\r|\n")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?(?![0-9A-Za-z.+-])")
_WORD: Final = re.compile(r"[0-9A-Za-z.+_-]{1,40}")
_NO_CHARACTER: Final = re.compile("[\x00\ud800-\udfff]")
_WORDS: Final = {"true": True, "false": False, "null": None}
_STRINGS: Final = json.JSONDecoder()


def read_json(text: str, remarks: Remarks | None = None) -> Node:
    """The value of a document. A member that is given twice is worth remarking; the last one counts."""
    return _Scanner(text, remarks or Remarks()).document()


class _Open:
    """An array or object whose end has not come yet."""

    __slots__ = ("items", "members", "name", "spot")

    def __init__(self, spot: Spot, *, is_object: bool) -> None:
        self.spot = spot
        self.items: list[Node] = []
        self.members: dict[str, Node] | None = {} if is_object else None
        self.name = ""

    @property
    def end(self) -> str:
        return "]" if self.members is None else "}"

    def node(self) -> Node:
        return Node(tuple(self.items) if self.members is None else self.members, self.spot)


class _Scanner:
    """Goes through a text once. A list is the stack, so that depth costs no recursion."""

    def __init__(self, text: str, remarks: Remarks) -> None:
        self._text = text
        self._remarks = remarks
        self._at = 0
        self._count = 0
        self._open: list[_Open] = []
        self._lines = [0, *(each.end() for each in _BREAK.finditer(text))]

    def document(self) -> Node:
        """The one value of the text."""
        done = self._value()
        while self._open or done is None:
            done = self._next(done)
        if self._peek():
            raise self._refuse("something follows the value")
        return done

    def _next(self, done: Node | None) -> Node | None:
        """One step inside an array or object, after a value is `done` or just behind its opening bracket."""
        inside = self._open[-1]
        if done is not None:
            self._put(inside, done)
        found = self._peek()
        if found == inside.end:
            self._at += 1
            return self._open.pop().node()
        if done is not None:
            if found != ",":
                raise self._refuse(f"a comma or {inside.end} is missing")
            self._at += 1
        if inside.members is not None:
            self._name(inside)
        return self._value()

    def _put(self, inside: _Open, done: Node) -> None:
        if inside.members is None:
            inside.items.append(done)
            return
        if inside.name in inside.members:
            self._remarks.warn(
                SCHEMA_WARNING, f"{shown(inside.name)} is given twice; the last one counts", done.spot
            )
        inside.members[inside.name] = done

    def _name(self, inside: _Open) -> None:
        if self._peek() != '"':
            raise self._refuse('the name of a member must stand here, in "double quotes"')
        inside.name = self._string()
        if self._peek() != ":":
            raise self._refuse("a colon is missing after the name of a member")
        self._at += 1

    def _value(self) -> Node | None:
        """The next value; None if an array or object begins."""
        found = self._peek()
        self._count += 1
        if self._count > MOST_NODES:
            raise self._refuse(f"a document may have at most {MOST_NODES} values")
        spot = self._spot()
        if found and found in "[{":
            if len(self._open) >= MOST_DEPTH:
                raise self._refuse(f"values may be nested at most {MOST_DEPTH} deep")
            self._open.append(_Open(spot, is_object=found == "{"))
            self._at += 1
            return None
        return Node(self._string() if found == '"' else self._scalar(), spot)

    def _string(self) -> str:
        try:
            value, end = _STRINGS.raw_decode(self._text, self._at)
        except json.JSONDecodeError as error:
            self._at = min(error.pos, len(self._text))
            why = error.msg.removesuffix(" at").removesuffix(" starting").lower()
            raise self._refuse(f"a text is wrong: {why}") from None
        if _NO_CHARACTER.search(value):
            raise self._refuse("a text holds U+0000 or half of a surrogate pair, which are no characters")
        self._at = end
        return str(value)

    def _scalar(self) -> object:
        word = _WORD.match(self._text, self._at)
        if word is None:
            raise self._refuse("a value is missing" if self._peek() else "the document ends too early")
        if word[0] in _WORDS:
            self._at = word.end()
            return _WORDS[word[0]]
        return self._number()

    def _number(self) -> int | float:
        found = _NUMBER.match(self._text, self._at)
        if found is None:
            raise self._refuse(
                "this is no value of JSON (texts stand in double quotes; there is no NaN or Infinity)"
            )
        if len(found[0]) > MOST_DIGITS:
            raise self._refuse(f"a number may be written with at most {MOST_DIGITS} characters")
        value = int(found[0]) if found[0].lstrip("-").isdigit() else float(found[0])
        if value in (float("inf"), float("-inf")):
            raise self._refuse("a number is too large")
        self._at = found.end()
        return value

    def _peek(self) -> str:
        """The next character that is not blank, or nothing at the end."""
        blank = _BLANK.match(self._text, self._at)
        if blank is not None:
            self._at = blank.end()
        return self._text[self._at : self._at + 1]

    def _spot(self) -> Spot:
        line = bisect_right(self._lines, self._at)
        return Spot(line, self._at - self._lines[line - 1] + 1)

    def _refuse(self, message: str) -> Unreadable:
        return Unreadable(NOT_WELL_FORMED, message, self._spot())
