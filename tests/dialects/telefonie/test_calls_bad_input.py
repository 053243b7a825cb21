"""Whatever a client sends is answered with a clear 4xx in one envelope, and nothing comes of it."""

from __future__ import annotations

from typing import Any, Final

import httpx
import pytest

from telefonie.core.accounts import Scope
from telefonie.web.ids import new_key
from tests.dialects.telefonie.steps import CALLER, CALLS, HUMAN, NOBODY, dial, refused
from tests.support.house import House

GOOD: Final = b'"to":"+13125550100","from":"+13125550199"'
JSON: Final = {"Content-Type": "application/json"}

BAD_BODIES: Final = {
    "malformed JSON": (b'{"to":', 20001),
    "a list": (b"[]", 20001),
    "a text": (b'"to"', 20001),
    "null": (b"null", 20001),
    "single quotes": (b"{'to':'+13125550100'}", 20001),
    "two bodies": (b"{}{}", 20001),
    "invalid UTF-8": (b'{"to":"\xff\xfe"}', 20001),
    "UTF-16": ('{"to":"+13125550100"}'.encode("utf-16"), 20001),
    "a NUL byte": (b"{" + GOOD + b',"metadata":{"a":"\x00"}}', 20001),
    "an escaped NUL": (b"{" + GOOD + b',"metadata":{"a":"\\u0000"}}', 20001),
    "a lone surrogate": (b"{" + GOOD + b',"metadata":{"a":"\\ud800"}}', 20001),
    "a lone surrogate in a name": (b"{" + GOOD + b',"\\udc00":1}', 20001),
    "deep lists": (b"{" + GOOD + b',"x":' + b"[" * 50_000 + b"]" * 50_000 + b"}", 20001),
    "deep objects": (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, 20001),
    "a number of 10,000 digits": (b"{" + GOOD + b',"timeout":' + b"9" * 10_000 + b"}", 20001),
    "a huge number": (b"{" + GOOD + b',"timeout":99999999999999999999}', 21208),
    "a negative number": (b"{" + GOOD + b',"timeout":-5}', 21208),
    "an infinite number": (b"{" + GOOD + b',"timeout":1e999}', 21208),
    "NaN": (b"{" + GOOD + b',"timeout":NaN}', 20001),
    "the same name twice": (b"{" + GOOD + b',"to":"+13125550120"}', 21211),
    "a missing field": (b"{}", 21201),
    "an empty body": (b"", 21201),
    "no E.164": (b'{"to":"0031201234567","from":"+13125550199"}', 21211),
    "an unknown word": (b"{" + GOOD + b',"method":"BREW"}', 21209),
    "an object for a text": (b"{" + GOOD + b',"url":{"$ne":1}}', 21205),
}


@pytest.mark.parametrize(("content", "code"), BAD_BODIES.values(), ids=BAD_BODIES)
async def test_a_bad_body_is_refused_and_nothing_comes_of_it(
    client: httpx.AsyncClient, content: bytes, code: int
) -> None:
    answer = await client.post(CALLS, content=content, headers=JSON)
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (400, 400, code)
    assert problem["message"]
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert (await client.get(CALLS)).json()["total"] == 0


async def test_the_same_bad_bodies_change_no_call(client: httpx.AsyncClient) -> None:
    call = await dial(client)
    path = f"{CALLS}/{call['id']}"
    for content in (b"{", b"[]", b"\xff", b'{"status":"completed","status":"completed"}', b"[" * 99_999):
        assert (await client.post(path, content=content, headers=JSON)).status_code == 400
    assert (await client.get(path)).json() == call


async def test_a_body_over_a_mebibyte_is_413(client: httpx.AsyncClient) -> None:
    content = b"{" + GOOD + b" " * 1_048_576 + b"}"
    for path in (CALLS, f"{CALLS}/{NOBODY}"):
        refused(await client.post(path, content=content, headers=JSON), 413, 20413, "body_too_large")
    assert (await client.get(CALLS)).json()["total"] == 0


async def test_another_content_type_is_415(client: httpx.AsyncClient) -> None:
    form = await client.post(CALLS, data={"to": HUMAN, "from": CALLER})
    problem = refused(form, 415, 20415, "unsupported_media_type")
    assert "Content-Type: application/json" in problem["message"]
    xml = await client.post(CALLS, content=b"<call/>", headers={"Content-Type": "application/xml"})
    refused(xml, 415, 20415, "unsupported_media_type")


async def test_a_body_without_content_type_is_json(client: httpx.AsyncClient) -> None:
    assert (await client.post(CALLS, content=b"{" + GOOD + b"}")).status_code == 201


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", CALLS),
        ("POST", CALLS),
        ("GET", f"{CALLS}/x"),
        ("POST", f"{CALLS}/x"),
        ("DELETE", f"{CALLS}/x"),
    ],
)
async def test_without_a_known_key_nothing_else_is_even_looked_at(
    house: House, method: str, path: str
) -> None:
    async with house.connect() as nobody:
        bad: dict[str, Any] = {"content": b"{", "headers": {"Content-Type": "text/plain"}}
        refused(await nobody.request(method, path, **bad), 401, 20003, "missing_key")
        bad["headers"]["X-API-Key"] = "wrong"
        refused(await nobody.request(method, path, **bad), 401, 20003, "unknown_key")


async def test_a_reading_key_reads_and_places_nothing(house: House) -> None:
    account, key = await house.account()
    async with house.connect(**{"X-API-Key": key}) as owner:
        call = await dial(owner)
    reading, simulating = new_key(), new_key()
    await house.engine.registry.add_key(account.id, "reads", frozenset({Scope.READ}), reading)
    await house.engine.registry.add_key(account.id, "plays", frozenset({Scope.SIMULATOR}), simulating)
    path = f"{CALLS}/{call['id']}"
    async with house.connect(**{"X-API-Key": reading}) as reader:
        assert (await reader.get(CALLS)).json()["total"] == 1
        assert (await reader.get(path)).json() == call
        for method, where in (("POST", CALLS), ("POST", path), ("DELETE", path)):
            refused(await reader.request(method, where), 403, 20403, "missing_scope")
    async with house.connect(**{"X-API-Key": simulating}) as player:
        refused(await player.get(CALLS), 403, 20403, "missing_scope")


async def test_another_method_is_405_and_told_which_are_taken(client: httpx.AsyncClient) -> None:
    for method, path, allowed in (
        ("PUT", CALLS, "GET, POST"),
        ("DELETE", CALLS, "GET, POST"),
        ("PATCH", f"{CALLS}/{NOBODY}", "GET, POST, DELETE"),
    ):
        answer = await client.request(method, path)
        refused(answer, 405, 20004, "method_not_allowed")
        assert answer.headers["allow"] == allowed


async def test_a_path_that_is_not_there_is_404(client: httpx.AsyncClient) -> None:
    for path in (f"{CALLS}/", "/v1/voice", "/v1/voice/", "/v1/voice/call", f"{CALLS}/{NOBODY}/x"):
        answer = await client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, 20404)
