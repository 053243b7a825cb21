"""A line is opened to where it may lead, by the rules; otherwise it is said why not."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest

from telefonie.engine.letters import Fault
from telefonie.engine.streaming import REAL, Unopened
from telefonie.reach import Guard, read_networks
from telefonie.reach.trust import trusting
from telefonie.streams import ProgramSockets
from tests.streams.conftest import Plug
from tests.streams.plain import Notes, Plain
from tests.streams.program import program
from tests.webhooks.peer import Directory, Talk, customer, never, response, says

CERTIFICATE = Path(__file__).parent.parent / "webhooks" / "localhost.pem"


async def why_not(sockets: ProgramSockets, url: str, codec: Plain | None = None) -> Unopened:
    with pytest.raises(Unopened) as caught:
        await sockets.open(codec or Plain(url), Notes(), REAL)
    return caught.value


async def test_the_opening_is_all_that_is_sent_at_first(sockets: ProgramSockets) -> None:
    async with program() as there:
        await sockets.open(Plain(there.url()), Notes(), REAL)
        await there.has_heard(1)
        assert there.heard == ['["hello"]']


async def test_the_handshake_carries_the_codecs_headers_and_offers_no_compression(
    sockets: ProgramSockets,
) -> None:
    async with program() as there:
        codec = Plain(there.url(), said_headers=(("Authorization", "Bearer  it is me"), ("X-More", "1")))
        await sockets.open(codec, Notes(), REAL)
        (said,) = there.request_headers
        assert said["Authorization"] == "Bearer  it is me"
        assert said["X-More"] == "1"
        assert said["User-Agent"] == "Telefonie/1.2.3"
        assert "Sec-WebSocket-Extensions" not in said


async def test_user_and_password_of_the_address_go_into_a_header(sockets: ProgramSockets) -> None:
    async with program() as there:
        await sockets.open(Plain(there.url(host="user:secret@127.0.0.1")), Notes(), REAL)
        assert there.request_headers[0]["Authorization"] == "Basic dXNlcjpzZWNyZXQ="


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1/", "ws:// or wss://"),
        ("ws://", "host"),
        ("ws://127.1/", "IPv4"),
        ("ws://a b/", "blank"),
        ("", "ws:// or wss://"),
    ],
)
async def test_an_address_that_is_none(sockets: ProgramSockets, url: str, reason: str) -> None:
    error = await why_not(sockets, url)
    assert (error.fault, error.refused) == (Fault.BAD_URL, False)
    assert reason in error.reason


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("127.0.0.1", "loopback"),
        ("[::ffff:127.0.0.1]", "stands for 127.0.0.1"),
        ("169.254.169.254", "metadata"),
        ("10.0.0.1", "private"),
        ("localhost", "leads inside"),
    ],
)
async def test_where_letters_may_not_go_lines_may_not_lead(plug: Plug, host: str, reason: str) -> None:
    async with program() as there:
        error = await why_not(plug(Guard()), there.url(host=host))
        assert (error.fault, error.refused) == (Fault.FORBIDDEN_TARGET, False)
        assert reason in error.reason
        assert there.request_headers == []


async def test_a_name_is_judged_by_the_address_that_is_connected_to(plug: Plug) -> None:
    only_this = Guard(allowed=read_networks("127.0.0.1"))
    async with program() as there:
        sockets = plug(only_this, names=Directory(["10.9.9.9", "127.0.0.1"]))
        await sockets.open(Plain(there.url(host="bot.test")), Notes(), REAL)
        sockets = plug(only_this, names=Directory(["127.0.0.2"]))
        assert (await why_not(sockets, there.url(host="bot.test"))).fault == Fault.FORBIDDEN_TARGET


async def test_nobody_listens(sockets: ProgramSockets) -> None:
    async with program() as there:
        url = there.url()
    error = await why_not(sockets, url)
    assert (error.fault, error.refused) == (Fault.CONNECT, False)
    assert error.reason == "no connection to 127.0.0.1: Connection refused"


async def test_a_name_that_nobody_has(plug: Plug) -> None:
    error = await why_not(plug(names=Directory([])), "ws://nowhere.test/")
    assert (error.fault, error.refused) == (Fault.DNS, False)


@pytest.mark.parametrize(("path", "status"), [("/closed", 403), ("/nothing", 404), ("/moved", 302)])
async def test_an_answer_that_is_no_connection_is_a_refusal(
    sockets: ProgramSockets, path: str, status: int
) -> None:
    """A redirect, too: a line stands where it was asked for or not at all."""
    async with program() as there:
        error = await why_not(sockets, there.url(path=path))
        assert (error.fault, error.refused, error.status) == (Fault.PROTOCOL, True, status)
        assert error.reason == f"127.0.0.1 answered {status} instead of opening a connection"
        assert there.request_headers == []


@pytest.mark.parametrize(
    ("talk", "fault", "refused"),
    [
        (
            says(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"),
            Fault.PROTOCOL,
            True,
        ),
        (says(response("101 Switching Protocols")), Fault.PROTOCOL, True),
        (says(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), Fault.PROTOCOL, False),
        (says(b"", stay=False), Fault.CONNECT, False),
    ],
)
async def test_something_else_than_a_program_listens(
    sockets: ProgramSockets, talk: Talk, fault: Fault, *, refused: bool
) -> None:
    async with customer(talk) as there:
        error = await why_not(sockets, there.url(scheme="ws"))
        assert (error.fault, error.refused) == (fault, refused)
        assert "127.0.0.1" in error.reason


async def test_a_program_that_does_not_answer_is_not_waited_for(plug: Plug) -> None:
    async with customer(never) as there:
        error = await why_not(plug(connect_seconds=0.05), there.url(scheme="ws"))
        assert (error.fault, error.refused) == (Fault.TIMEOUT, False)
        assert error.reason == "no connection to 127.0.0.1 within 0.05 s"


async def test_whoever_gives_up_while_it_is_opened_leaves_nothing_behind(plug: Plug) -> None:
    async with customer(never) as there:
        sockets = plug()
        opening = asyncio.create_task(sockets.open(Plain(there.url(scheme="ws")), Notes(), REAL))
        while not there.heard:
            await asyncio.wait([opening], timeout=0.001)
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        assert sockets.count == 0


async def test_a_header_that_cannot_be_sent(sockets: ProgramSockets) -> None:
    async with program() as there:
        codec = Plain(there.url(), said_headers=(("Authorization", "two\r\nlines"),))
        error = await why_not(sockets, there.url(), codec)
        assert (error.fault, error.refused) == (Fault.BAD_REQUEST, False)
        assert "lines" not in error.reason


async def test_a_server_that_stops_opens_no_more(plug: Plug) -> None:
    sockets = plug()
    async with program() as there:
        await sockets.close()
        assert (await why_not(sockets, there.url())).reason == "the server is about to stop"
        assert there.request_headers == []


# --- TLS


@pytest.fixture(scope="module")
def papers() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


async def test_whose_certificate_nobody_vouches_for_is_not_talked_to(
    sockets: ProgramSockets, papers: ssl.SSLContext
) -> None:
    async with program(tls=papers) as there:
        error = await why_not(sockets, there.url(host="localhost"))
        assert (error.fault, error.refused) == (Fault.TLS, False)
        assert "not trusted" in error.reason
        assert there.request_headers == []


async def test_whoever_the_operator_vouches_for_is(plug: Plug, papers: ssl.SSLContext) -> None:
    async with program(tls=papers) as there:
        sockets = plug(tls=trusting(CERTIFICATE))
        await sockets.open(Plain(there.url(host="localhost")), Notes(), REAL)
        await there.has_heard(1)
        assert there.heard == ['["hello"]']
