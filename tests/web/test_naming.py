"""Two faces at one path, told apart by the name in the Host header."""

from __future__ import annotations

import pytest
from starlette.responses import PlainTextResponse

from telefonie.web.naming import ByName
from tests.running.asgi import ask

APP = ByName(PlainTextResponse("ordinary"), "api.other.example", "/v1/voice", PlainTextResponse("other"))


@pytest.mark.parametrize(
    ("host", "path", "answer"),
    [
        ("api.other.example", "/v1/voice/calls", b"other"),
        ("API.OTHER.EXAMPLE:8080", "/v1/voice/calls", b"other"),
        ("api.other.example.", "/v1/voice/", b"other"),
        ("api.other.example", "/v1/voices", b"ordinary"),
        ("api.other.example", "/v1/numbers", b"ordinary"),
        ("other.example", "/v1/voice/calls", b"ordinary"),
        ("api.other.example.evil.example", "/v1/voice/calls", b"ordinary"),
        ("", "/v1/voice/calls", b"ordinary"),
    ],
)
async def test_the_name_and_the_path_lead_there_together(host: str, path: str, answer: bytes) -> None:
    assert (await ask(APP, path, headers={"Host": host})).body == answer


async def test_without_a_name_there_is_but_one() -> None:
    assert (await ask(APP, "/v1/voice/calls")).body == b"ordinary"
