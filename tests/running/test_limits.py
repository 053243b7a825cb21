"""An account's limits are kept by every API of calls, and by nothing else."""

from __future__ import annotations

from typing import Final

import httpx
import pytest

from telefonie.core.accounts import Settings
from tests.support.house import House

CALL: Final = {"to": "+12125550100", "from": "+31201234567"}
FEW: Final = Settings(creations_per_second=2, requests_per_second=3)


@pytest.fixture(autouse=True)
def _one_second(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of a test happens within one second of the wall's time."""
    monkeypatch.setattr(house.engine.limits, "_wall", lambda _: 1_893_456_000_000)


async def sent(client: httpx.AsyncClient, method: str, path: str, times: int) -> list[int]:
    """The answers to the same request, sent so often within a moment."""
    return [(await client.request(method, path, json=CALL)).status_code for _ in range(times)]


@pytest.mark.parametrize("path", ["/v1/voice/calls", "/telefoon/v1/voice/calls"])
async def test_so_many_calls_are_made_in_a_second(house: House, path: str) -> None:
    async with house.customer(FEW) as client:
        assert await sent(client, "POST", path, 4) == [201, 201, 429, 429]
        refused = await client.post(path, json=CALL)
        assert (refused.json()["status"], refused.headers["Retry-After"]) == (429, "1")
        assert "creations" in refused.json()["message"]


async def test_other_requests_have_a_limit_of_their_own(house: House) -> None:
    async with house.customer(FEW) as client:
        assert await sent(client, "POST", "/v1/voice/calls", 3) == [201, 201, 429]
        assert await sent(client, "GET", "/v1/voice/calls", 2) == [200, 200]
        assert await sent(client, "GET", "/v1/numbers", 2) == [200, 429]
        assert await sent(client, "GET", "/v1/simulator/calls", 12) == [200] * 12


async def test_every_operation_of_such_an_api_tells_of_it(house: House) -> None:
    limited = ("/v1/voice", "/v1/recordings", "/telefoon/v1/voice", "/v1/numbers")
    free = ("/v1/simulator", "/v1/admin")
    async with house.connect() as client:
        for face in (*limited, *free):
            document = (await client.get(f"{face}/openapi.json")).json()
            operations = [each for methods in document["paths"].values() for each in methods.values()]
            told = {"429" in each["responses"] for each in operations}
            assert told == {face in limited}, face
