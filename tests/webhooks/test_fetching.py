"""What is wanted is fetched whole, from wherever it has moved to, and nobody else learns a secret by it."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import wave
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from standardwebhooks import Webhook

from telefonie.engine.letters import Fault, Letter, Receipt, Unplayable, Want
from telefonie.engine.sounds import Sounds
from telefonie.media import SoundMeasurer
from telefonie.media.folder import Folder
from telefonie.reach import Guard, read_networks
from telefonie.webhooks import new_secret
from tests.webhooks.conftest import Hire
from tests.webhooks.peer import Directory, Heard, Talk, customer, never, response, says

Write = Callable[..., Letter]
SECRET: Final = new_secret(b"s" * 32)
LIMIT: Final = 64 * 1024
MOST_SOUND: Final = 16 * 1024 * 1024
SHOWN: Final = 16 * 1024
DOCUMENT: Final = b"<Response><Hangup/></Response>"
FOUND: Final = response(body=DOCUMENT, Content_Type="text/xml")


def moved(status: int, location: str, body: bytes = b"") -> bytes:
    return response(f"{status} Elsewhere", body, Location=location)


def serves(pages: dict[str, bytes]) -> Talk:
    """A server that has these pages, and these only."""

    async def talk(heard: Heard, out: asyncio.StreamWriter) -> bool:
        return await says(pages.get(_path(heard), response("404 Not Found")))(heard, out)

    return talk


def _path(heard: Heard) -> str:
    return heard.line.split(" ")[1]


class Ear:
    """Measures sounds by looking at the file's size; "bad" in it is no sound."""

    def __init__(self) -> None:
        self.asked: list[tuple[bytes, str]] = []
        self.paths: list[Path] = []
        self.closed = False
        self.thinks: asyncio.Event | None = None

    async def length_ms(self, path: str, content_type: str) -> int:
        self.paths.append(Path(path))
        self.asked.append((self.paths[-1].read_bytes(), content_type))
        if self.thinks is not None:
            await self.thinks.wait()
        if b"bad" in self.asked[-1][0]:
            raise Unplayable("that is no sound")
        return len(self.asked[-1][0])

    async def close(self) -> None:
        self.closed = True


@pytest.fixture
def document(letter: Write) -> Write:
    """A letter that wants a document."""

    def document(url: str, body: str = '{"call":"c1"}', **fields: Any) -> Letter:
        return letter(url, body, **{"want": Want.DOCUMENT} | fields)

    return document


@pytest.fixture
def sound(letter: Write) -> Write:
    """A letter that wants a sound."""

    def sound(url: str) -> Letter:
        return letter(url, "", method="GET", want=Want.SOUND)

    return sound


# --- documents


async def test_a_document_is_had_whole(hire: Hire, document: Write) -> None:
    async with customer(serves({"/voice?x=1": FOUND})) as peer:
        receipt = await hire().send(document(peer.url("/voice?x=1")))
    (heard,) = peer.heard
    assert heard.body == b'{"call":"c1"}'
    assert heard.headers["Accept"] == (
        "application/xml, text/xml, application/json, text/html;q=0.8, text/plain;q=0.5, audio/*;q=0.5, */*;q=0.1"
    )
    assert (receipt.status, receipt.error, receipt.message) == (200, "", "")
    assert (receipt.raw, receipt.content_type) == (DOCUMENT, "text/xml")
    assert (receipt.url, receipt.redirects) == (peer.url("/voice?x=1"), 0)
    assert (receipt.body, receipt.body_cut) == (DOCUMENT.decode(), False)
    assert receipt.length_ms is None


async def test_an_ordinary_letter_brings_nothing_of_it(hire: Hire, letter: Write) -> None:
    async with customer(says(FOUND)) as peer:
        receipt = await hire().send(letter(peer.url()))
    assert peer.heard[0].headers["Accept"] == "*/*"
    assert (receipt.raw, receipt.content_type, receipt.url, receipt.redirects) == (b"", "", "", 0)


@pytest.mark.parametrize(
    ("size", "fault"),
    [(0, ""), (SHOWN + 1, ""), (LIMIT, ""), (LIMIT + 1, Fault.TOO_LARGE), (5_000_000, Fault.TOO_LARGE)],
)
@pytest.mark.parametrize("coding", ["", "gzip", "deflate"])
async def test_64_kib_are_a_document_and_one_byte_more_is_not(
    hire: Hire, document: Write, size: int, fault: str, coding: str
) -> None:
    packs: dict[str, Callable[[bytes], bytes]] = {"": bytes, "gzip": gzip.compress, "deflate": zlib.compress}
    pack = packs[coding]
    headers = {"Content_Encoding": coding} if coding else {}
    async with customer(says(response(body=pack(b"x" * size), **headers))) as peer:
        receipt = await hire().send(document(peer.url()))
    assert (receipt.status, receipt.error) == (200, fault)
    assert receipt.raw == (b"" if fault else b"x" * size)
    assert receipt.message == ("127.0.0.1 answered with more than 64 KiB" if fault else "")
    assert receipt.body == "x" * min(size, SHOWN)
    assert receipt.body_cut is (size > SHOWN)


async def test_an_endless_document_is_left_at_once(hire: Hire, document: Write) -> None:
    async def endless(_heard: Heard, out: asyncio.StreamWriter) -> bool:
        out.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            out.write(b"400\r\n" + b"y" * 1024 + b"\r\n")
            await out.drain()

    async with customer(endless) as peer:
        receipt = await hire().send(document(peer.url()))
    assert receipt.error == Fault.TOO_LARGE
    assert receipt.took_ms < 1000


async def test_a_packed_bomb_does_not_swell(hire: Hire, document: Write) -> None:
    bomb = gzip.compress(b"0" * 30_000_000)
    async with customer(says(response(body=bomb, Content_Encoding="gzip"))) as peer:
        receipt = await hire().send(document(peer.url()))
    assert (receipt.error, receipt.raw) == (Fault.TOO_LARGE, b"")


async def test_a_document_packed_in_several_parts_is_all_of_them(hire: Hire, document: Write) -> None:
    body = gzip.compress(b"<Response>") + gzip.compress(b"</Response>") + b"\0" * 20
    async with customer(says(response(body=body, Content_Encoding="gzip"))) as peer:
        receipt = await hire().send(document(peer.url()))
    assert (receipt.error, receipt.raw) == ("", b"<Response></Response>")


@pytest.mark.parametrize("body", [gzip.compress(DOCUMENT, mtime=0)[:-9], DOCUMENT])
async def test_a_document_that_is_not_packed_as_it_says_is_none(
    hire: Hire, document: Write, body: bytes
) -> None:
    async with customer(says(response(body=body, Content_Encoding="gzip"))) as peer:
        receipt = await hire().send(document(peer.url()))
    assert (receipt.status, receipt.error, receipt.raw) == (200, Fault.PROTOCOL, b"")
    assert "packed" in receipt.message


async def test_an_empty_document_may_claim_to_be_packed(hire: Hire, document: Write) -> None:
    async with customer(says(response(Content_Encoding="gzip"))) as peer:
        receipt = await hire().send(document(peer.url()))
    assert (receipt.status, receipt.error, receipt.raw) == (200, "", b"")


@pytest.mark.parametrize("content_type", ["text/xml; charset=utf-16", "application/octet-stream", ""])
async def test_bytes_are_left_as_they_are(hire: Hire, document: Write, content_type: str) -> None:
    raw = b"\xff\xfe<\x00" + bytes(range(256))
    headers = {"Content_Type": content_type} if content_type else {}
    async with customer(says(response(body=raw, **headers))) as peer:
        receipt = await hire().send(document(peer.url()))
    assert (receipt.raw, receipt.content_type) == (raw, content_type)


async def test_a_document_that_breaks_off_is_none(hire: Hire, document: Write) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"
    async with customer(says(answer, stay=False)) as peer:
        receipt = await hire().send(document(peer.url()))
    assert (receipt.status, receipt.error, receipt.raw) == (200, Fault.PROTOCOL, b"")
    assert (receipt.body, receipt.body_cut) == ("half", True)


@pytest.mark.parametrize(
    "status", ["404 Not Found", "500 Oops", "304 Not Modified", "300 Choose", "302 Nowhere"]
)
async def test_any_other_answer_is_told_and_its_beginning_shown(
    hire: Hire, document: Write, status: str
) -> None:
    """A redirect that does not say where to is one of them."""
    body = b"" if status.startswith("304") else b"z" * 100_000
    async with customer(says(response(status, body, Content_Type="text/html"))) as peer:
        receipt = await hire().send(document(peer.url()))
    assert (receipt.status, receipt.error, receipt.raw) == (int(status[:3]), "", b"")
    assert receipt.body == body[:SHOWN].decode()


async def test_a_sound_in_the_place_of_a_document_is_not_read(hire: Hire, document: Write) -> None:
    async with customer(says(response(body=b"s" * 1_000_000, Content_Type="Audio/MPEG"))) as peer:
        receipt = await hire().send(document(peer.url()))
    assert (receipt.status, receipt.error, receipt.raw) == (200, "", b"")
    assert (receipt.body, receipt.body_cut) == ("", True)
    assert receipt.content_type == "Audio/MPEG"
    assert receipt.url == peer.url()


# --- redirects


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize(
    ("status", "keeps"), [(301, False), (302, False), (303, False), (307, True), (308, True)]
)
async def test_redirects_are_followed_as_browsers_do(
    hire: Hire, document: Write, method: str, status: int, *, keeps: bool
) -> None:
    sent = "" if method == "GET" else "a=1"
    form = (("Content-Type", "application/x-www-form-urlencoded"),) if sent else ()
    async with customer(serves({"/old": moved(status, "/new?x=2"), "/new?x=2": FOUND})) as peer:
        receipt = await hire().send(document(peer.url("/old"), sent, method=method, headers=form))
    first, second = peer.heard
    assert first.line == f"{method} /old HTTP/1.1"
    kept = keeps or method == "GET"
    assert second.line == f"{method if kept else 'GET'} /new?x=2 HTTP/1.1"
    assert second.body == (sent.encode() if kept else b"")
    assert second.headers.get("Content-Type") == (dict(form).get("Content-Type") if kept else None)
    assert ("Content-Length" in second.headers) == (kept and method == "POST")
    assert (receipt.status, receipt.raw, receipt.redirects) == (200, DOCUMENT, 1)
    assert receipt.url == peer.url("/new?x=2")
    assert dict(receipt.request_headers) == second.headers


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("next", "/a/next"),
        ("../next", "/next"),
        ("?y=2", "/a/b?y=2"),
        ("/with blank", "/with%20blank"),
        ("  /around ", "/around"),
        ("/zo%C3%AB", "/zo%C3%AB"),
        ("/next#part", "/next"),
        ("/q?to=http://other/#x", "/q?to=http://other/"),
    ],
)
async def test_a_relative_place_is_found(hire: Hire, document: Write, location: str, path: str) -> None:
    async with customer(serves({"/a/b?x=1": moved(302, location), path: FOUND})) as peer:
        receipt = await hire().send(document(peer.url("/a/b?x=1#top")))
    assert [_path(each) for each in peer.heard] == ["/a/b?x=1", path]
    assert receipt.raw == DOCUMENT
    assert receipt.url == peer.url(path)


@pytest.mark.parametrize(("most", "fault"), [(10, ""), (11, Fault.REDIRECTS)])
async def test_ten_redirects_are_followed_and_no_more(
    hire: Hire, document: Write, most: int, fault: str
) -> None:
    pages = {f"/{number}": moved(302, f"/{number + 1}") for number in range(most)}
    async with customer(serves(pages | {f"/{most}": FOUND})) as peer:
        receipt = await hire().send(document(peer.url("/0")))
    assert len(peer.heard) == 11
    assert (receipt.error, receipt.redirects) == (fault, 10)
    assert receipt.raw == (b"" if fault else DOCUMENT)
    assert receipt.status == (302 if fault else 200)


async def test_a_loop_ends(hire: Hire, document: Write) -> None:
    async with customer(says(moved(307, "/callback"))) as peer:
        receipt = await hire().send(document(peer.url()))
    assert (receipt.error, receipt.message) == (Fault.REDIRECTS, "more than 10 redirects")
    assert len(peer.heard) == 11


@pytest.mark.parametrize(
    "location",
    [
        *("file:///etc/passwd", "javascript:alert(1)", "ftp://127.0.0.1/", "data:text/xml,x", "http://[::1"),
        *("http://127.1/", "http://a:99999/", "http://a b/", "/" + "x" * 8200),
    ],
)
async def test_a_place_that_cannot_be_asked_is_none(hire: Hire, document: Write, location: str) -> None:
    async with customer(serves({"/old": moved(302, location)})) as peer:
        receipt = await hire(names=Directory([])).send(document(peer.url("/old")))
    assert receipt.error in (Fault.REDIRECTS, Fault.PROTOCOL)
    assert (receipt.error == Fault.PROTOCOL) == (len(location) > 8000)
    assert len(peer.heard) == 1
    assert "127.0.0.1" in receipt.message


@pytest.mark.parametrize("url", ["file:///etc/passwd", "javascript:alert(1)", "ftp://h/x", "data:,x"])
async def test_what_is_no_web_address_is_not_asked(hire: Hire, document: Write, url: str) -> None:
    receipt = await hire().send(document(url))
    assert (receipt.status, receipt.error) == (None, Fault.BAD_URL)
    assert receipt.message == "the URL must begin with http:// or https://"
    assert (receipt.url, receipt.request_headers) == ("", ())


async def test_a_redirect_leads_nowhere_where_the_letter_may_not_go(hire: Hire, document: Write) -> None:
    only_this = Guard(allowed=read_networks("127.0.0.1"))
    async with customer(
        serves({"/a": moved(302, "http://127.0.0.2:1/"), "/b": moved(302, "http://in.test/")})
    ) as peer:
        postman = hire(only_this, names=Directory(["169.254.169.254"]))
        inside, metadata = [await postman.send(document(peer.url(path))) for path in ("/a", "/b")]
    assert (inside.status, inside.error, inside.redirects) == (None, Fault.FORBIDDEN_TARGET, 1)
    assert "loopback" in inside.message
    assert inside.url == "http://127.0.0.2:1/"
    assert (metadata.error, metadata.url) == (Fault.FORBIDDEN_TARGET, "http://in.test/")


async def test_at_home_each_request_is_signed_for_itself(hire: Hire, document: Write) -> None:
    own = (("X-Own", "1"),)
    async with customer(serves({"/old": moved(303, "/new"), "/new": FOUND})) as peer:
        url = peer.url("/old", host="aladdin:opensesame@127.0.0.1")
        receipt = await hire().send(document(url, secrets=(SECRET,), headers=own))
    assert len(peer.heard) == 2
    for heard in peer.heard:
        Webhook(SECRET).verify(heard.body, heard.headers, json_parse=False)
        assert heard.headers["Authorization"] == "Basic YWxhZGRpbjpvcGVuc2VzYW1l"
        assert heard.headers["X-Own"] == "1"
    assert receipt.url == peer.url("/new")
    assert "opensesame" not in repr(receipt)


@pytest.mark.parametrize("status", [302, 307])
async def test_strangers_get_neither_signature_nor_keys(hire: Hire, document: Write, status: int) -> None:
    """Nor does the customer's own server when it is a stranger who sends us back."""
    own = (("X-Api-Key", "k"), ("Cookie", "a=b"), ("X-Signature", "s"), ("Content-Type", "text/x"))
    pages: dict[str, bytes] = {"/back": FOUND}
    async with customer(serves(pages)) as home, customer(says(moved(status, home.url("/back")))) as stranger:
        pages["/old"] = moved(status, stranger.url("/there"))
        url = home.url("/old", host="aladdin:opensesame@127.0.0.1")
        receipt = await hire().send(document(url, secrets=(SECRET,), headers=own))
    assert receipt.raw == DOCUMENT
    first, last = home.heard
    assert {
        "webhook-signature",
        "Authorization",
        "X-Api-Key",
        "Cookie",
        "X-Signature",
    } <= first.headers.keys()
    known = {"Host", "User-Agent", "Accept", "Accept-Encoding", "Content-Length", "Content-Type"}
    for heard in (*stranger.heard, last):
        assert heard.headers.keys() <= known
        assert heard.body == (first.body if status == 307 else b"")
        assert heard.headers.get("Content-Type") == ("text/x" if status == 307 else None)


async def test_a_stranger_gets_the_password_that_is_in_his_own_address(hire: Hire, document: Write) -> None:
    async with customer(says(FOUND)) as stranger:
        theirs = stranger.url(host="u:p@127.0.0.1")
        async with customer(says(moved(302, theirs))) as peer:
            receipt = await hire().send(document(peer.url(host="aladdin:opensesame@127.0.0.1")))
    assert stranger.heard[0].headers["Authorization"] == "Basic dTpw"
    assert receipt.url == stranger.url()


async def test_cookies_are_not_kept_on_the_way(hire: Hire, document: Write) -> None:
    to = response("302 Elsewhere", Location="/new", Set_Cookie="sid=1; Path=/")
    async with customer(serves({"/old": to, "/new": FOUND})) as peer:
        await hire().send(document(peer.url("/old")))
    assert "Cookie" not in peer.heard[1].headers


async def test_a_way_at_home_is_gone_on_one_connection(hire: Hire, document: Write) -> None:
    async with customer(serves({"/old": moved(302, "/new"), "/new": FOUND})) as peer:
        await hire().send(document(peer.url("/old")))
    assert peer.connections == 1


async def test_the_body_of_a_redirect_is_not_waited_for(hire: Hire, document: Write) -> None:
    async def talk(heard: Heard, out: asyncio.StreamWriter) -> bool:
        if _path(heard) == "/new":
            return await says(FOUND)(heard, out)
        out.write(b"HTTP/1.1 302 Found\r\nLocation: /new\r\nContent-Length: 1000\r\n\r\nMoved")
        return await never(heard, out)

    async with customer(talk) as peer:
        receipt = await hire().send(document(peer.url("/old")))
    assert receipt.raw == DOCUMENT


async def test_all_of_the_way_shares_one_deadline(hire: Hire, document: Write) -> None:
    async def slow(heard: Heard, out: asyncio.StreamWriter) -> bool:
        loop = asyncio.get_running_loop()
        thought: asyncio.Future[None] = loop.create_future()
        loop.call_later(0.1, thought.set_result, None)
        await thought
        return await says(moved(302, "/callback"))(heard, out)

    async with customer(slow) as peer:
        receipt = await hire(total_timeout=0.35).send(document(peer.url()))
    assert (receipt.status, receipt.error) == (None, Fault.TIMEOUT)
    assert receipt.redirects in (2, 3)
    assert 340 < receipt.took_ms < 1000


async def test_a_connection_that_had_gone_stale_costs_nothing(hire: Hire, document: Write) -> None:
    async def once_each(heard: Heard, out: asyncio.StreamWriter) -> bool:
        if len([each for each in peer.heard if each.connection == heard.connection]) > 1:
            return False
        return await serves({"/old": moved(302, "/new"), "/new": FOUND})(heard, out)

    async with customer(once_each) as peer:
        receipt = await hire().send(document(peer.url("/old")))
    assert receipt.raw == DOCUMENT
    assert [each.connection for each in peer.heard] == [1, 1, 2]


# --- sounds


async def _play(hire: Hire, sound: Write, answer: bytes, ear: Ear, **terms: Any) -> Receipt:
    async with customer(serves({"/old": moved(302, "/beep.mp3"), "/beep.mp3": answer})) as peer:
        receipt = await hire(measurer=ear, **terms).send(sound(peer.url("/old")))
    assert {each.headers["Accept"] for each in peer.heard} == {"audio/*, */*;q=0.1"}
    assert not any(path.exists() for path in ear.paths)
    return receipt


@pytest.mark.parametrize("coding", ["", "gzip"])
async def test_a_sound_is_measured_and_not_kept(hire: Hire, sound: Write, coding: str) -> None:
    data = bytes(range(256)) * 1000
    headers = {"Content_Encoding": coding} if coding else {}
    ear = Ear()
    packed = gzip.compress(data) if coding else data
    receipt = await _play(hire, sound, response(body=packed, Content_Type="audio/mpeg; x=1", **headers), ear)
    assert ear.asked == [(data, "audio/mpeg; x=1")]
    assert (receipt.status, receipt.error, receipt.length_ms) == (200, "", len(data))
    assert (receipt.raw, receipt.body, receipt.body_cut) == (b"", "", False)
    assert (receipt.content_type, receipt.redirects) == ("audio/mpeg; x=1", 1)


@pytest.mark.parametrize(
    "content_type", ["text/html; charset=utf-8", "application/octet-stream", "", "video/mp4"]
)
async def test_what_says_to_be_something_else_is_no_sound(
    hire: Hire, sound: Write, content_type: str
) -> None:
    ear = Ear()
    headers = {"Content_Type": content_type} if content_type else {}
    receipt = await _play(hire, sound, response(body=b"<html>" * 5000, **headers), ear)
    assert (receipt.status, receipt.error, receipt.length_ms) == (200, Fault.UNPLAYABLE, None)
    assert (content_type.split(";")[0] or "no content type") in receipt.message
    assert receipt.body.startswith("<html>")
    assert ear.asked == []


async def test_what_cannot_be_measured_is_no_sound(hire: Hire, sound: Write) -> None:
    receipt = await _play(hire, sound, response(body=b"bad", Content_Type="audio/wav"), Ear())
    assert (receipt.status, receipt.error, receipt.message) == (200, Fault.UNPLAYABLE, "that is no sound")
    assert receipt.length_ms is None


@pytest.mark.parametrize("answer", [response("404 Gone", b"no", Content_Type="audio/wav")])
async def test_a_sound_that_is_not_there_is_not_measured(hire: Hire, sound: Write, answer: bytes) -> None:
    ear = Ear()
    receipt = await _play(hire, sound, answer, ear)
    assert (receipt.status, receipt.error, receipt.length_ms, ear.asked) == (404, "", None, [])


@pytest.mark.parametrize(("size", "fault"), [(MOST_SOUND, ""), (MOST_SOUND + 1, Fault.TOO_LARGE)])
async def test_16_mib_are_a_sound_and_one_byte_more_is_not(
    hire: Hire, sound: Write, size: int, fault: str
) -> None:
    ear = Ear()
    receipt = await _play(hire, sound, response(body=b"\0" * size, Content_Type="audio/wav"), ear)
    assert (receipt.error, receipt.length_ms) == (fault, None if fault else size)
    assert len(ear.asked) == (0 if fault else 1)


async def test_a_packed_sound_does_not_swell_either(hire: Hire, sound: Write) -> None:
    ear = Ear()
    bomb = gzip.compress(b"0" * (MOST_SOUND + 1))
    answer = response(body=bomb, Content_Type="audio/wav", Content_Encoding="gzip")
    receipt = await _play(hire, sound, answer, ear)
    assert (receipt.error, receipt.message) == (Fault.TOO_LARGE, "127.0.0.1 answered with more than 16 MiB")
    assert ear.asked == []


async def test_measuring_ends_with_the_deadline(hire: Hire, sound: Write) -> None:
    ear = Ear()
    ear.thinks = asyncio.Event()
    answer = response(body=b"s", Content_Type="audio/wav")
    receipt = await _play(hire, sound, answer, ear, total_timeout=0.2)
    assert (receipt.status, receipt.error) == (200, Fault.UNPLAYABLE)
    assert "could not be measured or kept within the 0.2 s" in receipt.message


async def test_without_anybody_who_measures_nothing_is_a_sound(hire: Hire, sound: Write) -> None:
    async with customer(says(response(body=b"s", Content_Type="audio/wav"))) as peer:
        receipt = await hire().send(sound(peer.url()))
    assert (receipt.error, receipt.message) == (Fault.UNPLAYABLE, "nothing here can measure sounds")


async def test_a_real_file_is_measured(hire: Hire, sound: Write, tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "a"), "wb") as out:
        out.setparams((1, 2, 8000, 0, "NONE", ""))
        out.writeframes(bytes(2 * 12_000))
    answer = response(body=(tmp_path / "a").read_bytes(), Content_Type="audio/x-wav")
    async with customer(says(answer)) as peer:
        receipt = await hire(measurer=SoundMeasurer()).send(sound(peer.url()))
    assert (receipt.error, receipt.length_ms) == ("", 1500)


async def test_who_measures_is_dismissed_with_the_postman(hire: Hire) -> None:
    ear = Ear()
    await hire(measurer=ear).close()
    assert ear.closed


# --- and kept


PLAYED: Final = response(body=b"a sound", Content_Type="audio/wav")


async def test_a_sound_is_kept_for_recordings(hire: Hire, sound: Write, tmp_path: Path) -> None:
    place = Folder(tmp_path, "local")
    receipts = [await _play(hire, sound, PLAYED, Ear(), keeper=Sounds(place)) for _ in range(2)]
    key = f"acc-1/sounds/{hashlib.sha256(b'a sound').hexdigest()}"
    assert [each.sound for each in receipts] == [key, key]
    assert [each async for each, _ in place.keys("")] == [key]
    assert (tmp_path / "local" / key).read_bytes() == b"a sound"


@pytest.mark.parametrize(
    ("content_type", "ending"), [("audio/gsm", ".gsm"), ("Audio/Basic; x=1", ".ulaw"), ("audio/mpeg", "")]
)
async def test_what_may_have_no_header_is_told_by_its_name(
    hire: Hire, sound: Write, tmp_path: Path, content_type: str, ending: str
) -> None:
    place = Folder(tmp_path, "local")
    answer = response(body=b"a sound", Content_Type=content_type)
    receipt = await _play(hire, sound, answer, Ear(), keeper=Sounds(place))
    assert receipt.sound == f"acc-1/sounds/{hashlib.sha256(b'a sound').hexdigest()}{ending}"
    assert await place.find(receipt.sound) is not None


async def test_what_cannot_be_measured_is_not_kept(hire: Hire, sound: Write, tmp_path: Path) -> None:
    bad = response(body=b"bad", Content_Type="audio/wav")
    place = Folder(tmp_path, "local")
    receipt = await _play(hire, sound, bad, Ear(), keeper=Sounds(place))
    assert receipt.sound == ""
    assert [each async for each, _ in place.keys("")] == []


async def test_what_cannot_be_kept_cannot_be_played(hire: Hire, sound: Write, tmp_path: Path) -> None:
    blocked = tmp_path / "media"
    blocked.write_text("a file, where a folder should be")
    receipt = await _play(hire, sound, PLAYED, Ear(), keeper=Sounds(Folder(blocked, "local")))
    assert (receipt.status, receipt.error, receipt.sound) == (200, Fault.UNPLAYABLE, "")
    assert receipt.message == (
        "the file cannot be kept here: The media folder cannot be used: Not a directory."
    )
