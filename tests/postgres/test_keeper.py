"""The test server comes up for root and for anyone else, and goes with the process that wanted it."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.support import postgres

pytestmark = [pytest.mark.postgres, pytest.mark.e2e]

_TOLD_TO_KEEP_ONE = """
import sys
from pathlib import Path
from postgres import prepare, server_url
place = prepare()
print(place.folder)
print(server_url(place.folder, package=Path(sys.argv[1]), fsync=True), flush=True)
sys.stdin.read()
place.close()
"""


def _start(home: Path, python: str, package: Path, **how: Any) -> subprocess.Popen[str]:
    """A process in a private folder that asks for a server of its own and holds it until its input ends."""
    support = Path(postgres.__file__).parent
    for module in ("postgres.py", "postgres_keeper.py"):
        shutil.copy(support / module, home / module)
    return subprocess.Popen(  # noqa: S603 - our own arguments, no shell
        [python, "-c", _TOLD_TO_KEEP_ONE, str(package)],
        cwd=home,
        env={"HOME": str(home), "PATH": os.defpath, "TMPDIR": str(home.parent)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        **how,
    )


@pytest.fixture
def package() -> Path:
    return postgres.installed_package()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach (pytest's own cannot be), with a private home inside."""
    with tempfile.TemporaryDirectory(prefix="telefonie-keeper-", dir=postgres.reachable_folder()) as name:
        folder = Path(name)
        folder.chmod(0o711)
        (folder / "home").mkdir(mode=0o700)
        yield folder


def _answers(holder: subprocess.Popen[str]) -> tuple[Path, str]:
    assert holder.stdout is not None
    return Path(holder.stdout.readline().strip()), holder.stdout.readline().strip()


async def _fsync(url: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval("SHOW fsync")
    finally:
        await connection.close()


def _soon(gone: Path) -> bool:
    deadline = time.monotonic() + 20
    while gone.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    return not gone.exists()


async def test_it_can_write_like_in_earnest_and_leaves_nothing_behind(
    open_folder: Path, package: Path
) -> None:
    with _start(open_folder / "home", sys.executable, package) as holder:
        folder, url = _answers(holder)
        assert await _fsync(url) == "on"
        holder.communicate(timeout=30)
    assert not folder.exists()
    with pytest.raises(OSError, match="Connect call failed"):
        await _fsync(url)


async def test_it_goes_when_its_holder_is_killed(open_folder: Path, package: Path) -> None:
    with _start(open_folder / "home", sys.executable, package) as holder:
        folder, url = _answers(holder)
        assert await _fsync(url) == "on"
        holder.kill()
    assert _soon(folder)
    with pytest.raises(OSError, match="Connect call failed"):
        await _fsync(url)


def _python_for_everyone() -> str | None:
    """An interpreter that another user may run: the one of an environment under a private home is not."""
    for name in (sys.executable, *(str(Path(each) / "python3") for each in ("/usr/local/bin", "/usr/bin"))):
        path = Path(name)
        if path.exists() and all(each.stat().st_mode & 0o001 for each in _all_the_way(path)):
            return name
    return None


def _all_the_way(path: Path) -> Iterator[Path]:
    for each in (path.absolute(), path.resolve()):
        yield each
        yield from each.parents


def _move_in(home: Path, package: Path, user: pwd.struct_passwd) -> None:
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.is_dir():
            shutil.copytree(folder, home / folder.name, ignore=shutil.ignore_patterns("include", "pginstall"))
    home.parent.chmod(0o777)
    for each in (home, *home.rglob("*")):
        os.chown(each, user.pw_uid, user.pw_gid)


@pytest.mark.skipif(
    os.getuid() != 0, reason="only root can become someone else; others are someone else already"
)
async def test_an_ordinary_user_gets_one_in_a_private_home(open_folder: Path, package: Path) -> None:
    python = _python_for_everyone()
    if python is None:
        pytest.skip("no Python here that another user may run")
    user = pwd.getpwnam("nobody")
    home = open_folder / "home"
    _move_in(home, package, user)
    who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    with _start(home, python, home / package.name, **who) as holder:
        folder, url = _answers(holder)
        assert folder.stat().st_uid == user.pw_uid
        assert await _fsync(url) == "on"
        holder.communicate(timeout=30)
    assert not folder.exists()
