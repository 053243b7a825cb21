"""What a reply's header and bytes mean."""

from __future__ import annotations

import pytest

from telefonie.flow.content import MOST_BYTES, Document, Form, decode
from telefonie.flow.markup import Unreadable


def _refused(content_type: str, raw: bytes) -> tuple[int, str]:
    with pytest.raises(Unreadable) as caught:
        decode(content_type, raw)
    return caught.value.code, caught.value.message


@pytest.mark.parametrize(
    ("content_type", "form"),
    [
        ("text/xml", Form.XML),
        ("application/xml", Form.XML),
        ("application/vnd.acme.flow+xml", Form.XML),
        ("text/html", Form.XML),
        ("Text/XML ; charset=UTF-8", Form.XML),
        ("application/json", Form.JSON),
        ("application/vnd.acme+json; version=1", Form.JSON),
        ("text/json", Form.JSON),
        ("text/plain", Form.TEXT),
        ("text/plain; format=flowed", Form.TEXT),
    ],
)
def test_the_content_type_says_how_a_reply_is_read(content_type: str, form: Form) -> None:
    assert decode(content_type, b"Hello") == Document(form, "Hello")


@pytest.mark.parametrize("content_type", ["audio/mpeg", "audio/x-wav", "AUDIO/L16;rate=8000"])
def test_sound_is_played_whatever_its_bytes_and_size(content_type: str) -> None:
    assert decode(content_type, b"\xff\x00" * MOST_BYTES) == Document(Form.AUDIO, "")


@pytest.mark.parametrize(
    "content_type",
    [
        "image/png",
        "image/svg+xml",
        "application/octet-stream",
        "application/x-www-form-urlencoded",
        "text/xml, text/html",
        "xml",
        "/",
    ],
)
def test_any_other_type_is_refused_by_name(content_type: str) -> None:
    code, message = _refused(content_type, b"<Response/>")
    assert code == 12300
    assert content_type in message


@pytest.mark.parametrize("content_type", ["", "  ", "; charset=utf-8"])
def test_without_a_type_the_message_says_which_header_to_send(content_type: str) -> None:
    code, message = _refused(content_type, b"<Response/>")
    assert code == 12300
    assert "Content-Type: text/xml" in message


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("<Response><Say>Hi</Say></Response>", Form.XML),
        ("<Response/>", Form.XML),
        ('<?xml version="1.0"?><Response/>', Form.XML),
        ("\n <!-- a --><Response/>", Form.XML),
        ("<Response", Form.TEXT),
        ("<Responsive/>", Form.TEXT),
        ("<b>Hi</b>", Form.TEXT),
        ('[{"action": "talk"}]', Form.JSON),
        (" [ ]", Form.JSON),
        ("[sighs] Hello", Form.TEXT),
        ('{"action": "talk"}', Form.TEXT),
        ("Hello", Form.TEXT),
        ("", Form.TEXT),
    ],
)
def test_plain_text_that_starts_like_a_document_is_one_and_the_rest_is_said(text: str, form: Form) -> None:
    assert decode("text/plain", text.encode()) == Document(form, text)


@pytest.mark.parametrize(
    ("content_type", "raw"),
    [
        ("text/plain", "é€".encode()),
        ("text/plain; charset=utf-8", "é€".encode()),
        ('text/plain; charset="UTF-8"', "é€".encode()),
        ("text/plain; charset=", "é€".encode()),
        ("text/plain; charset=windows-1252", "é€".encode("cp1252")),
        ("text/plain; format=flowed; charset=ISO-8859-15", "é€".encode("iso8859-15")),
        ("text/plain; charset=utf-16le", "é€".encode("utf-16-le")),
        ("text/plain; charset=utf-16", "é€".encode("utf-16-le")),
        ("text/plain; charset=utf-16be", "é€".encode("utf-16-be")),
        # A byte-order mark knows better than the header.
        ("text/plain; charset=iso-8859-1", b"\xef\xbb\xbf" + "é€".encode()),
        ("text/plain", b"\xff\xfe" + "é€".encode("utf-16-le")),
        ("text/plain", b"\xfe\xff" + "é€".encode("utf-16-be")),
    ],
)
def test_the_mark_then_the_header_then_utf_8_say_the_encoding(content_type: str, raw: bytes) -> None:
    assert decode(content_type, raw).text == "é€"


def test_without_charset_the_xml_declaration_says_the_encoding() -> None:
    raw = "<?xml version='1.0' encoding='windows-1252'?><a>€</a>".encode("cp1252")
    assert decode("text/xml", raw).text.endswith("<a>€</a>")
    assert decode("text/xml; charset=iso-8859-1", raw).text.endswith("<a>\x80</a>")


def test_a_byte_order_mark_is_nothing_that_stands_before_the_declaration() -> None:
    assert decode("text/xml", b"\xef\xbb\xbf<?xml version='1.0'?><a/>").text.startswith("<?xml")


@pytest.mark.parametrize("part", [*range(1, 12), *range(13, 17)])
def test_every_part_of_iso_8859_that_exists_is_read(part: int) -> None:
    assert decode(f"text/plain; charset=iso-8859-{part}", b"a").text == "a"


@pytest.mark.parametrize("page", range(9))
def test_every_windows_page_is_read(page: int) -> None:
    assert decode(f"text/plain; charset=windows-125{page}", b"a").text == "a"


@pytest.mark.parametrize(
    ("content_type", "raw", "encoding"),
    [
        ("text/xml", b"<a>\xe9</a>", "utf-8: byte 4"),
        ("text/xml", b"\xef\xbb\xbf<a>\xe9</a>", "utf-8: byte 7"),
        ("text/xml; charset=us-ascii", b"\xc3\xa9", "us-ascii"),
        ("text/xml; charset=utf-16le", b"abc", "utf-16le"),
        ("text/xml; charset=utf-16le", b"\x00\xd8a\x00", "utf-16le"),
        ("text/xml", b"\xed\xa0\x80", "utf-8"),
        ("text/xml", b"<?xml version='1.0' encoding='us-ascii'?>\xc3\xa9", "us-ascii"),
        ("text/xml", b"<?xml version='1.0' encoding='UTF-16'?><a/>", "says UTF-16, but"),
        ("text/xml", b"<?xml version='1.0' encoding='klingon'?><a/>", "klingon"),
        ("text/xml; charset=utf-7", b"+ADw-", "utf-7"),
        ("text/xml; charset=rot13", b"", "rot13"),
        ("text/xml; charset=zlib", b"", "zlib"),
        ("text/xml; charset=idna", b"", "idna"),
        ("text/xml; charset=iso-8859-12", b"", "iso-8859-12"),
        ("text/xml", b"<\0a\0/\0>\0", "utf-8"),
        ("text/xml", b"\xff\xfe\x00\x00<\x00\x00\x00", "utf-16le"),
    ],
)
def test_what_cannot_be_decoded_names_the_encoding(content_type: str, raw: bytes, encoding: str) -> None:
    code, message = _refused(content_type, raw)
    assert code == 12100
    assert encoding in message


def test_a_document_may_have_64_kilobytes() -> None:
    assert len(decode("text/plain", b"a" * MOST_BYTES).text) == MOST_BYTES
    assert _refused("text/plain", b"a" * (MOST_BYTES + 1))[0] == 11750
