"""Fuzzers over both readers, by verbs made up here and by the real ones: only `Unreadable` ever comes out."""

from __future__ import annotations

import json
from typing import Any, Final
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from telefonie.flow.catalogue import Table, spellings
from telefonie.flow.content import decode
from telefonie.flow.jsontext import read_json
from telefonie.flow.markup import Element, Unreadable
from telefonie.flow.program import Program
from telefonie.flow.read import MOST_VERBS, read_by
from telefonie.flow.spelling import Language
from telefonie.flow.xml import read_xml
from tests.flow.toys import TOYS

_REAL: Final = Table(spellings())

_TYPES: Final = st.sampled_from(
    [
        "text/xml",
        "application/json",
        "text/plain",
        "text/html",
        "audio/wav",
        "",
        "text/xml; charset=utf-16",
        "a/b",
    ]
) | st.text(max_size=40)


def _read(table: Table, content_type: str, raw: bytes) -> Program | Unreadable:
    """What comes of a reply; any other exception fails the test."""
    try:
        found: Program | Unreadable = read_by(table, decode(content_type, raw), "https://example.com/a")
    except Unreadable as refused:
        found = refused
    if isinstance(found, Unreadable):
        assert found.code in (11750, 12100, 12300)
        assert found.message.isprintable()
    else:
        assert len(found.verbs) <= MOST_VERBS
        assert all(each.message.isprintable() for each in found.remarks)
    return found


# -- bytes --


@settings(deadline=None, max_examples=150)
@given(
    _TYPES,
    st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
)
def test_any_bytes_of_any_type(content_type: str, raw: bytes) -> None:
    _read(_REAL, content_type, raw)
    _read(TOYS, content_type, raw)


_SAMPLES: Final = {
    "text/xml": '<?xml version="1.0" encoding="UTF-8"?><Response><Menu timeout="5"><Say loop="2">&lt;é&#233;<b>x</b>'
    '</Say></Menu><!-- a --><Gather input="dtmf speech" numDigits="1"><Play>a.mp3</Play></Gather><Dial>'
    '<Number sendDigits="1w2">+49</Number></Dial><![CDATA[x]]></Response>',
    "application/json": '[{"action": "talk", "text": "a\\u00e9\\n", "loop": 2.0}, {"action": "input", "type": '
    '["dtmf"], "dtmf": {"maxDigits": 1}}, {"action": "connect", "endpoint": [{"number": "1", "type": "phone"}]}]',
}
_CUTS: Final = st.tuples(
    st.integers(0, 400),
    st.integers(0, 20),
    st.sampled_from(
        [b"<", b">", b"&", b'"', b"'", b"/", b"[", b"}", b"\\u", b"\\ud800", b"\0", b"\xff", b"]]>", b"<!--"]
    )
    | st.sampled_from(
        [b"<?xml ?>", b"<!DOCTYPE a [", b"&a;", b"1e999", b"-", b"null", b"{}", b"<Say>", b"\xef\xbb\xbf"]
    )
    | st.binary(max_size=4),
    st.integers(0, 3),
)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(sorted(_SAMPLES)), st.lists(_CUTS, min_size=1, max_size=5))
def test_documents_that_were_tampered_with(
    content_type: str, cuts: list[tuple[int, int, bytes, int]]
) -> None:
    raw = _SAMPLES[content_type].encode()
    for at, length, patch, times in cuts:
        raw = raw[:at] + patch * times + raw[at + length :]
    _read(_REAL, content_type, raw)
    _read(TOYS, content_type, raw)


# -- trees: well-formed, so they are always read --

_CHARACTERS: Final = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
_VALUES: Final = st.text(_CHARACTERS, max_size=8) | st.sampled_from(
    [
        "1",
        "-1",
        "0.5",
        "1e9",
        "nan",
        "inf",
        "true",
        "POST",
        "https://example.com/",
        "file:///a",
        "+4930",
        "1w#",
        "9" * 50,
    ]
)


def _of(table: Table, language: Language) -> tuple[SearchStrategy[str], SearchStrategy[str]]:
    """Names of verbs and of fields, known ones and others."""
    known = [each for name in table.names(language) if (each := table.find(language, name)) is not None]
    nested = [name for each in known for name in each.nested]
    names = [*(each.name for each in known), *nested, "Response", "Nothing"]
    fields = sorted(
        {name for spelling in known for each in spelling.fields for name in (each.name, each.within) if name}
    )
    return st.sampled_from(names), st.sampled_from([*fields, "nothing"])


def _elements(table: Table) -> SearchStrategy[str]:
    names, fields = _of(table, Language.XML)

    def build(name: str, attributes: dict[str, str], children: list[str]) -> str:
        given_ = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
        return f"<{name}{given_}>{''.join(children)}</{name}>"

    some = st.dictionaries(fields, _VALUES, max_size=3)
    leaves = _VALUES.map(escape) | st.builds(build, names, some, st.just([]))
    return st.recursive(
        leaves, lambda inner: st.builds(build, names, some, st.lists(inner, max_size=4)), max_leaves=12
    )


def _same(ours: Element, theirs: ElementTree.Element) -> None:
    assert (ours.name, ours.attributes) == (theirs.tag, theirs.attrib)
    assert "".join(each for each in ours.children if isinstance(each, str)) == "".join(
        [theirs.text or "", *(each.tail or "" for each in theirs)]
    )
    assert len(ours.elements) == len(theirs)
    for one, other in zip(ours.elements, theirs, strict=True):
        _same(one, other)


@settings(deadline=None, max_examples=60)
@given(st.lists(_elements(_REAL) | _elements(TOYS), max_size=4).map("".join))
def test_any_tree_of_elements_is_read(inner: str) -> None:
    document = f"<Response>{inner}</Response>"
    _same(read_xml(document), ElementTree.fromstring(document))  # noqa: S314 - what was built here, as an oracle
    for table in (_REAL, TOYS):
        assert isinstance(_read(table, "text/xml", document.encode()), Program)


_SCALARS: Final = st.none() | st.booleans() | st.integers(-(10**38), 10**38) | _VALUES
_FRACTIONS: Final = st.floats(allow_nan=False, allow_infinity=False)


def _values(fields: SearchStrategy[str]) -> SearchStrategy[Any]:
    return st.recursive(
        _SCALARS | _FRACTIONS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(fields | _VALUES, inner, max_size=3),
        max_leaves=6,
    )


def _actions(table: Table) -> SearchStrategy[dict[str, Any]]:
    names, fields = _of(table, Language.JSON)
    members = st.dictionaries(fields, _values(fields), max_size=5)
    return st.builds(lambda name, given_: {"action": name, **given_}, names | _SCALARS, members)


@settings(deadline=None, max_examples=60)
@given(st.lists(_actions(_REAL) | _actions(TOYS), max_size=4), st.booleans())
def test_any_array_of_actions_is_read(document: list[dict[str, Any]], ascii_only: bool) -> None:  # noqa: FBT001 - drawn
    text = json.dumps(document, ensure_ascii=ascii_only)
    assert read_json(text).plain() == document
    for table in (_REAL, TOYS):
        assert isinstance(_read(table, "application/json", text.encode()), Program)
