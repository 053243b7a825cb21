"""What every request passes first: its id, the limit on its body, the last net."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from telefonie.web.envelope import OURS, envelope
from telefonie.web.gate import DRAINED, LIMIT, Gate

CHUNK = b" " * 65_536


def of_size(size: int) -> bytes:
    """A good body of so many bytes."""
    text = '{"to":"+31201234567"'
    return (text + " " * (size - len(text) - 1) + "}").encode()


async def in_pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 65_536):
        yield content[start : start + 65_536]


@pytest.mark.parametrize("given", ["abc-123", "a" * 128, "A.b_c-9"])
async def test_a_sane_request_id_is_kept(things: httpx.AsyncClient, given: str) -> None:
    answer = await things.get("/nowhere", headers={"X-Request-Id": given})
    assert answer.headers["x-request-id"] == answer.json()["request_id"] == given


@pytest.mark.parametrize("given", [None, "", "a" * 129, "a b", "<script>", b"\xff"])
async def test_any_other_request_gets_an_id_of_ours(
    things: httpx.AsyncClient, given: str | bytes | None
) -> None:
    headers: Any = {} if given is None else {"X-Request-Id": given}
    one, other = [(await things.get("/nowhere", headers=headers)).headers["x-request-id"] for _ in range(2)]
    assert one.isascii()
    assert 13 < len(one) < 40
    assert one != other


async def test_good_answers_carry_the_id_too(things: httpx.AsyncClient) -> None:
    answer = await things.get("/things", headers={"X-Request-Id": "mine"})
    assert answer.headers.get_list("x-request-id") == ["mine"]


async def test_a_body_up_to_the_limit_is_taken_whole_or_in_pieces(things: httpx.AsyncClient) -> None:
    for content in (of_size(LIMIT), in_pieces(of_size(LIMIT))):
        assert (await things.post("/things", content=content)).status_code == 201


async def test_a_body_over_the_limit_is_refused_in_the_faces_words(things: httpx.AsyncClient) -> None:
    for content in (of_size(LIMIT + 1), in_pieces(of_size(LIMIT + 1))):
        answer = await things.post("/things", content=content)
        assert (answer.status_code, answer.json()["code"]) == (413, 20413)
        assert str(LIMIT) in answer.json()["message"]
        assert "connection" not in answer.headers


class Customer:
    """A client that is watched: how much of its body was taken before it was answered."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = list(pieces)
        self.taken = 0
        self.sent: list[Message] = []

    async def receive(self) -> Message:
        if not self.pieces:
            return {"type": "http.disconnect"}
        piece = self.pieces.pop(0)
        self.taken += len(piece)
        return {"type": "http.request", "body": piece, "more_body": bool(self.pieces)}

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    async def ask(self, app: Any, *headers: tuple[bytes, bytes]) -> None:
        scope: Scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": "/things",
            "raw_path": b"/things",
            "root_path": "",
            "query_string": b"",
            "headers": list(headers),
        }
        await app(scope, self.receive, self.send)

    @property
    def status(self) -> int:
        status: int = self.sent[0]["status"]
        return status

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.sent[0]["headers"])


async def test_what_is_too_large_is_read_to_its_end_and_dropped(face: Any) -> None:
    customer = Customer(*[CHUNK] * 64)
    await customer.ask(Gate(face, envelope(OURS)), (b"transfer-encoding", b"chunked"))
    assert customer.status == 413
    assert customer.taken == 64 * len(CHUNK)
    assert b"connection" not in customer.headers


async def test_what_does_not_end_is_left_and_the_connection_closed(face: Any) -> None:
    customer = Customer(*[CHUNK] * 1_000)
    await customer.ask(Gate(face, envelope(OURS)), (b"transfer-encoding", b"chunked"))
    assert customer.status == 413
    assert DRAINED <= customer.taken <= DRAINED + len(CHUNK)
    assert customer.headers[b"connection"] == b"close"


async def test_who_asks_before_sending_too_much_is_told_not_to(face: Any) -> None:
    customer = Customer(CHUNK)
    announced = ((b"content-length", b"99999999"), (b"expect", b"100-continue"))
    await customer.ask(Gate(face, envelope(OURS)), *announced)
    assert (customer.status, customer.taken) == (413, 0)
    assert customer.headers[b"connection"] == b"close"


async def test_a_client_that_goes_away_while_sending_is_not_answered(face: Any) -> None:
    customer = Customer()
    await customer.ask(Gate(face, envelope(OURS)), (b"content-length", b"10"))
    assert customer.sent == []


async def test_where_no_face_serves_a_mistake_is_answered_in_the_plain_envelope() -> None:
    async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise LookupError

    customer = Customer()
    await customer.ask(Gate(broken, envelope(OURS)))
    assert customer.status == 500
    assert b"internal_error" in customer.sent[1]["body"]


async def test_what_is_no_http_request_passes_untouched() -> None:
    seen: list[str] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    customer = Customer()
    await Gate(app, envelope(OURS))({"type": "lifespan"}, customer.receive, customer.send)
    assert seen == ["lifespan"]
