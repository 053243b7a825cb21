"""No log line shows a key or a secret, and none can be forged."""

from __future__ import annotations

import io
import json
import logging
import sys

import pytest

from telefonie.web import logs
from telefonie.web.logs import JsonLines, Masker, TextLines
from tests.support.logs import log_put_back


def record(message: str, *arguments: object, **facts: object) -> logging.LogRecord:
    made = logging.LogRecord("telefonie.test", logging.INFO, __file__, 1, message, arguments, None)
    made.created = 1_735_787_045.678
    for name, value in facts.items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize(
    "text",
    [
        "secret whsec_TOPSECRET+/= leaked",
        "X-API-Key: TOPSECRET",
        "x-admin-key=TOPSECRET",
        "{'X-API-Key': 'TOPSECRET'}",
        '{"x-api-key": "TOPSECRET"}',
        "[(b'x-api-key', b'TOPSECRET')]",
        "(b'authorization', b'Bearer TOPSECRET')",
        "Authorization: Basic TOPSECRET",
        "Proxy-Authorization: Bearer TOPSECRET and.more.TOPSECRET",
        "sent Bearer TOPSECRET.abc-def",
        "Set-Cookie: session=TOPSECRET; Path=/",
        "could not reach postgresql+asyncpg://user:TOPSECRET@db/calls",
        "POST https://user:TOPSECRET@example.com/hook",
        "POST https://example.com/hook?token=TOPSECRET&more=TOPSECRET",
        "https://TOPSECRET@example.com",
        "GET /v1/voice/recordings/7/media.wav?expires=1&signature=TOPSECRET",
        "the operator's own-TOPSECRET-key",
    ],
)
def test_secrets_are_blotted_out(text: str) -> None:
    assert "TOPSECRET" not in Masker(["own-TOPSECRET-key", None, ""])(text)


@pytest.mark.parametrize(
    "text",
    [
        "GET /v1/voice/calls 404",
        "POST https://example.com/hook answered 500",
        "mail to a@example.com",
        "The key in X-Admin-Key is not the admin key.",
        "2 requests at 12:30, ratio 1:2",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert Masker(["a-long-secret"])(text) == text


def test_short_words_are_no_known_secrets() -> None:
    assert Masker(["call"])("the call ended") == "the call ended"


def test_a_json_line_says_what_it_is_about() -> None:
    line = JsonLines(Masker()).format(
        record("%s %s", "GET", "/x", request_id="r1", account="a1", call=None, status=404, ms=1.5)
    )
    assert json.loads(line) == {
        "time": "2025-01-02T03:04:05.678Z",
        "level": "info",
        "logger": "telefonie.test",
        "message": "GET /x",
        "request_id": "r1",
        "account": "a1",
        "status": 404,
        "ms": 1.5,
    }


def test_a_text_line_says_it_in_one_line() -> None:
    line = TextLines(Masker()).format(record("GET /x 404", request_id="r1", method="GET", status=404, ms=1.5))
    assert line == "2025-01-02T03:04:05.678Z info    GET /x 404 request_id=r1 ms=1.5"


def test_a_client_cannot_forge_a_line() -> None:
    forged = record("GET %s", "/x\n2025 error   all is lost\x1b[31m")
    for line in (TextLines(Masker()).format(forged), JsonLines(Masker()).format(forged)):
        assert "\n" not in line
        assert "\x1b" not in line


def test_the_stack_of_a_mistake_is_kept_and_masked() -> None:
    made = record("it failed")
    try:
        raise ValueError("X-API-Key: TOPSECRET")
    except ValueError:
        made.exc_info = sys.exc_info()
    told = json.loads(JsonLines(Masker()).format(made))["exception"]
    assert "ValueError: X-API-Key: ***" in told
    text = TextLines(Masker()).format(made)
    assert "ValueError" in text
    assert "TOPSECRET" not in text


def test_the_whole_process_logs_to_one_stream() -> None:
    stream = io.StringIO()
    with log_put_back() as root:
        logs.set_up(as_json=True, level="info", stream=stream, secrets=["the-admin-key"])
        logging.getLogger("telefonie.somewhere").info("with the-admin-key")
        logging.getLogger("telefonie.somewhere").debug("too fine")
        logging.getLogger("somebody.else").info("chatter")
        logging.getLogger("somebody.else").warning("trouble")
        assert len(root.handlers) == 1
    assert [json.loads(line)["message"] for line in stream.getvalue().splitlines()] == ["with ***", "trouble"]
