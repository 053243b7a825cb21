"""How a letter travels: what is sent, what is kept of the answer, and on which connection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from standardwebhooks import Webhook

from telefonie.engine.letters import Fault, Letter
from telefonie.webhooks import new_secret
from tests.webhooks.conftest import Hire
from tests.webhooks.peer import Directory, Heard, customer, drops, never, response, says

Write = Callable[..., Letter]
SECRET = new_secret(b"s" * 32)
OLD_SECRET = new_secret(b"o" * 32)


async def test_a_letter_arrives_as_json_and_the_answer_is_kept(hire: Hire, letter: Write) -> None:
    answer = response("201 Created", b"thanks", Content_Type="text/plain", X_Trace="7")
    async with customer(says(answer)) as peer:
        receipt = await hire(wall=lambda: 1700000000.25).send(letter(peer.url("/cb?x=1")))
    (heard,) = peer.heard
    assert heard.line == "POST /cb?x=1 HTTP/1.1"
    assert heard.body == b'{"event":"call.ringing"}'
    assert heard.headers["Content-Type"] == "application/json"
    assert heard.headers["User-Agent"] == "Telefonie/1.2.3"
    assert "webhook-id" not in heard.headers
    assert (receipt.status, receipt.error, receipt.message) == (201, "", "")
    assert (receipt.body, receipt.body_cut) == ("thanks", False)
    assert ("X-Trace", "7") in receipt.response_headers
    assert receipt.sent_at == 1700000000.25
    assert 0 < receipt.took_ms < 2000


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("userinfo", ["", "aladdin:opensesame@"])
@pytest.mark.parametrize("own", [(), (("X-Own", "1"), ("Accept", "text/xml"), ("X-Api-Key", "k"))])
async def test_the_receipt_names_every_header_that_was_sent(
    hire: Hire, letter: Write, method: str, userinfo: str, own: tuple[tuple[str, str], ...]
) -> None:
    async with customer(says(response())) as peer:
        url = peer.url(host=f"{userinfo}127.0.0.1")
        body = "" if method == "GET" else "{}"
        receipt = await hire().send(letter(url, body, method=method, secrets=(SECRET,), headers=own))
    masked = {"Authorization": "Basic ***", "X-Api-Key": "***"}
    sent = {name: masked.get(name, value) for name, value in peer.heard[0].headers.items()}
    assert dict(receipt.request_headers) == sent
    assert len(receipt.request_headers) == len(sent)
    assert (sent.get("Authorization") is not None) == bool(userinfo)


async def test_the_signature_verifies_with_every_valid_secret(hire: Hire, letter: Write) -> None:
    body = '{"name":"Zoë"}'
    async with customer(says(response())) as peer:
        await hire().send(letter(peer.url(), body, secrets=(SECRET, OLD_SECRET)))
    (heard,) = peer.heard
    for secret in (SECRET, OLD_SECRET):
        assert Webhook(secret).verify(heard.body, heard.headers) == {"name": "Zoë"}


async def test_each_attempt_keeps_the_id_and_is_signed_for_its_own_moment(hire: Hire, letter: Write) -> None:
    moments = iter([1700000000.9, 1700000005.1])
    async with customer(says(response("503 Later"))) as peer:
        postman = hire(wall=lambda: next(moments))
        same = letter(peer.url(), secrets=(SECRET,))
        await postman.send(same)
        await postman.send(same)
    assert [each.headers["webhook-id"] for each in peer.heard] == ["evt-1", "evt-1"]
    assert [each.headers["webhook-timestamp"] for each in peer.heard] == ["1700000000", "1700000005"]
    assert len({each.headers["webhook-signature"] for each in peer.heard}) == 2


async def test_a_get_has_no_body(hire: Hire, letter: Write) -> None:
    async with customer(says(response(body=b"<Response/>"))) as peer:
        receipt = await hire().send(letter(peer.url("/voice?call_id=c1"), "", method="GET"))
    (heard,) = peer.heard
    assert heard.line == "GET /voice?call_id=c1 HTTP/1.1"
    assert not {"Content-Type", "Content-Length", "Transfer-Encoding"} & set(heard.headers)
    assert receipt.body == "<Response/>"


async def test_user_and_password_in_the_url_are_sent_as_basic_and_shown_nowhere(
    hire: Hire, letter: Write
) -> None:
    async with customer(says(response("401 No", Location="http://aladdin:opensesame@x/"))) as peer:
        receipt = await hire().send(letter(peer.url(host="aladdin:opensesame@127.0.0.1")))
    assert peer.heard[0].headers["Authorization"] == "Basic YWxhZGRpbjpvcGVuc2VzYW1l"
    assert peer.heard[0].headers["Host"] == f"127.0.0.1:{peer.port}"
    assert "opensesame" not in repr(receipt)
    assert "YWxhZGRpbjpvcGVuc2VzYW1l" not in repr(receipt)


async def test_a_letter_that_brings_proof_of_its_own_shows_no_other(hire: Hire, letter: Write) -> None:
    async with customer(says(response())) as peer:
        url = peer.url(host="aladdin:opensesame@127.0.0.1")
        receipt = await hire().send(letter(url, headers=(("Authorization", "Bearer abc.def.ghi"),)))
    assert peer.heard[0].headers["Authorization"] == "Bearer abc.def.ghi"
    assert ("Authorization", "Bearer ***") in receipt.request_headers
    assert "abc.def.ghi" not in repr(receipt)


async def test_an_international_name_is_asked_for_in_its_ascii_form(hire: Hire, letter: Write) -> None:
    directory = Directory(["127.0.0.1"])
    async with customer(says(response())) as peer:
        receipt = await hire(names=directory).send(letter(peer.url(host="bücher.example")))
    assert receipt.status == 200
    assert directory.asked == ["xn--bcher-kva.example"]
    assert peer.heard[0].headers["Host"] == f"xn--bcher-kva.example:{peer.port}"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_not_followed(hire: Hire, letter: Write, status: int) -> None:
    async with customer(says(response(f"{status} Elsewhere", Location="/other"))) as peer:
        receipt = await hire().send(letter(peer.url()))
    assert receipt.status == status
    assert len(peer.heard) == 1


async def test_cookies_are_not_kept(hire: Hire, letter: Write) -> None:
    async with customer(says(response(Set_Cookie="sid=1; Path=/"))) as peer:
        postman = hire()
        receipts = [await postman.send(letter(peer.url())) for _ in range(2)]
    assert "Cookie" not in peer.heard[1].headers
    assert ("Set-Cookie", "***") in receipts[0].response_headers


async def test_proxies_of_the_environment_are_not_used(
    hire: Hire, letter: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with customer(says(response("500 I am the proxy"))) as proxy, customer(says(response())) as peer:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url(""))
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        receipt = await hire().send(letter(peer.url()))
    assert receipt.status == 200
    assert proxy.connections == 0


async def test_a_connection_serves_many_letters(hire: Hire, letter: Write) -> None:
    async with customer(says(response(body=b"ok"))) as peer:
        postman = hire()
        for _ in range(5):
            assert (await postman.send(letter(peer.url()))).status == 200
    assert peer.connections == 1


async def test_an_idle_connection_is_given_up_after_a_while(hire: Hire, letter: Write) -> None:
    async with customer(says(response())) as peer:
        postman = hire(idle_seconds=0)
        for _ in range(2):
            await postman.send(letter(peer.url()))
    assert peer.connections == 2


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_letter_is_not_lost_to_a_connection_that_had_gone_stale(
    hire: Hire, letter: Write, method: str
) -> None:
    """The peer closes an idle connection just as it is used again: that costs no attempt."""

    async def once_each(heard: Heard, out: asyncio.StreamWriter) -> bool:
        if len([each for each in peer.heard if each.connection == heard.connection]) > 1:
            return False
        return await says(response())(heard, out)

    async with customer(once_each) as peer:
        postman = hire()
        receipts = [await postman.send(letter(peer.url(), method=method)) for _ in range(2)]
    assert [each.status for each in receipts] == [200, 200]
    assert [each.connection for each in peer.heard] == [1, 1, 2]


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_letter_dropped_on_a_fresh_connection_is_one_attempt_and_one_request(
    hire: Hire, letter: Write, method: str
) -> None:
    async with customer(drops) as peer:
        receipt = await hire().send(letter(peer.url(), method=method))
    assert (receipt.status, receipt.error) == (None, Fault.CONNECT)
    assert "closed the connection" in receipt.message
    assert len(peer.heard) == 1


async def test_no_more_letters_are_under_way_than_there_are_connections(hire: Hire, letter: Write) -> None:
    under_way = most = 0

    async def slow(heard: Heard, out: asyncio.StreamWriter) -> bool:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        loop = asyncio.get_running_loop()
        thought: asyncio.Future[None] = loop.create_future()
        loop.call_later(0.1, thought.set_result, None)
        await thought
        under_way -= 1
        return await says(response())(heard, out)

    async with customer(slow) as peer:
        # Twelve letters by twos take 0.6 s: the last ones wait longer than a letter may take.
        postman = hire(connections=2, total_timeout=0.5)
        receipts = await asyncio.gather(*(postman.send(letter(peer.url())) for _ in range(12)))
    assert [each.status for each in receipts] == [200] * 12
    assert most == 2


async def test_a_postman_can_be_called_back(hire: Hire, letter: Write) -> None:
    async with customer(never) as peer:
        postman = hire()
        task = asyncio.create_task(postman.send(letter(peer.url())))
        asyncio.get_running_loop().call_later(0.05, task.cancel)
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_closing_twice_or_unused_is_no_fault_and_afterwards_nothing_is_carried(
    hire: Hire, letter: Write
) -> None:
    postman = hire()
    await postman.close()
    await postman.close()
    with pytest.raises(RuntimeError, match="closed"):
        await postman.send(letter("http://127.0.0.1:9/"))


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"method": "PUT"}, "GET or POST"),
        ({"method": "GET / HTTP/1.1\r\nX: 1"}, "GET or POST"),
        ({"headers": (("X-A", "1\r\nX-Evil: 1"),)}, "X-A holds a control character"),
        ({"headers": (("X-A", "1\n2"),)}, "X-A holds a control character"),
        ({"headers": (("X-A", "1\x00"),)}, "X-A holds a control character"),
        ({"headers": (("X-A\r\nX-Evil", "1"),)}, "cannot be set as a header"),
        ({"headers": (("X A", "1"),)}, "cannot be set as a header"),
        ({"headers": (("", "1"),)}, "cannot be set as a header"),
        ({"headers": (("Host", "evil"),)}, "'Host' cannot be set"),
        ({"headers": (("transfer-encoding", "chunked"),)}, "'transfer-encoding' cannot be set"),
        ({"headers": (("Content-Length", "0"),)}, "'Content-Length' cannot be set"),
        ({"headers": (("Webhook-Id", "other"),)}, "'Webhook-Id' cannot be set"),
        ({"id": "evt\r\nX-Evil: 1", "secrets": (SECRET,)}, "the id of the letter"),
        ({"secrets": ("whsec_###",)}, "whsec_ followed by base64"),
        ({"body": "\ud800"}, "half a character"),
    ],
)
async def test_a_letter_that_cannot_be_put_on_the_wire_is_told_and_not_sent(
    hire: Hire, letter: Write, fields: dict[str, object], complaint: str
) -> None:
    async with customer(says(response())) as peer:
        receipt = await hire().send(letter(peer.url(), **fields))
    assert (receipt.status, receipt.error) == (None, Fault.BAD_REQUEST)
    assert complaint in receipt.message
    assert peer.connections == 0


@pytest.mark.parametrize("url", ["http://h/\r\nX-Evil: 1", "ftp://h/", "http://0x7f.1/", "nonsense"])
async def test_a_letter_to_a_bad_url_is_told_and_not_sent(hire: Hire, letter: Write, url: str) -> None:
    receipt = await hire(names=Directory([])).send(letter(url))
    assert (receipt.status, receipt.error) == (None, Fault.BAD_URL)
    assert "URL" in receipt.message
