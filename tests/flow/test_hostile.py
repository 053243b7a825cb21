"""Whatever is sent as a document: a program, or one error with a code; never an exception, never for long."""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest

from telefonie.flow.markup import MOST_REMARKS, Unreadable
from tests.flow.toys import actions, program, xml


@contextmanager
def _bounded(seconds: float = 4.0, megabytes: float = 64.0) -> Iterator[None]:
    """No matter what is asked, it costs little: far above what is usual, far below what would hurt."""
    tracemalloc.start()
    began = time.process_time()
    try:
        yield
        spent, (_, most) = time.process_time() - began, tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert spent < seconds
    assert most < megabytes * 1_000_000


def _refused(content_type: str, raw: bytes | str) -> Unreadable:
    with _bounded(), pytest.raises(Unreadable) as caught:
        program(content_type, raw)
    return caught.value


def _attributes(count: int) -> str:
    return " ".join(f"a{number}=''" for number in range(count))


_LAUGHS: Final = "".join(f'<!ENTITY l{each} "{f"&l{each - 1};" * 10}">' for each in range(1, 10))
_ENTITIES: Final = {
    "billion laughs": f'<!DOCTYPE a [<!ENTITY l0 "lol">{_LAUGHS}]><Response><Say>&l9;</Say></Response>',
    "quadratic": f'<!DOCTYPE a [<!ENTITY l "{"l" * 9_000}">]><Response><Say>{"&l;" * 9_000}</Say></Response>',
    "endless": '<!DOCTYPE a [<!ENTITY a "&b;"><!ENTITY b "&a;">]><Response>&a;</Response>',
    "file": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Response><Say>&x;</Say></Response>',
    "inside": '<!DOCTYPE a [<!ENTITY x SYSTEM "http://169.254.169.254/">]><Response><Say>&x;</Say></Response>',
    "parameter": '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://10.0.0.1/x.dtd"> %x;]><Response/>',
    "external subset": '<!DOCTYPE a SYSTEM "http://10.0.0.1/x.dtd"><Response/>',
    "attribute default": '<!DOCTYPE a [<!ATTLIST Say loop CDATA "1000">]><Response><Say/></Response>',
}


@pytest.mark.parametrize("text", _ENTITIES.values(), ids=_ENTITIES)
@pytest.mark.parametrize("content_type", ["text/xml", "text/html", "text/plain"])
def test_no_document_type_is_ever_read(content_type: str, text: str) -> None:
    refused = _refused(content_type, text)
    assert refused.code == 12100
    assert "<!DOCTYPE" in refused.message


@pytest.mark.parametrize("content_type", ["text/xml", "application/json", "text/plain"])
def test_ten_megabytes_are_refused_before_they_are_read(content_type: str) -> None:
    raw = b"<Response>" + b"a" * 10_000_000
    began = time.process_time()
    assert _refused(content_type, raw).code == 11750
    assert time.process_time() - began < 0.25


@pytest.mark.parametrize(
    ("content_type", "text", "why"),
    [
        ("text/xml", "<Response>" + "<Say>" * 10_000, "nested"),
        ("text/xml", "<Response>" + "<Menu>" * 5_000 + "</Menu>" * 4_000, "nested"),
        ("text/xml", "<Response>" + "<b/>" * 16_000 + "</Response>", "elements"),
        ("text/xml", f"<Response {_attributes(6_000)}/>", "attributes"),
        ("application/json", "[" * 60_000, "nested"),
        ("application/json", '[{"a":' * 10_000, "nested"),
        ("application/json", f"[{'1,' * 30_000}1]", "values"),
        ("application/json", f'[{{"action": "talk", "loop": {"9" * 60_000}}}]', "40 characters"),
        ("application/json", f'[{{"action": "talk", "loop": 1e{"9" * 30}}}]', "too large"),
        ("application/json", f'[{{"action": "talk", "loop": -1{"0" * 5_000}.5}}]', "40 characters"),
        ("application/json", '["' + '\\"' * 30_000, "unterminated"),
    ],
)
def test_size_in_any_direction_is_bounded(content_type: str, text: str, why: str) -> None:
    refused = _refused(content_type, text)
    assert refused.code == 12100
    assert why in refused.message


def test_a_hundred_thousand_siblings_are_refused() -> None:
    assert _refused("text/xml", f"<Response>{'<Say/>' * 100_000}</Response>").code == 11750


def test_verbs_within_verbs_are_read_as_deep_as_elements_may_be() -> None:
    with _bounded():
        assert len(xml("<Box>" * 63 + "</Box>" * 63).verbs) == 1


@pytest.mark.parametrize(
    "text",
    [
        "<Response>" + "<x/>" * 4_999 + "</Response>",
        "<Response>" + f"<{'x' * 300}/>" * 200 + "</Response>",
        "<Response>" + f"<Say {_attributes(100)}/>" * 90 + "</Response>",
    ],
)
def test_remarks_are_few_and_short(text: str) -> None:
    with _bounded():
        remarks = program("text/xml", text).remarks
    assert len(remarks) == MOST_REMARKS
    assert max(len(each.message) for each in remarks) < 200


def test_a_remark_carries_no_character_that_is_not_shown() -> None:
    (remark, _) = actions(
        json.dumps([{"action": "a\n\x1b[2J\u202e" + "b" * 9_000}, {"action": "\x07"}])
    ).remarks
    assert remark.message.isprintable()
    assert len(remark.message) < 100


_BINARY: Final = {
    "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "gzip": b"\x1f\x8b\x08\0\0\0\0\0\0\x03",
    "zeros": bytes(1_000),
    "all": bytes(range(256)) * 4,
    "half a mark": b"\xef\xbb<Response/>",
    "utf-16 without a mark": "<Response/>".encode("utf-16-be"),
    "utf-32": "<Response/>".encode("utf-32"),
    "overlong": b"<Response>\xc0\xbc/Response>",
    "surrogate": b"<Response>\xed\xa0\x80</Response>",
    "latin": "<Response><Say>é</Say></Response>".encode("latin-1"),
}


@pytest.mark.parametrize("raw", _BINARY.values(), ids=_BINARY)
@pytest.mark.parametrize("content_type", ["text/xml", "application/json", "text/plain"])
def test_bytes_that_are_no_text_are_refused(content_type: str, raw: bytes) -> None:
    assert _refused(content_type, raw).code == 12100


@pytest.mark.parametrize("charset", ["utf-7", "base64", "hex", "zlib", "rot13", "idna", "unicode_escape"])
def test_what_python_could_decode_but_is_no_encoding_is_refused(charset: str) -> None:
    raw = b"+ADw-Response/+AD4-"
    for refused in (
        _refused(f"text/xml; charset={charset}", raw),
        _refused("text/xml", f"<?xml version='1.0' encoding='{charset}'?><Response/>"),
    ):
        assert refused.code == 12100
        assert charset in refused.message


def test_utf_7_does_not_smuggle_markup() -> None:
    assert program("text/plain", "+ADw-Response/+AD4-").remarks == ()
    assert [each.name for each in program("text/plain", "+ADw-Response/+AD4-").verbs] == ["Say"]


@pytest.mark.parametrize(
    ("content_type", "text"),
    [
        ("text/xml", "<Response><Say>&#xD800;</Say></Response>"),
        ("text/xml", "<Response><Say>&#0;</Say></Response>"),
        ("text/xml", "<Response><Say>\0</Say></Response>"),
        ("text/xml", "<Response><Say voice='\uffff'/></Response>"),
        ("application/json", '[{"action": "talk", "text": "\\udc00"}]'),
        ("application/json", '[{"action": "talk", "text": "\\u0000"}]'),
        ("application/json", '[{"action": "talk", "\\ud83d": 1}]'),
        ("application/json", '[{"action": "talk", "text": "\0"}]'),
        ("text/plain", "Hello\0"),
    ],
)
def test_what_is_no_character_is_refused(content_type: str, text: str) -> None:
    assert _refused(content_type, text).code == 12100


@pytest.mark.parametrize(
    "value", [None, True, 1, "x" * 9_000, [], [[]], {}, {"a": {"b": []}}, 10**39, -1e300]
)
def test_wrong_types_are_remarked(value: object) -> None:
    talk, listen, item = (
        {"action": "talk", "text": value},
        {"action": "input", "dtmf": value, "type": value},
        value,
    )
    read = actions(
        json.dumps([talk, listen, {"action": "connect", "endpoint": value}, {"action": value}, item])
    )
    assert {each.code for each in read.remarks} == {12200}


_SAMPLE_XML: Final = (
    '\ufeff<?xml version="1.0" encoding="UTF-8"?>\r\n<!-- Grüße --><?php 1?>\n<Response>\n'
    "<Menu timeout='2.5'><Say voice=\"alice\" loop='2'>Drücken Sie &quot;1&quot; &amp; &#8364; "
    "<![CDATA[<b>]]></Say><Play>https://example.com/a.mp3</Play></Menu>\n"
    "<Call to='+4930'/> 😀 <Box><Box/></Box></Response>"
)
_SAMPLE_JSON: Final = (
    '[{"action": "talk", "text": "Grüße \\u20ac \\ud83d\\ude00 \\n", "loop": 2},\n {"action": "input", "type": '
    '["dtmf", "speech"], "dtmf": {"maxDigits": 1e0, "submitOnHash": true}, "speech": {"language": null}},\n'
    ' {"action": "connect", "endpoint": [{"number": "+4930", "delay": -0.5}, 3, false]}]'
)


@pytest.mark.parametrize(
    ("content_type", "text"), [("text/xml", _SAMPLE_XML), ("application/json", _SAMPLE_JSON)]
)
def test_a_document_cut_at_any_byte_is_refused(content_type: str, text: str) -> None:
    whole = text.encode()
    assert len(program(content_type, whole).verbs) == 3
    for length in range(len(whole)):
        with pytest.raises(Unreadable) as caught:
            program(content_type, whole[:length])
        assert caught.value.code == 12100
