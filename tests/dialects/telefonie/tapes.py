"""The only module that knows the paths of this API's recordings; tests speak of recordings, not of paths."""

from __future__ import annotations

from typing import Any, Final

import httpx

from tests.dialects.telefonie.steps import CALLS

RECORDINGS: Final = "/v1/voice/recordings"
ELSEWHERE: Final = "/v1/recordings/recordings"  # the same, on the face of their own
PLACES: Final = (RECORDINGS, ELSEWHERE)


async def of_call(client: httpx.AsyncClient, call: dict[str, Any]) -> list[dict[str, Any]]:
    """A call's recordings, newest first."""
    answer = await client.get(RECORDINGS, params={"call_id": call["id"]})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["recordings"]
    return found


async def only(client: httpx.AsyncClient, call: dict[str, Any]) -> dict[str, Any]:
    """The one recording of a call."""
    (found,) = await of_call(client, call)
    return found


async def start(client: httpx.AsyncClient, call: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Record a call from now on."""
    answer = await client.post(f"{CALLS}/{call['id']}/recordings", json=fields)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def steer(client: httpx.AsyncClient, it: dict[str, Any], status: str, **more: str) -> httpx.Response:
    """Pause it, let it go on, or stop it."""
    return await client.post(f"{RECORDINGS}/{it['id']}", json={"status": status, **more})


async def look(client: httpx.AsyncClient, it: dict[str, Any]) -> dict[str, Any]:
    """The recording as it stands now."""
    answer = await client.get(f"{RECORDINGS}/{it['id']}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
