"""Sound over HTTP: whole, in part, not again, not yet; with a key or with a signed address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response

from telefonie.core.accounts import Account, Settings
from telefonie.core.recordings import Recording, Source, Status
from telefonie.engine.media import Blob, Form, Unrenderable
from telefonie.store.owners import Owner
from telefonie.web import media, reading
from telefonie.web.envelope import OURS, envelope
from telefonie.web.face import new_face
from telefonie.web.gate import Gate
from telefonie.web.visitors import visitor
from tests.support.links import LINKS
from tests.web.conftest import FakeRegistry, NoLimits

ID: Final = "0190b1c2-0000-7000-8000-000000000001"
NOW: Final = 1_893_456_000_000
FILE: Final = bytes(range(256)) * 4
DONE: Final = Recording(
    ID, "a-1", "telefonie", "c-1", Source.CALL, NOW, "USD", status=Status.COMPLETED, until=NOW + 5_000
)


@dataclass
class Shelf:
    """Has one file in every form, or trouble."""

    trouble: Exception | None = None
    never: bool = False
    elsewhere: str | None = None
    asked: list[tuple[Form, int]] = field(default_factory=list)

    async def ready(self, recording: Recording, form: Form, rate: int) -> Blob:
        self.asked.append((form, rate))
        if self.trouble is not None:
            raise self.trouble
        if self.never:
            await asyncio.Event().wait()
        return Blob(f"{recording.id}.{rate}.{form}", len(FILE), f"v1-{form}-{rate}")

    async def read(self, _blob: Blob, start: int, length: int) -> AsyncIterator[bytes]:
        for at in range(start, start + length, 100):
            yield FILE[at : min(at + 100, start + length)]

    async def link(self, _blob: Blob, _seconds: int) -> str | None:
        return self.elsewhere


@dataclass
class Doors:
    """An engine of which only the doors are there."""

    registry: FakeRegistry = field(default_factory=FakeRegistry)
    limits: NoLimits = field(default_factory=NoLimits)
    now: int = NOW
    face: str = "telefonie"
    region: str = "local"
    account: Account = field(default_factory=lambda: Account("a-1", "test", 0))

    @property
    def doorman(self) -> Doors:
        return self

    async def owner(self, recording_id: str) -> tuple[Owner, int] | None:
        return (Owner(self.account, self.face), self.now) if recording_id == ID else None


@dataclass
class Stand:
    """A face that gives out one recording."""

    recording: Recording = DONE
    shelf: Shelf = field(default_factory=Shelf)
    doors: Doors = field(default_factory=Doors)
    patience: float = 60.0
    actors: list[str] = field(default_factory=list)

    def app(self) -> Any:
        face = new_face(title="Sound", description="For tests.", envelope=envelope(OURS))
        face.state.engine, face.state.links = self.doors, LINKS

        async def listen(request: Request, ending: Form | None) -> Response:
            who = await visitor(request, "telefonie", ending or "")
            self.actors.append(who.actor)
            asked = reading.query(request, media.MediaQuery)
            form = media.form_of(request, ending)
            wanted = media.Wanted(self.recording, form, int(asked.rate), self.patience)
            return await media.answer(request, wanted, self.shelf)

        for path, ending in (("media", None), ("media.wav", Form.WAV), ("media.mp3", Form.MP3)):

            async def heard(request: Request, ending: Form | None = ending) -> Response:
                return await listen(request, ending)

            face.router.add_route(f"/recordings/{{recording_id}}/{path}", heard, methods=["GET", "HEAD"])
        return Gate(face, envelope(OURS))


@pytest.fixture
def stand() -> Stand:
    return Stand()


@pytest.fixture
async def listener(stand: Stand) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without a key."""
    transport = httpx.ASGITransport(stand.app())
    async with httpx.AsyncClient(transport=transport, base_url="https://voice.example") as client:
        yield client


def signed(form: str = "wav", recording_id: str = ID) -> str:
    return LINKS.media("", recording_id, NOW, form)


WITH_KEY: Final = {"X-API-Key": "voice-key"}


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


async def test_a_signed_address_opens_without_a_key(listener: httpx.AsyncClient, stand: Stand) -> None:
    answer = await listener.get(signed())
    assert (answer.status_code, answer.content) == (200, FILE)
    assert answer.headers["content-type"] == "audio/wav"
    assert answer.headers["content-length"] == str(len(FILE))
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["cache-control"].startswith("private")
    assert answer.headers["content-disposition"] == f'inline; filename="recording-{ID}.wav"'
    assert stand.actors == ["signature"]
    assert (await listener.get(signed("mp3"))).headers["content-type"] == "audio/mpeg"


async def test_a_key_of_the_account_opens_without_a_signature(
    listener: httpx.AsyncClient, stand: Stand
) -> None:
    answer = await listener.get(f"/recordings/{ID}/media.wav", headers=WITH_KEY)
    assert (answer.status_code, answer.content, stand.actors) == (200, FILE, ["k1"])
    reading_key = {"X-API-Key": "read-key"}
    assert (await listener.get(f"/recordings/{ID}/media.wav", headers=reading_key)).is_success
    assert (await listener.head(f"/recordings/{ID}/media.wav", headers=reading_key)).is_success
    assert (await listener.get(f"/recordings/{ID}/media.wav")).status_code == 401


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        (signed().replace("signature=", "signature=0"), "signature_invalid"),
        (signed().partition("&")[0], "signature_invalid"),
        (signed().replace("expires", "expired"), "signature_invalid"),
        (signed().replace("media.wav", "media.mp3"), "signature_invalid"),
        (signed().replace("media.wav", "media"), "signature_invalid"),
        (signed().replace(ID, ID.upper()), "signature_invalid"),
        (signed().replace(ID, "nonsense"), "signature_invalid"),
        (f"/recordings/{ID}/media.wav?expires=&signature=", "signature_invalid"),
    ],
)
async def test_an_address_that_is_not_as_it_was_made_is_refused_even_with_a_key(
    listener: httpx.AsyncClient, path: str, slug: str
) -> None:
    for headers in ({}, WITH_KEY):
        assert problem(await listener.get(path, headers=headers)) == (403, slug)


async def test_an_address_expires_on_the_accounts_clock(listener: httpx.AsyncClient, stand: Stand) -> None:
    stand.doors.now += 86_400_000 - 1
    assert (await listener.get(signed())).is_success
    stand.doors.now += 1
    assert problem(await listener.get(signed())) == (403, "signature_expired")
    assert (await listener.head(signed())).status_code == 403


async def test_what_is_gone_or_of_another_face_is_not_there(
    listener: httpx.AsyncClient, stand: Stand
) -> None:
    assert problem(await listener.get(signed(recording_id=ID[:-1] + "2"))) == (404, "recording_not_found")
    assert problem(await listener.get("/recordings/7/media", headers=WITH_KEY)) == (
        404,
        "recording_not_found",
    )
    stand.doors.face = "telefoon"
    assert problem(await listener.get(signed())) == (404, "recording_not_found")


async def test_an_account_of_another_region_is_not_served_by_an_address_either(
    listener: httpx.AsyncClient, stand: Stand
) -> None:
    stand.doors.account = Account("a-1", "test", 0, Settings(region="eu-west-1"))
    assert problem(await listener.get(signed())) == (403, "wrong_region")


async def test_what_has_no_sound_says_why(listener: httpx.AsyncClient, stand: Stand) -> None:
    for status, slug in (
        (Status.RUNNING, "recording_in_progress"),
        (Status.PAUSED, "recording_in_progress"),
        (Status.FAILED, "recording_failed"),
    ):
        stand.recording = replace(DONE, status=status)
        assert problem(await listener.get(signed())) == (409, slug)
    assert stand.shelf.asked == []
    stand.recording, stand.shelf.trouble = DONE, Unrenderable("The voice is lost.")
    answer = await listener.get(signed())
    assert problem(answer) == (409, "recording_failed")
    assert "The voice is lost." in answer.json()["message"]


async def test_what_takes_too_long_is_asked_for_again(listener: httpx.AsyncClient, stand: Stand) -> None:
    stand.shelf.never, stand.patience = True, 0.0
    answer = await listener.get(signed())
    assert problem(answer) == (503, "recording_rendering")
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    ("path", "accept", "kind", "form"),
    [
        ("media.wav", "audio/mpeg", "audio/wav", Form.WAV),
        ("media.mp3", "text/html", "audio/mpeg", Form.MP3),
        ("media", "*/*", "audio/wav", Form.WAV),
        ("media", "audio/mpeg", "audio/mpeg", Form.MP3),
        ("media", "audio/x-wav", "audio/wav", Form.WAV),
    ],
)
async def test_the_form_is_that_of_the_path_or_what_is_accepted(
    listener: httpx.AsyncClient, stand: Stand, path: str, accept: str, kind: str, form: Form
) -> None:
    answer = await listener.get(f"/recordings/{ID}/{path}", headers=WITH_KEY | {"Accept": accept})
    assert (answer.headers["content-type"], stand.shelf.asked) == (kind, [(form, 8000)])


async def test_a_form_or_rate_that_there_is_not_is_refused(listener: httpx.AsyncClient, stand: Stand) -> None:
    path = f"/recordings/{ID}/media"
    answer = await listener.get(path, headers=WITH_KEY | {"Accept": "image/png"})
    assert problem(answer) == (406, "not_acceptable")
    for rate in ("44100", "", "8", "16000.0", "x"):
        answer = await listener.get(path, params={"rate": rate}, headers=WITH_KEY)
        assert (answer.status_code, answer.json()["details"][0]["field"]) == (400, "rate")
    assert (await listener.get(path, params={"rate": "16000"}, headers=WITH_KEY)).is_success
    assert (await listener.get(f"{signed()}&rate=16000")).is_success
    assert stand.shelf.asked == [(Form.WAV, 16000)] * 2


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=100-399", 100, 400),
        ("bytes=1000-", 1000, 1024),
        ("bytes=-24", 1000, 1024),
    ],
)
async def test_a_range_is_a_part_with_its_place(
    listener: httpx.AsyncClient, asked: str, start: int, end: int
) -> None:
    answer = await listener.get(signed(), headers={"Range": asked})
    assert (answer.status_code, answer.content) == (206, FILE[start:end])
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{len(FILE)}"
    assert answer.headers["content-length"] == str(end - start)


async def test_a_range_behind_the_end_is_refused_with_the_length(listener: httpx.AsyncClient) -> None:
    answer = await listener.get(signed(), headers={"Range": "bytes=1024-"})
    assert problem(answer) == (416, "range_not_satisfiable")
    assert answer.headers["content-range"] == "bytes */1024"


async def test_several_ranges_are_answered_with_the_whole(listener: httpx.AsyncClient) -> None:
    answer = await listener.get(signed(), headers={"Range": "bytes=0-1,5-6"})
    assert (answer.status_code, answer.content) == (200, FILE)
    assert "content-range" not in answer.headers


async def test_a_part_of_an_older_version_is_answered_with_the_whole(listener: httpx.AsyncClient) -> None:
    etag = (await listener.head(signed())).headers["etag"]
    part = {"Range": "bytes=1-2"}
    assert (await listener.get(signed(), headers=part | {"If-Range": etag})).status_code == 206
    assert (await listener.get(signed(), headers=part | {"If-Range": '"older"'})).status_code == 200


async def test_what_the_client_has_is_not_sent_again(listener: httpx.AsyncClient) -> None:
    first = await listener.get(signed())
    again = await listener.get(signed(), headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    other = await listener.get(f"{signed()}&rate=16000", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


async def test_head_tells_all_that_get_does_and_sends_nothing(listener: httpx.AsyncClient) -> None:
    told, sent = await listener.head(signed()), await listener.get(signed())
    assert (told.status_code, told.content) == (200, b"")
    its_own = {"x-request-id"}
    assert told.headers.keys() == sent.headers.keys()
    assert {name: told.headers[name] for name in told.headers.keys() - its_own} == {
        name: sent.headers[name] for name in sent.headers.keys() - its_own
    }
    assert (await listener.head(signed(), headers={"Range": "bytes=0-1"})).status_code == 200


async def test_what_lies_in_a_bucket_is_fetched_there(listener: httpx.AsyncClient, stand: Stand) -> None:
    stand.shelf.elsewhere = "https://bucket.example/key?X-Amz-Signature=abc"
    answer = await listener.get(signed())
    assert (answer.status_code, answer.headers["location"]) == (307, stand.shelf.elsewhere)
    told = await listener.head(signed())
    assert (told.status_code, told.headers["content-length"]) == (200, "1024")
