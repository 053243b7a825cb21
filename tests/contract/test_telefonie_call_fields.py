"""Every field of a Telefonie Call, in the contract and in the schema beside it: when it is there, and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import pytest

from tests.contract.face import (
    BEEPING,
    BRIEF,
    BUSY,
    CALLER,
    FAILING,
    HUMAN,
    MACHINE,
    REJECTING,
    SILENT,
    Face,
    phone,
)
from tests.contract.ledger import Ledger, Proofs
from tests.contract.telefonie import CONTRACT, FIELDS, LATER, PassTime

proofs: Final = Proofs(CONTRACT, LATER)
ENDING: Final = {"end_time", "duration", "price", "price_unit"}


@pytest.fixture
def ledger() -> Ledger:
    return Ledger(CONTRACT)


def moment(text: str) -> datetime:
    assert text.endswith("Z")
    return datetime.fromisoformat(text)


def test_every_field_is_proved_by_somebody() -> None:
    assert FIELDS
    assert proofs.unclaimed(*FIELDS) == []
    assert proofs.stale() == []


@proofs.claim(
    "Call.type",
    "CallSchema.type",
    "Call*.required",
    "Call*.id*",
    "Call*.from*",
    "Call*.to*",
    "Call*.direction*",
)
async def test_a_call_says_at_all_times_who_called_whom(
    face: Face, pass_time: PassTime, ledger: Ledger
) -> None:
    call = await face.dial(phone(BRIEF), record=True, machine_detection="enable")
    assert str(UUID(call["id"])) == call["id"]
    for seconds in (0, 1, 2, 3, 60):
        await pass_time(seconds)
        now = await face.look(call)
        assert now == {**now, "id": call["id"], "from": CALLER, "to": phone(BRIEF), "direction": "outbound"}
    own = await face.client.post("/v1/numbers", json={"number": CALLER})
    assert own.is_success, own.text
    arriving = {"from": phone(HUMAN), "to": CALLER}
    arrived = (await face.client.post("/v1/simulator/inbound-calls", json=arriving)).json()
    come = await face.look(arrived)
    assert come == {**come, **arriving, "direction": "inbound", "status": "ringing"}
    assert ledger.value("CallSchema.direction.enum") == ledger.value("Call.direction.enum")


@proofs.claim("Call*.status", "Call*.status.*")
async def test_a_call_goes_through_the_statuses_of_its_far_end(
    face: Face, pass_time: PassTime, ledger: Ledger
) -> None:
    stages = (
        # how the far end behaves, then what the call is at its creation, 1, 3 and 33 seconds after it
        (HUMAN, ("queued", "ringing", "in-progress", "completed")),
        (BRIEF, ("queued", "ringing", "in-progress", "completed")),
        (BUSY, ("queued", "ringing", "busy", "busy")),
        (SILENT, ("queued", "ringing", "ringing", "no-answer")),
        (REJECTING, ("queued", "ringing", "no-answer", "no-answer")),
        (FAILING, ("queued", "failed", "failed", "failed")),
    )
    calls = [await face.dial(phone(digit)) for digit, _ in stages]
    away = await face.dial(phone(HUMAN, 1))
    assert (await face.good("updateCall", away["id"], json={"status": "canceled"}))["status"] == "canceled"
    for stage, seconds in enumerate((0, 1, 2, 30)):
        await pass_time(seconds)
        found = [(await face.look(call))["status"] for call in calls]
        assert found == [statuses[stage] for _, statuses in stages]
    assert (await face.look(away))["status"] == "canceled"
    assert ledger.value("CallSchema.status.enum") == ledger.value("Call.status.enum")


@proofs.claim("Call*.start_time*", "Call*.end_time*", "Call*.duration*")
async def test_a_call_says_when_it_was_answered_when_it_ended_and_for_how_long_it_lasted(
    face: Face, pass_time: PassTime, ledger: Ledger
) -> None:
    call = await face.dial(phone(BRIEF))
    await pass_time(2.999)
    assert (await face.look(call)).keys().isdisjoint({"start_time", *ENDING})
    await pass_time(0.001)
    answered = await face.look(call)
    assert answered["start_time"] == (await face.client.get("/v1/simulator/clock")).json()["now"]
    assert answered.keys().isdisjoint(ENDING)
    await pass_time(10)
    ended = await face.look(call)
    assert ended["start_time"] == answered["start_time"]
    assert (moment(ended["end_time"]) - moment(ended["start_time"])).total_seconds() == 3
    assert ended["duration"] == 3
    assert ledger.value("CallSchema.duration.minimum") == 0


@proofs.claim("Call*.price*")
async def test_a_call_that_was_answered_costs_whole_minutes(
    face: Face, pass_time: PassTime, ledger: Ledger
) -> None:
    answered, longer = await face.dial(phone(BRIEF)), await face.dial("+13125550000")
    unanswered = await face.dial(phone(BUSY))
    stays = {"outcome": "human", "hangs_up_after": 61}
    put = await face.client.put("/v1/simulator/phones/+13125550001", json=stays)
    assert put.is_success, put.text
    longest = await face.dial("+13125550001")
    await pass_time(120)
    minute, also, twice = [await face.look(call) for call in (answered, longer, longest)]
    assert Decimal(minute["price"]) < 0
    assert (also["duration"], also["price"]) == (10, minute["price"])
    assert (twice["duration"], Decimal(twice["price"])) == (61, 2 * Decimal(minute["price"]))
    assert minute["price_unit"] == "USD"
    assert "price" not in await face.look(unanswered)
    assert len(minute["price_unit"]) == ledger.value("CallSchema.price_unit.maxLength")


@proofs.claim("Call*.url*", "CallSchema.status_callback*")
async def test_a_call_keeps_the_addresses_that_it_was_given(face: Face, ledger: Ledger) -> None:
    bare = await face.dial(phone(HUMAN))
    assert {"url", "status_callback"}.isdisjoint(bare)
    given = {"url": "https://shop.example/voice?shop=7", "status_callback": "https://shop.example/report"}
    call = await face.dial(phone(HUMAN), **given)
    assert await face.look(call) == {**call, **given}
    assert "CallSchema.url.format" in ledger.proved


@proofs.claim("Call*.recording_url*")
async def test_a_call_that_is_recorded_says_where_its_recording_is(
    face: Face, pass_time: PassTime, ledger: Ledger
) -> None:
    recorded, other = await face.dial(phone(BRIEF), record=True), await face.dial(phone(BRIEF, 1))
    assert "recording_url" not in recorded
    await pass_time(10)
    (found,) = (await face.client.get("/v1/voice/recordings")).json()["recordings"]
    assert (await face.look(recorded))["recording_url"] == found["media_url"]
    assert "recording_url" not in await face.look(other)
    assert "CallSchema.recording_url.format" in ledger.proved


@proofs.claim("CallSchema.answered_by*")
async def test_a_call_says_who_picked_up_when_it_was_asked_to_listen(
    face: Face, pass_time: PassTime, ledger: Ledger
) -> None:
    mute = "+13125550002"
    quiet = await face.client.put(f"/v1/simulator/phones/{mute}", json={"outcome": "human", "greeting": ""})
    assert quiet.is_success, quiet.text
    heard: Mapping[str, str] = {
        phone(HUMAN): "human",
        phone(MACHINE): "machine",
        phone(BEEPING): "machine",
        mute: "unknown",
    }
    assert sorted(set(heard.values())) == sorted(ledger.value("CallSchema.answered_by.enum"))
    calls: list[dict[str, Any]] = [await face.dial(number, machine_detection="enable") for number in heard]
    unasked = await face.dial(phone(HUMAN))
    await pass_time(3)
    assert [call for call in calls if "answered_by" in await face.look(call)] == []
    await pass_time(60)
    assert [(await face.look(call))["answered_by"] for call in calls] == list(heard.values())
    assert "answered_by" not in await face.look(unasked)
