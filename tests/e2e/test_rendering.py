"""A server killed in the middle of a rendering leaves no worker and no half-made recording behind."""

from __future__ import annotations

import asyncio
import os
import wave
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from tests.e2e.conftest import Serve
from tests.e2e.server import until
from tests.e2e.tenant import Tenant, new_tenant, owner

pytestmark = pytest.mark.e2e

PATIENT: Final = "+13125550007"
LONG: Final = 1200  # seconds
WITHIN: Final = 60.0


async def _recording(client: httpx.AsyncClient) -> dict[str, Any]:
    """Of a call that takes twenty minutes."""
    phone = {"outcome": "human", "script": [{"wait": LONG}, {"hangup": True}]}
    assert (await client.put(f"/v1/simulator/phones/{PATIENT}", json=phone)).is_success
    call = {"to": PATIENT, "from": "+13125550199", "record": True, "recording_channels": 2}
    assert (await client.post("/v1/voice/calls", json=call)).status_code == 201
    await client.post("/v1/simulator/clock/advance", json={"seconds": LONG + 60})
    (found,) = (await client.get("/v1/voice/recordings")).json()["recordings"]
    assert found["status"] == "completed"
    recording: dict[str, Any] = found
    return recording


def _gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def _children(pid: int) -> list[int]:
    """Whom a process has started; they are children of the system when it is gone."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(each) for each in found.split()]


async def _begin(url: str, tenant: Tenant, path: str) -> None:
    async with owner(url, tenant) as client:
        await client.get(path, timeout=WITHIN)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="tells children as Linux does")
async def test_killed_in_the_middle_and_asked_again(serve: Serve, tmp_path: Path) -> None:
    place = tmp_path / "media"
    server = serve("--data", str(tmp_path / "store"), "--media", str(place))
    url = await server.start()
    tenant = await new_tenant(url)
    async with owner(url, tenant) as client:
        it = await _recording(client)
    path = f"/v1/voice/recordings/{it['id']}/media"
    asking = asyncio.create_task(_begin(url, tenant, f"{path}.mp3"))
    begun = lambda: any(each.stat().st_size for each in place.rglob("out.mp3"))  # noqa: E731
    await until(begun, WITHIN, "a rendering")
    workers = _children(server.pid)
    server.kill()
    with pytest.raises(httpx.TransportError):
        await asking
    assert workers
    await until(lambda: all(_gone(each) for each in workers), WITHIN, "the end of its workers")
    assert _kept(place) == []

    async with owner(await server.start(), tenant) as client:
        answer = await client.get(f"{path}.wav", timeout=WITHIN)
        assert answer.status_code == 200, answer.text
        with wave.open(BytesIO(answer.content)) as sound:
            assert sound.getnchannels() == 2
            assert 0 <= sound.getnframes() / sound.getframerate() - LONG < 5
        assert _kept(place) == [f"{it['id']}.8000.wav"]
        assert (await client.delete(f"/v1/voice/recordings/{it['id']}")).status_code == 204
        await until(lambda: _kept(place) == [], WITHIN, "the end of its file")


def _kept(place: Path) -> list[str]:
    """What is kept, but for what lies on the desks of the dead: that is removed in an hour."""
    found = (each.relative_to(place) for each in place.rglob("*") if each.is_file())
    return sorted(each.name for each in found if not any(part.startswith(".") for part in each.parts))
