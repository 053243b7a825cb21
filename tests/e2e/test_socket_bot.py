"""A call is connected with a program and recorded: the program hears what is said, and is on the recording."""

from __future__ import annotations

import io
import json
import time
from pathlib import Path
from typing import Any, Final

import httpx
import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from telefonie.core.speaking import speaking_ms
from tests.e2e.conftest import Serve
from tests.e2e.tenant import new_tenant, owner
from tests.media.listening import audible, power
from tests.streams.program import Program, program
from tests.support.shop import Asked, Page, Shop, a_shop
from tests.support.tokens import token

pytestmark = pytest.mark.e2e

Sound = npt.NDArray[np.int16]
RATE: Final = 16_000
HERTZ: Final = 440.0
TONE_MS: Final = 600
THEIRS: Final = "31201234567"
SAID: Final = "Good morning. I should like to speak with somebody."
TALKED: Final = "This call is now connected with a program."
GONE: Final = "The program has gone."
FRAME: Final = RATE // 50


def tone() -> list[bytes]:
    """What the bot answers, in frames."""
    wave = np.sin(2 * np.pi * HERTZ * np.arange(RATE * TONE_MS // 1000) / RATE) * 8_000
    whole = wave.astype("<i2").tobytes()
    return [whole[start : start + 2 * FRAME] for start in range(0, len(whole), 2 * FRAME)]


class Bot:
    """Answers with a tone whenever somebody has spoken and then been silent for a moment."""

    def __init__(self) -> None:
        self.sound = bytearray()
        self.answers: list[int] = []  # at which ms of what it heard
        self._quiet = 0
        self._spoken = False

    async def __call__(self, line: Program, message: str | bytes) -> None:
        if isinstance(message, str):
            return
        self.sound += message
        loud = np.abs(np.frombuffer(message, "<i2")).max() > 500
        self._spoken |= bool(loud)
        self._quiet = 0 if loud else self._quiet + 1
        if self._spoken and self._quiet == 50:
            self._spoken = False
            self.answers.append(len(self.sound) * 500 // RATE)
            await line.say(*tone())

    @property
    def heard(self) -> Sound:
        return np.frombuffer(bytes(self.sound), "<i2")


def stretches(sound: Sound, rate: int = RATE, gap_ms: int = 700) -> list[tuple[int, int]]:
    """From when to when something is heard, in ms; shorter pauses are part of it."""
    loud = np.flatnonzero(np.abs(sound) > 200) * 1000 // rate
    found: list[tuple[int, int]] = []
    for at in np.unique(loud).tolist():
        if found and at - found[-1][1] <= gap_ms:
            found[-1] = (found[-1][0], at)
        else:
            found.append((at, at))
    return found


async def application(client: httpx.AsyncClient, shop: Shop) -> dict[str, str]:
    """One whose tokens open the door."""
    answer = await client.post(
        "/v1/simulator/applications", json={"name": "bots", "event_url": shop.at("/events")}
    )
    assert answer.status_code == 201, answer.text
    made = answer.json()
    bearer = token(made["id"], time.time(), private=made["keys"]["private_key"], claim="application_id")
    return {"Authorization": f"Bearer {bearer}"}


async def test_a_bot_hears_what_is_said_and_is_heard_on_the_recording(serve: Serve, tmp_path: Path) -> None:
    server = serve("--data", str(tmp_path / "store"))
    tenant = await new_tenant(await server.start())
    bot = Bot()
    async with a_shop({"/events": instead}) as shop, owner(server.url, tenant) as client:
        bearer = await application(client, shop)
        async with program(bot) as line:
            call, recording = await the_call(client, shop, line, bearer)
            events = [each.json for each in shop.asked("/events")]
        async with program(leaving) as other:
            await goes(client, shop, other, bearer)
    told(events, call, line)
    talks(bot, line)
    sounds(recording, bot)


def instead(asked: Asked) -> Page:
    """When a program has gone, the call goes on with this."""
    gone = asked.json.get("status") == "disconnected"
    return Page(json.dumps([{"action": "talk", "text": GONE}])) if gone else Page(status=204)


async def leaving(line: Program, message: str | bytes) -> None:
    """A program that has heard enough."""
    if isinstance(message, bytes) and len(line.frames) == 50:
        await line.socket.close()


def connection(line: Program) -> dict[str, Any]:
    """The action that connects with it."""
    end = {
        "type": "websocket",
        "uri": line.url(),
        "content-type": f"audio/l16;rate={RATE}",
        "headers": {"name": "Ada"},
    }
    return {"action": "connect", "endpoint": [end]}


async def goes(client: httpx.AsyncClient, shop: Shop, line: Program, bearer: dict[str, str]) -> None:
    """A program that closes its socket: that is told, and what is answered takes its place."""
    order = {
        "to": [{"type": "phone", "number": THEIRS}],
        "from": {"type": "phone", "number": "31207654321"},
        "ncco": [connection(line)],
    }
    call = (await client.post("/v1/calls", json=order, headers=bearer)).json()["uuid"]
    await advance(client, seconds=20)
    events = [each.json for each in shop.asked("/events")]
    (gone,) = (each for each in events if each.get("status") == "disconnected")
    assert (gone["to"], gone["headers"]) == (line.url(), {"name": "Ada"})
    entries = (await client.get(f"/v1/simulator/calls/{call}/timeline")).json()["entries"]
    assert [each["text"] for each in entries if each["type"] == "said" and each["actor"] == "platform"] == [
        GONE
    ]


async def the_call(
    client: httpx.AsyncClient, shop: Shop, line: Program, bearer: dict[str, str]
) -> tuple[str, bytes]:
    """Placed, connected, talked into, hung up; its id, and its recording."""
    script = [{"wait": 5}, {"say": SAID}, {"wait": 4}, {"press": "5"}, {"wait": 60}]
    await client.put(f"/v1/simulator/phones/+{THEIRS}", json={"greeting": "", "script": script})
    document = [
        {"action": "record", "split": "conversation", "channels": 2, "format": "wav"},
        connection(line),
        {"action": "talk", "text": "Goodbye"},
    ]
    order = {
        "to": [{"type": "phone", "number": THEIRS}],
        "from": {"type": "phone", "number": "31207654321"},
        "ncco": document,
    }
    placed = await client.post("/v1/calls", json=order, headers=bearer)
    assert placed.status_code == 201, placed.text
    call = str(placed.json()["uuid"])
    await advance(client, seconds=16)
    legs = (await client.get("/v1/calls", headers=bearer)).json()["_embedded"]["calls"]
    leg = next(each["uuid"] for each in legs if each["to"]["type"] == "websocket")
    talk = await client.put(f"/v1/calls/{leg}/talk", json={"text": TALKED}, headers=bearer)
    assert talk.status_code == 200, talk.text
    await advance(client, seconds=8)
    gone = await client.put(f"/v1/calls/{call}", json={"action": "hangup"}, headers=bearer)
    assert gone.status_code == 204, gone.text
    await advance(client, until="idle")
    (record,) = (each.json for each in shop.asked("/events") if "recording_url" in each.json)
    sound = await client.get(record["recording_url"], headers=bearer, timeout=60)
    assert sound.status_code == 200, sound.text
    return call, sound.content


async def advance(client: httpx.AsyncClient, **wish: Any) -> None:
    answer = await client.post("/v1/simulator/clock/advance", json=wish, timeout=60)
    assert answer.status_code == 200, answer.text


def told(events: list[dict[str, Any]], call: str, line: Program) -> None:
    """Both legs tell of themselves, in order, and in one conversation."""
    mine = [each["status"] for each in events if each.get("uuid") == call and "status" in each]
    theirs = [each["status"] for each in events if each.get("to") == line.url()]
    assert mine == ["started", "ringing", "answered", "completed"]
    assert theirs == ["started", "ringing", "answered", "completed"]
    assert len({each["conversation_uuid"] for each in events}) == 1


def talks(bot: Bot, line: Program) -> None:
    """What was said to the program, as it came."""
    assert line.texts[0] == {
        "event": "websocket:connected",
        "content-type": f"audio/l16;rate={RATE}",
        "name": "Ada",
    }
    assert line.texts[1:] == [{"event": "websocket:dtmf", "digit": "5", "duration": 100}]
    assert {len(each) for each in line.frames} == {2 * FRAME}
    first, second = stretches(bot.heard)
    for (start, end), text in ((first, SAID), (second, TALKED)):
        assert end - start == pytest.approx(speaking_ms(text, "en-US"), rel=0.25)
        assert audible(bot.heard[start * RATE // 1000 : end * RATE // 1000], RATE) > 0.6


def sounds(recording: bytes, bot: Bot) -> None:
    """On one channel who was called, on the other what he heard of the program."""
    sound, rate = soundfile.read(io.BytesIO(recording), dtype="int16", always_2d=True)
    theirs, ours = np.asarray(sound[:, 0], np.int16), np.asarray(sound[:, 1], np.int16)
    spoken = stretches(theirs, rate)
    assert spoken[0][1] - spoken[0][0] == pytest.approx(speaking_ms(SAID, "en-US"), rel=0.25)
    tones = [
        (start, end)
        for start, end in stretches(ours, rate, gap_ms=100)
        if power(ours[start * rate // 1000 : end * rate // 1000].astype(float), HERTZ, rate) > 1e6
    ]
    assert [end - start for start, end in tones] == pytest.approx([TONE_MS] * len(bot.answers), abs=25)
    assert len(tones) == 2
    # It answers within a second of what it heard, as time is moved in steps of that.
    assert spoken[0][1] < tones[0][0] < spoken[0][1] + 2_500
