"""The only module that knows the paths of this API; tests speak of calls, not of paths."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeAlias

import httpx

PassTime: TypeAlias = Callable[[float], Awaitable[None]]

FACE: Final = "/telefoon/v1/voice"
CALLS: Final = f"{FACE}/calls"
TRUNKS: Final = f"{FACE}/trunks"
RECORDINGS: Final = f"{FACE}/recordings"
CALLER: Final = "+31201234567"
NOBODY: Final = "00000000-0000-4000-8000-000000000000"

HUMAN: Final = "+447700900000"
BRIEF: Final = "+447700900010"
MACHINE: Final = "+447700900060"
FAX: Final = "+447700900090"


async def dial(client: httpx.AsyncClient, to: str = HUMAN, **fields: Any) -> dict[str, Any]:
    """Place a call."""
    answer = await client.post(CALLS, json={"to": to, "from": CALLER, **fields})
    assert answer.status_code == 201, answer.text
    call: dict[str, Any] = answer.json()
    return call


async def look(client: httpx.AsyncClient, call: dict[str, Any]) -> dict[str, Any]:
    """The call as it stands now."""
    answer = await client.get(f"{CALLS}/{call['id']}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def own(client: httpx.AsyncClient, number: str = CALLER, **fields: Any) -> None:
    """A number of this API for the inventory."""
    answer = await client.post("/v1/numbers", json={"number": number, "dialect": "telefoon", **fields})
    assert answer.status_code == 201, answer.text


async def come(client: httpx.AsyncClient, **fields: Any) -> httpx.Response:
    """Somebody calls that number."""
    return await client.post("/v1/simulator/inbound-calls", json={"from": HUMAN, "to": CALLER, **fields})


async def timeline(client: httpx.AsyncClient, call: dict[str, Any], kind: str = "") -> list[dict[str, Any]]:
    """Everything that happened to a call, or what happened of one kind."""
    answer = await client.get(f"/v1/simulator/calls/{call['id']}/timeline")
    return [each for each in answer.json()["entries"] if kind in ("", each["type"])]


async def said(client: httpx.AsyncClient, call: dict[str, Any]) -> list[tuple[str, str]]:
    """What the platform said on a call, and in which language."""
    entries = await timeline(client, call, "said")
    return [(each["text"], each["language"]) for each in entries if each["actor"] == "platform"]
