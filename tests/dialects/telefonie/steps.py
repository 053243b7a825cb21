"""The only module that knows the paths of this API's calls; tests speak of calls, not of paths."""

from __future__ import annotations

from typing import Any, Final

import httpx

CALLS: Final = "/v1/voice/calls"
CALLER: Final = "+13125550199"
NOBODY: Final = "00000000-0000-4000-8000-000000000000"
START: Final = "2030-01-01T00:00:00.000Z"  # where the clock of a test's account begins

HUMAN: Final = "+13125550100"
BRIEF: Final = "+13125550110"
BUSY: Final = "+13125550120"
SILENT: Final = "+13125550130"
REJECTING: Final = "+13125550140"
FAILING: Final = "+13125550150"
MACHINE: Final = "+13125550160"
FAX: Final = "+13125550190"


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


async def update(client: httpx.AsyncClient, call: dict[str, Any], **fields: Any) -> httpx.Response:
    """Ask for a change of a call."""
    return await client.post(f"{CALLS}/{call['id']}", json=fields)


async def hang_up(client: httpx.AsyncClient, call: dict[str, Any]) -> httpx.Response:
    """End a call."""
    return await client.delete(f"{CALLS}/{call['id']}")


async def listed(client: httpx.AsyncClient, **query: Any) -> list[str]:
    """The ids of a page; the total is that of the page, unless the page is not the only one."""
    answer = await client.get(CALLS, params=query)
    assert answer.status_code == 200, answer.text
    return [call["id"] for call in answer.json()["calls"]]


def refused(answer: httpx.Response, status: int, code: int, error: str) -> dict[str, Any]:
    """The problem, in the envelope of all problems."""
    assert answer.status_code == status, answer.text
    problem: dict[str, Any] = answer.json()
    assert (problem["status"], problem["code"], problem["error"]) == (status, code, error), answer.text
    assert problem["message"].endswith((".", ".)"))
    assert problem["request_id"] == answer.headers["x-request-id"]
    return problem
