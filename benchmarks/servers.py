"""The only module that starts servers: ours as a user starts it, and those that it is compared with."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from benchmarks.processes import ROOT, Broken, Process, environment, program
from telefonie.settings import DEVELOPMENT_KEY

CALLS: Final = "/v1/voice/calls"
CLOCK: Final = "/v1/simulator/clock"
KEY: Final = DEVELOPMENT_KEY
PRISM: Final = "5.16.0"
_SERVE: Final = "import sys; from telefonie.cli.main import main; sys.exit(main())"
_NPM_SECONDS: Final = 120


@dataclass(frozen=True, slots=True)
class Server:
    """A process that answers on a port. `prefix`: what it leaves out of the paths."""

    process: Process
    port: int
    prefix: str = ""

    def send(self, method: str, path: str, body: object = None, seconds: float = 130) -> Any:
        """One request, its answer as JSON."""
        request = Request(f"http://127.0.0.1:{self.port}{path}", method=method, headers={"X-API-Key": KEY})
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        try:
            with urlopen(request, timeout=seconds) as answer:
                text = answer.read()
        except HTTPError as refused:
            raise Broken(f"{method} {path}: {refused.code} {refused.read().decode()}") from None
        return json.loads(text) if text else None

    def stop(self) -> None:
        self.process.stop()


def command(*options: str) -> list[str]:
    """What `telefonie serve` of this environment runs."""
    return [sys.executable, "-c", _SERVE, "serve", "--port", "0", "--log-level", "warning", *options]


def ours(name: str, folder: Path, options: Sequence[str], env: Mapping[str, str] | None = None) -> Server:
    """A server of ours, once it says that it listens."""
    process = Process(name, command(*options), folder, environment(**(env or {})))
    found = re.search(r"listens on http://[^ ]*:(\d+)", process.line_with("listens on"))
    assert found is not None
    return Server(process, int(found[1]))


def other(name: str, folder: Path) -> Server:
    """One of the programs here that serve."""
    process = program(name, name, folder)
    return Server(process, int(json.loads(process.line())["port"]))


def helper(name: str, folder: Path) -> Process:
    """A program of ours that answers questions, once it says that it is ready."""
    process = program(name, name, folder)
    process.line()
    return process


def prism_program() -> Path | None:
    """The static mock, installed once into a cache of this environment; None where npm cannot."""
    npm = shutil.which("npm")
    place = Path(sys.prefix) / "cache" / f"prism-{PRISM}"
    found = place / "node_modules" / ".bin" / "prism"
    if found.exists():
        return found
    if npm is None:
        return None
    place.mkdir(parents=True, exist_ok=True)
    install = [npm, "install", "--no-audit", "--no-fund", "--silent", "--prefix", str(place)]
    try:
        subprocess.run(
            [*install, f"@stoplight/prism-cli@{PRISM}"], check=True, capture_output=True, timeout=_NPM_SECONDS
        )
    except (subprocess.SubprocessError, OSError):
        shutil.rmtree(place, ignore_errors=True)
        return None
    return found


def prism(path: Path, folder: Path, level: str) -> Server:
    """The static mock of our contract. What it logs goes nowhere."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    contract = ROOT / "openapi" / "telefonie-voice-v1.yaml"
    options = ["mock", "--port", str(port), "--host", "127.0.0.1", "--verboseLevel", level, str(contract)]
    process = Process("prism", [str(path), *options], folder, talks=False)
    if not listens(port):
        process.stop()
        raise Broken("prism does not listen")
    return Server(process, port, prefix="/v1/voice")


def listens(port: int, seconds: float = 30) -> bool:
    """Wait until somebody does."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return True
        time.sleep(0.02)
    return False
