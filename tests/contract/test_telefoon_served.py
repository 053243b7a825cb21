"""What the Telefoon face says about itself is true, extensions included: schemathesis finds nothing to object to."""

from __future__ import annotations

import asyncio
from typing import Final

import httpx

from tests.contract.bridge import Bridge
from tests.contract.test_served import explore
from tests.support.house import House

FACE: Final = "/telefoon/v1/voice"
FROM: Final = "+31201234567"
BY_CHANCE: Final = "/participants/{call_id}"  # granted only to who names a room and somebody in it
MANY: Final = 6  # of what is removed on the way


async def _calls(client: httpx.AsyncClient) -> list[str]:
    """People who are recorded and have hung up, then phones that ring on."""
    made: list[str] = []
    for digit in "1" * MANY + "3" * MANY:
        order = {"from": FROM, "to": f"+4477009000{digit}0", "record": True, "timeout": 600}
        made.append((await client.post(f"{FACE}/calls", json=order)).json()["id"])
    return made


async def _rooms(client: httpx.AsyncClient) -> list[str]:
    made: list[str] = []
    for _ in range(MANY):
        made.append((await client.post(f"{FACE}/conferences", json={})).json()["id"])
        guest = {"from": FROM, "to": "+447700900000"}
        await client.post(f"{FACE}/conferences/{made[-1]}/participants", json=guest)
    return made


async def _trunks(client: httpx.AsyncClient, account_id: str) -> list[str]:
    domains = [f"t{number}.{account_id[-12:]}.example.com" for number in range(MANY)]
    answers = [await client.post(f"{FACE}/trunks", json={"domain": each}) for each in domains]
    return [each.json()["id"] for each in answers]


async def test_the_face_does_what_its_document_says(house: House) -> None:
    account, key = await house.account()
    async with house.connect(**{"X-API-Key": key}) as client:
        assume = {"settings": {"consent": "assume"}}
        async with house.operator() as operator:
            assert (await operator.patch(f"/v1/admin/accounts/{account.id}", json=assume)).is_success
        ids = {
            "call_id": await _calls(client),
            "conference_id": await _rooms(client),
            "trunk_id": await _trunks(client, account.id),
        }
        assert (await client.post("/v1/simulator/clock/advance", json={"seconds": 30})).status_code == 200
        kept = (await client.get(f"{FACE}/recordings", params={"status": "completed"})).json()
        ids["recording_id"] = [each["id"] for each in kept["recordings"]]
        assert len(ids["recording_id"]) == MANY
        paths = (await client.get(f"{FACE}/openapi.json")).json()["paths"]
    findings = await asyncio.to_thread(explore, Bridge(house.app), FACE, {"X-API-Key": key}, ids)
    assert not findings.objections, "\n".join(findings.objections)
    granted = {label for label, answers in findings.statuses.items() if answers & {200, 201, 204}}
    never = findings.statuses.keys() - granted
    assert [each for each in never if not each.endswith(BY_CHANCE)] == [], "no request of these was granted"
    told = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert findings.statuses.keys() == told
