"""Every field of a Telefoon Call: when it is there, and why."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

import httpx
import pytest

from tests.contract.face import BRIEF, BUSY, CALLER, FAILING, HUMAN, REJECTING, SILENT, Face, phone
from tests.contract.ledger import Ledger, Proofs
from tests.contract.telefoon import CONTRACT, FIELDS, PassTime, named

proofs: Final = Proofs(CONTRACT, {})
ENDING: Final = {"end_time", "duration", "price", "price_unit"}


@pytest.fixture
def ledger() -> Ledger:
    return Ledger(CONTRACT)


@pytest.fixture
def face(client: httpx.AsyncClient, ledger: Ledger) -> Face:
    return Face(named(client), ledger)


def test_every_field_is_proved_by_somebody() -> None:
    assert FIELDS
    assert proofs.unclaimed(*FIELDS) == []
    assert proofs.stale() == []


@proofs.claim("Call.type", "Call.*.required", "Call.id*", "Call.from*", "Call.to*", "Call.direction*")
async def test_a_call_says_at_all_times_who_called_whom(
    face: Face, pass_time: PassTime, ledger: Ledger
) -> None:
    call = await face.dial(phone(BRIEF))
    assert str(UUID(call["id"])) == call["id"]
    for seconds in (0, 1, 2, 60):
        await pass_time(seconds)
        now = await face.look(call)
        assert now == {**now, "id": call["id"], "from": CALLER, "to": phone(BRIEF), "direction": "outbound"}
    own = await face.client.post("/v1/numbers", json={"number": CALLER, "dialect": "telefoon"})
    assert own.is_success, own.text
    arriving = {"from": phone(HUMAN), "to": CALLER}
    arrived = (await face.client.post("/v1/simulator/inbound-calls", json=arriving)).json()
    come = await face.look(arrived)
    assert come == {**come, **arriving, "direction": "inbound", "status": "ringing"}
    assert "Call.direction.enum.inbound" in ledger.proved


@proofs.claim("Call.status", "Call.status.*")
async def test_a_call_goes_through_the_statuses_of_its_far_end(
    face: Face, pass_time: PassTime, ledger: Ledger
) -> None:
    stages = (
        # how the far end behaves, then what the call is at its creation, 1, 3 and 33 seconds after it
        (HUMAN, ("queued", "ringing", "in-progress", "completed")),
        (BUSY, ("queued", "ringing", "busy", "busy")),
        (SILENT, ("queued", "ringing", "ringing", "no-answer")),
        (REJECTING, ("queued", "ringing", "no-answer", "no-answer")),
        (FAILING, ("queued", "failed", "failed", "failed")),
    )
    calls = [await face.dial(phone(digit)) for digit, _ in stages]
    away = await face.dial(phone(HUMAN, 1))
    await face.good("endCall", away["id"])
    for stage, seconds in enumerate((0, 1, 2, 30)):
        await pass_time(seconds)
        found = [(await face.look(call))["status"] for call in calls]
        assert found == [statuses[stage] for _, statuses in stages]
    assert (await face.look(away))["status"] == "canceled"
    assert "Call.status.enum.canceled" in ledger.proved


@proofs.claim("Call.start_time*", "Call.end_time*", "Call.duration*", "Call.price*")
async def test_an_answered_call_says_when_for_how_long_and_for_how_many_euros(
    face: Face, pass_time: PassTime, ledger: Ledger
) -> None:
    call, unanswered = await face.dial(phone(BRIEF)), await face.dial(phone(BUSY))
    await pass_time(2.999)
    assert (await face.look(call)).keys().isdisjoint({"start_time", *ENDING})
    await pass_time(0.001)
    answered = await face.look(call)
    assert answered["start_time"] == (await face.client.get("/v1/simulator/clock")).json()["now"]
    assert answered.keys().isdisjoint(ENDING)
    await pass_time(10)
    ended = await face.look(call)
    lasted = datetime.fromisoformat(ended["end_time"]) - datetime.fromisoformat(ended["start_time"])
    assert (lasted.total_seconds(), ended["duration"]) == (3, 3)
    assert Decimal(ended["price"]) < 0
    assert ended["price_unit"] == "EUR"
    assert {"price", "price_unit"}.isdisjoint(await face.look(unanswered))
    assert "Call.price.type" in ledger.proved
