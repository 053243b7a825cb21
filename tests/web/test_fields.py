"""What counts as a phone number, an address, a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from telefonie.web.fields import (
    E164,
    Dialable,
    FromInstant,
    Instant,
    Text,
    ToInstant,
    WebUrl,
    iso,
    moment,
)

START = datetime(1970, 1, 1, tzinfo=UTC)
LAST = 253_402_300_799_999


class Fields(BaseModel):
    dialable: Dialable | None = None
    e164: E164 | None = None
    url: WebUrl | None = None
    text: Text | None = None
    at: Instant | None = None
    since: FromInstant | None = None
    until: ToInstant | None = None


def taken(**field: object) -> bool:
    try:
        Fields.model_validate(field)
    except ValidationError:
        return False
    return True


@given(st.integers(min_value=0, max_value=LAST))
def test_a_moment_is_written_as_the_library_writes_it_and_read_back(at: int) -> None:
    text = iso(at)
    expected = (START + timedelta(milliseconds=at)).isoformat(timespec="milliseconds")
    assert text == expected.replace("+00:00", "Z")
    assert moment(text) == at


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:00.5Z", 500),
        ("1970-01-01T00:00:00,25Z", 250),
        ("1970-01-01T00:00:01.234567Z", 1_234),
        ("1970-01-01T00:00Z", 0),
        ("1970-01-01 00:00:00", 0),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1970-01-01T01:00:00 01:00", 0),  # a plus that was not encoded in a query
        ("1970-01-01T00:00:00-0030", 1_800_000),
        ("1970-01-02", 86_400_000),
    ],
)
def test_iso_8601_is_understood_in_its_usual_spellings(text: str, expected: int) -> None:
    assert moment(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "1970",
        "19700101",
        "1970-W01-1",
        "1970-13-01",
        "1970-02-30",
        "1970-01-01T24:30:00Z",
        "1970-01-01T00:00:00+25:00",
        "1970-01-01T00:00:00Z\n",
        "1970-01-01T00:00:00Z\x00",
        "١٩٧٠-01-01",
        "0000-01-01",
        "99999-01-01",
        "0",
    ],
)
def test_anything_else_is_no_moment(text: str) -> None:
    assert moment(text) is None
    assert not taken(at=text)
    assert not taken(until=text)


def test_a_moment_lies_between_1970_and_9999() -> None:
    assert taken(at="9999-12-31T23:59:59.999Z")
    assert not taken(at="1969-12-31T23:59:59Z")
    assert not taken(at="9999-12-31T23:59:59-10:00")
    assert taken(since="0001-01-01", until="0001-01-01")
    assert not taken(at="0001-01-01T00:00:00+14:00")
    assert not taken(at=0)


def test_a_date_stands_for_its_first_or_its_last_moment() -> None:
    found = Fields.model_validate({"since": "1970-01-02", "until": "1970-01-02"})
    assert (found.since, found.until) == (86_400_000, 2 * 86_400_000 - 1)


@pytest.mark.parametrize("number", ["+31201234567", "+13125550100", "+447700900000", "+32470123456"])
def test_numbers_that_could_exist_can_be_dialled_those_kept_for_fiction_too(number: str) -> None:
    assert taken(dialable=number, e164=number)


@pytest.mark.parametrize(
    "number",
    [
        "",
        "31201234567",
        "+0123456",
        "+",
        "+1",
        "+131255501001",
        "+1312555010",
        "+999123456789",
        "+31 20 1234567",
    ],
)
def test_numbers_that_cannot_exist_cannot_be_dialled(number: str) -> None:
    assert not taken(dialable=number)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:3000/voice",
        "https://shop.example/voice?a=b&c=%20#rc=2",
        "HTTPS://Shop.Example",
        "http://127.0.0.1:8080/",
        "http://[::1]:8080/x",
        "http://user:secret@shop.example:80/x",
        "http://shop.example./x",
        "http://neighbour/callback",
        "http://xn--caf-dma.example/",
    ],
)
def test_absolute_web_addresses_are_taken_as_they_are(url: str) -> None:
    assert Fields.model_validate({"url": url}).url == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "shop.example/voice",
        "/voice",
        "//shop.example/voice",
        "ftp://shop.example/",
        "javascript:alert(1)",
        "http://",
        "http:///voice",
        "http://:80/",
        "http://shop.example:0/",
        "http://shop.example:99999/",
        "http://shop.example:port/",
        "http://shop_of_mine.example/",
        "http://-shop.example/",
        "http://shop.example/a b",
        "http://shop.example/\r\nX-Evil: 1",
        "http://shop.example/\x00",
        "http://shop.example/é",
        "http://[::1/",
        "http://" + "a" * 2_048,
        "\ud800",
    ],
)
def test_anything_else_is_no_web_address(url: str) -> None:
    assert not taken(url=url)


def test_texts_are_bounded_and_hold_no_nul_and_no_half_character() -> None:
    assert taken(text="é" * 1_000)
    for text in ("é" * 1_001, "a\x00b", "\ud800", 7, ["a"]):
        assert not taken(text=text)
