"""The sound and the words of recordings as whoever is let in gets them: over HTTP, on both stores."""

from __future__ import annotations

import io
import wave
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.dialects.telefonie.steps import BRIEF, HUMAN, dial, refused
from tests.dialects.telefonie.tapes import PLACES, RECORDINGS, look, only, start, steer
from tests.support.house import House

PassTime = Callable[[float], Awaitable[None]]
ANN = "+13125550002"
SCRIPT = [{"wait": 1}, {"press": "12"}, {"say": "That was it."}, {"hangup": True}]
GREETING = "This is Ann."


@pytest.fixture
async def anybody(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without a key."""
    async with house.connect() as anybody:
        yield anybody


async def recorded(client: httpx.AsyncClient, pass_time: PassTime, **fields: Any) -> dict[str, Any]:
    """The recording of a call with Ann."""
    phone = {"outcome": "human", "greeting": GREETING, "script": SCRIPT}
    assert (await client.put(f"/v1/simulator/phones/{ANN}", json=phone)).is_success
    call = await dial(client, ANN, record=True, **fields)
    await pass_time(60)
    return await only(client, call)


def frames(answer: httpx.Response) -> tuple[int, int, int]:
    """Channels, rate and length of a WAV file."""
    assert answer.headers["content-length"] == str(len(answer.content))
    with wave.open(io.BytesIO(answer.content)) as sound:
        return sound.getnchannels(), sound.getframerate(), sound.getnframes()


async def test_a_recording_is_heard_by_its_addresses_without_a_key(
    client: httpx.AsyncClient, anybody: httpx.AsyncClient, pass_time: PassTime
) -> None:
    it = await recorded(client, pass_time, recording_channels=2)
    whole = await anybody.get(it["media_url"])
    assert (whole.status_code, whole.headers["content-type"]) == (200, "audio/wav")
    channels, rate, length = frames(whole)
    assert (channels, rate) == (2, 8000)
    assert it["duration"] == -(-length // 8000)
    part = await anybody.get(it["media_url"], headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, whole.content[100:200])
    fine = await anybody.get(f"{it['media_url']}&rate=16000")
    assert frames(fine) == (2, 16000, 2 * length)
    small = await anybody.get(it["media_url_mp3"])
    assert (small.status_code, small.headers["content-type"]) == (200, "audio/mpeg")
    assert small.content[0] == 0xFF
    assert 0 < len(small.content) < len(whole.content)


async def test_a_key_hears_it_at_both_places_in_the_form_that_it_accepts(
    client: httpx.AsyncClient, house: House, pass_time: PassTime
) -> None:
    it = await recorded(client, pass_time)
    for place in PLACES:
        for accept, kind in (("audio/mpeg", "audio/mpeg"), ("*/*", "audio/wav")):
            told = await client.head(f"{place}/{it['id']}/media", headers={"Accept": accept})
            assert (told.status_code, told.headers["content-type"], told.content) == (200, kind, b"")
    async with house.customer() as other:
        answer = await other.get(f"{RECORDINGS}/{it['id']}/media")
        refused(answer, 404, 20404, "recording_not_found")


async def test_an_address_expires_by_the_accounts_clock_and_ends_with_the_recording(
    client: httpx.AsyncClient, anybody: httpx.AsyncClient, pass_time: PassTime
) -> None:
    it = await recorded(client, pass_time)
    await pass_time(86_399)
    assert (await anybody.head(it["media_url"])).status_code == 200
    await pass_time(1)
    refused(await anybody.get(it["media_url"]), 403, 20403, "signature_expired")
    fresh = await look(client, it)
    assert (await anybody.head(fresh["media_url"])).status_code == 200
    assert (await client.delete(f"{RECORDINGS}/{it['id']}")).status_code == 204
    refused(await anybody.get(fresh["media_url"]), 404, 20404, "recording_not_found")
    refused(await anybody.get(it["media_url"]), 404, 20404, "recording_not_found")


async def test_what_goes_on_or_came_to_nothing_has_neither_sound_nor_words(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    call = await dial(client, HUMAN)
    await pass_time(3)
    it = await start(client, call)
    for what in ("media", "media.mp3", "transcript"):
        answer = await client.get(f"{RECORDINGS}/{it['id']}/{what}")
        refused(answer, 409, 20409, "recording_in_progress")
    assert (await steer(client, it, "stopped")).json()["status"] == "failed"
    for what in ("media", "media.mp3", "transcript"):
        refused(await client.get(f"{RECORDINGS}/{it['id']}/{what}"), 409, 20409, "recording_failed")


async def test_the_transcript_says_who_says_what_from_when_to_when_word_by_word(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    it = await recorded(client, pass_time, recording_channels=2)
    path = f"{RECORDINGS}/{it['id']}/transcript"
    told = (await client.get(path)).json()
    assert (told["recording_id"], told["call_id"], told["total"]) == (it["id"], it["call_id"], 2)
    hello, last = told["entries"]
    assert (hello["speaker"], hello["channel"], hello["text"]) == ("far_end", 1, GREETING)
    assert (hello["start_ms"], hello["language"], hello["cut"]) == (0, "en-US", False)
    assert [each["text"] for each in hello["words"]] == GREETING.split()
    assert hello["words"][0]["start_ms"] == 0
    assert hello["words"][-1]["end_ms"] == hello["end_ms"] < last["start_ms"]
    as_text = await client.get(path, params={"format": "text"})
    assert as_text.headers["content-type"].startswith("text/plain")
    assert as_text.text.splitlines()[0] == f"[00:00:00.000] far_end: {GREETING}"
    as_vtt = await client.get(path, params={"format": "vtt"})
    assert as_vtt.headers["content-type"].startswith("text/vtt")
    assert as_vtt.text.startswith("WEBVTT\n\n00:00:00.000 --> ")
    assert (await client.get(path, params={"format": "srt"})).status_code == 400


async def test_who_downloaded_a_recording_is_taken_down_once_for_each_download(
    house: House, admin: httpx.AsyncClient, anybody: httpx.AsyncClient
) -> None:
    account, key = await house.account()
    async with house.connect(**{"X-API-Key": key}) as client:
        call = await dial(client, BRIEF, record=True)
        await client.post("/v1/simulator/clock/advance", json={"seconds": 10})
        it = await only(client, call)
        for asked in ("bytes=0-99", "bytes=100-", "bytes=-1"):
            assert (await anybody.get(it["media_url"], headers={"Range": asked})).status_code == 206
        await anybody.head(it["media_url"])
        assert (await client.get(f"{RECORDINGS}/{it['id']}/media.wav")).status_code == 200
        assert (await client.get(f"{RECORDINGS}/{it['id']}/transcript")).status_code == 200
    trail = (await admin.get(f"/v1/admin/accounts/{account.id}/audit")).json()["entries"]
    assert [(each["action"], each["kind"], each["actor"] == "signature") for each in reversed(trail)] == [
        ("download", "recording", True),
        ("download", "recording", False),
        ("read", "transcript", False),
    ]
    assert {each["subject"] for each in trail} == {it["id"]}
