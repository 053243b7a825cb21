"""The only module that makes environments with other packages than our own: by uv where it is, else by pip.

Nothing is compiled in advance, and none gets a pip of its own: that would take longer than all that is tested there.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

PATIENCE: Final = 300.0


def run(*command: str | Path, cwd: Path) -> None:
    """A command that has to go well."""
    done = subprocess.run(  # noqa: S603 - our own arguments, no shell
        [str(part) for part in command],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


def make(folder: Path) -> Path:
    """An empty environment; its interpreter."""
    uv = shutil.which("uv")
    if uv is not None:
        run(uv, "venv", "--python", sys.executable, folder, cwd=folder.parent)
    else:
        run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    return folder / "bin" / "python"


def install(python: Path, *asked: str | Path) -> None:
    """Packages for that interpreter: wheels, and nothing that has to be built."""
    folder, uv = python.parent, shutil.which("uv")
    if uv is not None:
        run(uv, "pip", "install", "--python", python, *asked, cwd=folder)
        return
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python)
    run(*pip, "install", "--quiet", "--no-compile", *asked, cwd=folder)


def install_locked(python: Path, lock: Path, *more: str) -> None:
    """All that a lock says, and nothing else: what it has left out is missed here, unless `--no-deps` is said."""
    install(python, *more, "--require-hashes", "--only-binary", ":all:", "-r", lock)
