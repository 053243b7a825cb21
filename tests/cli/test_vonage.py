"""`telefonie vonage`: a key for an application of a real server, the settings for each SDK, and tokens."""

from __future__ import annotations

import re
import ssl
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import httpx
import jwt
import pytest

from telefonie.cli.main import main
from telefonie.settings import DEVELOPMENT_APPLICATION, DEVELOPMENT_KEY
from tests.cli.server import program
from tests.support.tokens import keys, token

pytestmark = pytest.mark.e2e
Printed = pytest.CaptureFixture[str]
CALLS = "/v1/calls"


@dataclass(frozen=True, slots=True)
class Running:
    """A server with an http and an https port, and where it keeps its things."""

    url: str
    secure: str
    data: Path


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("served")
    with program(folder, "serve", "--port", "0", "--tls-port", "0") as running:
        yield Running(running.url, running.wait_for(r"(https://\S+)"), folder / ".telefonie")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests keeps his own files, and his variables change nothing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TELEFONIE_API_KEY", raising=False)


def init(server: Running, *words: str) -> int:
    return main(["vonage", "init", "--url", server.url, *words])


def may_in(server: Running, private: str, application: str = DEVELOPMENT_APPLICATION) -> bool:
    """Whether whoever has this key is let in."""
    text = token(application, time.time(), private=private, claim="application_id")
    answer = httpx.get(f"{server.url}{CALLS}", headers={"Authorization": f"Bearer {text}"})
    assert answer.status_code in (200, 401), answer.text
    return answer.status_code == 200


def test_the_development_application_gets_a_key(server: Running, tmp_path: Path, capsys: Printed) -> None:
    assert init(server) == 0
    file = tmp_path / "private.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert may_in(server, file.read_text())
    said = capsys.readouterr().out
    assert re.search(rf"application +{DEVELOPMENT_APPLICATION}\n", said)
    assert re.search(rf"private key +{re.escape(str(file))} ", said)
    for setting in (
        f'Auth(application_id="{DEVELOPMENT_APPLICATION}", private_key="{file}")',
        'HttpClientOptions(api_host="localhost:8443")',
        f'{{ apiHost: "{server.url}" }}',
        f'apiBaseUri("{server.url}")',
        f'["base_api_url" => "{server.url}"]',
        f'"Url.Api": "{server.url}"',
        f'client.Config.BasePath = "{server.url}/v1/calls"',
        "telefonie serve --tls-port 8443",
        "telefonie trust",
    ):
        assert setting in said


def test_its_webhooks_can_be_verified_by_what_is_printed(server: Running, capsys: Printed) -> None:
    assert init(server) == 0
    found = re.search(r"signature secret +(\S+) ", capsys.readouterr().out)
    assert found
    with httpx.Client(base_url=server.url, headers={"X-API-Key": DEVELOPMENT_KEY}) as client:
        shown = client.get(f"/v1/simulator/applications/{DEVELOPMENT_APPLICATION}").json()
    assert found[1].startswith(shown["signature_secret_hint"].removesuffix("..."))
    assert jwt.decode(jwt.encode({"a": 1}, found[1]), found[1], ["HS256"]) == {"a": 1}


def test_a_key_is_not_overwritten_by_mistake(server: Running, tmp_path: Path, capsys: Printed) -> None:
    file = tmp_path / "private.key"
    assert init(server) == 0
    first = file.read_text()
    assert init(server) == 1
    assert "is there already" in capsys.readouterr().err
    assert file.read_text() == first
    assert may_in(server, first)
    assert init(server, "--force") == 0
    assert (may_in(server, first), may_in(server, file.read_text())) == (False, True)


def test_another_application_is_named(server: Running, tmp_path: Path, capsys: Printed) -> None:
    with httpx.Client(base_url=server.url, headers={"X-API-Key": DEVELOPMENT_KEY}) as client:
        given = {"name": "Mine", "public_key": keys().public}
        mine = client.post("/v1/simulator/applications", json=given).json()["id"]
    assert init(server, "--application", mine, "--file", "keys.pem") == 0
    assert may_in(server, (tmp_path / "keys.pem").read_text(), mine)
    assert mine in capsys.readouterr().out


def test_over_https_the_authority_is_known_by_its_folder(
    server: Running, tmp_path: Path, capsys: Printed
) -> None:
    authority = server.data / "tls" / "authority.pem"
    assert main(["vonage", "init", "--url", server.secure, "--data", str(server.data)]) == 0
    said = capsys.readouterr().out
    assert f'api_host="{server.secure.removeprefix("https://")}"' in said
    assert f"export REQUESTS_CA_BUNDLE={authority}" in said
    assert f"export NODE_EXTRA_CA_CERTS={authority}" in said
    assert "telefonie trust" not in said
    assert may_in(server, (tmp_path / "private.key").read_text())
    text = token(
        DEVELOPMENT_APPLICATION,
        time.time(),
        private=(tmp_path / "private.key").read_text(),
        claim="application_id",
    )
    trusting = ssl.create_default_context(cafile=authority)
    bearing = {"Authorization": f"Bearer {text}"}
    assert httpx.get(f"{server.secure}{CALLS}", headers=bearing, verify=trusting).status_code == 200


def test_what_is_printed_for_python_runs_as_it_stands(
    server: Running, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert init(server, "--tls-url", server.secure, "--data", str(server.data)) == 0
    said = capsys.readouterr().out
    bundle = re.search(r"export REQUESTS_CA_BUNDLE=(\S+)", said)
    lines = re.search(r"Python, vonage 4\n(.+?)\n\n", said, re.DOTALL)
    assert bundle
    assert lines
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", bundle[1])
    names: dict[str, Any] = {}
    exec(dedent(lines[1]), names)  # noqa: S102 - what a newcomer would paste
    calls, following = names["client"].voice.list_calls()
    assert (calls, following) == ([], None)


def test_the_https_address_may_be_told(server: Running, capsys: Printed) -> None:
    assert init(server, "--tls-url", "https://voice.example:9443") == 0
    said = capsys.readouterr().out
    assert 'api_host="voice.example:9443"' in said
    assert "--tls-port" not in said


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("--key", "wrong"), "--key"),
        (("--application", "00000000-0000-4000-8000-000000000000"), "--application"),
        (("--application", "../x"), "--application"),
        (("--file", "no/such/folder/private.key"), "--file"),
    ],
)
def test_what_goes_wrong_is_told_with_what_to_do(
    server: Running, tmp_path: Path, capsys: Printed, words: tuple[str, ...], hint: str
) -> None:
    assert init(server, *words) == 1
    said = capsys.readouterr().err
    assert said.startswith("telefonie: ")
    assert hint in said
    assert list(tmp_path.iterdir()) == []  # neither a key nor a draft of one is left behind


def test_where_nobody_answers_nothing_is_written(tmp_path: Path, capsys: Printed) -> None:
    assert main(["vonage", "init", "--url", "http://127.0.0.1:9"]) == 1
    assert "telefonie serve" in capsys.readouterr().err
    assert main(["vonage", "init", "--url", "nonsense"]) == 1
    assert "--url" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_without_its_authority_an_https_server_is_not_believed(server: Running, capsys: Printed) -> None:
    assert main(["vonage", "init", "--url", server.secure, "--data", "elsewhere"]) == 1
    assert "--data" in capsys.readouterr().err


# -- telefonie vonage token --


def test_a_token_opens_the_door_for_as_long_as_it_says(server: Running, capsys: Printed) -> None:
    assert init(server) == 0
    capsys.readouterr()
    assert main(["vonage", "token", "--seconds", "60"]) == 0
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    answer = httpx.get(f"{server.url}{CALLS}", headers={"Authorization": f"Bearer {said.strip()}"})
    assert answer.status_code == 200
    claims = jwt.decode(said.strip(), options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == 60
    assert claims["application_id"] == DEVELOPMENT_APPLICATION


def test_a_token_without_a_key_or_for_too_long_is_refused_with_advice(
    tmp_path: Path, capsys: Printed
) -> None:
    for words, advice in (
        ((), "Have it made by `telefonie vonage init`"),
        (("--seconds", "29"), "--seconds"),
        (("--seconds", "86401"), "--seconds"),
        (("--file", "notes.txt"), "holds no private RSA key"),
        (("--file", str(tmp_path)), "cannot be read"),
    ):
        (tmp_path / "notes.txt").write_text("no key")
        assert main(["vonage", "token", *words]) == 1
        assert advice in capsys.readouterr().err
