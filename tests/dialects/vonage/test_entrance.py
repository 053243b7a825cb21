"""Who may come in, and what is said to everybody else: over HTTP, on both stores."""

from __future__ import annotations

import time

from tests.dialects.vonage.steps import (
    CALLS,
    CLAIM,
    NOT_FOUND,
    UNAUTHORIZED,
    Program,
    a_program,
)
from tests.support.house import House
from tests.support.tokens import keys, token

EVERYTHING = (
    ("GET", CALLS),
    ("POST", CALLS),
    ("DELETE", CALLS),
    ("PATCH", CALLS),
    ("GET", f"{CALLS}/"),
    ("GET", f"{CALLS}/nobody"),
    ("PUT", f"{CALLS}/nobody"),
    ("PUT", f"{CALLS}/ping"),
    ("POST", "/v2/openapi.json"),
    ("POST", f"{CALLS}/nobody/talk"),
    ("GET", f"{CALLS}/no/such/path"),
    ("GET", "/v1/files/nothing"),
    ("HEAD", "/v1/files/nothing"),
    ("POST", "/v2/calls"),
    ("GET", "/v2/calls"),
    ("GET", "/v3/files/nothing"),
)


async def test_without_a_token_all_else_is_the_same(house: House) -> None:
    async with house.connect() as nobody:
        for method, path in EVERYTHING:
            answer = await nobody.request(method, path, content=b"{")
            assert (answer.status_code, answer.headers["content-type"]) == (401, "application/json")
            assert method == "HEAD" or answer.json() == UNAUTHORIZED


async def test_whatever_is_wrong_with_a_token_the_answer_is_the_same(program: Program) -> None:
    mine, now = program.application.id, time.time()
    wrong = {
        "signed by somebody else": token(mine, now, claim=CLAIM, private=keys(1).private),
        "of nobody": token(claim=CLAIM, now=now),
        "too old": token(mine, now - 1_000, claim=CLAIM),
        "not good yet": token(mine, now + 1_000, claim=CLAIM),
        "without a claim": token(mine, now, claim="app"),
        "no token": "x.y.z",
    }
    async with program.house.connect() as somebody:
        for what, given in wrong.items():
            answer = await somebody.get(CALLS, headers={"Authorization": f"Bearer {given}"})
            assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED), what


async def test_an_api_key_opens_nothing_here(program: Program) -> None:
    assert (await program.key.get(CALLS)).status_code == 401


async def test_with_a_token_a_wrong_verb_is_told_as_such(program: Program) -> None:
    answer = await program.calls.delete(CALLS)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")
    assert answer.json() == {"type": "METHOD_NOT_ALLOWED", "error_title": "Method Not Allowed"}
    assert (await program.calls.get("/v2/calls")).status_code == 405
    for path in ("talk", "stream"):
        assert (await program.calls.post(f"{CALLS}/x/{path}")).status_code == 405


async def test_the_gateway_lets_no_patch_through(program: Program) -> None:
    answer = await program.calls.patch(f"{CALLS}/x", json={})
    assert (answer.status_code, answer.json()) == (403, {"type": "FORBIDDEN", "error_title": "Forbidden"})


async def test_with_a_token_a_path_that_leads_nowhere_is_not_found(program: Program) -> None:
    for path in (f"{CALLS}/a/b/c", "/v1/files", "/v1/files/x/y"):
        answer = await program.calls.get(path)
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND), path


async def test_ping_needs_no_token(house: House) -> None:
    async with house.connect() as nobody:
        assert (await nobody.get(f"{CALLS}/ping")).status_code == 200
        head = await nobody.head(f"{CALLS}/ping")
        assert (head.status_code, head.content) == (200, b"")


async def test_no_call_is_called_ping(program: Program) -> None:
    assert (await program.put({"uuid": "ping"}, action="hangup")).json() == NOT_FOUND


async def test_documents_need_no_token(house: House) -> None:
    async with house.connect() as nobody:
        for path in ("/v1/vonage", "/v2", "/v3"):
            document = (await nobody.get(f"{path}/openapi.json")).json()
            assert document["security"] == [{"bearerAuth": []}]
            assert (await nobody.get(f"{path}/docs")).status_code == 200


async def test_only_the_calls_of_ones_own_application_are_there(program: Program) -> None:
    call = await program.dial()
    async with a_program(program.house, account=(program.account, "")) as sister:
        assert (await sister.calls.get(f"{CALLS}/{call['uuid']}")).json() == NOT_FOUND
        assert (await sister.put(call, action="hangup")).status_code == 404
        assert (await sister.page())["count"] == 0
    assert (await program.look(call))["status"] == "started"


async def test_the_numbers_beside_it_take_their_key_as_ever(program: Program) -> None:
    assert (await program.key.get("/v1/numbers")).status_code == 200
    assert (await program.calls.get("/v1/numbers")).status_code == 401
    assert "code" in (await program.calls.get("/v1/numbers")).json()
