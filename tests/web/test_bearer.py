"""Tokens that applications sign: which open, and that all others fail alike."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from typing import Any, Final

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response

from telefonie.core.accounts import Settings
from telefonie.core.applications import Application
from telefonie.engine.ports import Reply
from telefonie.web.answers import ok
from telefonie.web.bearer import (
    LEEWAY_SECONDS,
    LONGEST,
    BadToken,
    application_of,
    named_in,
    read,
    token_in,
    verify,
)
from telefonie.web.envelope import OURS, envelope
from telefonie.web.face import new_face
from telefonie.web.gate import Gate
from telefonie.web.ids import new_id
from tests.support.house import House
from tests.support.tokens import APPLICATION_ID, CLAIM, NOW, keys, known, token

DAY: Final = 86_400


# -- what a token says, at a moment --


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"iat": NOW - 899, "exp": NOW + 1},
        {"iat": NOW, "exp": NOW + 30},
        {"iat": NOW, "exp": NOW + DAY},
        {"iat": NOW - DAY, "exp": NOW},  # over at this moment: the leeway lets it in
        {"iat": NOW - 900, "exp": NOW - LEEWAY_SECONDS + 1},
        {"iat": NOW + LEEWAY_SECONDS, "exp": NOW + 900},
        {"iat": NOW - 0.5, "exp": NOW + 900.25},
        {"nbf": NOW + LEEWAY_SECONDS},
        {"sub": 7, "aud": "somebody", "acl": {"paths": {"/*/users/**": {}}}},
        {"typ": None, "jti": "again and again"},
    ],
)
def test_a_good_token_opens(claims: dict[str, Any]) -> None:
    verify(read(token(**claims)), known(), NOW)


def test_a_token_without_an_end_is_good_for_a_quarter_of_an_hour() -> None:
    endless = read(token(without=("exp",)))
    verify(endless, known(), NOW + 900 + LEEWAY_SECONDS - 1)
    with pytest.raises(BadToken):
        verify(endless, known(), NOW + 900 + LEEWAY_SECONDS)


def test_a_token_may_come_again() -> None:
    same = read(token())
    for _ in range(2):
        verify(same, known(), NOW)


@pytest.mark.parametrize(
    "claims",
    [
        {"iat": NOW - 900, "exp": NOW - LEEWAY_SECONDS},
        {"iat": NOW + LEEWAY_SECONDS + 1},
        {"nbf": NOW + LEEWAY_SECONDS + 1},
        {"exp": NOW + 29},
        {"exp": NOW + DAY + 1},
        {"exp": NOW - 900},
        {"iat": str(NOW)},
        {"iat": True},
        {"iat": float("nan")},
        {"iat": float("-inf")},
        {"iat": -NOW},
        {"exp": "tomorrow"},
        {"exp": float("inf")},
        {"exp": 10**400},
        {"exp": [NOW + 900]},
        {"nbf": {}},
        {"jti": ""},
        {"without": ("iat",)},
        {"without": ("jti",)},
    ],
)
def test_a_token_outside_its_time_or_without_what_it_needs_opens_nothing(claims: dict[str, Any]) -> None:
    given = read(token(**claims))
    with pytest.raises(BadToken):
        verify(given, known(), NOW)


def forged(header: dict[str, Any], signature: bytes = b"", key: str = "") -> str:
    """A token put together by hand, as nobody's library would."""
    parts = [header, {CLAIM: APPLICATION_ID, "iat": NOW, "jti": "t", "exp": NOW + 900}]
    said = ".".join(_coded(json.dumps(each).encode()) for each in parts)
    signed = hmac.new(key.encode(), said.encode(), hashlib.sha256).digest() if key else signature
    return f"{said}.{_coded(signed)}"


def _coded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "bad",
    [
        forged({"alg": "none"}),
        forged({"alg": "none", "typ": "JWT"}, b"x"),
        forged({"alg": "HS256"}, key=keys().public),  # signed with what everybody may know
        forged({"alg": "RS256"}, b"\x01" * 256),
        forged({"alg": "RS256"}),
        forged({}),
        forged({"alg": "RS256", "crit": ["exp"]}, b"\x01" * 256),
        token(private=keys(1).private),
        token(algorithm="RS512"),
        token(algorithm="PS256"),
        token()[:-4],
        token()[:-4] + "\n" + token()[-4:],
        token() + "=",
        token() + ".",
        token() + "!",
        token() + "A",
        token().replace(".", ".A", 1),
    ],
)
def test_who_did_not_sign_with_the_applications_key_is_turned_away(bad: str) -> None:
    with pytest.raises(BadToken):
        verify(read(bad), known(), NOW)


def test_a_retiring_key_is_good_until_it_retires() -> None:
    old = read(token(private=keys(1).private))
    verify(old, known(NOW * 1000 + 1), NOW)
    verify(read(token()), known(NOW * 1000 + 1), NOW)
    with pytest.raises(BadToken):
        verify(old, known(NOW * 1000), NOW)


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", "Basic abc", "abc", f"Bearer {'a' * (LONGEST + 1)}"],
)
def test_without_a_bearer_token_there_is_nothing_to_read(header: str | None) -> None:
    with pytest.raises(BadToken):
        token_in(header)


@pytest.mark.parametrize("header", ["Bearer abc", "bearer abc", "BEARER  abc ", " Bearer abc"])
def test_the_scheme_is_told_in_any_letters(header: str) -> None:
    assert token_in(header) == "abc"


@pytest.mark.parametrize(
    "bad",
    [
        "a",
        "a.b.c",
        "....",
        "\u00ff\u00fe.x.y",
        f"{_coded(b'{}')}.{_coded(b'[]')}.x",
        f"{_coded(b'[]')}.{_coded(b'{}')}.x",
        f"{_coded(b'{}')}.{_coded(b'[' * 4_000)}.x",
        token(without=(CLAIM,)),
        token("not an id"),
        token(the_application=7),
        token(claim="another"),
    ],
)
def test_what_names_no_application_is_no_token(bad: str) -> None:
    with pytest.raises(BadToken):
        named_in(read(bad), CLAIM)


# -- over HTTP --


@pytest.fixture
async def desk(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """A face that tells whoever comes with a token whose it is."""

    async def mine(request: Request) -> Response:
        known = await application_of(request, CLAIM)
        state = request.scope["state"]
        return ok({"application": known.application.name, "noted": state["account_id"] == known.account.id})

    face = new_face(title="Desk", description="Desk", envelope=envelope(OURS))
    face.state.engine = house.engine
    face.add_api_route("/mine", mine, methods=["GET"])
    transport = httpx.ASGITransport(Gate(face, envelope(OURS)))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield client


async def an_application(house: House, settings: Settings | None = None, pem: str = "") -> str:
    """A fresh application; its id."""
    account, _ = await house.account(settings)
    application = Application(new_id(), account.id, "Mine", pem)
    await house.engine.applications.add(application, lambda _: Reply(201))
    return application.id


def bearing(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


async def test_a_token_speaks_for_its_application(house: House, desk: httpx.AsyncClient) -> None:
    mine = await an_application(house, pem=keys().public)
    answer = await desk.get("/mine", headers=bearing(token(mine, time.time())))
    assert (answer.status_code, answer.json()) == (200, {"application": "Mine", "noted": True})
    loud = await desk.get("/mine", headers=bearing(token(mine.upper(), time.time())))
    assert loud.status_code == 200


async def test_every_failure_looks_the_same(house: House, desk: httpx.AsyncClient) -> None:
    mine = await an_application(house, pem=keys().public)
    keyless = await an_application(house)
    now = time.time()
    wrong = [
        {},
        {"Authorization": "Basic eDp5"},
        bearing("rubbish"),
        bearing(token(new_id(), now)),
        bearing(token(keyless, now)),
        bearing(token(mine, now, private=keys(1).private)),
        bearing(token(mine, now - 86_400)),
        bearing(token(mine, now, without=("jti",))),
    ]
    answers = [await desk.get("/mine", headers=each) for each in wrong]
    told = [{**each.json(), "request_id": ""} for each in answers]
    assert {each.status_code for each in answers} == {401}
    assert told == [told[0]] * len(wrong)
    assert {each.headers["www-authenticate"] for each in answers} == {'Bearer realm="telefonie"'}


async def test_another_key_counts_at_once(house: House, desk: httpx.AsyncClient) -> None:
    mine = await an_application(house, pem=keys().public)
    found = await house.engine.applications.known(mine)
    assert found is not None
    doors = house.engine.applications
    await doors.rotate(found.account.id, mine, keys(1).public)
    old, new = (token(mine, time.time(), private=keys(each).private) for each in (0, 1))
    assert (await desk.get("/mine", headers=bearing(old))).status_code == 401
    assert (await desk.get("/mine", headers=bearing(new))).status_code == 200
    await doors.rotate(found.account.id, mine, keys().public, overlap_seconds=60)
    for each in (old, new):
        assert (await desk.get("/mine", headers=bearing(each))).status_code == 200
    await doors.remove(found.account.id, mine)
    assert (await desk.get("/mine", headers=bearing(old))).status_code == 401


async def test_who_is_kept_elsewhere_is_told_so(house: House, desk: httpx.AsyncClient) -> None:
    mine = await an_application(house, Settings(region="moon"), keys().public)
    answer = await desk.get("/mine", headers=bearing(token(mine, time.time())))
    assert (answer.status_code, answer.json()["error"]) == (403, "wrong_region")
