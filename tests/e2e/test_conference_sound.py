"""A conference of four over two replicas that die in turn: its recording holds what the room heard, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import httpx
import numpy as np
import numpy.typing as npt
import pytest

from telefonie.core.speaking import speaking_ms
from tests.e2e.conftest import Serve
from tests.e2e.server import Server
from tests.e2e.tenant import Tenant, new_tenant, owner
from tests.e2e.test_sound import RATE, advance, between, sound_of
from tests.media.listening import audible, silent
from tests.support.shop import Shop, a_shop

pytestmark = pytest.mark.e2e

Sound = npt.NDArray[np.int16]
OURS: Final = "+31207654321"
ANN, BOB, CEES, DAAN = (f"+3120111000{n}" for n in range(1, 5))
HEARD, MUTED, HELD, COACHING, AGAIN = (
    "Everybody in this room can hear me well.",
    "Nobody in this room can hear a word of this.",
    "While the music plays I am talking to myself.",
    "Only Ann can hear what I am telling her now.",
    "Now that I am heard again I say it once more.",
)
# Seconds after the answer, all four of which come at the same moment.
SPEECHES: Final = {
    ANN: [(3, HEARD)],
    BOB: [(9, MUTED), (27, AGAIN)],
    CEES: [(15, HELD)],
    DAAN: [(21, COACHING)],
}
# By the platform's own measure.
SPEAKING: Final = {text: speaking_ms(text, "en-GB") / 1000 for text in (HEARD, MUTED, HELD, COACHING, AGAIN)}
ANSWERED: Final = 3  # seconds after they are called


class Pair:
    """Two replicas that are asked in turn; every third time the one that was asked last dies."""

    def __init__(self, servers: list[Server], tenant: Tenant) -> None:
        self._servers = servers
        self._tenant = tenant
        self._asked = 0
        self.kills = 0

    async def _other(self) -> Server:
        self._asked += 1
        if self._asked % 3 == 0:
            self._servers[0].kill()
            self._servers[0].spawn()
            self.kills += 1
        self._servers.reverse()
        await self._servers[0].up()
        return self._servers[0]

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        async with owner((await self._other()).url, self._tenant) as client:
            answer = await client.request(method, path, json=body)
            assert answer.is_success, answer.text
            return answer.json() if answer.content else None

    async def advance(self, seconds: float) -> None:
        async with owner((await self._other()).url, self._tenant) as client:
            await advance(client, seconds=seconds)

    async def get(self, url: str) -> bytes:
        path = httpx.URL(url)
        async with httpx.AsyncClient(timeout=60) as anybody:
            answer = await anybody.get((await self._other()).url + path.raw_path.decode())
        assert answer.status_code == 200, answer.text
        return answer.content


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    async with a_shop() as shop:
        yield shop


async def test_a_conference_of_four(serve: Serve, postgres_url: str, tmp_path: Path, shop: Shop) -> None:
    options = "--database-url", postgres_url, "--media", str(tmp_path / "media")
    servers = [serve(*options), serve(*options)]
    tenant = await new_tenant(await servers[0].start())
    await servers[1].start()
    pair = Pair(servers, tenant)
    for number, speeches in SPEECHES.items():
        await pair.ask("PUT", f"/v1/simulator/phones/{number}", {"greeting": "", "script": _script(speeches)})
    wish = {"friendly_name": "board", "record": True, "status_callback": shop.at("/told")}
    room = (await pair.ask("POST", "/v1/voice/conferences", wish))["id"]
    people = f"/v1/voice/conferences/{room}/participants"
    calls = {}
    for number in SPEECHES:
        given = {"to": number, "from": OURS, "muted": number == BOB, "beep": False}
        calls[number] = (await pair.ask("POST", people, given))["call_id"]
    await pair.advance(ANSWERED + 1)
    assert (await pair.ask("GET", f"/v1/voice/conferences/{room}"))["participant_count"] == 4
    await pair.ask("POST", f"{people}/{calls[CEES]}", {"hold": True})
    await pair.ask("POST", f"{people}/{calls[DAAN]}", {"coach": calls[ANN]})
    await pair.advance(24)  # while each says his first sentence
    await pair.ask("POST", f"{people}/{calls[BOB]}", {"muted": False})
    await pair.ask("POST", f"{people}/{calls[CEES]}", {"hold": False})
    await pair.advance(7)
    await pair.ask("DELETE", f"/v1/voice/conferences/{room}")
    await pair.advance(1)

    (recording,) = (await pair.ask("GET", f"/v1/recordings/recordings?conference_id={room}"))["recordings"]
    lines = (await pair.ask("GET", f"/v1/voice/recordings/{recording['id']}/transcript"))["entries"]
    sound = sound_of(await pair.get(recording["media_url"]))
    assert [(each["call_id"], each["text"]) for each in lines] == [
        (calls[ANN], HEARD),
        (calls[BOB], AGAIN),
    ]
    _holds_what_the_room_heard(sound, await _said(pair, calls), recording["start_time"])
    assert sound.shape == (round(RATE * _length(recording)), 1)
    _was_told_in_order(shop)
    assert pair.kills >= 8


def _script(speeches: list[tuple[int, str]]) -> list[dict[str, Any]]:
    """Say each at its second; a wait begins when the sentence before it is over."""
    steps: list[dict[str, Any]] = []
    now = 0.0
    for at, text in speeches:
        steps += [{"wait": round(at - now, 2)}, {"say": text, "language": "en-GB"}]
        now = at + SPEAKING[text]
    return steps


async def _said(pair: Pair, calls: dict[str, str]) -> dict[str, tuple[str, int]]:
    """Each sentence: when it began, and how long it took."""
    found = {}
    for call in calls.values():
        entries = (await pair.ask("GET", f"/v1/simulator/calls/{call}/timeline"))["entries"]
        for each in entries:
            if each["type"] == "said" and each["actor"] == "far_end":
                found[each["text"]] = (each["at"], each["ms"])
    assert found.keys() == SPEAKING.keys()
    return found


def _holds_what_the_room_heard(sound: Sound, said: dict[str, tuple[str, int]], start: str) -> None:
    rest = sound.copy()
    for text, (at, ms) in said.items():
        begin = _moment(at) - _moment(start)
        piece = between(rest, begin, begin + ms)
        assert len(piece) == ms * RATE // 1000
        if text in (HEARD, AGAIN):
            assert audible(piece, RATE) > 0.6, text
            piece[:] = 0
        else:
            assert silent(piece), text
    assert silent(rest)


def _length(recording: dict[str, Any]) -> float:
    return (_moment(recording["end_time"]) - _moment(recording["start_time"])) / 1000


def _moment(text: str) -> int:
    """Milliseconds."""
    return int(np.datetime64(text.removesuffix("Z"), "ms").astype(int))


def _was_told_in_order(shop: Shop) -> None:
    told = [each.json for each in shop.asked("/told")]
    rooms = {each["event_id"]: each for each in told if "recording" not in each["event"]}
    events = [each["event"] for each in rooms.values()]
    assert [each["sequence_number"] for each in rooms.values()] == list(range(len(rooms)))
    assert events[0] == "conference.created"
    assert events.count("participant.joined") == events.count("participant.left") == 4
    assert events.count("conference.started") == events.count("conference.ended") == 1
    steered = [each for each in events if each.partition(".")[2] in ("held", "unheld", "unmuted")]
    assert steered == ["participant.held", "participant.unmuted", "participant.unheld"]
    counts = [each["conference"]["participant_count"] for each in rooms.values()]
    assert max(counts) == 4
    assert counts[-1] == 0
