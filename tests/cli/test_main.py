"""The words of the command line, and what it says when it cannot do what was asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from telefonie import __version__
from telefonie.cli.main import main
from telefonie.settings import OPTIONS

Printed = pytest.CaptureFixture[str]


def test_the_version(capsys: Printed) -> None:
    assert main(["version"]) == 0
    assert capsys.readouterr().out == f"telefonie {__version__}\n"


def test_the_help_names_every_option_and_every_variable(capsys: Printed) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["serve", "--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    for option in OPTIONS:
        assert option.variable in shown
        assert option.secret or option.flag in shown or "--no-" + option.flag[2:] in shown
    assert "--api-key" not in shown  # every user of the machine could read it


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["--port", "http"], "--port must be a whole number"),
        (["--workers", "2"], "--workers 2 needs Postgres"),
        (["--host", "192.0.2.1"], "export TELEFONIE_ADMIN_KEY"),
        (["--database-url", "mysql://h/n"], "--database-url must look like"),
        (["--data", "x", "--ephemeral"], "not allowed with"),
        (["--dat", "x"], "unrecognized arguments"),
    ],
)
def test_wrong_words_are_told(words: list[str], hint: str, capsys: Printed) -> None:
    assert _code(["serve", *words]) == 2
    assert hint in capsys.readouterr().err


def test_a_variable_that_is_no_setting_is_told(
    tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEFONIE_PROT", "1")
    monkeypatch.setenv("TELEFONIE_TEST_ANYTHING", "1")
    (tmp_path / "file").write_text("")
    assert _code(["migrate", "--data", str(tmp_path / "file")]) == 1
    told = capsys.readouterr().err
    assert "there is no setting TELEFONIE_PROT" in told
    assert "TELEFONIE_TEST_ANYTHING" not in told


def test_a_secret_that_is_none_is_refused_without_repeating_it(capsys: Printed) -> None:
    assert _code(["listen", "--port", "0", "--secret", "not-a-secret"]) == 1
    told = capsys.readouterr().err
    assert "--secret cannot be used" in told
    assert "not-a-secret" not in told


def test_a_store_is_migrated_once(tmp_path: Path, capsys: Printed) -> None:
    for was in ("new", "at "):
        assert main(["migrate", "--data", str(tmp_path)]) == 0
        assert f"The store at {tmp_path} was {was}" in capsys.readouterr().out


def _code(words: list[str]) -> object:
    try:
        return main(words)
    except SystemExit as ended:
        return ended.code
