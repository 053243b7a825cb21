"""Rooms and those who are in them, as Telefonie promises them: every operation, field, default, limit and word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import pytest

from tests.contract.face import CALLER, HUMAN, SILENT, WRONG, Face, phone
from tests.contract.ledger import Ledger, Proofs
from tests.contract.telefonie import CONFERENCES, CONTRACT, LATER, PassTime
from tests.support.shop import a_shop

proofs: Final = Proofs(CONTRACT, LATER)
NOBODY: Final = str(UUID(int=0))
BODIES: Final = ("createConference", "addConferenceParticipant")


@pytest.fixture
def ledger() -> Ledger:
    return Ledger(CONTRACT)


def guest(which: int = 0, **fields: Any) -> dict[str, Any]:
    return {"to": phone(HUMAN, which), "from": CALLER, **fields}


async def opened(face: Face, **fields: Any) -> Any:
    return await face.good("createConference", json=fields)


async def invited(face: Face, room: Mapping[str, Any], which: int = 0, **fields: Any) -> Any:
    return await face.good("addConferenceParticipant", room["id"], json=guest(which, **fields))


async def present(face: Face, room: Mapping[str, Any]) -> dict[str, Any]:
    found = await face.good("listConferenceParticipants", room["id"])
    return {each["call_id"]: each for each in found["participants"]}


async def rooms(face: Face, **params: Any) -> dict[str, Any]:
    found = await face.good("listConferences", params=params)
    return {each["id"]: each for each in found["conferences"]}


def test_every_fact_is_proved_by_somebody() -> None:
    assert CONFERENCES
    assert proofs.unclaimed(*CONFERENCES) == []
    assert proofs.stale() == []


@proofs.claim("*Conference*.request.*.type", "*Conference*.request.*.required")
async def test_a_field_that_is_missing_or_of_another_kind_is_refused(face: Face, ledger: Ledger) -> None:
    room = await opened(face)
    base: Mapping[str, dict[str, Any]] = {"createConference": {}, "addConferenceParticipant": guest()}
    for operation in BODIES:
        ids = [] if operation == "createConference" else [room["id"]]
        for name, schema in face.fields(operation).items():
            fact = f"{operation}.request.{name}"
            wrong = {**base[operation], name: WRONG[schema["type"]]}
            await face.refused(400, operation, *ids, field=name, json=wrong)
            ledger.tick(f"{fact}.type")
            if f"{fact}.required" in CONTRACT.facts:
                rest = {key: value for key, value in base[operation].items() if key != name}
                await face.refused(400, operation, *ids, field=name, json=rest)
                ledger.tick(f"{fact}.required")
    assert list(await rooms(face)) == [room["id"]]
    assert await present(face, room) == {}


@proofs.claim("*Conference*.body", "*Conference*.body.*", "*Conference*.request.type")
async def test_a_body_is_an_object_in_json_and_an_invitation_needs_one(face: Face, ledger: Ledger) -> None:
    room = await opened(face)
    for operation in BODIES:
        ids = [] if operation == "createConference" else [room["id"]]
        await face.refused(400, operation, *ids, json=[])
        ledger.tick(f"{operation}.request.type")
        as_text: dict[str, Any] = {"content": b"{}", "headers": {"content-type": "text/plain"}}
        refusal = await face.refused(415, operation, *ids, **as_text)
        assert ledger.value(f"{operation}.body.content") in refusal["message"]
        ledger.tick(f"{operation}.body.content")
    await face.refused(400, "addConferenceParticipant", room["id"])
    ledger.tick("addConferenceParticipant.body", "addConferenceParticipant.body.required")
    assert (await face.good("createConference"))["status"] == "init"
    assert (await face.good("createConference", content=b""))["status"] == "init"
    ledger.tick("createConference.body")


@proofs.claim(
    "createConference",
    "createConference.201*",
    "createConference.request.friendly_name",
    "createConference.request.record",
    "Conference.type",
    "Conference.*required",
    "Conference.id*",
    "Conference.friendly_name*",
    "Conference.date_created*",
)
async def test_a_room_is_made_before_anybody_comes(face: Face, pass_time: PassTime, ledger: Ledger) -> None:
    now = (await face.client.get("/v1/simulator/clock")).json()["now"]
    bare, named = await opened(face), await opened(face, friendly_name="Monday", record=True)
    for room in (bare, named):
        assert str(UUID(room["id"])) == room["id"]
        assert (room["status"], room["participant_count"], room["date_created"]) == ("init", 0, now)
    assert "friendly_name" not in bare
    assert named["friendly_name"] == "Monday"
    ledger.tick("createConference.request.friendly_name")
    # That it is really recorded is walked with the recordings; here, that the wish is understood.
    for wish in (True, False):
        await opened(face, record=wish)
    ledger.tick("createConference.request.record")
    await pass_time(3600)
    assert (await rooms(face))[named["id"]] == named


@proofs.claim(
    "createConference.request.max_participants",
    "createConference.request.max_participants.default",
    "Conference.max_participants*",
)
async def test_a_room_takes_as_many_as_it_was_made_for(
    face: Face, pass_time: PassTime, ledger: Ledger
) -> None:
    usual = await opened(face)
    assert usual["max_participants"] == ledger.value("createConference.request.max_participants.default")
    ledger.tick("createConference.request.max_participants.default")
    for size in (1, 251, 0, -1):
        await face.refused(400, "createConference", field="max_participants", json={"max_participants": size})
    pair = await opened(face, max_participants=2)
    assert pair["max_participants"] == 2
    for which in (0, 1):
        await invited(face, pair, which)
    await pass_time(3.5)
    await face.refused(409, "addConferenceParticipant", pair["id"], json=guest(2))
    assert len(await present(face, pair)) == 2
    ledger.tick("createConference.request.max_participants")


@proofs.claim("createConference.request.status_callback")
async def test_a_rooms_address_is_told_what_happens_in_it(
    face: Face, pass_time: PassTime, ledger: Ledger
) -> None:
    async with a_shop() as shop:
        room = await opened(face, status_callback=shop.at("/room"))
        await invited(face, room)
        await pass_time(5)
        assert shop.events("/room") == ["conference.created", "participant.joined"]
    for address in ("/relative", "ftp://shop.example/", "somewhere"):
        await face.refused(
            400, "createConference", field="status_callback", json={"status_callback": address}
        )
    ledger.tick("createConference.request.status_callback")


@proofs.claim(
    "listConferences",
    "listConferences.200*",
    "listConferences.parameter.*",
    "Conference.status",
    "Conference.status.*",
    "Conference.participant_count*",
)
async def test_a_room_goes_through_its_statuses_and_counts_who_is_in_it(
    face: Face, pass_time: PassTime, ledger: Ledger
) -> None:
    ids = [(await opened(face))["id"] for _ in range(3)]
    empty, busy, over = ids
    for room in (busy, over):
        for which in (0, 1):
            await invited(face, {"id": room}, which)
    assert {each["participant_count"] for each in (await rooms(face)).values()} == {0}
    await pass_time(3.5)
    found = await rooms(face)
    assert list(found) == ids[::-1]
    assert [found[each]["participant_count"] for each in ids] == [0, 2, 2]
    for call_id in await present(face, {"id": over}):
        assert (await face.client.delete(f"/v1/voice/calls/{call_id}")).status_code == 204
    await pass_time(0)
    cast = {"init": empty, "in-progress": busy, "completed": over}
    assert sorted(cast) == sorted(ledger.value("listConferences.parameter.status.enum"))
    for status, room in cast.items():
        (only,) = (await rooms(face, status=status)).values()
        assert (only["id"], only["status"]) == (room, status)
        ledger.tick(f"listConferences.parameter.status.enum.{status}")
    assert (await rooms(face))[over]["participant_count"] == 0
    await face.refused(400, "listConferences", field="status", params={"status": "no-such-word"})
    parameter = "listConferences.parameter.status"
    ledger.tick(parameter, f"{parameter}.in", f"{parameter}.type", f"{parameter}.enum")


@proofs.claim(
    "addConferenceParticipant",
    "addConferenceParticipant.201*",
    "addConferenceParticipant.parameter.*",
    "addConferenceParticipant.request.to",
    "addConferenceParticipant.request.from",
    "addConferenceParticipant.request.muted",
    "listConferenceParticipants",
    "listConferenceParticipants.200*",
    "listConferenceParticipants.parameter.*",
    "Participant.*",
)
async def test_somebody_is_called_into_a_room(face: Face, pass_time: PassTime, ledger: Ledger) -> None:
    room = await opened(face)
    loud = await invited(face, room, 0)
    mute = await invited(face, room, 1, muted=True)
    late = await face.good("addConferenceParticipant", room["id"], json={"to": phone(SILENT), "from": CALLER})
    for each in (loud, mute, late):
        assert (each["conference_id"], each["status"], each["hold"]) == (room["id"], "queued", False)
    assert [loud["muted"], mute["muted"]] == [False, True]
    ledger.tick("addConferenceParticipant.request.muted")
    call = await face.client.get(f"/v1/voice/calls/{loud['call_id']}")
    assert (call.json()["to"], call.json()["from"]) == (phone(HUMAN, 0), CALLER)
    for side in ("to", "from"):
        for number in ("12345", "+0123456", "somebody", ""):
            wrong = guest() | {side: number}
            await face.refused(400, "addConferenceParticipant", room["id"], field=side, json=wrong)
        ledger.tick(f"addConferenceParticipant.request.{side}")
    await pass_time(1)
    assert {each["status"] for each in (await present(face, room)).values()} == {"ringing"}
    await pass_time(2.5)
    here = await present(face, room)
    statuses = [here[each["call_id"]]["status"] for each in (loud, mute, late)]
    assert statuses == ["connected", "connected", "ringing"]
    assert here[mute["call_id"]]["muted"]
    await pass_time(60)
    assert set(await present(face, room)) == {loud["call_id"], mute["call_id"]}
    for operation in ("listConferenceParticipants", "addConferenceParticipant"):
        for nowhere in (NOBODY, "no-id"):
            await face.refused(404, operation, nowhere, json=guest())
