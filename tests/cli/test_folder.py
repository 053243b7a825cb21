"""One process at a time has a folder, and a temporary one leaves nothing behind."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from telefonie.cli import folder
from telefonie.cli.refusal import Refusal


def test_a_new_folder_is_for_its_owner_and_not_for_version_control(tmp_path: Path) -> None:
    place = tmp_path / "a" / "b"
    with folder.held(place):
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
        assert (place / ".gitignore").read_text() == "*\n"


def test_a_folder_that_was_there_stays_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with folder.held(tmp_path):
        assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
        assert not (tmp_path / ".gitignore").exists()


def test_a_second_server_is_told_who_the_first_is(tmp_path: Path) -> None:
    for _ in range(2):  # let go of, it can be had again
        with folder.held(tmp_path):
            with pytest.raises(Refusal) as told, folder.held(tmp_path):
                pytest.fail("two had it")
            assert f"(process {os.getpid()})" in str(told.value)
            assert "--data" in str(told.value)


def test_a_lock_file_that_a_killed_server_left_is_no_lock(tmp_path: Path) -> None:
    (tmp_path / folder.LOCK).write_text("999999")
    with folder.held(tmp_path):
        assert (tmp_path / folder.LOCK).read_text() == str(os.getpid())


def test_a_folder_that_cannot_be_made_is_told_with_its_option(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Refusal, match=r"cannot be used.*--data"), folder.held(tmp_path / "file" / "sub"):
        pytest.fail("a file is no folder")


def test_a_temporary_folder_is_gone_afterwards() -> None:
    with folder.temporary() as place, folder.held(place):
        (place / "store").write_text("x")
    assert not place.exists()
