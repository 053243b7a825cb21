"""The only module that installs SDKs which cannot live beside our own packages: once a checkout, by their locks.

Each has a folder below `.sdks`, named after its lock's content. Whoever comes first makes it, and the other processes
of a run wait for that; a run that finds it there loses no time.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.support import environment
from tests.support.project import ROOT

HERE: Final = Path(__file__).parent
_PLACE: Final = ROOT / ".sdks"


def python_with(name: str) -> Path:
    """The interpreter of an environment with what `NAME.lock` says, and nothing else."""
    lock = HERE / f"{name}.lock"

    def make(folder: Path) -> None:
        # Without a look at what they depend on: that one of them asks for an extra is more than pip can follow.
        environment.install_locked(environment.make(folder), lock, "--no-deps")

    return _made(name, lock.read_bytes() + sys.version.encode(), make) / "bin" / "python"


def node_modules() -> Path:
    """A folder with what `node/package-lock.json` says."""
    given = [HERE / "node" / each for each in ("package.json", "package-lock.json")]

    def make(folder: Path) -> None:
        folder.mkdir()
        for each in given:
            shutil.copy(each, folder)
        npm = shutil.which("npm")
        assert npm is not None
        environment.run(
            npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", cwd=folder
        )

    return _made("node", b"".join(each.read_bytes() for each in given), make) / "node_modules"


def _made(name: str, wanted: bytes, make: Callable[[Path], None]) -> Path:
    """The folder of that name and content, whole: a mark is put there last."""
    _PLACE.mkdir(exist_ok=True)
    folder = _PLACE / f"{name}-{hashlib.sha256(wanted).hexdigest()[:12]}"
    mark = folder.with_suffix(".whole")
    with folder.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not mark.exists():
            shutil.rmtree(folder, ignore_errors=True)
            make(folder)
            mark.touch()
    return folder
