"""The only module that runs what pages show: a server of its own for each page, a folder, a shell that remembers.

Pages are written for a reader who runs everything with its defaults. These are the only changes made for a test,
in commands, programs and outputs alike:

* 8080, where the reader's server listens, becomes the port of the page's server, which was started by
  `telefonie serve --port 0` in a folder of its own;
* 8443, where a page has its server speak https beside it, becomes the port that `--tls-port 0` picked;
* 9000, where the reader receives callbacks, becomes a free port, also for `telefonie listen`;
* 9001, where a program of the reader's listens for sockets, becomes another one;
* `whsec_...` becomes the signing secret that the page's server printed at its start;
* `.venv/bin/` is dropped: the commands of the environment that runs the tests come first.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.support.project import ROOT

PATIENCE: Final = 25.0
_ADDRESS: Final = re.compile(r"Telefonie listens on http://127\.0\.0\.1:(\d+)")
_ENCRYPTED: Final = re.compile(r"and on +https://127\.0\.0\.1:(\d+)")
_SECRET: Final = re.compile(r"whsec_[A-Za-z0-9+/=]+")
_CURL: Final = Path(__file__).with_name("curl.py")
_VARIABLES: Final = ".variables"


class Failed(Exception):
    """Something did not do what its page says."""


@dataclass(slots=True)
class Stage:
    """Where the blocks of one page run."""

    folder: Path
    commands: Path
    encrypted: bool = False
    port: int = 0
    tls_port: int = 0
    secret: str = ""
    receiver: int = field(default_factory=lambda: _free_port())
    program: int = field(default_factory=lambda: _free_port())
    background: dict[str, Path] = field(default_factory=dict)

    def staged(self, text: str) -> str:
        """A text of the page with what is different here."""
        text = text.replace("whsec_...", self.secret).replace(".venv/bin/", "")
        text = text.replace("telefonie listen", "telefonie listen --port 9000")
        ports = {"8080": self.port, "8443": self.tls_port, "9000": self.receiver, "9001": self.program}
        return re.sub(r"\b(?:8080|8443|9000|9001)\b", lambda found: str(ports[found[0]]), text)

    def shell(self, text: str) -> str:
        """What a piece of shell prints. Its variables are there for the next one."""
        whole = f"set -aeuo pipefail\n{self._known()}{self.staged(text)}\nexport -p > {_VARIABLES}\n"
        return self._run("bash", "-c", whole)

    def python(self, text: str) -> str:
        """What a program prints."""
        (self.folder / "block.py").write_text(self.staged(text), "utf-8")
        return self._run(sys.executable, "-W", "error", "block.py")

    def keep(self, name: str, text: str) -> None:
        """A file that the page shows."""
        (self.folder / name).write_text(self.staged(text), "utf-8")

    @contextmanager
    def running(self, name: str, text: str) -> Iterator[None]:
        """A command that goes on beside the others. It is there once it takes connections."""
        printed = self.background[name] = self.folder / f"{name}.out"
        script = f"set -aeu\n{self._known()}exec {self.staged(text)}"
        port = self.program if "9001" in text else self.receiver
        with self._started(["bash", "-c", script], printed) as process:
            until(lambda: _takes_connections(port), process, printed)
            yield

    @contextmanager
    def serving(self) -> Iterator[None]:
        """The page's server."""
        printed = self.background["serve"] = self.folder / "serve.out"
        tls = ["--tls-port", "0"] if self.encrypted else []
        with self._started(["telefonie", "serve", "--port", "0", *tls], printed) as process:
            until(lambda: "documents" in printed.read_text("utf-8"), process, printed)
            said = printed.read_text("utf-8")
            address, secret = _ADDRESS.search(said), _SECRET.search(said)
            if address is None or secret is None:
                raise Failed(f"the server's greeting lacks its address or the secret:\n{said}")
            self.port, self.secret = int(address[1]), secret[0]
            self.tls_port = int(found[1]) if (found := _ENCRYPTED.search(said)) else 0
            yield

    def _known(self) -> str:
        return f". ./{_VARIABLES}\n" if (self.folder / _VARIABLES).exists() else ""

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TELEFONIE_")}
        path = f"{self.commands}:{Path(sys.executable).parent}:{kept['PATH']}"
        return kept | {"PATH": path, "PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": "1"}

    def _run(self, *command: str) -> str:
        done = subprocess.run(  # noqa: S603 - what our own pages show
            command,
            cwd=self.folder,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        if done.returncode:
            raise Failed(f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    @contextmanager
    def _started(self, command: list[str], printed: Path) -> Iterator[subprocess.Popen[bytes]]:
        whole = [shutil.which(command[0], path=self._environment()["PATH"]) or command[0], *command[1:]]
        with printed.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - what our own pages show
                whole,
                cwd=self.folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(PATIENCE)


@contextmanager
def stage(folder: Path, *, encrypted: bool = False) -> Iterator[tuple[Stage, ExitStack]]:
    """A stage with its server; what is entered into the stack ends with it."""
    commands = folder / "commands"
    commands.mkdir()
    main = "import sys; from telefonie.cli.main import main; sys.exit(main())"
    _command(commands / "telefonie", sys.executable, "-c", main)
    if shutil.which("curl") is None:
        _command(commands / "curl", sys.executable, str(_CURL))
    work = folder / "work"
    work.mkdir()
    here = Stage(work, commands, encrypted)
    with ExitStack() as stack:
        stack.enter_context(here.serving())
        yield here, stack


def until(true: Callable[[], bool], process: subprocess.Popen[bytes] | None, printed: Path) -> None:
    """Wait until something is so, for as long as whoever brings it about is alive."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        ended = process is not None and process.poll() is not None
        if ended or time.monotonic() > deadline:
            why = "it ended" if ended else f"nothing came of it in {PATIENCE:g} s"
            raise Failed(f"{why}; printed so far:\n{printed.read_text('utf-8')}")
        time.sleep(0.02)


def _command(path: Path, *words: str) -> None:
    path.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n', "utf-8")
    path.chmod(0o755)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _takes_connections(port: int) -> bool:
    with socket.socket() as knocking:
        knocking.settimeout(1)
        return knocking.connect_ex(("127.0.0.1", port)) == 0
