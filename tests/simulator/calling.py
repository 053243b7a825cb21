"""The only module of these tests that knows how a call is placed and looked at."""

from __future__ import annotations

from typing import Any

import httpx

HUMAN = "+12125550100"


async def place(client: httpx.AsyncClient, to: str = HUMAN, **fields: object) -> str:
    """The id of a new call."""
    answer = await client.post("/v1/voice/calls", json={"from": "+31201234567", "to": to, **fields})
    assert answer.status_code == 201, answer.text
    call_id: str = answer.json()["id"]
    return call_id


async def read(client: httpx.AsyncClient, call: str) -> dict[str, Any]:
    """A call as the simulator tells it."""
    answer = await client.get(f"/v1/simulator/calls/{call}")
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


async def entries(client: httpx.AsyncClient, call: str) -> list[dict[str, Any]]:
    """What happened to a call, as its timeline tells it."""
    answer = await client.get(f"/v1/simulator/calls/{call}/timeline")
    assert answer.status_code == 200
    told: list[dict[str, Any]] = answer.json()["entries"]
    return told
