"""SIP trunks: set up, shown without their passwords, and calls that go through them in both directions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.dialects.telefoon.steps import CALLER, NOBODY, TRUNKS, PassTime, come, dial, look, own, timeline
from tests.support.house import House
from tests.support.shop import Shop, a_shop

DOMAINS = (f"pbx{number}.example.com" for number in range(1_000))  # one server has each of them once
PASSWORD = "correct horse battery staple"


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    """The customer's server."""
    async with a_shop({"/voice": "<Response><Say>Hello</Say></Response>"}) as shop:
        yield shop


async def trunk(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    """Set one up."""
    answer = await client.post(TRUNKS, json={"domain": next(DOMAINS), **fields})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_a_trunk_needs_nothing_but_a_domain(client: httpx.AsyncClient) -> None:
    made = await trunk(client)
    assert made == {
        "id": made["id"],
        "domain": made["domain"],
        "friendly_name": "",
        "allowed_addresses": [],
        "status": "active",
        "created_at": made["created_at"],
    }
    assert (await client.get(f"{TRUNKS}/{made['id']}")).json() == made


async def test_everything_is_kept_but_the_password_is_never_shown(client: httpx.AsyncClient) -> None:
    given = {
        "friendly_name": "Head office",
        "allowed_addresses": ["203.0.113.0/24", "2001:db8::/32"],
        "status": "disabled",
    }
    secret = {"username": "office", "password": PASSWORD}
    answer = await client.post(TRUNKS, json={**given, "domain": next(DOMAINS).upper(), "credentials": secret})
    made = answer.json()
    assert made == {**made, **given, "credentials": {"username": "office"}}
    assert made["domain"] == made["domain"].lower()
    listed = await client.get(TRUNKS)
    assert listed.json() == {"trunks": [made], "total": 1, "page": 1, "page_size": 50}
    changed = await client.patch(f"{TRUNKS}/{made['id']}", json={"friendly_name": "Desk"})
    for each in (answer, listed, changed, await client.get(f"{TRUNKS}/{made['id']}")):
        assert PASSWORD not in each.text


async def test_what_is_given_takes_the_place_of_what_is_and_null_of_everything(
    client: httpx.AsyncClient,
) -> None:
    secret = {"username": "office", "password": PASSWORD}
    made = await trunk(
        client, friendly_name="Head office", credentials=secret, allowed_addresses=["192.0.2.7"]
    )
    path = f"{TRUNKS}/{made['id']}"
    assert made["allowed_addresses"] == ["192.0.2.7/32"]
    assert (await client.patch(path)).json() == made
    changed = (
        await client.patch(path, json={"status": "disabled", "allowed_addresses": ["192.0.2.9/24"]})
    ).json()
    assert changed == {**made, "status": "disabled", "allowed_addresses": ["192.0.2.0/24"]}
    bare = dict.fromkeys(("friendly_name", "credentials", "allowed_addresses", "status"))
    cleared = (await client.patch(path, json=bare)).json()
    blank = {"friendly_name": "", "allowed_addresses": [], "status": "active"}
    assert cleared == {name: value for name, value in made.items() if name != "credentials"} | blank
    ignored = await client.patch(path, json={"domain": "other.example.com"})
    assert ignored.headers["x-ignored-fields"] == "domain"
    assert ignored.json()["domain"] == made["domain"]


async def test_a_domain_belongs_to_one_trunk_of_the_server(client: httpx.AsyncClient, house: House) -> None:
    made = await trunk(client)
    async with house.customer() as stranger:
        for each in (client, stranger):
            answer = await each.post(TRUNKS, json={"domain": made["domain"]})
            assert (answer.status_code, answer.json()["error"]) == (409, "domain_taken")
        assert (await client.delete(f"{TRUNKS}/{made['id']}")).status_code == 204
        assert (await stranger.post(TRUNKS, json={"domain": made["domain"]})).status_code == 201


async def test_another_accounts_trunk_is_not_there(client: httpx.AsyncClient, house: House) -> None:
    made = await trunk(client)
    async with house.customer() as stranger:
        for trunk_id in (made["id"], NOBODY, "not-an-id"):
            for method in ("GET", "PATCH", "DELETE"):
                answer = await stranger.request(method, f"{TRUNKS}/{trunk_id}")
                assert (answer.status_code, answer.json()["error"]) == (404, "trunk_not_found")
        assert (await stranger.get(TRUNKS)).json()["total"] == 0
    assert (await client.get(f"{TRUNKS}/{made['id']}")).json() == made


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"domain": "example"}, "domain"),
        ({"domain": "-x.example.com"}, "domain"),
        ({"domain": "example.com:5060"}, "domain"),
        ({"allowed_addresses": ["300.1.1.1"]}, "allowed_addresses.0"),
        ({"allowed_addresses": ["192.0.2.0/33"]}, "allowed_addresses.0"),
        ({"credentials": {"username": "x"}}, "credentials.password"),
        ({"credentials": {"username": "a:b", "password": "x"}}, "credentials.username"),
        ({"status": "sleeping"}, "status"),
    ],
)
async def test_a_bad_field_is_named(client: httpx.AsyncClient, fields: dict[str, Any], field: str) -> None:
    answer = await client.post(TRUNKS, json={"domain": "new.example.com", **fields})
    assert answer.status_code == 400
    assert [each["field"] for each in answer.json()["details"]] == [field]


# -- calls out --


async def test_a_call_to_an_address_of_its_domain_goes_through_the_trunk(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    made = await trunk(client)
    spellings = ("sip:kim@{}", "sip:kim@{}:5061;transport=tls", "SIPS:kim@{}")
    calls = [await dial(client, each.format(made["domain"])) for each in spellings]
    assert [each["trunk_id"] for each in calls] == [made["id"]] * 3
    plain = await dial(client, "sip:kim@elsewhere.example.com")
    assert "trunk_id" not in plain
    await pass_time(60)
    for call in (calls[0], plain):
        shown = await look(client, call)
        assert (shown["status"], shown["price"]) == ("completed", "-0.0040")


async def test_another_accounts_domain_is_an_ordinary_address(
    client: httpx.AsyncClient, house: House
) -> None:
    made = await trunk(client)
    async with house.customer() as stranger:
        assert "trunk_id" not in await dial(stranger, f"sip:kim@{made['domain']}")


async def test_through_a_disabled_trunk_nobody_is_reached(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    made = await trunk(client, status="disabled")
    call = await dial(client, f"sip:kim@{made['domain']}")
    await pass_time(10)
    shown = await look(client, call)
    assert (shown["status"], shown["end_reason"]) == ("failed", "unreachable")


async def test_a_leg_goes_through_the_trunk_too(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    made = await trunk(client)
    shop.pages["/voice"] = f"<Response><Dial><Sip>sip:kim@{made['domain']}</Sip></Dial></Response>"
    call = await dial(client, url=shop.at("/voice"))
    await pass_time(10)
    (dialed,) = await timeline(client, call, "dialed")
    leg = await look(client, {"id": dialed["call_id"]})
    assert (leg["parent_call_id"], leg["trunk_id"]) == (call["id"], made["id"])


# -- calls in --


@pytest.mark.parametrize("to", ["sip:+31201234567@{}", "sip:31201234567@{}:5060"])
async def test_a_call_from_the_trunk_reaches_the_number_and_brings_its_headers(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop, to: str
) -> None:
    made = await trunk(client, allowed_addresses=["203.0.113.0/24"])
    await own(client, CALLER, voice_url=shop.at("/voice"))
    headers = {"X-Customer": "17", "X-Desk": "sales", "User-to-User": "3432;encoding=hex"}
    answer = await come(
        client,
        **{"from": f"sip:kim@{made['domain']}"},
        to=to.format(made["domain"]),
        source_address="203.0.113.9",
        headers=headers,
    )
    assert answer.status_code == 201, answer.text
    call = answer.json()
    assert (call["face"], call["trunk_id"], call["sip_headers"]) == ("telefoon", made["id"], headers)
    await pass_time(30)
    (asked,) = shop.asked("/voice")
    assert asked.json["sip_headers"] == headers
    shown = await look(client, call)
    assert (shown["trunk_id"], shown["from"], shown["status"]) == (
        made["id"],
        f"sip:kim@{made['domain']}",
        "completed",
    )


async def test_by_get_the_headers_stand_in_the_query(
    client: httpx.AsyncClient, pass_time: PassTime, shop: Shop
) -> None:
    await own(client, CALLER, voice_url=shop.at("/voice"), voice_method="GET")
    await come(client, **{"from": "sip:kim@example.com"}, headers={"X-Desk": "sales"})
    await pass_time(5)
    assert shop.asked("/voice")[0].query["sip_headers_X-Desk"] == "sales"


async def test_a_trunk_may_be_named_where_the_addresses_do_not_tell_it(client: httpx.AsyncClient) -> None:
    made = await trunk(client)
    await own(client, CALLER)
    assert (await come(client, trunk=made["id"])).json()["trunk_id"] == made["id"]


async def test_a_call_that_the_trunk_would_not_take_is_refused(
    client: httpx.AsyncClient, house: House
) -> None:
    made = await trunk(client, allowed_addresses=["203.0.113.0/24"])
    async with house.customer() as stranger:
        theirs = await trunk(stranger)
    there = f"sip:+31201234567@{made['domain']}"
    refused = {
        "source_address": {"to": there, "source_address": "198.51.100.1"},
        "trunk": {"trunk": theirs["id"]},
        "to": {"to": "sip:+31201234567@elsewhere.example.com"},
    }
    for field, fields in refused.items():
        answer = await come(client, **fields)
        assert answer.status_code == 400, field
        assert [each["field"] for each in answer.json()["details"]] == [field]
    await client.patch(f"{TRUNKS}/{made['id']}", json={"status": "disabled"})
    answer = await come(client, to=there)
    assert [each["field"] for each in answer.json()["details"]] == ["trunk"]
    assert (await client.get("/v1/simulator/calls")).json()["total"] == 0


@pytest.mark.parametrize(
    "fields", [{"headers": {"Subject": "x"}}, {"source_address": "nowhere"}, {"headers": {"X-A": "ä"}}]
)
async def test_what_is_no_header_and_no_address_is_refused(
    client: httpx.AsyncClient, fields: dict[str, Any]
) -> None:
    assert (await come(client, **fields)).status_code == 400
