"""Every operation on calls as Telefoon promises it: parameters, fields, defaults, limits and answers."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import httpx
import pytest

from tests.contract.face import BRIEF, BUSY, CALLER, FAILING, HUMAN, REJECTING, SILENT, WRONG, Face, phone
from tests.contract.ledger import Ledger, Proofs
from tests.contract.telefoon import CALLS, CONTRACT, PassTime, named, order

proofs: Final = Proofs(CONTRACT, {})
NOBODY: Final = str(UUID(int=0))


@pytest.fixture
def ledger() -> Ledger:
    return Ledger(CONTRACT)


@pytest.fixture
def face(client: httpx.AsyncClient, ledger: Ledger) -> Face:
    return Face(named(client), ledger)


def test_every_fact_is_proved_by_somebody() -> None:
    assert CALLS
    assert proofs.unclaimed(*CALLS) == []
    assert proofs.stale() == []


@proofs.claim("server", "security.*", "*.security.*")
async def test_every_operation_asks_for_the_key_in_its_header(face: Face, ledger: Ledger) -> None:
    header = ledger.value("security.ApiKeyAuth.name")
    for operation in CONTRACT.operations.values():
        ids = [NOBODY for each in operation.parameters.values() if each["in"] == "path"]
        await face.refused(401, operation.name, *ids, headers={header: "not-a-key"})
        request = face.request(operation.name, *ids)
        del request.headers[header]
        assert (await face.client.send(request)).status_code == 401
        assert (await face.ask(operation.name, *ids)).status_code not in {401, 403}
        ledger.tick(*ledger.matching(f"{operation.name}.security.*"))
    assert (ledger.value("security.ApiKeyAuth.type"), ledger.value("security.ApiKeyAuth.in")) == (
        "apiKey",
        "header",
    )
    assert (await face.good("listCalls"))["total"] == 0
    ledger.tick(*ledger.matching("security.*"))


async def test_there_is_no_way_to_change_a_call(face: Face) -> None:
    call = await face.dial(phone(HUMAN))
    answer = await face.client.post(f"{CONTRACT.base}/calls/{call['id']}", json={"status": "completed"})
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, DELETE")
    assert await face.look(call) == call


# -- placing --


@proofs.claim("initiateCall.request.*.type", "initiateCall.request.*.required")
async def test_a_field_that_is_missing_or_of_another_kind_is_refused(face: Face, ledger: Ledger) -> None:
    for name, schema in face.fields("initiateCall").items():
        fact = f"initiateCall.request.{name}"
        await face.refused(400, "initiateCall", field=name, json=order(**{name: WRONG[schema["type"]]}))
        ledger.tick(f"{fact}.type")
        if f"{fact}.required" in CONTRACT.facts:
            rest = {key: value for key, value in order().items() if key != name}
            await face.refused(400, "initiateCall", field=name, json=rest)
            ledger.tick(f"{fact}.required")
    assert (await face.good("listCalls"))["total"] == 0


@proofs.claim("initiateCall.body", "initiateCall.body.*", "initiateCall.request.type")
async def test_a_body_is_an_object_in_json_and_creation_needs_one(face: Face, ledger: Ledger) -> None:
    await face.refused(400, "initiateCall", json=[])
    ledger.tick("initiateCall.request.type")
    as_text: dict[str, Any] = {"content": b"{}", "headers": {"content-type": "text/plain"}}
    refusal = await face.refused(415, "initiateCall", **as_text)
    assert ledger.value("initiateCall.body.content") in refusal["message"]
    await face.refused(400, "initiateCall")
    ledger.tick("initiateCall.body", "initiateCall.body.content", "initiateCall.body.required")


@proofs.claim("initiateCall", "initiateCall.201*", "initiateCall.request.to", "initiateCall.request.from")
async def test_a_call_is_accepted_before_anything_rings(face: Face, ledger: Ledger) -> None:
    call = await face.dial(phone(HUMAN))
    assert str(UUID(call["id"])) == call["id"]
    assert call == {**call, "status": "queued", "direction": "outbound", "to": phone(HUMAN), "from": CALLER}
    for side in ("to", "from"):
        for number in ("12345", "+0123456", "+1" + 15 * "2", "somebody", ""):
            await face.refused(400, "initiateCall", field=side, json=order(**{side: number}))
        ledger.tick(f"initiateCall.request.{side}")


@proofs.claim("initiateCall.request.url", "initiateCall.request.status_callback")
async def test_addresses_are_taken_with_the_call(face: Face, ledger: Ledger) -> None:
    given = {"url": "https://shop.example/voice", "status_callback": "https://shop.example/report"}
    call = await face.dial(phone(HUMAN), **given)
    assert await face.look(call) == {**call, **given}
    for name in given:
        for address in ("/relative", "ftp://shop.example/", "https://", "shop.example"):
            await face.refused(400, "initiateCall", field=name, json=order(**{name: address}))
        ledger.tick(f"initiateCall.request.{name}")


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


@proofs.claim("initiateCall.request.record")
async def test_a_recording_is_asked_for_and_then_the_callee(
    face: Face, pass_time: PassTime, ledger: Ledger
) -> None:
    asked, unasked = await face.dial(phone(HUMAN), record=True), await face.dial(phone(HUMAN), record=False)
    await pass_time(3)
    assert "will be recorded" in await _said(face, asked)
    assert await _said(face, unasked) == ""
    ledger.tick("initiateCall.request.record")


@proofs.claim("initiateCall.request.tts_language")
async def test_a_call_has_a_language(face: Face, pass_time: PassTime, ledger: Ledger) -> None:
    for language, words in (
        ("nl-NL", "wordt opgenomen"),
        ("fr-BE", "enregistré"),
        ("de-DE", "aufgezeichnet"),
        ("en-GB", "recorded"),
    ):
        call = await face.dial(phone(HUMAN), record=True, tts_language=language)
        await pass_time(3)
        assert words in await _said(face, call)
    for unknown in ("xx-XX", "nl", "nl_NL", ""):
        problem = await face.refused(
            400, "initiateCall", field="tts_language", json=order(tts_language=unknown)
        )
        assert "nl-NL" in problem["message"]
    ledger.tick("initiateCall.request.tts_language")


async def _said(face: Face, call: dict[str, Any]) -> str:
    """What the platform has said on a call."""
    told = (await face.client.get(f"/v1/simulator/calls/{call['id']}/timeline")).json()["entries"]
    return " ".join(each["text"] for each in told if (each["type"], each["actor"]) == ("said", "platform"))


# -- one call --


@proofs.claim("getCall", "getCall.200*", "getCall.404", "getCall.parameter.*")
async def test_a_call_is_read_by_its_id_and_by_no_other(face: Face, ledger: Ledger) -> None:
    call = await face.dial(phone(HUMAN))
    assert await face.look(call) == call
    for unknown in (NOBODY, "not-an-id", call["id"].upper() + "0"):
        await face.refused(404, "getCall", unknown)
    ledger.answer("getCall", await face.ask("getCall", NOBODY))


@proofs.claim("endCall", "endCall.204", "endCall.parameter.*")
async def test_a_live_call_is_hung_up_once(face: Face, pass_time: PassTime, ledger: Ledger) -> None:
    queued, talking = await face.dial(phone(HUMAN, 0)), await face.dial(phone(HUMAN, 1))
    await face.good("endCall", queued["id"])
    await pass_time(3.5)
    assert (await face.ask("endCall", talking["id"])).content == b""
    assert (await face.look(queued))["status"] == "canceled"
    assert (await face.look(talking))["status"] == "completed"
    for ended in (queued, talking):
        await face.refused(409, "endCall", ended["id"])
    await face.refused(404, "endCall", NOBODY)
    assert "endCall.204" in ledger.proved


# -- the list --


@proofs.claim("listCalls.parameter.*.type", "listCalls.parameter.*.enum", "listCalls.parameter.*.maximum")
async def test_a_parameter_that_is_out_of_range_is_refused(face: Face, ledger: Ledger) -> None:
    for name, parameter in CONTRACT.operations["listCalls"].parameters.items():
        fact, schema = f"listCalls.parameter.{name}", parameter["schema"]
        await face.refused(400, "listCalls", field=name, params={name: "no-such-word"})
        ledger.tick(f"{fact}.type", *ledger.matching(f"{fact}.enum"))
        if "maximum" in schema:
            assert (await face.good("listCalls", params={name: schema["maximum"]}))["total"] == 0
            await face.refused(400, "listCalls", field=name, params={name: schema["maximum"] + 1})
            ledger.tick(f"{fact}.maximum")
    for name in ("page", "page_size"):
        await face.refused(400, "listCalls", field=name, params={name: 0})


async def _one_call_of_every_status(face: Face, pass_time: PassTime) -> dict[str, str]:
    """Status to call id. The live ones come last, since time carries them on."""
    cast = {
        "completed": await face.dial(phone(BRIEF)),
        "busy": await face.dial(phone(BUSY)),
        "no-answer": await face.dial(phone(REJECTING)),
        "failed": await face.dial(phone(FAILING)),
        "canceled": await face.dial(phone(HUMAN, 1)),
    }
    await face.good("endCall", cast["canceled"]["id"])
    await pass_time(60)
    cast["in-progress"] = await face.dial(phone(HUMAN, 2))
    await pass_time(2)
    cast["ringing"] = await face.dial(phone(HUMAN, 3))
    await pass_time(1.5)
    cast["queued"] = await face.dial(phone(HUMAN, 4))
    return {status: call["id"] for status, call in cast.items()}


@proofs.claim(
    "listCalls.parameter.status", "listCalls.parameter.status.in", "listCalls.parameter.status.enum.*"
)
async def test_the_list_is_narrowed_by_every_status(face: Face, pass_time: PassTime, ledger: Ledger) -> None:
    cast = await _one_call_of_every_status(face, pass_time)
    words = ledger.value("listCalls.parameter.status.enum")
    assert sorted(cast) == sorted(words)
    for status in words:
        found = await face.good("listCalls", params={"status": status})
        assert [(call["id"], call["status"]) for call in found["calls"]] == [(cast[status], status)]
        assert found["total"] == 1
        ledger.tick(f"listCalls.parameter.status.enum.{status}")
    ledger.tick("listCalls.parameter.status", "listCalls.parameter.status.in")


@proofs.claim("listCalls.parameter.direction", "listCalls.parameter.direction.*")
async def test_the_list_is_narrowed_by_direction(face: Face, ledger: Ledger) -> None:
    own = await face.client.post("/v1/numbers", json={"number": CALLER, "dialect": "telefoon"})
    assert own.is_success, own.text
    out = (await face.dial(phone(HUMAN)))["id"]
    arriving = {"from": phone(HUMAN), "to": CALLER}
    came = (await face.client.post("/v1/simulator/inbound-calls", json=arriving)).json()["id"]
    for word, found in (("outbound", out), ("inbound", came)):
        page = await face.good("listCalls", params={"direction": word})
        assert ([call["id"] for call in page["calls"]], page["total"]) == ([found], 1)
        ledger.tick(f"listCalls.parameter.direction.enum.{word}")
    fact = "listCalls.parameter.direction"
    await face.refused(400, "listCalls", field="direction", params={"direction": "sideways"})
    ledger.tick(fact, f"{fact}.in", f"{fact}.type", f"{fact}.enum")


@proofs.claim(
    "listCalls",
    "listCalls.200*",
    "listCalls.parameter.page",
    "listCalls.parameter.page.in",
    "listCalls.parameter.page_size",
    "listCalls.parameter.page_size.in",
)
async def test_the_list_comes_in_pages_newest_first_with_its_exact_total(face: Face, ledger: Ledger) -> None:
    assert await face.good("listCalls") == {"calls": [], "total": 0}
    made = [(await face.dial(phone(HUMAN, which)))["id"] for which in range(5)]
    for page, size, rows in ((1, 2, made[:2:-1]), (2, 2, made[2:0:-1]), (3, 2, made[:1]), (4, 2, [])):
        answer = await face.good("listCalls", params={"page": page, "page_size": size})
        assert [call["id"] for call in answer["calls"]] == rows
        assert answer["total"] == 5
    ledger.tick("listCalls.parameter.page", "listCalls.parameter.page.in")
    ledger.tick("listCalls.parameter.page_size", "listCalls.parameter.page_size.in")
