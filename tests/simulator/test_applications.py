"""Applications over HTTP: their hooks, their keys and their secrets."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from telefonie.engine.keypairs import public_key
from telefonie.web.bearer import BadToken, verify
from telefonie.web.bearer import read as read_token
from tests.simulator.calling import entries, read
from tests.simulator.listening import listening
from tests.simulator.serving import serving
from tests.support.documents import Document, judged
from tests.support.house import House
from tests.support.tokens import keys, token

PassTime = Callable[[float], Awaitable[None]]
PATH: Final = "/v1/simulator/applications"
NUMBER: Final = "+31201234567"
DEFAULTS: Final = {
    "answer_method": "GET",
    "answer_connection_timeout": 1000,
    "answer_socket_timeout": 5000,
    "fallback_answer_method": "GET",
    "fallback_answer_connection_timeout": 1000,
    "fallback_answer_socket_timeout": 5000,
    "event_method": "POST",
    "event_connection_timeout": 1000,
    "event_socket_timeout": 10000,
    "signed_callbacks": True,
    "conversations_ttl": 48,
    "leg_persistence_time": 2,
}
FULL: Final[dict[str, Any]] = {
    "answer_url": "https://example.com/answer",
    "answer_method": "POST",
    "answer_connection_timeout": 300,
    "answer_socket_timeout": 1000,
    "fallback_answer_url": "https://example.com/fallback",
    "fallback_answer_method": "POST",
    "fallback_answer_connection_timeout": 400,
    "fallback_answer_socket_timeout": 2000,
    "event_url": "https://example.com/events",
    "event_method": "GET",
    "event_connection_timeout": 500,
    "event_socket_timeout": 3000,
    "signed_callbacks": False,
    "region": "eu-west",
    "conversations_ttl": 9000,
    "leg_persistence_time": 31,
}


async def make(client: httpx.AsyncClient, **fields: object) -> dict[str, Any]:
    """An application with a key of ours; as its making was answered."""
    given = {"name": "Mine", "public_key": keys().public, **fields}
    answer = await client.post(PATH, json=given)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def settings(shown: dict[str, Any]) -> dict[str, Any]:
    told = dict(shown)
    for name in ("id", "name", "created_at", "keys", "signature_secret", "signature_secret_hint"):
        told.pop(name, None)
    return told


async def test_an_application_needs_nothing_but_a_name(client: httpx.AsyncClient, house: House) -> None:
    """Its pair of keys is made for it; the private one is shown here and never again."""
    answer = await client.post(PATH, json={"name": "Mine"})
    made = answer.json()
    assert (answer.status_code, settings(made)) == (201, DEFAULTS)
    assert made["keys"].keys() == {"public_key", "private_key"}
    assert made["signature_secret"].startswith(made["signature_secret_hint"].removesuffix("..."))
    found = (await client.get(f"{PATH}/{made['id']}")).json()
    private, secret = made["keys"].pop("private_key"), made.pop("signature_secret")
    assert found == made
    stored = await house.engine.applications.known(made["id"])
    assert stored is not None
    assert private not in repr(stored.application)
    assert stored.application.secret == secret
    verify(read_token(token(made["id"], time.time(), private=private)), stored, time.time())
    key = load_pem_private_key(private.encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    assert key.key_size == 2048


async def test_every_setting_is_kept(client: httpx.AsyncClient) -> None:
    secret = "a secret of one's own".replace(" ", "-")
    made = await make(client, signature_secret=secret, **FULL)
    assert settings(made) == FULL
    assert (made["signature_secret"], made["signature_secret_hint"]) == (secret, "a-se...")
    assert made["keys"] == {"public_key": keys().public}
    assert settings((await client.get(f"{PATH}/{made['id']}")).json()) == FULL


async def test_a_change_touches_only_what_it_names_and_null_restores(client: httpx.AsyncClient) -> None:
    made = await make(client, **FULL)
    where = f"{PATH}/{made['id']}"
    renamed = (await client.patch(where, json={"name": "Other", "answer_socket_timeout": 1500})).json()
    assert renamed["name"] == "Other"
    assert settings(renamed) == FULL | {"answer_socket_timeout": 1500}
    assert "signature_secret" not in renamed
    bare = await client.patch(where, json=dict.fromkeys(FULL))
    assert (bare.status_code, settings(bare.json())) == (200, DEFAULTS)
    assert (await client.get(where)).json() == bare.json()


async def test_a_secret_is_shown_when_it_is_new(client: httpx.AsyncClient) -> None:
    made = await make(client)
    where = f"{PATH}/{made['id']}"
    given = (await client.patch(where, json={"signature_secret": "x" * 16})).json()
    assert given["signature_secret"] == "x" * 16
    fresh = (await client.patch(where, json={"signature_secret": None})).json()
    assert len({each["signature_secret"] for each in (made, given, fresh)}) == 3
    assert "signature_secret" not in (await client.get(where)).json()


async def test_another_key_takes_the_place_of_the_old_one(client: httpx.AsyncClient, house: House) -> None:
    made = await make(client)
    where = f"{PATH}/{made['id']}/rotate"
    old = read_token(token(made["id"], time.time()))
    turned = (await client.post(where, json={"public_key": keys(1).public})).json()
    assert turned["keys"] == {"public_key": keys(1).public}
    assert "signature_secret" not in turned
    known = await house.engine.applications.known(made["id"])
    assert known is not None
    with pytest.raises(BadToken):
        verify(old, known, time.time())
    fresh = (await client.post(where, json={"overlap_seconds": 60, "signature_secret": True})).json()
    assert fresh["keys"].keys() == {"public_key", "private_key", "previous_key_retires_at"}
    assert fresh["signature_secret"] != made["signature_secret"]
    known = await house.engine.applications.known(made["id"])
    assert known is not None
    for private in (keys(1).private, fresh["keys"]["private_key"]):
        verify(read_token(token(made["id"], time.time(), private=private)), known, time.time())


def pem(key: Any) -> str:
    spelled: bytes = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return spelled.decode()


def armored(kind: str) -> str:
    return f"-----BEGIN {kind}-----\nAAAA\n-----END {kind}-----\n"


BAD_KEYS: Final[dict[str, tuple[Callable[[], str], str]]] = {
    "rubbish": (lambda: "rubbish", "must be a public RSA key"),
    "empty": (lambda: armored("PUBLIC KEY"), "must be a public RSA key"),
    "a certificate": (lambda: armored("CERTIFICATE"), "must be a public RSA key"),
    "private": (lambda: keys().private, "is a private key"),
    "small": (lambda: pem(rsa.generate_private_key(65537, 1024).public_key()), "has 1024 bits"),  # noqa: S505 - to be refused
    "another kind": (lambda: pem(ec.generate_private_key(ec.SECP256R1()).public_key()), "must be an RSA key"),
    "a slow one": (
        lambda: pem(
            rsa.RSAPublicNumbers(2**64 + 13, public_key(keys().public).public_numbers().n).public_key()
        ),
        "has an unusual exponent",
    ),
}


@pytest.mark.parametrize("which", BAD_KEYS)
async def test_what_is_no_fit_public_key_is_told(client: httpx.AsyncClient, which: str) -> None:
    key, issue = BAD_KEYS[which]
    made = await make(client)
    for path in (PATH, f"{PATH}/{made['id']}/rotate"):
        answer = await client.post(path, json={"name": "Mine", "public_key": key()})
        (detail,) = answer.json()["details"]
        assert (answer.status_code, detail["field"]) == (400, "public_key")
        assert issue in detail["issue"]


async def test_a_public_key_may_come_in_its_older_form(client: httpx.AsyncClient) -> None:
    key = load_pem_private_key(keys().private.encode(), None)
    older = key.public_key().public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode()
    assert (await make(client, public_key=older))["keys"]["public_key"] == keys().public


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 101),
        ("answer_url", "/answer"),
        ("answer_method", "PUT"),
        ("answer_connection_timeout", 299),
        ("answer_connection_timeout", 1001),
        ("fallback_answer_socket_timeout", 999),
        ("fallback_answer_socket_timeout", 5001),
        ("event_socket_timeout", 10001),
        ("event_socket_timeout", "5000"),
        ("signed_callbacks", "yes"),
        ("signature_secret", "short"),
        ("signature_secret", "with a space in it, and long"),
        ("region", "moon"),
        ("conversations_ttl", 0),
        ("conversations_ttl", 9001),
        ("leg_persistence_time", 32),
    ],
)
async def test_a_wrong_field_is_told_by_name(client: httpx.AsyncClient, field: str, value: object) -> None:
    made = await make(client)
    for answer in (
        await client.post(PATH, json={"name": "Mine", "public_key": keys().public, field: value}),
        await client.patch(f"{PATH}/{made['id']}", json={field: value}),
    ):
        assert answer.status_code == 400
        assert [each["field"] for each in answer.json()["details"]] == [field]


async def test_the_list_is_newest_first_page_by_page(client: httpx.AsyncClient, house: House) -> None:
    made = [(await make(client, name=f"{number}"))["id"] for number in range(5)]
    page = (await client.get(PATH, params={"page": 2, "page_size": 2})).json()
    assert (page["total"], page["page"], page["page_size"]) == (5, 2, 2)
    assert [each["id"] for each in page["applications"]] == [made[2], made[1]]
    async with house.customer() as stranger:
        assert (await stranger.get(PATH)).json()["total"] == 0
        for method in ("GET", "PATCH", "DELETE"):
            answer = await stranger.request(method, f"{PATH}/{made[0]}")
            assert (answer.status_code, answer.json()["error"]) == (404, "application_not_found")
        assert (await stranger.post(f"{PATH}/{made[0]}/rotate")).status_code == 404
    assert (await client.get(f"{PATH}/rubbish")).status_code == 404


async def test_the_same_request_under_one_key_makes_one(client: httpx.AsyncClient) -> None:
    """The answer comes again without the private key, which is not kept."""
    once = {"Idempotency-Key": "k"}
    first = await client.post(PATH, json={"name": "Mine"}, headers=once)
    again = await client.post(PATH, json={"name": "Mine"}, headers=once)
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
    told = first.json()
    assert told["keys"].pop("private_key")
    assert again.json() == told
    other = await client.post(PATH, json={"name": "Other"}, headers=once)
    assert other.status_code == 422
    assert (await client.get(PATH)).json()["total"] == 1


async def test_of_many_who_ask_at_once_under_one_key_all_get_the_same(client: httpx.AsyncClient) -> None:
    given = {"name": "Mine", "public_key": keys().public}
    asked = (client.post(PATH, json=given, headers={"Idempotency-Key": "k"}) for _ in range(6))
    answers = await asyncio.gather(*asked)
    assert {(each.status_code, each.text) for each in answers} == {(201, answers[0].text)}
    assert (await client.get(PATH)).json()["total"] == 1


async def test_a_reset_leaves_applications(client: httpx.AsyncClient) -> None:
    made = await make(client)
    await client.post("/v1/simulator/reset")
    assert (await client.get(f"{PATH}/{made['id']}")).status_code == 200


async def test_an_application_goes_once_no_number_leads_to_it(client: httpx.AsyncClient) -> None:
    made = await make(client)
    where = f"{PATH}/{made['id']}"
    await client.post("/v1/numbers", json={"number": NUMBER, "application_id": made["id"]})
    refused = await client.delete(where)
    assert (refused.status_code, refused.json()["error"]) == (409, "application_in_use")
    assert NUMBER in refused.json()["message"]
    await client.patch(f"/v1/numbers/{NUMBER}", json={"application_id": None})
    assert (await client.delete(where)).status_code == 204
    assert (await client.get(where)).status_code == 404
    assert (await client.delete(where)).status_code == 404


# -- calls to its numbers --

HELLO: Final = '[{"action": "talk", "text": "Hello"}]'


async def call_in(client: httpx.AsyncClient) -> str:
    answer = await client.post("/v1/simulator/inbound-calls", json={"from": "+31612345678", "to": NUMBER})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_a_call_to_its_number_runs_its_hooks(client: httpx.AsyncClient, pass_time: PassTime) -> None:
    """The number's own addresses rest."""
    async with serving({"/answer": HELLO}) as site, listening() as customer:
        made = await make(client, answer_url=f"{site.url}/answer", event_url=customer.url)
        own = {"voice_url": f"{site.url}/voice", "status_callback": "http://127.0.0.1:9/"}
        await client.post("/v1/numbers", json={"number": NUMBER, "application_id": made["id"], **own})
        call_id = await call_in(client)
        await pass_time(5)
        assert site.asked == ["GET /answer"]
        assert [each["event"] for each in customer.bodies][-1] == "call.completed"
    assert "said" in [each["type"] for each in await entries(client, call_id)]


async def test_its_fallback_is_asked_when_there_are_no_instructions(
    client: httpx.AsyncClient, pass_time: PassTime
) -> None:
    async with serving({"/fallback": HELLO}) as site:
        hooks = {"answer_url": f"{site.url}/answer", "fallback_answer_url": f"{site.url}/fallback"}
        made = await make(client, **hooks)
        await client.post("/v1/numbers", json={"number": NUMBER, "application_id": made["id"]})
        call_id = await call_in(client)
        await pass_time(5)
        assert [each.split()[1] for each in site.asked] == ["/answer", "/fallback"]
    assert "said" in [each["type"] for each in await entries(client, call_id)]


async def test_without_hooks_a_call_rings_on(client: httpx.AsyncClient) -> None:
    made = await make(client)
    await client.post("/v1/numbers", json={"number": NUMBER, "application_id": made["id"]})
    told = await read(client, await call_in(client))
    assert (told["status"], "url" in told) == ("ringing", False)


async def test_what_is_served_fits_what_is_documented(client: httpx.AsyncClient) -> None:
    document: Document = (await client.get("/v1/simulator/openapi.json")).json()
    made = await make(client, **FULL)
    where = f"{PATH}/{made['id']}"
    turned = await client.post(f"{where}/rotate", json={"overlap_seconds": 1})
    for shown in (made, turned.json(), (await client.get(where)).json()):
        assert judged(document, "Application", shown) == []
    assert judged(document, "ApplicationList", (await client.get(PATH)).json()) == []
