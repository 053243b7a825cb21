"""The stand-in for curl does what the pages ask of curl."""

from __future__ import annotations

import json
import re
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from telefonie.cli.tls import papers, wall
from telefonie.settings import Settings
from tests.docs.blocks import PAGES, blocks

pytestmark = pytest.mark.e2e
_STAND_IN = Path(__file__).with_name("curl.py")


class Echo(BaseHTTPRequestHandler):
    """Answers with what it was sent, by a 409."""

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        told = {"method": self.command, "a": self.headers["A"], "body": self.rfile.read(length).decode()}
        body = json.dumps(told).encode()
        self.send_response(409)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PATCH = _answer

    def log_message(self, *_: object) -> None:
        """Be quiet."""


@contextmanager
def answering(context: ssl.SSLContext | None = None) -> Iterator[int]:
    """Its port."""
    with HTTPServer(("127.0.0.1", 0), Echo) as server:
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def echo() -> Iterator[str]:
    with answering() as port:
        yield f"http://127.0.0.1:{port}/"


def _curl(*words: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own stand-in
        [sys.executable, str(_STAND_IN), *words], capture_output=True, text=True, timeout=20, check=True
    )
    return done.stdout


@pytest.mark.parametrize(
    ("words", "method", "body"),
    [((), "GET", ""), (("-d", "{}"), "POST", "{}"), (("-X", "PATCH", "-d", "{}"), "PATCH", "{}")],
)
def test_it_sends_what_it_is_told(echo: str, words: tuple[str, ...], method: str, body: str) -> None:
    assert json.loads(_curl("-s", echo, "-H", "A: b", *words)) == {"method": method, "a": "b", "body": body}


def test_it_shows_the_head_if_told(echo: str) -> None:
    assert _curl("-s", "-i", echo, "-H", "A: b").splitlines()[0] == "HTTP/1.1 409 Conflict"


def test_it_believes_the_authority_that_it_is_given(tmp_path: Path) -> None:
    shown = papers(Settings(tls=True, tls_folder=tmp_path), wall())
    assert shown is not None
    with answering(shown.context) as port:
        told = _curl("-s", "--cacert", str(shown.authority), f"https://localhost:{port}/", "-H", "A: b")
    assert json.loads(told)["method"] == "GET"


def test_the_pages_use_no_option_that_it_lacks() -> None:
    scripts = [block.text for page in PAGES for block in blocks(page) if block.language == "bash"]
    joined = [script.replace("\\\n", " ") for script in scripts]
    commands = [command for script in joined for command in re.findall(r"\bcurl ([^|\n]*)", script)]
    used = {option for command in commands for option in re.findall(r"(?<!\S)-[a-zA-Z-]+", command)}
    assert used == {"-s", "-i", "-X", "-H", "-d", "--cacert"}
