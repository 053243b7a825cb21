"""What the Vonage face says about itself is true, extensions included: schemathesis finds nothing to object to."""

from __future__ import annotations

import asyncio
import json
from typing import Final

import httpx

from tests.contract.bridge import Bridge
from tests.contract.test_served import explore
from tests.contract.vonage import application, number, order, token
from tests.support.house import House

FACE: Final = "/v1"
PLACE: Final = "vonage/openapi.json"
MANY: Final = 40  # calls that are there to be steered, some of which hang up on the way


async def _calls(client: httpx.AsyncClient) -> list[str]:
    """People in a room, and a phone that rings on."""
    made: list[str] = []
    for place in range(MANY):
        to = {"type": "phone", "number": number(0 if place else 3, place % 10)}
        answer = await client.post(f"{FACE}/calls", json=order(to, ringing_timer=120))
        made.append(answer.json()["uuid"])
    return made


async def _recordings(client: httpx.AsyncClient) -> list[str]:
    """The ids of files of people who have been recorded and have gone."""
    actions = [{"action": "record"}, {"action": "talk", "text": "Good morning"}]
    await client.post(f"{FACE}/calls", json=order(ncco=actions))
    assert (await client.post("/v1/simulator/clock/advance", json={"seconds": 30})).status_code == 200
    told = (await client.get("/v1/simulator/deliveries", params={"page_size": "100"})).json()["deliveries"]
    sent = [(await client.get(f"/v1/simulator/deliveries/{each['id']}")).json() for each in told]
    bodies = [json.loads(each["body"]) for each in sent if each["body"]]
    return [each["recording_url"].rpartition("/")[2] for each in bodies if "recording_url" in each]


async def test_the_face_does_what_its_document_says(house: House) -> None:
    _, key = await house.account()
    async with house.connect(**{"X-API-Key": key}) as client:
        bearer = {"Authorization": f"Bearer {token(await application(client))}"}
        client.headers.update(bearer)
        files = await _recordings(client)
        assert files
        ids = {"uuid": await _calls(client), "id": files}
        assert (await client.post("/v1/simulator/clock/advance", json={"seconds": 10})).status_code == 200
        paths = (await client.get(f"{FACE}/{PLACE}")).json()["paths"]
    findings = await asyncio.to_thread(explore, Bridge(house.app), FACE, bearer, ids, PLACE)
    assert not findings.objections, "\n".join(findings.objections)
    never = [label for label, answers in findings.statuses.items() if not answers & {200, 201, 204}]
    assert never == [], {label: findings.statuses[label] for label in never}
    told = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert findings.statuses.keys() == told
