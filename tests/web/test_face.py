"""How a face words what goes wrong, whoever raised it."""

from __future__ import annotations

import logging

import httpx
import pytest
from fastapi import APIRouter
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount

from telefonie.core.errors import Conflict
from telefonie.web.answers import ok
from telefonie.web.envelope import OURS, envelope
from telefonie.web.face import Direct, new_face
from telefonie.web.gate import Gate
from telefonie.web.openapi import operation


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


@pytest.mark.parametrize("how", ["serve", "include_router"])
async def test_a_direct_handler_gives_the_same_on_the_short_way_and_on_the_long_one(how: str) -> None:
    router = APIRouter(route_class=Direct)

    @router.get("/double/{number:int}", openapi_extra=operation(path={"number": "Any."}))
    async def double(request: Request) -> Response:
        if request.path_params["number"] == 13:
            raise Conflict("unlucky", "Not that one.")
        return ok({"double": 2 * request.path_params["number"], "path": request.scope["route"].path})

    face = new_face(title="T", description="D", envelope=envelope(OURS))
    getattr(face, how)(router)
    app = Gate(Starlette(routes=[Mount("/v1/x", face)]), envelope(OURS))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x.example") as client:
        answer = await client.get("/v1/x/double/21")
        assert answer.json() == {"double": 42, "path": "/double/{number:int}"}
        assert (await client.get("/v1/x/double/13")).json()["error"] == "unlucky"
        assert (await client.get("/v1/x/double/x")).status_code == 404
        refused = await client.put("/v1/x/double/1")
        assert (refused.status_code, refused.headers["allow"]) == (405, "GET")
        document = (await client.get("/v1/x/openapi.json")).json()
        assert list(document["paths"]) == ["/double/{number}"]
