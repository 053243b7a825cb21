"""The list of calls as Telefonie promises it: every filter, every word of it, pages, limits and totals."""

from __future__ import annotations

from typing import Final

import pytest

from tests.contract.face import BRIEF, BUSY, CALLER, FAILING, HUMAN, REJECTING, Face, phone
from tests.contract.ledger import Ledger, Proofs
from tests.contract.telefonie import CONTRACT, LATER, LISTS, PassTime

proofs: Final = Proofs(CONTRACT, LATER)


@pytest.fixture
def ledger() -> Ledger:
    return Ledger(CONTRACT)


def test_every_fact_is_proved_by_somebody() -> None:
    assert LISTS
    assert proofs.unclaimed(*LISTS) == []
    assert proofs.stale() == []


@proofs.claim("listCalls.parameter.*.type", "listCalls.parameter.*.enum", "listCalls.parameter.*.maximum")
async def test_a_parameter_that_is_out_of_range_is_refused(face: Face, ledger: Ledger) -> None:
    for name, parameter in CONTRACT.operations["listCalls"].parameters.items():
        fact, schema = f"listCalls.parameter.{name}", parameter["schema"]
        if schema["type"] == "string" and "enum" not in schema:
            assert (await face.good("listCalls", params={name: phone(HUMAN, 9)}))["total"] == 0
        else:
            await face.refused(400, "listCalls", field=name, params={name: "no-such-word"})
        ledger.tick(f"{fact}.type", *ledger.matching(f"{fact}.enum"))
        if "maximum" in schema:
            most = schema["maximum"]
            assert (await face.good("listCalls", params={name: most}))[name] == most
            await face.refused(400, "listCalls", field=name, params={name: most + 1})
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
    await face.good("updateCall", cast["canceled"]["id"], json={"status": "canceled"})
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
        assert (await face.good("getCall", cast[status]))["status"] == status
        ledger.tick(f"listCalls.parameter.status.enum.{status}")
    ledger.tick("listCalls.parameter.status", "listCalls.parameter.status.in")


@proofs.claim(
    "listCalls.parameter.direction",
    "listCalls.parameter.direction.in",
    "listCalls.parameter.direction.enum.*",
    "listCalls.parameter.from",
    "listCalls.parameter.from.in",
    "listCalls.parameter.to",
    "listCalls.parameter.to.in",
)
async def test_the_list_is_narrowed_by_direction_and_by_either_number(face: Face, ledger: Ledger) -> None:
    first = await face.dial(phone(HUMAN, 1))
    other = await face.good("initiateCall", json={"to": phone(HUMAN, 2), "from": "+13125550198"})
    ids = [other["id"], first["id"]]
    for params, found in (
        ({"direction": "outbound"}, ids),
        ({"direction": "inbound"}, []),
        ({"from": CALLER}, [first["id"]]),
        ({"from": other["from"]}, [other["id"]]),
        ({"to": phone(HUMAN, 2)}, [other["id"]]),
        ({"to": phone(HUMAN, 2), "from": CALLER}, []),
    ):
        page = await face.good("listCalls", params=params)
        assert ([call["id"] for call in page["calls"]], page["total"]) == (found, len(found))
        for name, value in params.items():
            fact = f"listCalls.parameter.{name}"
            ledger.tick(fact, f"{fact}.in", *ledger.matching(f"{fact}.enum.{value}"))


@proofs.claim(
    "listCalls",
    "listCalls.200*",
    "listCalls.parameter.page",
    "listCalls.parameter.page.in",
    "listCalls.parameter.page_size",
    "listCalls.parameter.page_size.in",
)
async def test_the_list_comes_in_pages_newest_first_with_its_exact_total(face: Face, ledger: Ledger) -> None:
    empty = await face.good("listCalls")
    assert empty == {"calls": [], "total": 0, "page": 1, "page_size": empty["page_size"]}
    made = [(await face.dial(phone(HUMAN, which)))["id"] for which in range(5)]
    for page, size, rows in ((1, 2, made[:2:-1]), (2, 2, made[2:0:-1]), (3, 2, made[:1]), (4, 2, [])):
        answer = await face.good("listCalls", params={"page": page, "page_size": size})
        assert [call["id"] for call in answer["calls"]] == rows
        assert (answer["total"], answer["page"], answer["page_size"]) == (5, page, size)
    ledger.tick("listCalls.parameter.page", "listCalls.parameter.page.in")
    ledger.tick("listCalls.parameter.page_size", "listCalls.parameter.page_size.in")
