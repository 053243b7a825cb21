"""The only module with verbs made up for tests of reading: they keep what they were given, and do nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from telefonie.flow.catalogue import Table
from telefonie.flow.content import decode
from telefonie.flow.kinds import ANYTHING, FLAG, TEXT, list_of, seconds, whole
from telefonie.flow.markup import Spot
from telefonie.flow.program import Next, Program, Scene, Step, Verb
from telefonie.flow.read import read_by
from telefonie.flow.spelling import Field, Language, Reading, Spelling, reach


@dataclass(frozen=True)
class Toy(Verb):
    """A verb that shows how it was read."""

    name: str
    spot: Spot
    values: Mapping[str, Any]
    given: frozenset[str] = frozenset()
    content: str = ""
    inside: tuple[Verb, ...] = ()

    def begin(self, scene: Scene) -> Step:  # noqa: ARG002 - a toy looks at nothing
        return Next()


def _plain(reading: Reading) -> Verb:
    content = reading.element.text if reading.spelling.language is Language.XML else ""
    return Toy(reading.spelling.name, reading.spot, reading.values, reading.given, content)


def _menu(reading: Reading) -> Verb:
    inside = reading.verbs(("Say", "Play"))
    return Toy("Menu", reading.spot, reading.values, reading.given, reading.element.text, inside)


def _box(reading: Reading) -> Verb:
    return Toy("Box", reading.spot, reading.values, reading.given, "", reading.verbs(("Box", "Say")))


def _never(reading: Reading) -> None:
    reading.warn("<Never> is never done", code=13_000)


def _connect(reading: Reading) -> Verb | None:
    ends = reading.node.members["endpoint"].items
    values = [reach(_ENDPOINT, each, reading.remarks, of="endpoint") for each in ends]
    return Toy("connect", reading.spot, {"endpoints": [each for each in values if each is not None]})


_LOOP: Final = Field("loop", whole(0, 1_000), 1, "how often")
_ENDPOINT: Final = (
    Field("number", TEXT, "", "whom", required=True),
    Field("delay", seconds(0, 5), 0, "when"),
)
_INPUT: Final = (
    Field("type", list_of(TEXT, 2), (), "what is listened for"),
    Field("maxDigits", whole(1, 20), 4, "how many keys", within="dtmf"),
    Field("submitOnHash", FLAG, default=False, says="whether # ends it", within="dtmf"),
    Field("language", TEXT, "en-US", "what is spoken", within="speech"),
)


def _xml(name: str, *fields: Field, read: Any = _plain, nested: tuple[str, ...] = ()) -> Spelling:
    return Spelling(Language.XML, name, "A toy.", fields, read, nested=nested)


def _json(name: str, *fields: Field, read: Any = _plain) -> Spelling:
    return Spelling(Language.JSON, name, "A toy.", fields, read)


TOYS: Final = Table(
    (
        _xml("Say", _LOOP, Field("voice", TEXT, "", "whose")),
        _xml("Play", _LOOP),
        _xml("Menu", Field("timeout", seconds(0, 60), 5_000, "how long"), read=_menu, nested=("Hint", "Say")),
        _xml("Box", read=_box),
        _xml("Call", Field("to", TEXT, "", "whom", required=True, code=13_223)),
        _xml("Never", read=_never),
        _json("talk", Field("text", TEXT, "", "what", required=True), _LOOP),
        _json("input", *_INPUT),
        _json("connect", Field("endpoint", ANYTHING, (), "whom", required=True), read=_connect),
    )
)


def program(content_type: str, raw: bytes | str, url: str = "") -> Program:
    """What is read from a reply, by these verbs."""
    return read_by(TOYS, decode(content_type, raw if isinstance(raw, bytes) else raw.encode()), url)


def xml(inner: str) -> Program:
    """What is read from the inside of a response."""
    return program("text/xml", f"<Response>{inner}</Response>")


def actions(text: str) -> Program:
    """What is read from a JSON document."""
    return program("application/json", text)


def told(read: Program) -> list[tuple[str, int, int]]:
    """The remarks: message, line and column."""
    return [(each.message, each.spot.line, each.spot.column) for each in read.remarks]


def toys(read: Program) -> list[Toy]:
    """The verbs."""
    return [each for each in read.verbs if isinstance(each, Toy)]
