"""What of hearing a recording is taken down: each download once, however many parts it comes in."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from telefonie.web import trail
from telefonie.web.trail import Trail
from telefonie.web.visitors import Visitor

ANN: Final = Visitor("a-1", "r-1", "ann")


def asked(part: str | None = None, method: str = "GET") -> Request:
    headers = [] if part is None else [(b"range", part.encode())]
    return Request({"type": "http", "method": method, "headers": headers})


WHOLE: Final = Response(status_code=200)
PART: Final = Response(status_code=206)


def test_each_time_the_beginning_is_fetched_is_a_download() -> None:
    known = Trail()
    for part in (None, "bytes=0-", "Bytes = 0-99", None):
        assert known.is_download(asked(part), ANN, PART if part else WHOLE)


def test_the_parts_that_follow_are_of_the_same_download() -> None:
    known = Trail()
    assert known.is_download(asked("bytes=0-99"), ANN, PART)
    assert not known.is_download(asked("bytes=100-199"), ANN, PART)
    assert not known.is_download(asked("bytes=-5"), ANN, PART)


def test_nobody_gets_a_part_unseen() -> None:
    known = Trail()
    assert known.is_download(asked("bytes=1-"), ANN, PART)
    assert known.is_download(asked("bytes=1-"), Visitor("a-1", "r-1", "bob"), PART)
    assert known.is_download(asked("bytes=1-"), Visitor("a-1", "r-2", "ann"), PART)


def test_what_sends_no_sound_is_no_download() -> None:
    known = Trail()
    assert not known.is_download(asked(), ANN, Response(status_code=304))
    assert not known.is_download(asked(method="HEAD"), ANN, WHOLE)
    assert known.is_download(asked(), ANN, Response(status_code=307))


def test_what_is_remembered_is_bounded_and_what_is_forgotten_is_taken_down_again() -> None:
    known = Trail()
    assert known.is_download(asked(), ANN, WHOLE)
    for n in range(trail.MOST):
        known.is_download(asked(), Visitor("a-1", f"other-{n}", "ann"), WHOLE)
    assert known.is_download(asked("bytes=1-"), ANN, PART)
