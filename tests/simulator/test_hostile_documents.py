"""Whatever a customer's server sends, and wherever a document leads: a code, an entry, the fallback, a quiet end."""

from __future__ import annotations

import gzip
import time
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree
from typing import Any, Final

import httpx
import pytest

from telefonie.reach.guard import read_networks
from telefonie.settings import Settings
from tests.simulator.calling import entries, place
from tests.support.house import ADMIN_KEY, House, running
from tests.support.shop import Asked, Page, Shop, a_shop

SORRY: Final = "<Response><Say>Sorry</Say></Response>"
_ENTITIES: Final = "".join(f'<!ENTITY l{each} "{f"&l{each - 1};" * 10}">' for each in range(1, 10))
_BINARY: Final = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


def _sends_to(url: str) -> Page:
    return Page(f"<Response><Redirect>{url}</Redirect></Response>")


def _moved(to: str) -> Page:
    return Page("elsewhere", 302, headers={"Location": to})


# What is answered, and the code with which it is refused.
REFUSED: Final[dict[str, tuple[Page, int]]] = {
    "entity expansion": (
        Page(f'<!DOCTYPE a [<!ENTITY l0 "lol">{_ENTITIES}]><Response><Say>&l9;</Say></Response>'),
        12100,
    ),
    "external entity": (
        Page('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Response><Say>&x;</Say></Response>'),
        12100,
    ),
    "external document type": (Page('<!DOCTYPE a SYSTEM "http://10.0.0.1/x.dtd"><Response/>'), 12100),
    "10 MB": (Page(b"<Response>" + b"a" * 10_000_000), 11750),
    "10 MB of JSON": (Page(b"[" + b" " * 10_000_000 + b"]"), 11750),
    "10 MB, packed": (
        Page(gzip.compress(b"<Response>" + b"a" * 10_000_000), headers={"Content-Encoding": "gzip"}),
        11750,
    ),
    "not packed, but said to be": (Page(_BINARY, headers={"Content-Encoding": "gzip"}), 11206),
    "10,000 nested elements": (Page("<Response>" + "<Say>" * 10_000), 12100),
    "10,000 nested arrays": (Page("[" * 10_000 + "]" * 10_000), 12100),
    "an object": (Page('{"action": "talk"}', content_type="application/json"), 12100),
    "a number": (Page("1", content_type="application/json"), 12100),
    "another root": (Page("<html><body>Hello</body></html>", content_type="text/html"), 12100),
    "wrong encoding": (Page("<Response><Say>é</Say></Response>".encode("latin-1")), 12100),
    "an encoding that is none": (Page("<Response/>", content_type="text/xml; charset=unicode_escape"), 12100),
    "binary as a document": (Page(_BINARY, content_type="text/xml"), 12100),
    "binary as a picture": (Page(_BINARY, content_type="image/png"), 12300),
    "no content type that is known": (Page("<Response/>", content_type="application/octet-stream"), 12300),
    "moves round in a circle": (_moved("/voice"), 11215),
    "moves to a file": (_moved("file:///etc/passwd"), 11215),
    "moves to the metadata service": (_moved("http://169.254.169.254/latest/meta-data/"), 11205),
    "moves inside": (_moved("http://10.1.2.3/"), 11205),
    "leads to a file": (_sends_to("file:///etc/passwd"), 11100),
    "leads to a script": (_sends_to("javascript:alert(1)"), 11100),
    "leads to other protocols": (_sends_to("gopher://127.0.0.1:25/"), 11100),
    "leads to what is no address": (_sends_to("http://["), 11100),
    "leads to the metadata service": (_sends_to("http://169.254.169.254/latest/meta-data/"), 11205),
    "leads to it in other figures": (_sends_to("http://[::ffff:169.254.169.254]/"), 11205),
    "leads inside": (_sends_to("http://192.168.0.1/admin"), 11205),
    "leads to nobody": (_sends_to("http://nobody.invalid/"), 11210),
    "fails": (Page("no", 500), 11200),
}
# What is answered, and the codes of its warnings: it is run for all that.
WARNED: Final[dict[str, tuple[Page, list[int]]]] = {
    "wrong types": (Page('[{"action": 5}, {"action": "talk", "text": {}}, 7]'), [12200, 13520, 12200]),
    "plays a file": (Page("<Response><Play>file:///etc/passwd</Play></Response>"), [11100]),
    "plays a script": (Page("<Response><Play>javascript:alert(1)</Play></Response>"), [11100]),
    "plays the metadata service": (
        Page("<Response><Play>http://169.254.169.254/</Play></Response>"),
        [11205],
    ),
    "plays a page": (Page("<Response><Play>/sound</Play></Response>"), [13420]),
}


@contextmanager
def _bounded(large: bool, seconds: float = 5.0, megabytes: float = 64.0) -> Iterator[None]:  # noqa: FBT001 - counting costs time
    """Far above what is usual, far below what would hurt; memory is counted where there is much to read."""
    if large:
        tracemalloc.start()
    began = time.process_time()
    try:
        yield
        spent, (_, most) = time.process_time() - began, tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert spent < seconds
    assert most < megabytes * 1_000_000


@pytest.fixture(scope="module")
async def guarded(tmp_path_factory: pytest.TempPathFactory, migrated_folder: Path) -> AsyncIterator[House]:
    """A server for all the world: of what is inside it may ask the customer of this test only."""
    folder = tmp_path_factory.mktemp("guarded")
    copytree(migrated_folder, folder, dirs_exist_ok=True)
    networks = read_networks("127.0.0.1")
    settings = Settings(data=folder, admin_key=ADMIN_KEY, host="0.0.0.0", allow_private_targets=networks)  # noqa: S104 - nothing listens
    async with running(settings) as house:
        yield house


@pytest.fixture
async def client(guarded: House) -> AsyncIterator[httpx.AsyncClient]:
    async with guarded.customer() as customer:
        yield customer


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    async with a_shop({"/fallback": SORRY, "/sound": Page("no sound")}) as shop:
        yield shop


async def _lives(client: httpx.AsyncClient, shop: Shop, page: Page, **order: Any) -> list[dict[str, Any]]:
    """The timeline of a call that is answered with this, to its end; nothing is left to be done."""
    shop.pages["/voice"] = page
    with _bounded(large=len(page.text) > 5_000 or "Content-Encoding" in page.headers):
        fallback = shop.at("/fallback")
        call = await place(client, url=shop.at("/voice"), fallback_url=fallback, time_limit=60, **order)
        came = (await client.post("/v1/simulator/clock/advance", json={"seconds": 70})).json()
    assert came["pending"] == 0
    return await entries(client, call)


def _of(timeline: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [each for each in timeline if each["type"] == kind]


def _said(timeline: list[dict[str, Any]]) -> list[str]:
    return [each["text"] for each in _of(timeline, "said") if each["actor"] == "platform"]


@pytest.mark.parametrize("name", REFUSED)
async def test_what_cannot_be_run_is_refused_and_the_fallback_takes_over(
    client: httpx.AsyncClient, shop: Shop, name: str
) -> None:
    page, code = REFUSED[name]
    timeline = await _lives(client, shop, page)
    (warning,) = _of(timeline, "warned")
    assert warning["code"] == code
    (asked,) = shop.asked("/fallback")
    assert asked.json["error_code"] == code
    assert asked.json["error_url"] == warning["url"]
    assert _of(timeline, "fetched")[-1]["url"] == shop.at("/fallback")
    assert _said(timeline) == ["Sorry"]
    assert timeline[-1]["status"] == "completed"


@pytest.mark.parametrize("name", WARNED)
async def test_what_is_only_partly_wrong_is_warned_of(
    client: httpx.AsyncClient, shop: Shop, name: str
) -> None:
    page, codes = WARNED[name]
    timeline = await _lives(client, shop, page)
    assert [each["code"] for each in _of(timeline, "warned")] == codes
    assert shop.asked("/fallback") == []
    assert timeline[-1]["status"] == "completed"


@pytest.mark.parametrize(
    "loop",
    [
        "<Response><Redirect/></Response>",
        "<Response><Redirect>/voice?again</Redirect></Response>",
        '[{"action": "notify", "eventUrl": ["/voice"], "payload": {}}]',
    ],
)
async def test_documents_in_a_circle_go_once_a_second_to_the_end_of_the_call(
    client: httpx.AsyncClient, shop: Shop, loop: str
) -> None:
    timeline = await _lives(client, shop, Page(loop))
    assert 60 <= len(shop.asked("/voice")) <= 75
    assert (timeline[-1]["cause"], timeline[-1]["ended_by"]) == ("time_limit", "platform")


async def test_a_fallback_that_fails_too_ends_the_call(client: httpx.AsyncClient, shop: Shop) -> None:
    def never(_: Asked) -> Page:
        return Page("<Response>")

    shop.pages["/fallback"] = never
    timeline = await _lives(client, shop, Page(_BINARY, content_type="text/xml"))
    assert [each["code"] for each in _of(timeline, "warned")] == [12100, 12100]
    assert len(shop.asked("/fallback")) == 1
    assert timeline[-1]["cause"] == "document_failed"
