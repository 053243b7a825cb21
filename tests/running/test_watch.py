"""Every request is counted by its route; those that somebody will ask about leave a line."""

from __future__ import annotations

import logging

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.types import Receive, Scope, Send

from telefonie.web.figures import Figures
from telefonie.web.watch import Watch
from tests.running.asgi import ask


async def _answer(request: Request) -> Response:
    request.state.account_id, request.state.call_id = "a1", "c1"
    return PlainTextResponse("", int(request.query_params.get("status", request.path_params["status"])))


def watched(figures: Figures, slow_seconds: float = 60.0) -> Watch:
    inner = Starlette(routes=[Route("/things/{status}", _answer)])
    return Watch(
        Starlette(routes=[Mount("/v1/inner", inner), Route("/top/{status}", _answer)]), figures, slow_seconds
    )


@pytest.mark.parametrize(
    ("method", "path", "names"),
    [
        ("GET", "/v1/inner/things/200", ("GET", "/v1/inner/things/{status}", "2xx")),
        ("GET", "/v1/inner/things/409", ("GET", "/v1/inner/things/{status}", "4xx")),
        ("GET", "/top/503", ("GET", "/top/{status}", "5xx")),
        ("POST", "/top/200", ("POST", "/top/{status}", "4xx")),
        ("BREW", "/top/200", ("other", "/top/{status}", "4xx")),
        ("GET", "/v1/inner/nothing/1234", ("GET", "unmatched", "4xx")),
        ("GET", "/nothing/1234", ("GET", "unmatched", "4xx")),
    ],
)
async def test_requests_are_counted_by_route(method: str, path: str, names: tuple[str, ...]) -> None:
    figures = Figures()
    await ask(watched(figures), path, method)
    assert {key: sum(spread.counts) for key, spread in figures.requests.spreads.items()} == {names: 1}


async def test_a_failure_leaves_a_line_without_the_query(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "telefonie"):
        await ask(watched(Figures()), "/top/404")
    (line,) = caplog.records
    assert (line.levelname, line.getMessage()) == ("INFO", "GET /top/404 404")
    facts = vars(line)
    assert {name: facts[name] for name in ("account", "call", "method", "path", "status")} == {
        "account": "a1", "call": "c1", "method": "GET", "path": "/top/404", "status": 404,
    }  # fmt: skip
    assert facts["ms"] >= 0
    assert "TOPSECRET" not in str(facts)


async def test_our_own_failure_is_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "telefonie"):
        await ask(watched(Figures()), "/top/503")
    assert [line.levelname for line in caplog.records] == ["WARNING"]


async def test_a_success_leaves_a_line_only_when_asked_for(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "telefonie"):
        await ask(watched(Figures()), "/top/200")
    assert not caplog.records
    with caplog.at_level(logging.DEBUG, "telefonie"):
        await ask(watched(Figures()), "/top/200")
    assert [line.levelname for line in caplog.records] == ["DEBUG"]


async def test_a_slow_success_leaves_a_line(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "telefonie"):
        await ask(watched(Figures(), slow_seconds=-1.0), "/top/200")
    assert [line.levelname for line in caplog.records] == ["INFO"]


async def test_a_long_path_is_cut(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "telefonie"):
        await ask(watched(Figures()), "/" + "x" * 5000)
    assert len(caplog.records[0].getMessage()) < 300


async def test_a_request_without_an_answer_is_counted_too() -> None:
    async def leave(_scope: Scope, _receive: Receive, _send: Send) -> None:
        """The client was gone."""

    figures = Figures()
    answer = await ask(Watch(leave, figures), "/")
    assert answer.status is None
    assert list(figures.requests.spreads) == [("GET", "unmatched", "none")]
