"""Every operation on a single call, and every field and default of its request, as promised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import pytest

from tests.contract.face import CALLER, HUMAN, SILENT, WRONG, Face, phone
from tests.contract.ledger import Ledger, Proofs
from tests.contract.telefonie import CALLS, CONTRACT, LATER, LATER_PATHS, PassTime

proofs: Final = Proofs(CONTRACT, LATER)
NOBODY: Final = str(UUID(int=0))
BODIES: Final = ("initiateCall", "updateCall")


@pytest.fixture
def ledger() -> Ledger:
    return Ledger(CONTRACT)


def order(**fields: Any) -> dict[str, Any]:
    return {"to": phone(HUMAN), "from": CALLER, **fields}


def test_every_fact_is_proved_by_somebody() -> None:
    assert CALLS
    assert proofs.unclaimed(*CALLS) == []
    assert proofs.stale() == []


def test_what_waits_for_later_still_exists() -> None:
    assert [path for path in LATER_PATHS if path not in CONTRACT.left_out] == []
    assert {name.split("/")[1] for name in CONTRACT.left_out} == {path.strip("/") for path in LATER_PATHS}


@proofs.claim("server", "security.*", "*.security.*")
async def test_every_operation_asks_for_the_key_in_its_header(face: Face, ledger: Ledger) -> None:
    header = ledger.value("security.ApiKeyAuth.name")
    key = face.client.headers[header]
    for operation in CONTRACT.operations.values():
        ids = [NOBODY for each in operation.parameters.values() if each["in"] == "path"]
        await face.refused(401, operation.name, *ids, headers={header: "not-a-key"})
        request = face.request(operation.name, *ids)
        del request.headers[header]
        assert (await face.client.send(request)).status_code == 401
        elsewhere = face.request(operation.name, *ids, params={header: key})
        del elsewhere.headers[header]
        assert (await face.client.send(elsewhere)).status_code == 401
        assert (await face.ask(operation.name, *ids)).status_code not in {401, 403}
        ledger.tick(*ledger.matching(f"{operation.name}.security.*"))
    assert (ledger.value("security.ApiKeyAuth.type"), ledger.value("security.ApiKeyAuth.in")) == (
        "apiKey",
        "header",
    )
    assert (await face.good("listCalls"))["total"] == 0
    ledger.tick(*ledger.matching("security.*"))


@proofs.claim("*Call.request.*.type", "*Call.request.*.required", "*Call.request.*.enum")
async def test_a_field_that_is_missing_or_of_another_kind_is_refused(face: Face, ledger: Ledger) -> None:
    live = await face.dial(phone(HUMAN))
    base: Mapping[str, dict[str, Any]] = {"initiateCall": order(), "updateCall": {}}
    for operation in BODIES:
        ids = [live["id"]] if operation == "updateCall" else []
        for name, schema in face.fields(operation).items():
            fact = f"{operation}.request.{name}"
            bad = [(f"{fact}.type", WRONG[schema["type"]])]
            bad += [(f"{fact}.enum", "no-such-word")] if "enum" in schema else []
            for proved, value in bad:
                wrong = {**base[operation], name: value}
                await face.refused(400, operation, *ids, field=name, json=wrong)
                ledger.tick(proved)
            if f"{fact}.required" in CONTRACT.facts:
                rest = {key: value for key, value in base[operation].items() if key != name}
                await face.refused(400, operation, *ids, field=name, json=rest)
                ledger.tick(f"{fact}.required")
    assert (await face.look(live))["status"] == "queued"
    assert (await face.good("listCalls"))["total"] == 1


@proofs.claim("*Call.body", "*Call.body.*", "*Call.request.type")
async def test_a_body_is_an_object_in_json_and_creation_needs_one(face: Face, ledger: Ledger) -> None:
    live = await face.dial(phone(HUMAN))
    for operation in BODIES:
        ids = [live["id"]] if operation == "updateCall" else []
        await face.refused(400, operation, *ids, json=[])
        ledger.tick(f"{operation}.request.type")
        as_text: dict[str, Any] = {"content": b"{}", "headers": {"content-type": "text/plain"}}
        refusal = await face.refused(415, operation, *ids, **as_text)
        assert ledger.value(f"{operation}.body.content") in refusal["message"]
        ledger.tick(f"{operation}.body.content")
    await face.refused(400, "initiateCall")
    ledger.tick("initiateCall.body", "initiateCall.body.required")
    assert await face.good("updateCall", live["id"]) == live
    assert await face.good("updateCall", live["id"], json={}) == live
    ledger.tick("updateCall.body")


@proofs.claim("initiateCall", "initiateCall.201*", "initiateCall.request.to", "initiateCall.request.from")
async def test_a_call_is_accepted_before_anything_rings(face: Face, ledger: Ledger) -> None:
    call = await face.dial(phone(HUMAN))
    assert str(UUID(call["id"])) == call["id"]
    assert call == {**call, "status": "queued", "direction": "outbound", "to": phone(HUMAN), "from": CALLER}
    assert {"start_time", "end_time", "duration", "price"}.isdisjoint(call)
    for side in ("to", "from"):
        for number in ("12345", "+0123456", "+1" + 15 * "2", "somebody", ""):
            await face.refused(400, "initiateCall", field=side, json=order(**{side: number}))
        ledger.tick(f"initiateCall.request.{side}")


@proofs.claim(
    "initiateCall.request.url", "initiateCall.request.method*", "initiateCall.request.status_callback"
)
async def test_addresses_are_taken_with_the_call(face: Face, ledger: Ledger) -> None:
    for method in ledger.value("initiateCall.request.method.enum"):
        voice, report = f"https://shop.example/{method}", "https://shop.example/report"
        call = await face.dial(phone(HUMAN), url=voice, method=method, status_callback=report)
        assert (call["url"], call["status_callback"]) == (voice, report)
        ledger.tick(f"initiateCall.request.method.enum.{method}", "initiateCall.request.method")
    for name in ("url", "status_callback"):
        for address in ("/relative", "ftp://shop.example/", "https://", "shop.example"):
            await face.refused(400, "initiateCall", field=name, json=order(**{name: address}))
        ledger.tick(f"initiateCall.request.{name}")
    await face.refused(400, "initiateCall", field="method", json=order(method="DELETE"))
    ledger.tick(*ledger.matching("initiateCall.request.method.enum"))
    await face.refused(400, "initiateCall", field="method", json=order(method=7))
    ledger.tick("initiateCall.request.method.type")


@proofs.claim("initiateCall.request.timeout", "initiateCall.request.timeout.default")
async def test_the_far_end_rings_for_the_time_out_and_no_longer(
    face: Face, pass_time: PassTime, ledger: Ledger
) -> None:
    default = ledger.value("initiateCall.request.timeout.default")
    for fields, patience in (({}, default), ({"timeout": default}, default), ({"timeout": 7}, 7)):
        call = await face.dial(phone(SILENT), **fields)
        await pass_time(1 + patience - 0.001)
        assert (await face.look(call))["status"] == "ringing"
        await pass_time(0.001)
        assert (await face.look(call))["status"] == "no-answer"
    ledger.tick("initiateCall.request.timeout", "initiateCall.request.timeout.default")
    for timeout in (0, -1, 10**30):
        await face.refused(400, "initiateCall", field="timeout", json=order(timeout=timeout))


@proofs.claim("initiateCall.request.record")
async def test_a_recording_can_be_asked_for(face: Face, ledger: Ledger) -> None:
    # That it is really taken comes with the recordings; here, that the wish is understood.
    for wish in (True, False):
        assert (await face.dial(phone(HUMAN), record=wish))["status"] == "queued"
    ledger.tick("initiateCall.request.record")


@proofs.claim("getCall", "getCall.200*", "getCall.404", "getCall.parameter.*")
async def test_a_call_is_read_by_its_id_and_by_no_other(face: Face, ledger: Ledger) -> None:
    call = await face.dial(phone(HUMAN))
    assert await face.look(call) == call
    for unknown in (NOBODY, "not-an-id", call["id"].upper() + "0"):
        await face.refused(404, "getCall", unknown)
    ledger.answer("getCall", await face.ask("getCall", NOBODY))


@proofs.claim(
    "updateCall",
    "updateCall.200*",
    "updateCall.parameter.*",
    "updateCall.request.status",
    "updateCall.*.enum.*",
)
async def test_a_call_is_ended_or_taken_back_by_its_status(
    face: Face, pass_time: PassTime, ledger: Ledger
) -> None:
    queued, ringing, talking = [await face.dial(phone(HUMAN, which)) for which in range(3)]
    updated = await face.good("updateCall", queued["id"], json={"status": "canceled"})
    assert (updated["id"], updated["status"]) == (queued["id"], "canceled")
    await pass_time(1.5)
    updated = await face.good("updateCall", ringing["id"], json={"status": "canceled"})
    assert updated["status"] == "canceled"
    await pass_time(2)
    await face.refused(409, "updateCall", talking["id"], json={"status": "canceled"})
    ledger.tick("updateCall.request.status.enum.canceled")
    updated = await face.good("updateCall", talking["id"], json={"status": "completed"})
    assert updated["status"] == "completed"
    assert await face.look(talking) == updated
    ledger.tick("updateCall.request.status.enum.completed", "updateCall.request.status")
    for status in ledger.value("updateCall.request.status.enum"):
        await face.refused(409, "updateCall", talking["id"], json={"status": status})
    await face.refused(404, "updateCall", NOBODY, json={"status": "completed"})


@proofs.claim("updateCall.request.url", "updateCall.request.method")
async def test_only_an_answered_call_is_sent_to_another_document(
    face: Face, pass_time: PassTime, ledger: Ledger
) -> None:
    call = await face.dial(phone(HUMAN))
    next_one = {"url": "https://shop.example/next"}
    for elsewhere in (next_one, {**next_one, "method": "GET"}):
        await face.refused(409, "updateCall", call["id"], json=elsewhere)
    await pass_time(3.5)
    for elsewhere in (next_one, {**next_one, "method": "GET"}, {**next_one, "method": "POST"}):
        assert (await face.good("updateCall", call["id"], json=elsewhere))["status"] == "in-progress"
    ledger.tick("updateCall.request.url", "updateCall.request.method")
    await face.refused(400, "updateCall", call["id"], field="url", json={"url": "/relative"})


@proofs.claim("endCall", "endCall.204", "endCall.parameter.*")
async def test_a_live_call_is_hung_up_once(face: Face, pass_time: PassTime, ledger: Ledger) -> None:
    queued = await face.dial(phone(HUMAN, 0))
    talking = await face.dial(phone(HUMAN, 1))
    await face.good("endCall", queued["id"])
    await pass_time(3.5)
    assert (await face.ask("endCall", talking["id"])).content == b""
    assert (await face.look(queued))["status"] == "canceled"
    assert (await face.look(talking))["status"] == "completed"
    for ended in (queued, talking):
        await face.refused(409, "endCall", ended["id"])
    await face.refused(404, "endCall", NOBODY)
    assert "endCall.204" in ledger.proved
