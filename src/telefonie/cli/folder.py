"""The only module that prepares the folder of the embedded store, and lets one process at a time have it."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from telefonie.cli.refusal import Refusal

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK: Final = "server.lock"
TURNS: Final = "turns.lock"


@contextmanager
def temporary() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="telefonie-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """The folder, ours for long. The system lets go of the lock when the process is gone, however it went."""
    try:
        make(folder)
        (folder / LOCK).touch()
    except OSError as error:
        raise Refusal(
            f"The folder {folder} cannot be used: {error.strerror}. "
            "Choose another with --data DIR (TELEFONIE_DATA)."
        ) from None
    with (folder / LOCK).open("a+") as file:
        if not _lock(file):
            file.seek(0)
            owner = file.read(32).strip()
            who = f"Another server (process {owner})" if owner else "Another server"
            raise Refusal(
                f"{who} works on the folder {folder}, and the embedded store is for one process. "
                "Stop it, or give this one a folder of its own with --data DIR (TELEFONIE_DATA); "
                "several processes can share Postgres (--database-url)."
            )
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def make(folder: Path) -> None:
    """It holds keys' hashes, secrets and numbers: for its owner only, and not for version control."""
    if not folder.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # somebody else may just have made it
        (folder / ".gitignore").write_text("*\n", "utf-8")


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """The folder, ours for a moment; whoever else has it is waited for."""
    with (folder / TURNS).open("a+") as file:
        if sys.platform == "win32":
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _lock(file: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            os.lseek(file.fileno(), 4096, os.SEEK_SET)  # beyond the text, which others may read
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
