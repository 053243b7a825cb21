"""`telefonie trust` says how the authority is believed, in words that can be pasted, and changes nothing else."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from telefonie.cli.authority import PUBLIC
from telefonie.cli.certificates import fingerprint, public_of
from telefonie.cli.main import main

Printed = pytest.CaptureFixture[str]
Patch = pytest.MonkeyPatch


@pytest.fixture(autouse=True)
def _at_home(tmp_path: Path, monkeypatch: Patch) -> None:
    monkeypatch.chdir(tmp_path)


def said(capsys: Printed, *words: str) -> str:
    assert main(["trust", *words]) == 0
    return capsys.readouterr().out


def test_one_can_trust_before_serving(tmp_path: Path, capsys: Printed) -> None:
    text = said(capsys)
    file = tmp_path / ".telefonie" / "tls" / PUBLIC
    shown = public_of(file.read_bytes())
    assert f"    {file}\n" in text
    assert (
        f"good until {shown.not_valid_after_utc:%Y-%m-%d}, for 127.0.0.0/8, ::1/128, localhost and no" in text
    )
    assert fingerprint(shown) in text
    assert said(capsys) == text


def test_everybody_is_thought_of(capsys: Printed) -> None:
    text = said(capsys)
    programs = (
        "curl",
        "requests",
        "ssl",
        "httpx",
        "Node",
        "Java",
        "PHP",
        "Go",
        "Ruby",
        ".NET",
        "Chrome",
        "Firefox",
    )
    systems = ("Debian", "Fedora", "macOS", "Windows")
    assert [who for who in (*programs, *systems) if not re.search(rf"(?<!\w){re.escape(who)}\b", text)] == []


def test_it_installs_nothing(tmp_path: Path, capsys: Printed) -> None:
    said(capsys)
    assert [path.name for path in tmp_path.iterdir()] == [".telefonie"]
    assert "Nothing was installed" in said(capsys)


def test_the_path_alone_is_for_scripts(tmp_path: Path, capsys: Printed) -> None:
    assert said(capsys, "--path", "--data", "here") == f"{tmp_path / 'here' / 'tls' / PUBLIC}\n"
    assert said(capsys, "--path", "--tls-folder", "there") == f"{tmp_path / 'there' / PUBLIC}\n"


def test_names_that_are_told_in_time_need_no_second_trust(tmp_path: Path, capsys: Printed) -> None:
    assert "localhost, voice.test and no other" in said(capsys, "--tls-names", "voice.test")
    before = (tmp_path / ".telefonie" / "tls" / PUBLIC).read_bytes()
    said(capsys, "--tls-names", "api.voice.test")
    assert (tmp_path / ".telefonie" / "tls" / PUBLIC).read_bytes() == before


def test_a_server_that_is_set_up_by_variables_is_meant(
    tmp_path: Path, capsys: Printed, monkeypatch: Patch
) -> None:
    monkeypatch.setenv("TELEFONIE_TLS_PORT", "8443")
    monkeypatch.setenv("TELEFONIE_TLS_NAMES", "voice.test")
    monkeypatch.setenv("TELEFONIE_EPHEMERAL", "yes")
    assert "voice.test and no other" in said(capsys)
    assert (tmp_path / ".telefonie" / "tls" / PUBLIC).exists()


def test_a_certificate_of_ones_own_is_not_for_us_to_explain(
    tmp_path: Path, capsys: Printed, monkeypatch: Patch
) -> None:
    monkeypatch.setenv("TELEFONIE_TLS_CERTIFICATE", "cert.pem")
    assert main(["trust"]) == 1
    assert "cert.pem (TELEFONIE_TLS_CERTIFICATE), which is not of our making" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_what_is_to_be_pasted_can_be_pasted_whatever_the_folder_is_called(
    tmp_path: Path, capsys: Printed
) -> None:
    text = said(capsys, "--tls-folder", "it's a $HOME")
    lines = [line.strip() for line in text.splitlines() if re.match(r"    export \w+='", line)]
    assert len(lines) == 5
    names = re.findall(r"export (\w+)=", "\n".join(lines))
    script = "\n".join([*lines, *(f'printf "%s\\n" "${name}"' for name in names)])
    done = subprocess.run(["bash", "-euc", script], capture_output=True, text=True, check=True)  # noqa: S603, S607 - our own words
    assert set(done.stdout.splitlines()) == {str(tmp_path / "it's a $HOME" / PUBLIC)}
