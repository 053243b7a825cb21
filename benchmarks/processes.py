"""The only module that starts processes, and sees to it that none is left behind."""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
READY_SECONDS: Final = 60.0
STOP_SECONDS: Final = 20.0
_PR_SET_PDEATHSIG: Final = 1
_libc: Final = ctypes.CDLL(None) if sys.platform == "linux" else None


class Broken(Exception):
    """A process did not do what it was started for; the text says which and why."""


def _dies_with_us() -> None:
    """Linux: should the benchmark itself be killed, its processes go too."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def environment(**more: str) -> dict[str, str]:
    """Ours, without settings of a server that somebody left in it."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("TELEFONIE_")}
    return {**plain, "PYTHONUNBUFFERED": "1", **more}


class Process:
    """One process, its lines, and its end. What it complains about goes to a file in `folder`."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        folder: Path,
        env: Mapping[str, str] | None = None,
        *,
        talks: bool = True,
    ) -> None:
        self.name = name
        self._log = folder / f"{name.replace(' ', '-')}.{time.monotonic_ns()}.log"
        with self._log.open("wb") as complaints:
            self._process = subprocess.Popen(
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE if talks else subprocess.DEVNULL,
                stderr=complaints,
                cwd=ROOT,
                env=environment() if env is None else dict(env),
                preexec_fn=_dies_with_us,
            )
        self._rest = b""

    def __enter__(self) -> Process:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        return self._process.pid

    def line(self, seconds: float = READY_SECONDS) -> str:
        """The next line that it prints."""
        deadline = time.monotonic() + seconds
        out = self._out(self._process.stdout)
        while b"\n" not in self._rest:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([out], [], [], left)[0]:
                raise Broken(f"{self.name} said nothing for {seconds:.0f} s. {self._complaints()}")
            piece = os.read(out.fileno(), 1 << 16)
            if not piece:
                raise Broken(f"{self.name} ended. {self._complaints()}")
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode()

    def line_with(self, text: str, seconds: float = READY_SECONDS) -> str:
        """The next line that holds this text."""
        while text not in (line := self.line(seconds)):
            pass
        return line

    def ask(self, within: float = READY_SECONDS, **question: Any) -> dict[str, Any]:
        """Hand one question to a process that answers in lines of JSON."""
        writer = self._out(self._process.stdin)
        writer.write(json.dumps(question).encode() + b"\n")
        writer.flush()
        answer: dict[str, Any] = json.loads(self.line(within))
        if "error" in answer:
            raise Broken(f"{self.name}: {answer['error']}")
        return answer

    def stop(self) -> None:
        """In good order, or by force."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        for how in (signal.SIGTERM, signal.SIGKILL):
            if self._process.poll() is None:
                self._process.send_signal(how)
                with suppress(subprocess.TimeoutExpired):
                    self._process.wait(STOP_SECONDS)

    def _complaints(self) -> str:
        return self._log.read_text(errors="replace")[-2000:]

    @staticmethod
    def _out(stream: IO[bytes] | None) -> IO[bytes]:
        assert stream is not None
        return stream


def program(name: str, module: str, folder: Path) -> Process:
    """One of our own programs in benchmarks/, which speak JSON lines and end with their input."""
    return Process(name, [sys.executable, "-m", f"benchmarks.{module}"], folder)
