"""What a server does with whatever comes over the wire, and where it never sends anything."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import pytest

from telefonie.cli.patience import LONGEST_HEAD
from tests.e2e.customer import Answer, Fate, receiving
from tests.e2e.server import Server
from tests.e2e.tenant import new_tenant, owner

pytestmark = pytest.mark.e2e

MEBIBYTE: Final = 1024 * 1024
DEVELOPMENT_KEY: Final = "telefonie-dev-key"
HEAD: Final = (
    b"POST /v1/voice/calls HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"X-API-Key: telefonie-dev-key\r\nContent-Type: application/json\r\n"
)
PROBE: Final = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("socket"), "--ephemeral")
    made.spawn()
    yield made
    made.kill()


@dataclass(frozen=True, slots=True)
class Told:
    """An answer, as it stands on the wire."""

    status: int
    headers: dict[str, str]
    body: bytes


class Wire:
    """A connection on which anything can be said."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def say(self, *parts: bytes) -> None:
        async with asyncio.timeout(10):
            for part in parts:
                self._writer.write(part)
                await self._writer.drain()

    async def fill(self, most: int) -> int:
        """Say so many mebibytes, or as many as are taken."""
        for said in range(most):
            try:
                await self.say(b"x" * MEBIBYTE)
            except ConnectionError:
                return said
        return most

    async def hear(self) -> Told:
        async with asyncio.timeout(10):
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.strip().split("\r\n")
            headers = {name.lower(): text for name, _, text in (line.partition(": ") for line in lines)}
            body = await self._reader.readexactly(int(headers.get("content-length", "0")))
        return Told(int(first.split()[1]), headers, body)

    async def is_over(self) -> bool:
        """Whether the server hung up."""
        async with asyncio.timeout(10):
            try:
                return await self._reader.read(1) == b""
            except ConnectionError:
                return True

    def close(self) -> None:
        self._writer.transport.abort()


@asynccontextmanager
async def wire(server: Server) -> AsyncIterator[Wire]:
    address = urlsplit(await server.up())
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    held = Wire(reader, writer)
    try:
        yield held
    finally:
        held.close()


# -- bodies and heads --


async def test_a_body_that_is_too_large_is_refused_and_the_line_goes_on(server: Server) -> None:
    async with wire(server) as held:
        await held.say(HEAD, b"Content-Length: %d\r\n\r\n" % (2 * MEBIBYTE), b"x" * (2 * MEBIBYTE))
        assert (await held.hear()).status == 413
        await held.say(PROBE)
        assert (await held.hear()).status == 200


async def test_so_is_one_that_does_not_say_how_large_it_is(server: Server) -> None:
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    async with wire(server) as held:
        await held.say(HEAD, b"Transfer-Encoding: chunked\r\n\r\n", *[chunk] * 20, b"0\r\n\r\n")
        assert (await held.hear()).status == 413
        await held.say(PROBE)
        assert (await held.hear()).status == 200


async def test_whoever_asks_first_is_told_before_sending(server: Server) -> None:
    async with wire(server) as held:
        await held.say(HEAD, b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % (2 * MEBIBYTE))
        told = await held.hear()
        assert (told.status, told.headers["connection"]) == (413, "close")
        assert await held.is_over()


async def test_what_is_far_too_large_is_not_read_to_its_end(server: Server) -> None:
    async with wire(server) as held:
        await held.say(HEAD, b"Content-Length: %d\r\n\r\n" % (1024 * MEBIBYTE))
        taken = await held.fill(most=64)
    assert 16 <= taken < 64
    async with wire(server) as again:
        await again.say(PROBE)
        assert (await again.hear()).status == 200


async def test_a_head_without_end_is_refused(server: Server) -> None:
    async with wire(server) as held:
        await held.say(HEAD, *[b"X-More: " + b"x" * 1000 + b"\r\n"] * (LONGEST_HEAD // 1000))
        assert (await held.hear()).status == 431
        assert await held.is_over()


@pytest.mark.parametrize(
    "said",
    [
        b"HELLO\r\n\r\n",
        b"GET /v1/voice/calls\xff HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n12345",
        HEAD + b"Content-Length: -1\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
async def test_what_is_no_http_is_refused(server: Server, said: bytes) -> None:
    async with wire(server) as held:
        await held.say(said)
        assert (await held.hear()).status == 400
        assert await held.is_over()


# -- by which name it is called --


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8080", "localhost", "api.localhost", "[::1]:8080"])
async def test_local_names_are_answered(server: Server, host: str) -> None:
    assert await _called(server, host) == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "2130706433", "192.168.1.5"]
)
async def test_a_page_of_another_name_cannot_use_the_development_key(server: Server, host: str) -> None:
    assert await _called(server, host) == 403


async def _called(server: Server, host: str) -> int:
    headers = {"Host": host, "X-API-Key": DEVELOPMENT_KEY}
    async with httpx.AsyncClient(base_url=await server.up(), headers=headers) as client:
        return (await client.get("/v1/voice/calls")).status_code


# -- where letters go --


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://169.254.169.254/latest/meta-data", "169.254.169.254 is a cloud metadata address"),
        ("http://[::ffff:169.254.169.254]/", "is a cloud metadata address"),
        ("http://169.254.7.7:8080/", "169.254.7.7 is a link local address"),
        ("http://[fe80::1]/", "fe80::1 is a link local address"),
        ("http://0.0.0.0:9000/", "use 127.0.0.1 for this machine"),
        ("http://224.0.0.1/", "is a multicast address"),
    ],
)
async def test_nothing_is_sent_to_forbidden_places(server: Server, url: str, reason: str) -> None:
    tenant = await new_tenant(await server.up())
    async with owner(server.url, tenant) as client:
        attempt = await _only_attempt(client, url)
    assert "response" not in attempt
    assert attempt["error"] == "forbidden_target"
    assert reason in attempt["message"]


async def test_a_redirect_is_not_followed(server: Server) -> None:
    tenant = await new_tenant(await server.up())
    async with receiving(lambda _body, _before: Fate(Answer.MOVED)) as customer:
        async with owner(server.url, tenant) as client:
            attempt = await _only_attempt(client, customer.url)
        assert [each.path for each in customer.arrivals] == ["/callbacks", "/callbacks"]
    assert attempt["response"]["status"] == 307


async def _only_attempt(client: httpx.AsyncClient, url: str) -> Any:
    """Both events of a call that fails are tried once, and given up. The first one's attempt."""
    order = {"from": "+12025550100", "to": "+12025550150", "status_callback": url}
    assert (await client.post("/v1/voice/calls", json=order)).status_code == 201
    advanced = await client.post("/v1/simulator/clock/advance", json={"until": "idle"})
    assert advanced.status_code == 200
    listed = (await client.get("/v1/simulator/deliveries")).json()["deliveries"]
    assert [each["state"] for each in listed] == ["failed", "failed"]
    shown = (await client.get(f"/v1/simulator/deliveries/{listed[-1]['id']}")).json()
    (attempt,) = shown["attempts"]
    return attempt
