"""The only module that knows what a reply's content type and bytes mean: XML, JSON, words to say, or sound."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from telefonie.flow.markup import NOT_WELL_FORMED, TOO_LARGE, WRONG_CONTENT_TYPE, Unreadable, shown

MOST_BYTES: Final = 65_536


class Form(StrEnum):
    """What a reply is read as."""

    XML = "xml"
    JSON = "json"
    TEXT = "text"  # said, then the call ends
    AUDIO = "audio"  # played, then the call ends


@dataclass(frozen=True, slots=True)
class Document:
    """A reply whose bytes are understood as characters. Of sound there is no text: its URL is played."""

    kind: Form
    text: str


_EXPECTED: Final = "send Content-Type: text/xml for verbs or application/json for actions"

_TYPE: Final = re.compile(r"([a-z]+)/([a-z0-9!#$&^_.+-]+)")
_CHARSET: Final = re.compile(r';\s*charset\s*=\s*(?:"([^"]*)"|([^\s;"]*))', re.IGNORECASE)
_DECLARED: Final = re.compile(rb"\s*<\?xml\s[^>]{0,200}?\sencoding\s*=\s*[\"']([^\"'>]*)[\"']")
_LIKE_XML: Final = re.compile(r"\s*<(?:\?xml\s|!--|!DOCTYPE\s|Response[\s/>])")
_LIKE_JSON: Final = re.compile(r"\s*\[\s*[{\]]")

_FORMS: Final = {
    "text/xml": Form.XML,
    "application/xml": Form.XML,
    "text/html": Form.XML,
    "application/json": Form.JSON,
    "text/json": Form.JSON,
    "text/plain": Form.TEXT,
}
_SUFFIXES: Final = (("+xml", Form.XML), ("+json", Form.JSON))

# A closed list: Python knows codecs that are no encodings of text, or that unpack more than they are given.
_CODECS: Final = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-16": "utf-16-le",  # what nearly all who leave out the byte-order mark mean
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "us-ascii": "ascii",
    "ascii": "ascii",
    **{f"iso-8859-{part}": f"iso8859-{part}" for part in range(1, 17) if part != 12},  # there is no twelfth
    **{f"windows-125{page}": f"cp125{page}" for page in range(9)},
}
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16le"), (b"\xfe\xff", "utf-16be"))


def decode(content_type: str, raw: bytes) -> Document:
    """What a reply is, by its header `Content-Type` (empty: it had none) and its bytes."""
    form = _form(content_type)
    if form is Form.AUDIO:
        return Document(form, "")
    if len(raw) > MOST_BYTES:
        raise Unreadable(TOO_LARGE, f"the document has more than {MOST_BYTES} bytes")
    text = _text(content_type, raw)
    if form is Form.TEXT and _LIKE_XML.match(text):
        form = Form.XML
    elif form is Form.TEXT and _LIKE_JSON.match(text):
        form = Form.JSON
    return Document(form, text)


def _form(content_type: str) -> Form:
    wanted = content_type.partition(";")[0].strip().lower()
    if not wanted:
        raise Unreadable(WRONG_CONTENT_TYPE, f"the answer has no Content-Type; {_EXPECTED}")
    found = _TYPE.fullmatch(wanted)
    if found is not None and found[1] == "audio":
        return Form.AUDIO
    form = _FORMS.get(wanted)
    if form is None and found is not None and found[1] == "application":
        form = next((each for suffix, each in _SUFFIXES if wanted.endswith(suffix)), None)
    if form is None:
        raise Unreadable(WRONG_CONTENT_TYPE, f"{shown(wanted)} is no document; {_EXPECTED}")
    return form


def _text(content_type: str, raw: bytes) -> str:
    """The characters: by the byte-order mark, else the header, else the XML declaration, else as UTF-8."""
    encoding, mark = _encoding(content_type, raw)
    codec = _CODECS.get(encoding.lower())
    if codec is None:
        raise Unreadable(NOT_WELL_FORMED, f"the encoding {shown(encoding)} is not read here; send UTF-8")
    try:
        text = raw[mark:].decode(codec)
    except UnicodeDecodeError as error:
        where = f"byte {error.start + mark + 1}"
        raise Unreadable(
            NOT_WELL_FORMED, f"the document is not in {encoding}: {where} does not fit"
        ) from None
    if "\0" in text:
        raise Unreadable(NOT_WELL_FORMED, f"the document holds U+0000 when read as {encoding}")
    return text


def _encoding(content_type: str, raw: bytes) -> tuple[str, int]:
    """The encoding's name, and how many bytes its mark takes."""
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return name, len(mark)
    said = _CHARSET.search(content_type)
    if said is not None and (said[1] or said[2]):
        return (said[1] or said[2]).strip(), 0
    declared = _DECLARED.match(raw)
    if declared is None:
        return "utf-8", 0
    name = declared[1].decode("latin-1")
    if name.lower().startswith("utf-16"):
        message = f"the XML declaration says {shown(name)}, but it is not written in it; declare UTF-8"
        raise Unreadable(NOT_WELL_FORMED, message)
    return name, 0
