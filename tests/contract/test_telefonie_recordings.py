"""Every operation on recordings, every filter, and every field of a Recording, as promised."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from tests.contract.face import BRIEF, CALLER, HUMAN, Face, phone
from tests.contract.ledger import Ledger, Proofs
from tests.contract.telefonie import PassTime
from tests.contract.walk import Contract

CONTRACT: Final = Contract("telefonie-recording-v1.yaml", {})
proofs: Final = Proofs(CONTRACT, {})
NOBODY: Final = str(UUID(int=0))


@pytest.fixture
def ledger() -> Ledger:
    return Ledger(CONTRACT)


def test_every_fact_is_proved_by_somebody() -> None:
    assert CONTRACT.facts
    assert proofs.unclaimed("*") == []
    assert proofs.stale() == []


async def dial(face: Face, to: str, **fields: Any) -> Any:
    """Place a call on the face that has calls."""
    order = {"to": to, "from": CALLER, **fields}
    answer = await face.client.post("/v1/voice/calls", json=order)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def start(face: Face, call: Mapping[str, Any], **fields: Any) -> str:
    """Record a call from now on."""
    answer = await face.client.post(f"/v1/voice/calls/{call['id']}/recordings", json=fields)
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found


async def stop(face: Face, recording_id: str) -> None:
    answer = await face.client.post(f"/v1/voice/recordings/{recording_id}", json={"status": "stopped"})
    assert answer.status_code == 200, answer.text


async def one_of_every_status(face: Face, pass_time: PassTime) -> dict[str, str]:
    """Status to the id of a recording: one that is over, one of which nothing was kept, one that goes on."""
    over = await dial(face, phone(BRIEF), record=True)
    await pass_time(10)
    completed = (await face.good("listRecordings", params={"call_id": over["id"]}))["recordings"][0]["id"]
    call = await dial(face, phone(HUMAN))
    await pass_time(4)
    failed = await start(face, call)
    await stop(face, failed)
    return {"completed": completed, "failed": failed, "in-progress": await start(face, call)}


@proofs.claim("server", "security.*", "*.security.*")
async def test_every_operation_asks_for_the_key_in_its_header(face: Face, ledger: Ledger) -> None:
    header = ledger.value("security.ApiKeyAuth.name")
    key = face.client.headers[header]
    for operation in CONTRACT.operations.values():
        ids = [NOBODY for each in operation.parameters.values() if each["in"] == "path"]
        for sent in ({header: ""}, {header: "no-such-key"}):
            await face.refused(401, operation.name, *ids, headers=sent)
        granted = await face.ask(operation.name, *ids, headers={header: key})
        assert granted.status_code != 401
        ledger.tick(f"{operation.name}.security.ApiKeyAuth")
    assert ledger.value("security.ApiKeyAuth.type") == "apiKey"
    assert ledger.value("security.ApiKeyAuth.in") == "header"
    ledger.tick(*ledger.matching("security.*"))
    assert (await face.good("listRecordings"))["total"] == 0


@proofs.claim(
    "listRecordings",
    "listRecordings.200*",
    "listRecordings.parameter.page",
    "listRecordings.parameter.page.in",
    "listRecordings.parameter.page_size",
    "listRecordings.parameter.page_size.in",
)
async def test_the_list_comes_in_pages_newest_first_with_its_exact_total(
    face: Face, pass_time: PassTime, ledger: Ledger
) -> None:
    assert (await face.good("listRecordings"))["recordings"] == []
    call = await dial(face, phone(HUMAN))
    await pass_time(4)
    made = [await start(face, call) for _ in range(5)]
    for page, size, rows in ((1, 2, made[:2:-1]), (2, 2, made[2:0:-1]), (3, 2, made[:1]), (4, 2, [])):
        answer = await face.good("listRecordings", params={"page": page, "page_size": size})
        assert [each["id"] for each in answer["recordings"]] == rows
        assert answer["total"] == 5
    ledger.tick("listRecordings.parameter.page", "listRecordings.parameter.page.in")
    ledger.tick("listRecordings.parameter.page_size", "listRecordings.parameter.page_size.in")


@proofs.claim(
    "listRecordings.parameter.*.type", "listRecordings.parameter.*.enum", "listRecordings.parameter.*.maximum"
)
async def test_a_parameter_that_is_out_of_range_is_refused(face: Face, ledger: Ledger) -> None:
    for name, parameter in CONTRACT.operations["listRecordings"].parameters.items():
        fact, schema = f"listRecordings.parameter.{name}", parameter["schema"]
        if schema["type"] == "string" and "enum" not in schema:
            assert (await face.good("listRecordings", params={name: "anything at all"}))["total"] == 0
        else:
            await face.refused(400, "listRecordings", field=name, params={name: "no-such-word"})
        ledger.tick(f"{fact}.type", *ledger.matching(f"{fact}.enum"))
        if "maximum" in schema:
            most = schema["maximum"]
            assert (await face.good("listRecordings", params={name: most}))[name] == most
            await face.refused(400, "listRecordings", field=name, params={name: most + 1})
            ledger.tick(f"{fact}.maximum")
    for name in ("page", "page_size"):
        await face.refused(400, "listRecordings", field=name, params={name: 0})


@proofs.claim(
    "listRecordings.parameter.status",
    "listRecordings.parameter.status.in",
    "listRecordings.parameter.status.enum.*",
    "listRecordings.parameter.call_id",
    "listRecordings.parameter.call_id.in",
    "Recording.status",
    "Recording.status.*",
)
async def test_the_list_is_narrowed_by_every_status_and_by_the_call(
    face: Face, pass_time: PassTime, ledger: Ledger
) -> None:
    cast = await one_of_every_status(face, pass_time)
    words = ledger.value("listRecordings.parameter.status.enum")
    assert sorted(cast) == sorted(words) == sorted(ledger.value("Recording.status.enum"))
    for status in words:
        found = await face.good("listRecordings", params={"status": status})
        assert [(each["id"], each["status"]) for each in found["recordings"]] == [(cast[status], status)]
        assert found["total"] == 1
        one = await face.good("getRecording", cast[status])
        assert one["status"] == status
        mine = await face.good("listRecordings", params={"call_id": one["call_id"], "status": status})
        assert [each["id"] for each in mine["recordings"]] == [cast[status]]
        ledger.tick(f"listRecordings.parameter.status.enum.{status}")
    ledger.tick(
        *(f"listRecordings.parameter.{name}{more}" for name in ("status", "call_id") for more in ("", ".in"))
    )


@proofs.claim("getRecording", "getRecording.200*", "getRecording.404", "getRecording.parameter.*")
async def test_a_recording_is_found_by_its_id_and_nothing_else_is(
    face: Face, pass_time: PassTime, ledger: Ledger
) -> None:
    cast = await one_of_every_status(face, pass_time)
    listed = {each["id"]: each for each in (await face.good("listRecordings"))["recordings"]}
    for recording_id in cast.values():
        assert await face.good("getRecording", recording_id) == listed[recording_id]
    for absent in (NOBODY, "not-an-id", cast["completed"][:-1]):
        await face.good("getRecording", absent, status=404)
    assert "getRecording.404" in ledger.proved


@proofs.claim("deleteRecording", "deleteRecording.204", "deleteRecording.parameter.*")
async def test_a_recording_that_is_over_is_deleted_and_then_gone(
    face: Face, pass_time: PassTime, ledger: Ledger
) -> None:
    cast = await one_of_every_status(face, pass_time)
    await face.refused(409, "deleteRecording", cast["in-progress"])
    for status in ("completed", "failed"):
        await face.good("deleteRecording", cast[status])
        await face.good("getRecording", cast[status], status=404)
        await face.refused(404, "deleteRecording", cast[status])
    assert (await face.good("listRecordings"))["total"] == 1
    await face.refused(404, "deleteRecording", NOBODY)
    assert "deleteRecording.204" in ledger.proved


def moment(text: str) -> datetime:
    assert text.endswith("Z")
    return datetime.fromisoformat(text)


@proofs.claim(
    "Recording.type", "Recording.id*", "Recording.call_id*", "Recording.date_created*", "Recording.duration*"
)
async def test_a_recording_says_of_which_call_it_is_when_it_began_and_how_long_it_plays(
    face: Face, pass_time: PassTime, ledger: Ledger
) -> None:
    call = await dial(face, phone(BRIEF), record=True)
    await pass_time(3)
    (it,) = (await face.good("listRecordings"))["recordings"]
    assert (str(UUID(it["id"])), it["call_id"]) == (it["id"], call["id"])
    answered = (await face.client.get(f"/v1/voice/calls/{call['id']}")).json()["start_time"]
    assert moment(it["date_created"]) == moment(answered)
    assert it.keys().isdisjoint({"duration", "price", "price_unit", "media_url"})
    await pass_time(10)
    over = await face.good("getRecording", it["id"])
    assert (over["date_created"], over["duration"]) == (it["date_created"], 3)
    assert ledger.value("Recording.duration.type") == "integer"


@proofs.claim("Recording.channels*")
async def test_a_recording_has_one_channel_unless_two_are_wanted(
    face: Face, pass_time: PassTime, ledger: Ledger
) -> None:
    wanted: list[dict[str, Any]] = [{}, {"recording_channels": 1}, {"recording_channels": 2}]
    calls = [await dial(face, phone(BRIEF, n), record=True, **more) for n, more in enumerate(wanted)]
    await pass_time(10)
    found = [await face.good("listRecordings", params={"call_id": call["id"]}) for call in calls]
    assert [each["recordings"][0]["channels"] for each in found] == [1, 1, 2]
    assert sorted({1, 2}) == sorted(ledger.value("Recording.channels.enum"))


@proofs.claim("Recording.source*")
async def test_a_recording_says_what_made_it_begin(face: Face, pass_time: PassTime, ledger: Ledger) -> None:
    call = await dial(face, phone(HUMAN), record=True)
    await pass_time(4)
    (first,) = (await face.good("listRecordings"))["recordings"]
    later = await face.good("getRecording", await start(face, call))
    assert [first["source"], later["source"]] == ["outbound_api", "start_recording_api"]
    assert ledger.value("Recording.source.type") == "string"


@proofs.claim("Recording.price*")
async def test_a_recording_costs_whole_minutes_once_it_is_completed(
    face: Face, pass_time: PassTime, ledger: Ledger
) -> None:
    stays = {"outcome": "human", "hangs_up_after": 61}
    put = await face.client.put("/v1/simulator/phones/+13125550001", json=stays)
    assert put.is_success, put.text
    calls = [await dial(face, to, record=True) for to in (phone(BRIEF), "+13125550001")]
    await pass_time(120)
    found = [await face.good("listRecordings", params={"call_id": call["id"]}) for call in calls]
    minute, twice = (each["recordings"][0] for each in found)
    assert Decimal(minute["price"]) < 0
    assert (twice["duration"], Decimal(twice["price"])) == (61, 2 * Decimal(minute["price"]))
    assert minute["price_unit"] == "USD"
    assert ledger.value("Recording.price.type") == ledger.value("Recording.price_unit.type") == "string"


@proofs.claim("Recording.media_url*")
async def test_a_completed_recording_says_where_its_sound_is_and_for_how_long(
    face: Face, pass_time: PassTime, ledger: Ledger
) -> None:
    cast = await one_of_every_status(face, pass_time)
    for status in ("failed", "in-progress"):
        assert "media_url" not in await face.good("getRecording", cast[status])
    first = await face.good("getRecording", cast["completed"])
    parts = urlsplit(first["media_url"])
    assert parts.path == f"{CONTRACT.base}/recordings/{cast['completed']}/media.wav"
    await pass_time(60)
    again = await face.good("getRecording", cast["completed"])
    ends = [int(parse_qs(urlsplit(each["media_url"]).query)["expires"][0]) for each in (first, again)]
    assert ends[1] == ends[0] + 60
    assert ledger.value("Recording.media_url.type") == "string"
