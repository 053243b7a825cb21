"""A recorded call can be listened to: who says and presses what, in which language, exactly when."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import httpx
import numpy as np
import pytest
import soundfile

from telefonie.store.sounds import named
from tests.dialects.telefonie.steps import dial
from tests.dialects.telefonie.tapes import RECORDINGS, only
from tests.media.listening import Sound, audible, envelope, keys, power, silent
from tests.support.house import House
from tests.support.shop import Page, Shop, a_shop

PassTime = Callable[[float], Awaitable[None]]
PIA: Final = "+13125550003"
PROMPT: Final = "Toets uw code van vier cijfers in."
REPLY: Final = "Guten Tag, hier spricht Frau Meier aus Aachen."
MENU: Final = f"""<Response>
  <Gather numDigits="4" timeout="5" action="/done"><Say language="nl-NL">{PROMPT}</Say></Gather>
</Response>"""
DONE: Final = '<Response><Play>/tune.wav</Play><Pause length="6"/></Response>'
SCRIPT: Final = [
    {"when_heard": "cijfers", "steps": [{"wait": 0.5}, {"press": "1234"}, {"wait": 4}]},
    {"say": REPLY, "language": "de-DE"},
    {"wait": 1},
    {"hangup": True},
]


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """The customer's server: a menu, and a tune of 440 Hz."""
    tune = 0.3 * np.sin(2 * np.pi * 440 * np.arange(44_100 * 2) / 44_100)
    soundfile.write(tmp_path / "tune.wav", np.stack([tune, tune], axis=1), 44_100)
    sound = Page((tmp_path / "tune.wav").read_bytes(), content_type="audio/wav")
    async with a_shop({"/menu": MENU, "/done": DONE, "/tune.wav": sound}) as shop:
        yield shop


async def recorded(
    client: httpx.AsyncClient, shop: Shop, pass_time: PassTime, **fields: Any
) -> dict[str, Any]:
    """The recording of a call that goes through the menu."""
    phone = {"outcome": "human", "greeting": "", "script": SCRIPT}
    answer = await client.put(f"/v1/simulator/phones/{PIA}", json=phone)
    assert answer.is_success, answer.text
    call = await dial(client, PIA, url=shop.at("/menu"), record=True, **fields)
    await pass_time(60)
    return await only(client, call)


async def fetched(client: httpx.AsyncClient, it: dict[str, Any], ending: str, rate: int) -> Sound:
    """What it sounds like."""
    answer = await client.get(f"{RECORDINGS}/{it['id']}/media.{ending}", params={"rate": rate})
    assert answer.status_code == 200, answer.text
    sound, found = soundfile.read(io.BytesIO(answer.content), dtype="int16", always_2d=True)
    assert found == rate
    return np.asarray(sound, np.int16)


async def happened(client: httpx.AsyncClient, it: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """Facts of the call, by the time of the recording, which began when it was answered."""
    entries = (await client.get(f"/v1/simulator/calls/{it['call_id']}/timeline")).json()["entries"]
    (begun,) = (each["offset_ms"] for each in entries if each.get("state") == "started")
    return [each | {"at": each["offset_ms"] - begun} for each in entries if each["type"] == kind]


async def test_keys_speech_and_a_played_file_are_heard_exactly_where_the_timeline_says(
    client: httpx.AsyncClient, shop: Shop, pass_time: PassTime
) -> None:
    it = await recorded(client, shop, pass_time, recording_channels=2)
    pressed = await happened(client, it, "pressed")
    (tune,) = await happened(client, it, "played")
    _, end = await happened(client, it, "recorded")
    told = (await client.get(f"{RECORDINGS}/{it['id']}/transcript")).json()["entries"]
    assert [(each["text"], each["language"], each["channel"]) for each in told] == [
        (PROMPT, "nl-NL", 2),
        (REPLY, "de-DE", 1),
    ]
    for rate in (8000, 16000):
        sound = await fetched(client, it, "wav", rate)
        assert len(sound) == end["at"] * rate // 1000
        theirs, ours = sound[:, 0], sound[:, 1]
        found = keys(theirs, rate)
        assert "".join(key for key, _ in found) == "1234"
        assert all(abs(at - each["at"]) < 40 for (_, at), each in zip(found, pressed, strict=True))
        assert keys(ours, rate) == []
        moments = [(each["at"], each["at"] + 100) for each in pressed]
        _sounds_only_in(theirs, rate, [*moments, _span(told[1])])
        _sounds_only_in(ours, rate, [_span(told[0]), (tune["at"], tune["at"] + 2000)])
        played = ours[(tune["at"] + 100) * rate // 1000 : (tune["at"] + 1900) * rate // 1000]
        assert power(played, 440, rate) > 1000 * power(played, 480, rate)


def _span(line: dict[str, Any]) -> tuple[int, int]:
    return line["start_ms"], line["end_ms"]


def _sounds_only_in(sound: Sound, rate: int, spans: list[tuple[int, int]]) -> None:
    """Most of each of these is heard, and between them there is nothing at all."""
    ends = [0, *(at for span in sorted(spans) for at in span), len(sound) * 1000 // rate]
    for number, (start, end) in enumerate(pairwise(ends)):
        piece = sound[start * rate // 1000 : end * rate // 1000]
        if number % 2:
            assert audible(piece, rate) > 0.6
        else:
            assert silent(piece)


async def test_on_one_channel_all_of_it_is_heard_and_as_mp3_too(
    client: httpx.AsyncClient, shop: Shop, pass_time: PassTime
) -> None:
    it = await recorded(client, shop, pass_time)
    both = await recorded(client, shop, pass_time, recording_channels=2)
    whole = await fetched(client, it, "wav", 8000)
    apart = (await fetched(client, both, "wav", 8000)).astype(int)
    assert np.array_equal(whole[:, 0], np.clip(apart.sum(axis=1), -32768, 32767))
    small = await fetched(client, it, "mp3", 8000)
    assert keys(small[:, 0], 8000) == keys(whole[:, 0], 8000)
    alike = np.corrcoef(envelope(whole[:, 0], 8000), envelope(small[: len(whole), 0], 8000))
    assert alike[0, 1] > 0.99


async def test_a_played_file_without_a_header_is_heard_and_stays_as_long_as_it_is_named(
    house: House, shop: Shop, tmp_path: Path
) -> None:
    tune = 0.3 * np.sin(2 * np.pi * 440 * np.arange(16_000) / 8000)
    soundfile.write(tmp_path / "raw", tune, 8000, format="RAW", subtype="ULAW")
    shop.pages["/tune.wav"] = Page((tmp_path / "raw").read_bytes(), content_type="audio/basic")
    account, key = await house.account()
    async with house.connect(**{"X-API-Key": key}) as client:

        async def pass_time(seconds: float) -> None:
            await client.post("/v1/simulator/clock/advance", json={"seconds": seconds})

        it = await recorded(client, shop, pass_time, recording_channels=2)
        (played,) = await happened(client, it, "played")
        kept = {key async for key, _ in house.engine.blobs.keys(f"{account.id}/sounds/")}
        assert [each.endswith(".ulaw") for each in kept] == [True]
        assert await house.engine._store.read(partial(named, account_id=account.id)) == kept
        sound = await fetched(client, it, "wav", 8000)
    piece = sound[(played["at"] + 100) * 8 : (played["at"] + 1900) * 8, 1]
    assert power(piece, 440, 8000) > 1000 * power(piece, 480, 8000)
