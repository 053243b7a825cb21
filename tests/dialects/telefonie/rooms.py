"""The only module that knows the paths of this API's rooms; tests speak of rooms, not of paths."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import httpx

from tests.dialects.telefonie.steps import CALLER

CONFERENCES: Final = "/v1/voice/conferences"
GUESTS: Final = tuple(f"+1312555010{which}" for which in range(10))  # people who answer, and stay


async def created(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    """Make a room."""
    return _made(await client.post(CONFERENCES, json=fields), 201)


async def shown(client: httpx.AsyncClient, room: Mapping[str, Any]) -> dict[str, Any]:
    """The room as it stands now."""
    return _made(await client.get(f"{CONFERENCES}/{room['id']}"))


async def changed(client: httpx.AsyncClient, room: Mapping[str, Any], **fields: Any) -> httpx.Response:
    """Ask for a change of a room."""
    return await client.post(f"{CONFERENCES}/{room['id']}", json=fields)


async def closed(client: httpx.AsyncClient, room: Mapping[str, Any]) -> httpx.Response:
    """End a room."""
    return await client.delete(f"{CONFERENCES}/{room['id']}")


async def listed(client: httpx.AsyncClient, **query: Any) -> list[str]:
    """The ids of rooms."""
    found = _made(await client.get(CONFERENCES, params=query))
    return [room["id"] for room in found["conferences"]]


def guests_of(room: Mapping[str, Any]) -> str:
    """The path of those who are in it."""
    return f"{CONFERENCES}/{room['id']}/participants"


def place(room: Mapping[str, Any], guest: Mapping[str, Any] | str) -> str:
    """The path of one of them, by call or by label."""
    return f"{guests_of(room)}/{guest if isinstance(guest, str) else guest['call_id']}"


async def invite(
    client: httpx.AsyncClient, room: Mapping[str, Any], to: str = GUESTS[0], **fields: Any
) -> dict[str, Any]:
    """Call somebody into a room."""
    return _made(await client.post(guests_of(room), json={"to": to, "from": CALLER, **fields}), 201)


async def guest(client: httpx.AsyncClient, room: Mapping[str, Any], who: Mapping[str, Any]) -> dict[str, Any]:
    """Somebody as they are now."""
    return _made(await client.get(place(room, who)))


async def present(client: httpx.AsyncClient, room: Mapping[str, Any], **query: Any) -> list[dict[str, Any]]:
    """Who is there."""
    found: list[dict[str, Any]] = _made(await client.get(guests_of(room), params=query))["participants"]
    return found


async def steered(
    client: httpx.AsyncClient, room: Mapping[str, Any], who: Mapping[str, Any] | str, **fields: Any
) -> dict[str, Any]:
    """Change how somebody takes part."""
    return _made(await client.post(place(room, who), json=fields))


def _made(answer: httpx.Response, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert "x-ignored-fields" not in answer.headers
    found: dict[str, Any] = answer.json()
    return found
