"""What the operator says about keeping: holds, days, erasures, the archive, and the trail of it all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

import httpx
import pytest

PERSON: Final = "+12025550117"
NOBODY: Final = "00000000-0000-4000-8000-000000000000"
DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Office:
    """An operator and one account's customer."""

    admin: httpx.AsyncClient
    customer: httpx.AsyncClient
    path: str

    async def recorded(self, to: str = PERSON) -> str:
        """A recording that is over."""
        wish = {"from": "+31201234567", "to": to, "record": True}
        placed = await self.customer.post("/v1/voice/calls", json=wish)
        assert placed.status_code == 201, placed.text
        await self.advance(until="idle")
        found = (await self.customer.get("/v1/voice/recordings")).json()
        return str(found["recordings"][0]["id"])

    async def advance(self, **how: Any) -> None:
        answer = await self.customer.post("/v1/simulator/clock/advance", json=how)
        assert answer.status_code == 200, answer.text

    async def recordings(self) -> int:
        return int((await self.customer.get("/v1/voice/recordings")).json()["total"])


@pytest.fixture
async def office(admin: httpx.AsyncClient, house: Any) -> AsyncIterator[Office]:
    clock = {"mode": "manual", "now": "2030-01-01T00:00:00Z"}
    made = (await admin.post("/v1/admin/accounts", json={"clock": clock})).json()
    async with house.connect(**{"X-API-Key": made["api_key"]}) as customer:
        yield Office(admin, customer, f"/v1/admin/accounts/{made['id']}")


async def test_a_recording_is_held_and_let_go(office: Office) -> None:
    held = await office.recorded()
    await office.recorded()
    path = f"{office.path}/recordings/{held}"
    shown = (await office.admin.get(path)).json()
    assert (shown["id"], shown["legal_hold"], shown["status"]) == (held, False, "completed")
    assert "retain_until" not in shown
    assert (await office.admin.patch(path, json={"legal_hold": True})).json()["legal_hold"] is True
    assert (await office.customer.delete(f"/v1/voice/recordings/{held}")).status_code == 409
    await office.advance(seconds=120 * DAY)
    assert await office.recordings() == 1
    transcript = await office.customer.get(f"/v1/voice/recordings/{held}/transcript")
    assert transcript.status_code == 200
    assert (await office.admin.patch(path, json={"legal_hold": None})).json()["legal_hold"] is False
    await office.advance(seconds=1)
    assert await office.recordings() == 0
    assert (await office.admin.get(path)).status_code == 404
    trail = (await office.admin.get(f"{office.path}/audit", params={"subject": held})).json()
    told = [(each["action"], each["actor"]) for each in trail["entries"]]
    assert told[0] == ("delete", "retention")
    assert [each for each in told if each[1] == "admin"] == [("release", "admin"), ("hold", "admin")]


async def test_a_recording_is_kept_until_a_day_of_its_own(office: Office) -> None:
    held = await office.recorded()
    path = f"{office.path}/recordings/{held}"
    answer = await office.admin.patch(path, json={"retain_until": "2030-01-03T00:00:00Z", "x": 1})
    assert answer.json()["retain_until"] == "2030-01-03T00:00:00.000Z"
    assert answer.headers["X-Ignored-Fields"] == "x"
    assert (await office.admin.patch(path)).json()["retain_until"] == "2030-01-03T00:00:00.000Z"
    await office.advance(to="2030-01-02T23:59:59Z")
    assert await office.recordings() == 1
    await office.advance(to="2030-01-03T00:00:00Z")
    assert await office.recordings() == 0


async def test_what_is_not_there_cannot_be_held(office: Office) -> None:
    for name in (NOBODY, "x"):
        answer = await office.admin.patch(f"{office.path}/recordings/{name}", json={"legal_hold": True})
        assert answer.status_code == 404
    wrong = await office.admin.patch(f"{office.path}/recordings/{NOBODY}", json={"legal_hold": "yes"})
    assert wrong.status_code == 400


async def test_a_number_is_erased_and_there_is_a_receipt(office: Office) -> None:
    await office.recorded()
    path = f"{office.path}/erasures"
    made = await office.admin.post(path, json={"number": PERSON})
    assert made.status_code == 201
    receipt = made.json()
    assert receipt["counts"]["calls"] == 1
    assert receipt["counts"]["recordings"] == 1
    assert PERSON.removeprefix("+") not in made.text
    assert (await office.admin.get(f"{path}/{receipt['id']}")).json() == receipt
    assert (await office.admin.get(path)).json() == {
        "erasures": [receipt], "total": 1, "page": 1, "page_size": 50,
    }  # fmt: skip
    for mine in ("/v1/voice/calls", "/v1/voice/recordings", "/v1/simulator/deliveries"):
        assert (await office.customer.get(mine)).json()["total"] == 0


@pytest.mark.parametrize("number", ["31612345678", "+1", "tel", None, 31612345678])
async def test_what_is_no_number_is_not_erased(office: Office, number: object) -> None:
    answer = await office.admin.post(f"{office.path}/erasures", json={"number": number})
    assert (answer.status_code, answer.json()["details"][0]["field"]) == (400, "number")


async def test_a_live_call_and_a_number_of_ones_own_are_conflicts(office: Office) -> None:
    wish = {"from": "+31201234567", "to": PERSON}
    await office.customer.post("/v1/voice/calls", json=wish)
    answer = await office.admin.post(f"{office.path}/erasures", json={"number": PERSON})
    assert (answer.status_code, "hang up" in answer.json()["message"]) == (409, True)
    await office.advance(until="idle")
    await office.customer.post("/v1/numbers", json={"number": PERSON})
    answer = await office.admin.post(f"{office.path}/erasures", json={"number": PERSON})
    assert (answer.status_code, "inventory" in answer.json()["message"]) == (409, True)


async def test_receipts_and_entries_of_an_account_that_is_not_there(admin: httpx.AsyncClient) -> None:
    nowhere = f"/v1/admin/accounts/{NOBODY}"
    for path in ("erasures", f"erasures/{NOBODY}", "erasures/x", "archive", "audit"):
        assert (await admin.get(f"{nowhere}/{path}")).status_code == 404, path
    assert (await admin.post(f"{nowhere}/erasures", json={"number": PERSON})).status_code == 404
    assert (await admin.post(f"{nowhere}/archive", json={"recording_id": NOBODY})).status_code == 404


async def test_the_archive_takes_what_is_there(office: Office) -> None:
    path = f"{office.path}/archive"
    assert (await office.admin.get(path)).json() == {"entries": [], "total": 0, "page": 1, "page_size": 50}
    for name, status in ((NOBODY, 404), ("x", 404), (None, 400)):
        answer = await office.admin.post(path, json={"recording_id": name})
        assert answer.status_code == status
