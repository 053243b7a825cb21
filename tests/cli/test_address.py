"""A port that cannot be had is told in words, with the option that helps."""

from __future__ import annotations

import socket

import pytest

from telefonie.cli import address
from telefonie.cli.refusal import Refusal


def test_port_0_picks_a_free_one() -> None:
    with address.take("127.0.0.1", 0) as one, address.take("127.0.0.1", 0) as other:
        assert one.getsockname()[1] != other.getsockname()[1]
        assert address.url_of("127.0.0.1", one) == f"http://127.0.0.1:{one.getsockname()[1]}"


def test_from_then_on_callers_are_not_turned_away() -> None:
    with address.take("localhost", 0) as taken, socket.create_connection(taken.getsockname()[:2], timeout=2):
        assert address.url_of("localhost", taken).startswith("http://localhost:")


def test_the_address_of_ipv6_has_brackets() -> None:
    with socket.socket() as anything:
        anything.bind(("127.0.0.1", 0))
        assert address.url_of("::1", anything) == f"http://[::1]:{anything.getsockname()[1]}"


def test_a_taken_port_is_told_with_its_option() -> None:
    with address.take("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Refusal, match=rf"Port {port} on 127\.0\.0\.1 is taken.*--port"):
            address.take("127.0.0.1", port)


@pytest.mark.parametrize("host", ["192.0.2.1", "nobody.invalid"])
def test_a_host_that_is_not_ours_is_told_with_its_option(host: str) -> None:
    with pytest.raises(Refusal, match=rf"{host}.*--host"):
        address.take(host, 0)
