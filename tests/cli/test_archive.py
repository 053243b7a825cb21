"""`telefonie archive verify`: what it says of archives that are whole, broken, empty, or not there."""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Connection

from telefonie.cli.main import main
from telefonie.core.accounts import Account
from telefonie.core.chain import Content, Link
from telefonie.core.clocks import Clock, Mode
from telefonie.store import archive, people
from telefonie.store.opening import open_store

ANN: Final = "00000001-0000-4000-8000-000000000001"
Printed = pytest.CaptureFixture[str]


@pytest.fixture
async def data(tmp_path: Path, migrated_folder: Path) -> Path:
    """A store with an archive of three recordings."""
    folder = tmp_path / "data"
    shutil.copytree(migrated_folder, folder)
    store = open_store(folder)
    await store.start()
    content = {"recording.wav": Content(sha256(b"sound").hexdigest(), 5)}

    def fill(conn: Connection) -> list[Link]:
        people.add_account(conn, Account(ANN, "Ann", 1), Clock(ANN, Mode.MANUAL, 1.0, 1, 1))
        made = [archive.append(conn, ANN, f"{number}", content)[0].link for number in range(3)]
        for each in made:
            archive.seal(conn, each, "staging/")
        return made

    for each in await store.write(fill):
        place = folder / "media" / "local" / each.folder
        place.mkdir(parents=True)
        (place / "recording.wav").write_bytes(b"sound")
        (place / "entry.json").write_text(each.file)
    await store.stop()
    return folder


def verify(capsys: Printed, *words: str) -> tuple[int, str]:
    code = main(["archive", "verify", *words])
    return code, capsys.readouterr().out


def ways(data: Path) -> list[tuple[str, ...]]:
    return [("--data", str(data)), ("--media", str(data / "media"))]


def test_an_archive_that_is_whole(data: Path, capsys: Printed) -> None:
    for words in ways(data):
        assert verify(capsys, *words) == (0, f"account {ANN}: 3 entries, all as archived\n")


def test_the_first_broken_entry_is_named(data: Path, capsys: Printed) -> None:
    for place in data.glob("media/local/*/archive/00000[23]*/recording.wav"):
        place.write_bytes(b"noise")
    for words in ways(data):
        code, said = verify(capsys, *words)
        assert code == 1
        assert f"BROKEN at {ANN}/archive/000002-1/recording.wav" in said


def test_an_entry_at_the_end_is_missed_by_the_store_alone(data: Path, capsys: Printed) -> None:
    shutil.rmtree(next(data.glob("media/local/*/archive/000003*")))
    assert verify(capsys, "--data", str(data))[0] == 1
    assert verify(capsys, "--media", str(data / "media"))[0] == 0


def test_where_nothing_was_archived(tmp_path: Path, capsys: Printed) -> None:
    code, said = verify(capsys, "--media", str(tmp_path))
    assert (code, "Nothing has been archived" in said) == (0, True)


def test_where_there_is_no_store(tmp_path: Path, capsys: Printed) -> None:
    assert main(["archive", "verify", "--data", str(tmp_path / "none")]) == 1
    assert "There is no store" in capsys.readouterr().err
