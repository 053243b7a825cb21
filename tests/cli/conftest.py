"""Commands set up the log of their process; here that is the process of all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.logs import log_put_back


@pytest.fixture(autouse=True)
def _log() -> Iterator[None]:
    with log_put_back():
        yield
