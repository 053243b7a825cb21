"""The only module of these tests that knows how a call is placed."""

from __future__ import annotations

import httpx

HUMAN = "+12125550100"


async def place(client: httpx.AsyncClient, to: str = HUMAN, **fields: object) -> str:
    """The id of a new call."""
    answer = await client.post("/v1/voice/calls", json={"from": "+31201234567", "to": to, **fields})
    assert answer.status_code == 201, answer.text
    call_id: str = answer.json()["id"]
    return call_id
