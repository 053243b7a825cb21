"""How a face words what goes wrong, whoever raised it."""

from __future__ import annotations

import logging

import httpx
import pytest


@pytest.mark.parametrize(
    ("name", "status", "code", "slug"),
    [
        ("illegal", 409, 20409, "call_not_active"),
        ("unknown", 404, 20404, "call_not_found"),
        ("conflict", 409, 20409, "number_taken"),
        ("unfit", 400, 20001, "invalid_request"),
        ("overloaded", 503, 20503, "overloaded"),
        ("reused", 422, 20422, "idempotency_key_reused"),
    ],
)
async def test_what_the_engine_refuses_becomes_an_answer(
    things: httpx.AsyncClient, name: str, status: int, code: int, slug: str
) -> None:
    answer = await things.get(f"/errors/{name}")
    problem = answer.json()
    assert (answer.status_code, problem["status"]) == (status, status)
    assert (problem["code"], problem["error"]) == (code, slug)
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert answer.headers["content-type"] == "application/json"


async def test_an_unfit_field_is_named(things: httpx.AsyncClient) -> None:
    problem = (await things.get("/errors/unfit")).json()
    assert problem["details"] == [{"field": "from", "issue": "is not yours"}]


async def test_who_is_turned_away_is_told_when_to_come_back(things: httpx.AsyncClient) -> None:
    assert (await things.get("/errors/overloaded")).headers["retry-after"] == "1"


async def test_a_mistake_of_ours_is_logged_and_still_answered(
    things: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "telefonie"):
        answer = await things.get("/errors/mistake")
    problem = answer.json()
    assert (answer.status_code, problem["error"]) == (500, "internal_error")
    assert "a mistake of ours" not in answer.text
    assert problem["request_id"] in caplog.text
    assert "a mistake of ours" in caplog.text


async def test_a_path_that_is_not_there_is_404_in_the_same_envelope(things: httpx.AsyncClient) -> None:
    for path in ("/nowhere", "/things/", "/things%00", "/%ff"):
        answer = await things.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, 20404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("DELETE", "/things", "GET, POST, PATCH"), ("PUT", "/mine", "GET, POST"), ("TRACE", "/operator", "GET")],
)
async def test_a_method_that_is_not_taken_is_told_all_that_are(
    things: httpx.AsyncClient, method: str, path: str, allowed: str
) -> None:
    answer = await things.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (405, 20004)
    assert answer.headers["allow"] == allowed


async def test_handlers_in_the_usual_style_work_beside_direct_ones(things: httpx.AsyncClient) -> None:
    assert (await things.get("/typed/7?big=true")).json() == {"to": "True", "count": 7}
    problem = (await things.get("/typed/seven")).json()
    assert (problem["status"], problem["details"][0]["field"]) == (400, "number")


async def test_the_documents_are_served(things: httpx.AsyncClient) -> None:
    assert (await things.get("/openapi.json")).json()["info"]["title"] == "Things"
    assert "text/html" in (await things.get("/docs")).headers["content-type"]
