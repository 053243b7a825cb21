"""The only module that runs Postgres binaries: makes a server in a folder, keeps it while its maker lives.

A program of its own (`python postgres_keeper.py FOLDER PACKAGE [--fsync]`), standard library only. The maker
of FOLDER holds a lock on `maker.lock`: when that process is gone, however it went, the lock is free, the
server is stopped and the folder removed. As root, which Postgres refuses, the server runs as `nobody` on a
copy of the binaries, since `nobody` can seldom reach the environment they came in.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final, TextIO

READY_WITHIN: Final = 60.0
STOP_WITHIN: Final = 10.0
_ROLE: Final = "telefonie"
_PR_SET_PDEATHSIG: Final = 1
_SETTINGS: Final = (
    "max_connections=200",
    "shared_buffers=64MB",
    "dynamic_shared_memory_type=mmap",  # containers often have next to no /dev/shm
    "unix_socket_directories=",  # TCP with a password is the same on every system and for every driver
    "listen_addresses=127.0.0.1",
    "timezone=UTC",
    "jit=off",
)
_CARELESS: Final = ("fsync=off", "full_page_writes=off")


class Failed(Exception):
    """The server could not be made or started; the text says why."""


class Binaries:
    """Where the programs are, and as whom they run."""

    def __init__(self, folder: Path, package: Path) -> None:
        self.as_user: dict[str, Any] = {}
        self.owner: tuple[int, int] | None = None
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self.owner = (nobody.pw_uid, nobody.pw_gid)
            self.as_user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            package = _copied(package, folder / "binaries")
        self._bin = package / "pginstall18" / "bin"

    def program(self, name: str) -> str:
        return str(self._bin / name)


def _copied(package: Path, target: Path) -> Path:
    """The package and its `.libs` sibling: the programs find their libraries by that relative path."""
    skipped = shutil.ignore_patterns("include", "pginstall", "*.a", "__pycache__")
    copy = target / package.name
    shutil.copytree(package, copy, ignore=skipped, copy_function=_linked)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, target / libraries.name, copy_function=_linked)
    return copy


def _linked(source: str, target: str) -> str:
    """A second name costs nothing; across file systems it has to be a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target


def _make(binaries: Binaries, data: Path, password: str) -> None:
    data.mkdir(mode=0o700)
    word = data.with_name("password")
    word.write_text(password)
    word.chmod(0o600)
    if binaries.owner is not None:
        os.chown(data, *binaries.owner)
        os.chown(word, *binaries.owner)
    made = subprocess.run(  # noqa: S603 - our own arguments, no shell
        [
            binaries.program("initdb"),
            f"--pgdata={data}",
            f"--username={_ROLE}",
            f"--pwfile={word}",
            "--auth=scram-sha-256",
            "--set=scram_iterations=1",  # a random password needs no stretching, and tests connect often
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync",
        ],
        capture_output=True,
        text=True,
        cwd=data.parent,
        check=False,
        **binaries.as_user,
    )
    word.unlink()
    if made.returncode:
        raise Failed(f"initdb: {made.stderr.strip() or made.stdout.strip()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _dies_with_keeper() -> None:
    """Linux: should the keeper itself be killed, the server still stops (a fast shutdown)."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


_libc: Final = ctypes.CDLL(None) if sys.platform == "linux" else None


def _start(binaries: Binaries, data: Path, port: int, log: Path, *, fsync: bool) -> subprocess.Popen[bytes]:
    settings = _SETTINGS if fsync else _SETTINGS + _CARELESS
    with log.open("ab") as out:
        return subprocess.Popen(  # noqa: S603 - our own arguments, no shell
            [
                binaries.program("postgres"),
                "-D",
                str(data),
                "-p",
                str(port),
                *(part for setting in settings for part in ("-c", setting)),
            ],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=data,
            preexec_fn=_dies_with_keeper,
            **binaries.as_user,
        )


def _is_ready(data: Path) -> bool:
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[7].strip() == "ready"


def _came_up(server: subprocess.Popen[bytes], data: Path) -> bool:
    waited = 0.0
    while waited < READY_WITHIN and server.poll() is None:
        if _is_ready(data):
            return True
        time.sleep(0.01)  # a server being born gives no other sign than this file
        waited += 0.01
    return False


def _stop(server: subprocess.Popen[bytes]) -> None:
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        server.send_signal(how)
        try:
            server.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            continue
        return


def _say(folder: Path, answer: dict[str, str]) -> None:
    """Whole or not at all: who waits for the file must never read half of it."""
    draft = folder / "server.draft"
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(answer))
    draft.rename(folder / "server.json")
    os.close(1)  # whoever started this program reads our output to its end, and goes on


def _outlive(maker: TextIO) -> None:
    """Returns when the maker is gone."""
    fcntl.flock(maker, fcntl.LOCK_EX)


def keep(folder: Path, package: Path, maker: TextIO, *, fsync: bool) -> None:
    """Makes, starts and announces the server, then waits for the end of the process that asked for it."""
    folder.chmod(0o711)  # the server's user passes through, and sees nothing else
    binaries = Binaries(folder, package)
    data, log, password = folder / "data", folder / "log", secrets.token_hex(16)
    _make(binaries, data, password)
    for _ in range(3):  # someone else may take the free port before the server does
        port = _free_port()
        server = _start(binaries, data, port, log, fsync=fsync)
        try:
            if _came_up(server, data):
                _say(folder, {"url": f"postgresql://{_ROLE}:{password}@127.0.0.1:{port}/postgres"})
                _outlive(maker)
                return
        finally:
            _stop(server)
    raise Failed(f"postgres did not start: {log.read_text(errors='replace')[-2000:]}")


def main(folder: Path, package: Path, *, fsync: bool) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what follows `finally` is done
    with (folder / "keeper.lock").open("a") as held, (folder / "maker.lock").open() as maker:
        fcntl.flock(held, fcntl.LOCK_EX)  # let go when this process ends: so the maker knows that all is gone
        try:
            keep(folder, package, maker, fsync=fsync)
        except (Failed, OSError, KeyError) as problem:
            _say(folder, {"error": str(problem)})
            _outlive(maker)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), fsync="--fsync" in sys.argv[3:])
