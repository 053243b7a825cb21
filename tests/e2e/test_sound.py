"""A recorded call over a real server sounds as its transcript says, also when the server is killed on the way."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path
from typing import Any, Final

import httpx
import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from tests.e2e.conftest import Serve
from tests.e2e.server import Server, until
from tests.e2e.tenant import Tenant, new_tenant, owner
from tests.media.listening import audible, envelope, keys, silent
from tests.support.shop import Shop, a_shop

pytestmark = pytest.mark.e2e

RATE: Final = 8000
THEIRS, OURS = "+31201234567", "+31207654321"
PROMPT: Final = "Goedemorgen. Toets uw klantnummer in, alstublieft."
REPLY: Final = "Vielen Dank, ich hätte gern Auskunft über meine Rechnung."
DOCUMENT: Final = f"""<Response>
    <Gather numDigits="4" timeout="10" action="/heard"><Say language="nl-NL">{PROMPT}</Say></Gather>
</Response>"""
ANSWER: Final = '<Response><Pause length="8"/></Response>'
PHONE: Final = {
    "greeting": "",
    "script": [
        {"when_heard": "alstublieft"},
        {"wait": 1},
        {"press": "1234"},
        {"wait": 1},
        {"say": REPLY, "language": "de-DE"},
    ],
}


def shop_pages() -> dict[str, Any]:
    return {"/voice": DOCUMENT, "/heard": ANSWER}


async def place(client: httpx.AsyncClient, shop: Shop) -> str:
    answer = await client.put(f"/v1/simulator/phones/{THEIRS}", json=PHONE)
    assert answer.status_code in (200, 201), answer.text
    order = {"to": THEIRS, "from": OURS, "url": shop.at("/voice"), "status_callback": shop.at("/told")}
    answer = await client.post("/v1/voice/calls", json={**order, "record": True, "recording_channels": 2})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def advance(client: httpx.AsyncClient, **wish: Any) -> None:
    answer = await client.post("/v1/simulator/clock/advance", json=wish)
    assert answer.status_code == 200, answer.text


async def the_recording(client: httpx.AsyncClient, call: str) -> dict[str, Any]:
    answer = await client.get("/v1/recordings/recordings", params={"call_id": call})
    assert answer.status_code == 200, answer.text
    (found,) = answer.json()["recordings"]
    return dict(found)


def sound_of(data: bytes) -> npt.NDArray[np.int16]:
    sound, rate = soundfile.read(io.BytesIO(data), dtype="int16", always_2d=True)
    assert rate == RATE
    return np.asarray(sound, np.int16)


def between(sound: npt.NDArray[np.int16], start: int, end: int) -> npt.NDArray[np.int16]:
    return sound[start * RATE // 1000 : end * RATE // 1000]


async def test_what_is_heard_is_what_was_said_and_pressed(serve: Serve, tmp_path: Path) -> None:
    server = serve("--data", str(tmp_path / "store"))
    tenant = await new_tenant(await server.start())
    async with a_shop(shop_pages()) as shop, owner(server.url, tenant) as client:
        call = await place(client, shop)
        await advance(client, until="idle")
        recording = await the_recording(client, call)
        timeline = (await client.get(f"/v1/simulator/calls/{call}/timeline")).json()["entries"]
        lines = (await client.get(f"/v1/voice/recordings/{recording['id']}/transcript")).json()
        async with httpx.AsyncClient(timeout=60) as anybody:  # the address is key enough
            wav = await anybody.get(recording["media_url"])
            mp3 = await anybody.get(recording["media_url_mp3"])
    assert (wav.status_code, mp3.status_code) == (200, 200), (wav.text, mp3.text)
    sound = sound_of(wav.content)
    answered = next(each["offset_ms"] for each in timeline if each.get("status") == "in-progress")
    ended = next(each["offset_ms"] for each in timeline if each.get("status") == "completed")
    assert sound.shape == ((ended - answered) * RATE // 1000, 2)

    pressed = [
        (each["digits"], each["offset_ms"] - answered) for each in timeline if each["type"] == "pressed"
    ]
    theirs, ours = sound[:, 0], sound[:, 1]
    found = keys(theirs, RATE)
    assert [digit for digit, _ in found] == [digit for digit, _ in pressed] == list("1234")
    assert all(abs(heard - said) <= 20 for (_, heard), (_, said) in zip(found, pressed, strict=True))
    assert keys(ours, RATE) == []

    spoken = [(each["speaker"], each["text"], each["language"]) for each in lines["entries"]]
    assert spoken == [
        ("platform", "Goedemorgen.", "nl-NL"),
        ("platform", "Toets uw klantnummer in, alstublieft.", "nl-NL"),
        ("far_end", REPLY, "de-DE"),
    ]
    rest = [ours.copy(), theirs.copy()]
    for each in lines["entries"]:
        channel = 0 if each["speaker"] == "platform" else 1
        start, end = each["start_ms"], each["end_ms"]
        assert audible(between(rest[channel], start, end), RATE) > 0.6, each
        between(rest[channel], start, end)[:] = 0
    for _, at in pressed:
        between(rest[1], at, at + 100)[:] = 0
    assert all(silent(each) for each in rest)

    decoded = sound_of(mp3.content)
    # An MP3 begins with what its encoder needs to get going; beyond that it is the same, moment for moment.
    late = max(range(0, 2400, 40), key=lambda shift: _alike(sound, decoded, shift))
    assert _alike(sound, decoded, late) > 0.97
    assert len(sound) <= len(decoded) <= len(sound) + 4000


def _alike(sound: npt.NDArray[np.int16], other: npt.NDArray[np.int16], shift: int) -> float:
    moved = other[shift : shift + len(sound)]
    pairs = [
        np.corrcoef(envelope(sound[: len(moved), each], RATE), envelope(moved[:, each], RATE))[0, 1]
        for each in (0, 1)
    ]
    return float(min(pairs))


async def test_killed_while_it_records_and_while_it_renders_nothing_is_lost(
    serve: Serve, tmp_path: Path
) -> None:
    folder = tmp_path / "store"
    server = serve("--data", str(folder))
    tenant = await new_tenant(await server.start())
    async with a_shop(shop_pages()) as shop:
        async with owner(server.url, tenant) as client:
            call = await place(client, shop)
            await advance(client, seconds=6)
        await _again(server)
        async with owner(server.url, tenant) as client:
            assert (await the_recording(client, call))["status"] == "in-progress"
            await advance(client, until="idle")
            recording = await the_recording(client, call)
        whole = await _killed_while_rendering(server, tenant, recording["id"])
        async with owner(server.url, tenant) as client:
            again = await client.get(f"/v1/voice/recordings/{recording['id']}/media.wav")
            assert again.content == whole
            told = shop.events("/told")
            assert told[-2:] == ["call.completed", "recording.completed"]
            assert told.count("recording.started") == 1
            answer = await client.delete(f"/v1/voice/recordings/{recording['id']}")
            assert answer.status_code == 204
            gone = await client.get(f"/v1/voice/recordings/{recording['id']}/media.wav")
            assert gone.status_code == 404
            await _left(folder, recording["id"])


async def _again(server: Server) -> None:
    server.kill()
    await server.start()


async def _killed_while_rendering(server: Server, tenant: Tenant, recording: str) -> bytes:
    """It dies with the studio at work, and is asked again afterwards."""
    path = f"/v1/voice/recordings/{recording}/media.wav?rate=16000"
    async with owner(server.url, tenant) as client:
        asking = asyncio.create_task(client.get(path))
        await asyncio.sleep(0.15)
        server.kill()
        await asyncio.gather(asking, return_exceptions=True)
    await server.start()
    async with owner(server.url, tenant) as client:
        again = await client.get(path)
        assert again.status_code == 200, again.text
        assert len(soundfile.read(io.BytesIO(again.content))[0]) > 16_000 * 10
        plain = await client.get(f"/v1/voice/recordings/{recording}/media.wav")
        assert plain.status_code == 200, plain.text
        return plain.content


async def _left(folder: Path, recording: str) -> None:
    """What is removed is gone from the disk, soon."""

    def left() -> list[str]:
        return [str(each) for each in folder.rglob("*") if recording in each.name]

    await until(lambda: not left(), 10, lambda: f"{left()} removed")
