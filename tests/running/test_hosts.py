"""A page that made a browser take its own name for this machine is turned away."""

from __future__ import annotations

import json

import pytest
from starlette.responses import PlainTextResponse

from telefonie.web.envelope import OURS, envelope
from telefonie.web.hosts import Hosts, Names
from tests.running.asgi import ask


def guarded(*listed: str) -> Hosts:
    return Hosts(PlainTextResponse("inside"), Names(listed), envelope(OURS))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.0.0.1:8080",
        "127.1.2.3",
        "localhost",
        "LocalHost:8080",
        "localhost.",
        "app.localhost",
        "[::1]",
        "[::1]:8080",
    ],
)
async def test_local_names_are_answered(host: str) -> None:
    assert (await ask(guarded(), headers={"Host": host})).body == b"inside"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8080",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "evillocalhost",
        "192.168.1.10",
        "0.0.0.0",  # noqa: S104 - read, not listened on
        "[::2]",
        "[::1].evil.example",
        "[::1]:8080.evil.example",
        "127.0.0.1:8080@evil.example",
        "",
        "127.0.0.1 evil",
    ],
)
async def test_other_names_are_not(host: str) -> None:
    for _ in range(2):  # the second time from memory
        answer = await ask(guarded(), headers={"Host": host})
        assert answer.status == 403
        body = json.loads(answer.body)
        assert body["error"] == "host_not_allowed"
        assert "TELEFONIE_ALLOWED_HOSTS" in body["message"]
        assert body["request_id"]


async def test_no_name_at_all_is_not_answered() -> None:
    assert (await ask(guarded())).status == 403


@pytest.mark.parametrize(
    ("listed", "host", "status"),
    [
        ("tunnel.example.com", "tunnel.example.com", 200),
        ("Tunnel.example.com", "tunnel.EXAMPLE.com:443", 200),
        ("tunnel.example.com", "example.com", 403),
        ("*.example.com", "a.example.com", 200),
        ("*.example.com", "a.b.example.com", 200),
        ("*.example.com", "example.com", 403),
        ("*.example.com", "evilexample.com", 403),
        ("*", "whatever", 200),
        ("tunnel.example.com", "127.0.0.1", 200),
    ],
)
async def test_listed_names_are_answered(listed: str, host: str, status: int) -> None:
    assert (await ask(guarded(listed), headers={"Host": host})).status == status


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_probes_may_use_any_name(path: str) -> None:
    assert (await ask(guarded(), path, headers={"Host": "10.1.2.3:8080"})).status == 200
