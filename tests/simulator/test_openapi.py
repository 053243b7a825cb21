"""The simulator's own document."""

from __future__ import annotations

import httpx
import pytest

from tests.simulator.calling import place
from tests.simulator.listening import listening
from tests.support.documents import Document, judged, misfits


@pytest.fixture
async def document(client: httpx.AsyncClient) -> Document:
    found: Document = (await client.get("/v1/simulator/openapi.json")).json()
    return found


async def test_every_operation_tells_its_answers_and_errors(document: Document) -> None:
    operations = [each for methods in document["paths"].values() for each in methods.values()]
    assert len(operations) == 25
    for each in operations:
        assert {"401", "403"} <= each["responses"].keys(), each["summary"]
        assert any(status.startswith("2") for status in each["responses"])
        once = "Idempotency-Key" in [parameter["name"] for parameter in each.get("parameters", ())]
        assert (
            "422" in each["responses"]
        ) is once  # a key that was used for something else, and nothing beside
        assert each["description"]
        assert each["tags"]


async def test_every_example_fits_its_schema(document: Document) -> None:
    assert misfits(document) == {}


async def test_what_is_served_fits_what_is_documented(client: httpx.AsyncClient, document: Document) -> None:
    async with listening() as customer:
        call = await place(client, status_callback=customer.url, machine_detection="enable", send_digits="")
        await client.put("/v1/simulator/phones/+31612345678", json={"script": [{"wait": 1}, {"say": "hi"}]})
        advanced = await client.post("/v1/simulator/clock/advance", json={"until": "idle"})
    came = await client.post("/v1/simulator/inbound-calls", json={"from": "client:kim", "to": "+31201234567"})
    assert judged(document, "Call", came.json()) == []
    linted = await client.post(
        "/v1/simulator/documents/lint", json={"document": "<Response><Sing/></Response>"}
    )
    assert judged(document, "Findings", linted.json()) == []
    (delivery,) = (await client.get("/v1/simulator/deliveries?event=call.ringing")).json()["deliveries"]
    assert judged(document, "AdvanceProgress", advanced.json()) == []
    for path, name in (
        ("clock", "ClockState"),
        ("phones", "PhoneList"),
        ("phones/+31612345678", "Phone"),
        ("calls", "CallList"),
        (f"calls/{call}", "Call"),
        (f"calls/{call}/timeline", "Timeline"),
        (f"calls/{call}/transcript", "Transcript"),
        ("deliveries", "DeliveryList"),
        (f"deliveries/{delivery['id']}", "DeliveryWithAttempts"),
    ):
        answer = await client.get(f"/v1/simulator/{path}")
        assert answer.status_code == 200
        assert judged(document, name, answer.json()) == [], path
