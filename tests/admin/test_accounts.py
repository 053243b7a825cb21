"""Accounts, as the operator makes and sets them."""

from __future__ import annotations

import secrets
from typing import Any, Final

import httpx
import pytest

ACCOUNTS = "/v1/admin/accounts"
NOBODY = "00000000-0000-4000-8000-000000000000"
DEFAULTS = {
    "number_policy": "open",
    "rates": {},
    "record_calls": False,
    "callback_retry_seconds": [1, 5, 30, 120, 600],
    "retention": {"timeline_days": 30, "recording_days": 90, "call_days": 90, "audit_days": 365},
    "settling_ms": 0,
}
SEED: Final = secrets.token_hex(8)
SET: dict[str, Any] = {
    "number_policy": "owned",
    "currency": "EUR",
    "rates": {"default": "0.0500", "+31": "0.02", "sip:": "1"},
    "record_calls": True,
    "consent": "announce",
    "callback_retry_seconds": [0, 86_400],
    "retention": {"timeline_days": 1, "recording_days": None, "call_days": 36_500, "audit_days": 7},
    "region": "local",
    "creations_per_second": 3,
    "requests_per_second": 15,
    "settling_ms": 2_000,
}


def chosen() -> dict[str, Any]:
    """All settings, with a seed that nobody has."""
    return {**SET, "seed": secrets.token_hex(8)}


async def make(admin: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    answer = await admin.post(ACCOUNTS, json=fields)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_an_account_needs_nothing_but_a_wish(admin: httpx.AsyncClient) -> None:
    answer = await admin.post(ACCOUNTS)
    assert answer.status_code == 201
    made = answer.json()
    assert made["name"] == "Account"
    assert made["settings"] == DEFAULTS
    assert made["webhook_secret"].startswith("whsec_")
    shown = (await admin.get(f"{ACCOUNTS}/{made['id']}")).json()
    assert shown == {key: made[key] for key in ("id", "name", "created_at", "settings")}


async def test_its_first_key_opens_every_face(admin: httpx.AsyncClient, house: Any) -> None:
    made = await make(admin)
    async with house.connect(**{"X-API-Key": made["api_key"]}) as customer:
        for path in ("/v1/voice/calls", "/v1/numbers", "/v1/simulator/clock"):
            assert (await customer.get(path)).status_code == 200


async def test_settings_scopes_and_clock_are_set_at_once(admin: httpx.AsyncClient, house: Any) -> None:
    wanted = chosen()
    clock = {"mode": "manual", "speed": 2, "now": "2031-05-06T07:08:09Z"}
    made = await make(admin, name="one test", settings=wanted, clock=clock, scopes=["simulator", "simulator"])
    assert (made["name"], made["settings"]) == ("one test", wanted)
    async with house.connect(**{"X-API-Key": made["api_key"]}) as customer:
        told = (await customer.get("/v1/simulator/clock")).json()
        assert told == {"mode": "manual", "speed": 2.0, "now": "2031-05-06T07:08:09.000Z", "pending": 0}
        assert (await customer.get("/v1/voice/calls")).status_code == 403


async def test_a_seed_may_be_given_short_but_not_twice(admin: httpx.AsyncClient) -> None:
    assert (await make(admin, seed=SEED))["settings"]["seed"] == SEED
    answer = await admin.post(ACCOUNTS, json={"seed": SEED, "settings": {"seed": "8"}})
    assert (answer.status_code, answer.json()["details"][0]["field"]) == (400, "seed")


async def test_a_change_touches_only_what_it_names_and_null_restores(admin: httpx.AsyncClient) -> None:
    wanted = chosen()
    made = await make(admin, name="before", settings=wanted)
    path = f"{ACCOUNTS}/{made['id']}"
    renamed = await admin.patch(path, json={"name": "after"})
    assert (renamed.status_code, renamed.json()["name"], renamed.json()["settings"]) == (200, "after", wanted)
    changed = await admin.patch(
        path, json={"settings": {"currency": None, "seed": None, "record_calls": False}}
    )
    rest = {key: value for key, value in wanted.items() if key not in ("currency", "seed")}
    assert changed.json()["settings"] == {**rest, "record_calls": False}
    assert changed.json()["name"] == "after"
    everything = dict.fromkeys(wanted)
    assert (await admin.patch(path, json={"settings": everything})).json()["settings"] == DEFAULTS
    await admin.patch(path, json={"settings": wanted})
    bare = (await admin.patch(path, json={"name": None, "settings": None})).json()
    assert (bare["name"], bare["settings"]) == ("Account", DEFAULTS)
    assert (await admin.get(path)).json() == bare


async def test_an_empty_change_changes_nothing(admin: httpx.AsyncClient) -> None:
    wanted = chosen()
    made = await make(admin, settings=wanted)
    answer = await admin.patch(f"{ACCOUNTS}/{made['id']}")
    assert (answer.status_code, answer.json()["settings"]) == (200, wanted)


async def test_a_setting_is_obeyed_at_once(admin: httpx.AsyncClient, house: Any) -> None:
    made = await make(admin, settings={"rates": {"+1212": "9.9900"}, "currency": "CHF"})
    wish = {"from": "+31201234567", "to": "+12125550100"}
    async with house.connect(**{"X-API-Key": made["api_key"]}) as customer:
        call = (await customer.post("/v1/voice/calls", json=wish)).json()["id"]
        told = (await customer.get(f"/v1/simulator/calls/{call}")).json()
        assert (told["rate"], told["currency"]) == ("9.9900", "CHF")
        await admin.patch(f"{ACCOUNTS}/{made['id']}", json={"settings": {"number_policy": "owned"}})
        refused = await customer.post("/v1/voice/calls", json=wish)
        assert (refused.status_code, refused.json()["details"][0]["field"]) == (400, "from")
        await customer.post("/v1/numbers", json={"number": wish["from"]})
        assert (await customer.post("/v1/voice/calls", json=wish)).status_code == 201


async def test_unknown_fields_are_named_wherever_they_stand(admin: httpx.AsyncClient) -> None:
    settings = {"sede": 1, "record_calls": True, "retention": {"days": 3}}
    wish = {"nam": "x", "settings": settings, "clock": {"spede": 2}}
    answer = await admin.post(ACCOUNTS, json=wish)
    assert answer.status_code == 201
    assert answer.headers["X-Ignored-Fields"] == "nam, clock.spede, settings.sede, settings.retention.days"
    changed = await admin.patch(f"{ACCOUNTS}/{answer.json()['id']}", json={"settings": {"é\n": 1}})
    assert changed.headers["X-Ignored-Fields"] == "settings.%C3%A9%0A"


WRONG_SETTINGS = [
    ("number_policy", "closed"),
    ("currency", "eur"),
    ("currency", "EURO"),
    ("rates", {"31": "0.1"}),
    ("rates", {"+31": 0.1}),
    ("rates", {"+31": "-0.1"}),
    ("rates", {"+31": "0.12345"}),
    ("rates", {f"+{number}": "1" for number in range(1_000, 1_501)}),
    ("rates", []),
    ("record_calls", "yes"),
    ("consent", "perhaps"),
    ("callback_retry_seconds", [-1]),
    ("callback_retry_seconds", [86_401]),
    ("callback_retry_seconds", [1.5]),
    ("callback_retry_seconds", [1] * 11),
    ("seed", ""),
    ("seed", "x" * 201),
    ("seed", 7),
]


@pytest.mark.parametrize(("name", "value"), WRONG_SETTINGS)
async def test_a_wrong_setting_is_told_by_name(admin: httpx.AsyncClient, name: str, value: object) -> None:
    made = await make(admin)
    for answer in (
        await admin.post(ACCOUNTS, json={"settings": {name: value}}),
        await admin.patch(f"{ACCOUNTS}/{made['id']}", json={"settings": {name: value}}),
    ):
        assert answer.status_code == 400
        assert answer.json()["details"][0]["field"].startswith(f"settings.{name}")


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": None}, "name"),
        ({"settings": []}, "settings"),
        ({"clock": {"mode": "fast"}}, "clock.mode"),
        ({"clock": {"speed": 0}}, "clock.speed"),
        ({"clock": {"now": "soon"}}, "clock.now"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["admin"]}, "scopes.0"),
        ({"seed": 5}, "seed"),
    ],
)
async def test_a_wrong_wish_is_told_field_by_field(
    admin: httpx.AsyncClient, wish: dict[str, Any], field: str
) -> None:
    answer = await admin.post(ACCOUNTS, json=wish)
    assert answer.status_code == 400
    assert [each["field"] for each in answer.json()["details"]] == [field]


async def test_the_list_is_newest_first(admin: httpx.AsyncClient) -> None:
    before = (await admin.get(ACCOUNTS)).json()["total"]
    made = [(await make(admin, name=str(number)))["id"] for number in range(3)]
    page = (await admin.get(ACCOUNTS, params={"page_size": 2})).json()
    assert [each["id"] for each in page["accounts"]] == made[:0:-1]
    assert (page["total"], page["page"], page["page_size"]) == (before + 3, 1, 2)
    assert (await admin.get(ACCOUNTS, params={"page_size": 101})).status_code == 400


async def test_a_deleted_account_is_gone_with_its_key(admin: httpx.AsyncClient, house: Any) -> None:
    made = await make(admin)
    path = f"{ACCOUNTS}/{made['id']}"
    async with house.connect(**{"X-API-Key": made["api_key"]}) as customer:
        wish = {"from": "+31201234567", "to": "+12125550100"}
        assert (await customer.post("/v1/voice/calls", json=wish)).status_code == 201
        await customer.post("/v1/numbers", json={"number": "+31201234567"})
        answer = await admin.delete(path)
        assert (answer.status_code, answer.content) == (204, b"")
        assert (await customer.get("/v1/voice/calls")).status_code == 401
    for gone in (
        await admin.get(path),
        await admin.patch(path, json={"name": "x"}),
        await admin.delete(path),
    ):
        assert (gone.status_code, gone.json()["error"]) == (404, "account_not_found")


@pytest.mark.parametrize("account", [NOBODY, "nonsense", "%00"])
async def test_there_is_no_such_account(admin: httpx.AsyncClient, account: str) -> None:
    path = f"{ACCOUNTS}/{account}"
    for answer in (
        await admin.get(path),
        await admin.patch(path, json={}),
        await admin.delete(path),
        await admin.get(f"{path}/keys"),
        await admin.post(f"{path}/keys"),
        await admin.delete(f"{path}/keys/{NOBODY}"),
        await admin.get(f"{path}/secrets"),
        await admin.post(f"{path}/secrets/rotate"),
    ):
        assert answer.status_code == 404


async def test_two_accounts_cannot_have_one_seed(admin: httpx.AsyncClient) -> None:
    """Ids follow from it: the two would call different things by the same id."""
    seed = secrets.token_hex(8)
    first = await make(admin, seed=seed)
    again = await admin.post(ACCOUNTS, json={"seed": seed})
    assert (again.status_code, again.json()["error"]) == (409, "seed_in_use")
    other = await make(admin)
    taken = await admin.patch(f"{ACCOUNTS}/{other['id']}", json={"settings": {"seed": seed}})
    assert (taken.status_code, taken.json()["error"]) == (409, "seed_in_use")
    same = await admin.patch(f"{ACCOUNTS}/{first['id']}", json={"settings": {"seed": seed}})
    assert same.status_code == 200
    assert (await admin.delete(f"{ACCOUNTS}/{first['id']}")).status_code == 204
    assert (await make(admin, seed=seed))["settings"]["seed"] == seed
