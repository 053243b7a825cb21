"""Whatever a customer's server does, the receipt tells it, and soon."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from telefonie.engine.letters import Fault, Letter, Receipt
from tests.webhooks.conftest import Hire
from tests.webhooks.peer import Directory, Heard, Talk, customer, never, response, says

Write = Callable[..., Letter]
LIMIT: Final = 16 * 1024
PEM: Final = Path(__file__).parent / "localhost.pem"


async def _answer(hire: Hire, letter: Write, talk: Talk, **terms: object) -> Receipt:
    async with customer(talk) as peer:
        return await hire(**terms).send(letter(peer.url()))


# --- bodies


@pytest.mark.parametrize(("size", "cut"), [(0, False), (LIMIT - 1, False), (LIMIT, False), (LIMIT + 1, True)])
async def test_16_kib_of_an_answer_are_kept(hire: Hire, letter: Write, size: int, *, cut: bool) -> None:
    receipt = await _answer(hire, letter, says(response(body=b"x" * size)))
    assert (receipt.status, receipt.error) == (200, "")
    assert receipt.body == "x" * min(size, LIMIT)
    assert receipt.body_cut is cut


async def test_a_huge_answer_is_cut_and_its_connection_not_used_again(hire: Hire, letter: Write) -> None:
    async with customer(says(response(body=b"x" * 5_000_000))) as peer:
        postman = hire()
        receipts = [await postman.send(letter(peer.url())) for _ in range(2)]
    assert [(each.status, len(each.body), each.body_cut) for each in receipts] == [(200, LIMIT, True)] * 2
    assert peer.connections == 2


async def test_an_endless_answer_is_cut_at_once(hire: Hire, letter: Write) -> None:
    async def endless(_heard: Heard, out: asyncio.StreamWriter) -> bool:
        out.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            out.write(b"400\r\n" + b"y" * 1024 + b"\r\n")
            await out.drain()

    receipt = await _answer(hire, letter, endless)
    assert (receipt.status, receipt.error, receipt.body_cut) == (200, "", True)
    assert receipt.body == "y" * LIMIT
    assert receipt.took_ms < 1000


async def test_an_answer_that_drips_is_cut_by_the_total_time(hire: Hire, letter: Write) -> None:
    async def drip(_heard: Heard, out: asyncio.StreamWriter) -> bool:
        out.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")
        loop = asyncio.get_running_loop()

        def drop() -> None:
            if not out.is_closing():
                out.write(b".")
                loop.call_later(0.02, drop)

        drop()
        return await never(_heard, out)

    receipt = await _answer(hire, letter, drip, total_timeout=0.2)
    assert (receipt.status, receipt.error) == (200, Fault.TIMEOUT)
    assert receipt.message == f"no complete answer from {_host(receipt)} within 0.2 s"
    assert 1 < len(receipt.body) < 20
    assert receipt.body_cut
    assert 190 < receipt.took_ms < 1000


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "deflate", "GZIP"])
async def test_a_packed_answer_is_unpacked(hire: Hire, letter: Write, coding: str) -> None:
    pack = zlib.compress if coding == "deflate" else gzip.compress
    receipt = await _answer(hire, letter, says(response(body=pack(b"<Response/>"), Content_Encoding=coding)))
    assert (receipt.body, receipt.body_cut) == ("<Response/>", False)


async def test_packed_answers_are_not_asked_for(hire: Hire, letter: Write) -> None:
    async with customer(says(response())) as peer:
        await hire().send(letter(peer.url()))
    assert peer.heard[0].headers["Accept-Encoding"] == "identity"


async def test_a_packed_bomb_does_not_swell(hire: Hire, letter: Write) -> None:
    """10 KB that would be 10 MB."""
    bomb = gzip.compress(b"0" * 10_000_000)
    assert len(bomb) < LIMIT
    receipt = await _answer(hire, letter, says(response(body=bomb, Content_Encoding="gzip")))
    assert (receipt.status, receipt.error) == (200, "")
    assert (receipt.body, receipt.body_cut) == ("0" * LIMIT, True)


async def test_a_packed_answer_that_is_cut_or_broken_is_shown_as_far_as_it_goes(
    hire: Hire, letter: Write
) -> None:
    cut = gzip.compress(b"<Response/>")[:-8]
    receipt = await _answer(hire, letter, says(response(body=cut, Content_Encoding="gzip")))
    assert (receipt.body, receipt.body_cut) == ("<Response/>", True)
    broken = await _answer(hire, letter, says(response(body=b"plain after all", Content_Encoding="gzip")))
    assert (broken.body, broken.body_cut) == ("plain after all", False)


@pytest.mark.parametrize(
    ("content_type", "raw", "text"),
    [
        ("text/plain", "Zoë".encode(), "Zoë"),
        ("text/plain; charset=ISO-8859-1", "Zoë".encode("latin-1"), "Zoë"),
        ('text/xml; charset="windows-1252"', "€".encode("cp1252"), "€"),
        ("text/plain; charset=utf-16", "Zoë".encode("utf-16"), "Zoë"),
        ("text/plain; charset=utf-8", b"a\xffb", "a\ufffdb"),
        ("text/plain; charset=iso-8859-12", b"ok", "ok"),  # there never was a part 12
        ("text/plain; charset=rot13", b"ok", "ok"),
        ("text/plain; charset=idna", b"ok", "ok"),
        ("application/octet-stream", b"a\x00b", "a\ufffdb"),
    ],
)
async def test_the_answer_is_kept_as_text_that_any_store_takes(
    hire: Hire, letter: Write, content_type: str, raw: bytes, text: str
) -> None:
    receipt = await _answer(hire, letter, says(response(body=raw, Content_Type=content_type)))
    assert receipt.body == text


async def test_an_answer_without_a_body_is_complete(hire: Hire, letter: Write) -> None:
    receipt = await _answer(hire, letter, says(b"HTTP/1.1 204 No Content\r\n\r\n"))
    assert (receipt.status, receipt.error, receipt.body, receipt.body_cut) == (204, "", "", False)


async def test_an_answer_may_end_with_the_connection(hire: Hire, letter: Write) -> None:
    receipt = await _answer(hire, letter, says(b"HTTP/1.0 200 OK\r\n\r\nall of it", stay=False))
    assert (receipt.status, receipt.error, receipt.body, receipt.body_cut) == (200, "", "all of it", False)


async def test_headers_that_are_not_utf8_are_kept_as_text(hire: Hire, letter: Write) -> None:
    answer = b"HTTP/1.1 200 OK\r\nX-Name: Zo\xeb\r\nContent-Length: 0\r\n\r\n"
    receipt = await _answer(hire, letter, says(answer))
    assert ("X-Name", "Zo\ufffd") in receipt.response_headers


# --- no complete answer


def _host(receipt: Receipt) -> str:
    return dict(receipt.request_headers)["Host"]


async def test_nobody_listens(hire: Hire, letter: Write) -> None:
    with socket.socket() as taken:  # bound, but it does not listen
        taken.bind(("127.0.0.1", 0))
        receipt = await hire().send(letter(f"http://127.0.0.1:{taken.getsockname()[1]}/"))
    assert (receipt.status, receipt.error) == (None, Fault.CONNECT)
    assert receipt.message == f"no connection to {_host(receipt)}: Connection refused"
    assert dict(receipt.request_headers)["User-Agent"] == "Telefonie/1.2.3"


async def test_nobody_answers(hire: Hire, letter: Write) -> None:
    receipt = await _answer(hire, letter, never, total_timeout=0.05)
    assert (receipt.status, receipt.error) == (None, Fault.TIMEOUT)
    assert receipt.message == f"no complete answer from {_host(receipt)} within 0.05 s"


async def test_no_connection_in_time(hire: Hire, letter: Write) -> None:
    async def silent() -> None:
        await asyncio.Event().wait()

    receipt = await hire(names=Directory([], first=silent), connect_timeout=0.05).send(
        letter("http://customer.test/")
    )
    assert (receipt.status, receipt.error) == (None, Fault.TIMEOUT)
    assert receipt.message == "no connection to customer.test within 0.05 s"


async def test_a_name_that_nobody_knows(hire: Hire, letter: Write) -> None:
    async def unknown() -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    receipt = await hire(names=Directory([], first=unknown)).send(letter("http://nobody.test/"))
    assert (receipt.status, receipt.error) == (None, Fault.DNS)
    assert receipt.message == "the name nobody.test could not be resolved: Name or service not known"


async def test_a_name_without_addresses(hire: Hire, letter: Write) -> None:
    receipt = await hire(names=Directory([])).send(letter("http://nobody.test/"))
    assert (receipt.status, receipt.error) == (None, Fault.DNS)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", None),
        (b"HTTP/1.1 abc\r\n\r\n", None),
        (b"HTTP/1.1 200 OK\r\nbroken header\r\n\r\n", None),
        (b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 100_000 + b"\r\n\r\n", None),
        (b"HTTP/1.1 200 OK\r\n" + b"X-Many: 1\r\n" * 10_000 + b"\r\n", None),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", 200),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n", 200),
    ],
)
async def test_broken_http(hire: Hire, letter: Write, answer: bytes, status: int | None) -> None:
    receipt = await _answer(hire, letter, says(answer, stay=False))
    assert receipt.error == Fault.PROTOCOL
    assert receipt.status in (None, status)
    assert _host(receipt) in receipt.message
    assert len(receipt.message) < 400
    assert "\n" not in receipt.message


async def test_what_came_before_the_answer_broke_off_is_kept(hire: Hire, letter: Write) -> None:
    receipt = await _answer(
        hire, letter, says(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", stay=False)
    )
    assert (receipt.status, receipt.error, receipt.body, receipt.body_cut) == (
        200,
        Fault.PROTOCOL,
        "half",
        True,
    )


# --- TLS


def _server_tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)
    return context


async def test_a_trusted_certificate_is_accepted(hire: Hire, letter: Write) -> None:
    trusting = ssl.create_default_context(cafile=str(PEM))
    async with customer(says(response()), tls=_server_tls()) as peer:
        receipt = await hire(tls=trusting, names=Directory(["127.0.0.1"])).send(
            letter(peer.url(host="customer.test", scheme="https"))
        )
    assert (receipt.status, receipt.error) == (200, "")


async def test_an_unknown_certificate_is_refused(hire: Hire, letter: Write) -> None:
    async with customer(says(response()), tls=_server_tls()) as peer:
        receipt = await hire().send(letter(peer.url(scheme="https")))
    assert (receipt.status, receipt.error) == (None, Fault.TLS)
    assert "is not trusted: self" in receipt.message
    assert peer.heard == []


async def test_a_certificate_for_another_name_is_refused(hire: Hire, letter: Write) -> None:
    trusting = ssl.create_default_context(cafile=str(PEM))
    async with customer(says(response()), tls=_server_tls()) as peer:
        receipt = await hire(tls=trusting, names=Directory(["127.0.0.1"])).send(
            letter(peer.url(host="other.test", scheme="https"))
        )
    assert (receipt.status, receipt.error) == (None, Fault.TLS)
    assert "other.test" in receipt.message


async def test_https_to_a_server_without_tls(hire: Hire, letter: Write) -> None:
    async def puzzled(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(response("400 Bad Request"))
        writer.close()

    async with await asyncio.start_server(puzzled, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        receipt = await hire().send(letter(f"https://127.0.0.1:{port}/"))
    assert (receipt.status, receipt.error) == (None, Fault.TLS)
    assert receipt.message.startswith("no TLS connection to 127.0.0.1")
