"""Parts and versions of a file, as RFC 9110 has them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telefonie.web import ranges

ETAG = '"abc"'


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-9", (0, 10)),
        ("bytes=0-", (0, 100)),
        ("bytes=10-10", (10, 1)),
        ("bytes=90-1000", (90, 10)),
        ("bytes=-10", (90, 10)),
        ("bytes=-1000", (0, 100)),
        ("BYTES=5-6", (5, 2)),
        ("bytes= 5-6 ", (5, 2)),
    ],
)
def test_one_range_is_one_part(header: str, part: tuple[int, int]) -> None:
    assert ranges.part(header, 100) == part


@pytest.mark.parametrize(
    "header",
    [
        *(None, "", "bytes", "bytes=", "bytes=-", "bytes=5", "bytes=a-b", "bytes=9-5", "items=0-1"),
        *(
            "bytes=0-1,5-6",
            "bytes=0-1, 5-6",
            "bytes=--5",
            "bytes=1-2-3",
            "bytes=\u0661-5",
            f"bytes={'9' * 21}-",
        ),
    ],
)
def test_what_is_no_single_range_is_ignored(header: str | None) -> None:
    assert ranges.part(header, 100) is None


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0", f"bytes={'9' * 20}-"])
def test_a_range_behind_the_end_has_nothing(header: str) -> None:
    with pytest.raises(ranges.Unsatisfiable):
        ranges.part(header, 100)


@given(
    st.integers(1, 5000),
    st.one_of(st.none(), st.integers(0, 6000)),
    st.one_of(st.none(), st.integers(0, 6000)),
)
def test_a_part_always_lies_within_the_file(size: int, first: int | None, last: int | None) -> None:
    header = f"bytes={'' if first is None else first}-{'' if last is None else last}"
    try:
        part = ranges.part(header, size)
    except ranges.Unsatisfiable:
        assert (first or 0) >= size or (first is None and last == 0)
        return
    if part is not None:
        start, length = part
        assert 0 <= start < start + length <= size
        assert first is None or start == first
        assert first is None or last is None or start + length - 1 <= last


@pytest.mark.parametrize(
    ("header", "same"),
    [
        *((None, False), ("*", True), ('"abc"', True), ('W/"abc"', True), ('"x", W/"abc"', True)),
        *(('"x"', False), ("abc", False), ('"abc', False), ("", False), ('"x,abc"', False)),
    ],
)
def test_a_client_may_have_this_version_already(header: str | None, *, same: bool) -> None:
    assert ranges.unchanged(header, ETAG) is same


@pytest.mark.parametrize(
    ("header", "same"),
    [
        *((None, True), ('"abc"', True), ('W/"abc"', False), ('"x"', False)),
        ("Wed, 21 Oct 2026 07:28:00 GMT", False),
    ],
)
def test_a_part_is_given_only_of_the_version_that_was_begun(header: str | None, *, same: bool) -> None:
    assert ranges.still(header, ETAG) is same
