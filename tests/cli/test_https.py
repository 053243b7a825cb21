"""A server over https: the programs of its customers reach it as `telefonie trust` says, and nobody disturbs it."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from telefonie.cli import certificates, tls
from telefonie.cli.certificates import LOCAL, NEAR
from telefonie.cli.main import main
from telefonie.settings import DEVELOPMENT_KEY
from tests.cli.server import Program, program
from tests.cli.shakes import trusting

pytestmark = pytest.mark.e2e
CALLER = {"from": "+15550001111", "to": "+12125550112"}
KEY = {"X-API-Key": DEVELOPMENT_KEY}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Program]:
    """One server with both ports for most of these tests."""
    words = ("serve", "--port", "0", "--tls-port", "0", "--ephemeral", "--tls-names", "voice.test")
    with program(home, *words) as running:
        assert running.url
        yield running
        assert "Traceback" not in running.errors


@pytest.fixture
def url(server: Program) -> str:
    return server.wait_for(r"and on\s+(https://\S+)")


@pytest.fixture
def authority(home: Path, server: Program) -> Path:
    """It outlives the store: an ephemeral server shall not have to be trusted anew each time."""
    return home / server.wait_for(r"authority\s+(\S+)")


def test_both_ports_are_said_and_are_one_server(server: Program, url: str, authority: Path) -> None:
    assert server.url.startswith("http://127.0.0.1:")
    assert server.wait_for(r"documents\s+(\S+)") == f"{server.url}/docs"
    assert authority.parts[-3:] == (".telefonie", "tls", "authority.pem")
    with httpx.Client(verify=trusting(authority.read_bytes()), headers=KEY) as client:
        made = client.post(f"{url}/v1/voice/calls", json=CALLER)
        assert made.status_code == 201
        found = client.get(f"{server.url}/v1/voice/calls/{made.json()['id']}")
        assert found.json()["to"] == CALLER["to"]


PYTHON = "import sys, {0}; print({0}.{1}(sys.argv[1]).{2})"
ASKING = {
    "curl": ["curl", "-sS"],
    "requests": [sys.executable, "-c", PYTHON.format("requests", "get", "text")],
    "httpx": [sys.executable, "-c", PYTHON.format("httpx", "get", "text")],
    "Node": ["node", "-e", "fetch(process.argv[1]).then(r => r.text()).then(console.log)"],
}  # fmt: skip


@pytest.mark.parametrize("who", ASKING)
def test_programs_believe_it_as_they_are_told_to(
    who: str, url: str, authority: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if shutil.which(ASKING[who][0]) is None:
        pytest.skip(f"there is no {ASKING[who][0]} here")
    assert main(["trust", "--tls-folder", str(authority.parent)]) == 0
    advice = re.search(rf"^[^\n]*\b{who}\b.*?(export \S+)", capsys.readouterr().out, re.DOTALL | re.MULTILINE)
    assert advice
    asking = [*ASKING[who], f"{url}/readyz"]
    assert "ready" not in said_by(asking)
    assert '"status":"ready"' in said_by(["bash", "-c", f'{advice[1]}; exec "$@"', "-", *asking])


def said_by(words: list[str]) -> str:
    done = subprocess.run(words, capture_output=True, text=True, timeout=30, check=False)  # noqa: S603 - our own words
    return done.stdout


@pytest.mark.parametrize(
    ("name", "status"),
    [("localhost", 200), ("[::1]", 200), ("api.localhost", 200), ("voice.test", 200), ("evil.test", 403)],
)
def test_it_answers_to_its_names_only(name: str, status: int, url: str, authority: Path) -> None:
    headers = KEY | {"Host": f"{name}:8443"}
    with httpx.Client(verify=trusting(authority.read_bytes())) as client:
        asked = client.build_request("GET", f"{url}/v1/voice/calls", headers=headers)
        asked.extensions["sni_hostname"] = "localhost"
        answer = client.send(asked)
    assert answer.status_code == status


def test_the_names_that_were_given_are_certified(url: str, authority: Path) -> None:
    context = trusting(authority.read_bytes())
    where = address_of(url)
    with (
        socket.create_connection(where, 10) as line,
        context.wrap_socket(line, server_hostname="voice.test") as shaken,
    ):
        assert shaken.version() == "TLSv1.3"
    with (
        socket.create_connection(where, 10) as line,
        pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"),
    ):
        context.wrap_socket(line, server_hostname="evil.test")


def test_strangers_to_the_protocol_disturb_nobody(server: Program, url: str, authority: Path) -> None:
    """Plain http to the https port, https to the plain one, noise, a line that says nothing, one cut half-way."""
    with ExitStack() as stack:
        lines = [stack.enter_context(socket.create_connection(address_of(url), 10)) for _ in range(50)]
        lines[0].sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        lines[1].sendall(bytes(range(256)))
        lines[2].sendall(b"\x16\x03\x01\x02\x00\x01")
        lines[2].shutdown(socket.SHUT_WR)
        for line in lines[:3]:
            ended(line)
        plain = stack.enter_context(socket.create_connection(address_of(server.url), 10))
        with pytest.raises(ssl.SSLError):
            trusting(None).wrap_socket(plain, server_hostname="localhost")
        answer = httpx.get(f"{url}/readyz", verify=trusting(authority.read_bytes()))
        assert answer.status_code == 200
    assert "Traceback" not in server.errors
    assert '"level": "error"' not in server.errors


def ended(line: socket.socket) -> None:
    try:
        while line.recv(4096):
            pass
    except ConnectionError:
        pass


def test_https_alone_with_a_certificate_of_ones_own_and_a_stop_in_good_order(tmp_path: Path) -> None:
    """Neither a connection that rests nor one that never shook hands holds up the end."""
    issuer = certificates.new_authority(NEAR, tls.wall())
    (tmp_path / "cert.pem").write_bytes(certificates.new_leaf(issuer, LOCAL, tls.wall()).whole)
    with program(tmp_path, "serve", "--port", "0", "--tls", "--tls-certificate", "cert.pem") as server:
        url = server.url
        assert url.startswith("https://127.0.0.1:")
        assert server.wait_for(r"documents\s+(\S+)") == f"{url}/docs"
        assert "authority" not in server.printed
        where = address_of(url)
        with (
            httpx.Client(verify=trusting(certificates.text_of(issuer.above))) as resting,
            socket.create_connection(where, 10),
            socket.create_connection(where, 10) as rude,
        ):
            rude.sendall(b"\x16\x03\x01")
            assert resting.get(f"{url}/readyz").status_code == 200
            server.process.terminate()
            assert server.end() == 0
        assert "Cancel" not in server.errors
        assert "Traceback" not in server.errors
    assert not (tmp_path / ".telefonie" / "tls").exists()


def address_of(url: str) -> tuple[str, int]:
    host, _, port = url.removeprefix("http://").removeprefix("https://").partition(":")
    return host, int(port)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--tls", "--tls-certificate", "absent.pem"), "absent.pem cannot be read: No such file"),
        (("--tls-port", "0", "--tls-folder", "file/tls"), "file/tls of the local certificate authority cannot be"),
    ],
)  # fmt: skip
def test_what_is_missing_is_told_before_anything_is_served(
    words: tuple[str, ...], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    assert main(["serve", "--port", "0", "--ephemeral", *words]) == 1
    assert told in capsys.readouterr().err


def test_a_taken_port_is_told_with_its_option(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["serve", "--port", "0", "--ephemeral", "--tls-port", port]) == 1
    assert f"Port {port} on 127.0.0.1 is taken. Choose another with --tls-port" in capsys.readouterr().err
