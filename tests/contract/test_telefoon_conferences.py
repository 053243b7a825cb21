"""Rooms as Telefoon promises them: made with up to a hundred places, and listed bare."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import httpx
import pytest

from tests.contract.face import HUMAN, WRONG, Face, phone
from tests.contract.ledger import Ledger, Proofs
from tests.contract.telefoon import CONFERENCES, CONTRACT, PassTime, named, order

proofs: Final = Proofs(CONTRACT, {})


@pytest.fixture
def ledger() -> Ledger:
    return Ledger(CONTRACT)


@pytest.fixture
def face(client: httpx.AsyncClient, ledger: Ledger) -> Face:
    return Face(named(client), ledger)


def test_every_fact_of_rooms_is_proved_by_somebody() -> None:
    wanted = [name for name in CONFERENCES if ".security." not in name]
    assert wanted
    assert proofs.unclaimed(*wanted) == []
    assert proofs.stale() == []


@proofs.claim("createConference.request.*.type", "createConference.request.type", "createConference.body*")
async def test_a_field_of_another_kind_is_refused_and_a_body_may_be_missing(
    face: Face, ledger: Ledger
) -> None:
    for name, schema in face.fields("createConference").items():
        await face.refused(400, "createConference", field=name, json={name: WRONG[schema["type"]]})
        ledger.tick(f"createConference.request.{name}.type")
    await face.refused(400, "createConference", json=[])
    ledger.tick("createConference.request.type")
    as_text: dict[str, Any] = {"content": b"{}", "headers": {"content-type": "text/plain"}}
    refusal = await face.refused(415, "createConference", **as_text)
    assert ledger.value("createConference.body.content") in refusal["message"]
    await face.good("createConference")
    ledger.tick("createConference.body", "createConference.body.content")


@proofs.claim(
    "createConference",
    "createConference.201*",
    "createConference.request.friendly_name",
    "createConference.request.record",
    "Conference.type",
    "Conference.id*",
    "Conference.friendly_name*",
    "Conference.date_created*",
    "Conference.status.required",
)
async def test_a_room_is_made_before_anybody_comes(face: Face, ledger: Ledger) -> None:
    bare = await face.good("createConference")
    now = (await face.client.get("/v1/simulator/clock")).json()["now"]
    assert str(UUID(bare["id"])) == bare["id"]
    assert bare == {"id": bare["id"], "status": "init", "participant_count": 0, "date_created": now}
    room = await face.good("createConference", json={"friendly_name": "Standup", "record": True})
    assert room == {**bare, "id": room["id"], "friendly_name": "Standup"}
    ledger.tick("createConference.request.friendly_name", "createConference.request.record")


@proofs.claim(
    "createConference.request.max_participants", "createConference.request.max_participants.default"
)
async def test_a_room_has_a_hundred_places_unless_it_is_to_have_fewer(face: Face, ledger: Ledger) -> None:
    most = ledger.value("createConference.request.max_participants.default")
    assert most == 100
    await face.good("createConference", json={"max_participants": most})
    for number in (most + 1, 0, -1):
        fields = {"max_participants": number}
        await face.refused(400, "createConference", field="max_participants", json=fields)
    small = await face.good("createConference", json={"max_participants": 2})
    there = f"{CONTRACT.base}/conferences/{small['id']}/participants"
    answers = [await face.client.post(there, json=order(to=phone(HUMAN, n))) for n in range(3)]
    assert [each.status_code for each in answers] == [201, 201, 409]
    room = await face.good("createConference")
    for number in range(most + 1):
        answer = await face.client.post(
            f"{CONTRACT.base}/conferences/{room['id']}/participants", json=order(to=f"+3120123{number:04}")
        )
        assert answer.status_code == (201 if number < most else 409), answer.text
    ledger.tick(
        "createConference.request.max_participants", "createConference.request.max_participants.default"
    )


@proofs.claim(
    "listConferences", "listConferences.200*", "Conference.status*", "Conference.participant_count*"
)
async def test_rooms_are_listed_newest_first_as_they_stand(
    face: Face, pass_time: PassTime, ledger: Ledger
) -> None:
    empty = await face.good("listConferences")
    assert empty["conferences"] == []
    over, used, new = [await face.good("createConference") for _ in range(3)]
    for room in (over, used):
        for which in range(2):
            there = f"{CONTRACT.base}/conferences/{room['id']}/participants"
            assert (await face.client.post(there, json=order(to=phone(HUMAN, which)))).status_code == 201
    await pass_time(5)
    assert (await face.client.delete(f"{CONTRACT.base}/conferences/{over['id']}")).status_code == 204
    listed = (await face.good("listConferences"))["conferences"]
    assert [(each["id"], each["status"], each["participant_count"]) for each in listed] == [
        (new["id"], "init", 0),
        (used["id"], "in-progress", 2),
        (over["id"], "completed", 0),
    ]
    assert "Conference.status.enum.completed" in ledger.proved
