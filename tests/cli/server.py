"""The only module that runs the command `telefonie` as its users do: as a process of its own."""

from __future__ import annotations

import os
import re
import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.project import ROOT

WITHIN = 30.0


@dataclass(slots=True)
class Program:
    """A running command. What it prints is kept as it is read."""

    process: subprocess.Popen[bytes]
    stderr: Path
    printed: str = ""

    def wait_for(self, pattern: str) -> str:
        """The first group of a pattern, as soon as the output has it in a whole line."""
        deadline = time.monotonic() + WITHIN
        while not (found := re.search(pattern + ".*\n", self.printed)):
            chunk = self._read(deadline - time.monotonic())
            assert chunk, f"ended or silent; it said {self.printed!r} and {self.errors!r}"
        return found[1]

    @property
    def url(self) -> str:
        return self.wait_for(r"Telefonie listens on (https?://\S+)")

    @property
    def errors(self) -> str:
        return self.stderr.read_text()

    def wait_until(self, done: Callable[[], bool]) -> None:
        """Until something shows outside of it."""
        deadline = time.monotonic() + WITHIN
        while not done():
            assert time.monotonic() < deadline, f"it said {self.printed!r} and {self.errors!r}"
            time.sleep(0.02)

    def end(self) -> int:
        """Wait until it has ended by itself; its code."""
        code = self.process.wait(WITHIN)
        while self._read(0):
            pass
        return code

    def _read(self, seconds: float) -> str:
        """What it printed meanwhile, if anything; not through a buffer, which `select` knows nothing of."""
        assert self.process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            ready = selector.select(max(0.0, seconds))
        chunk = os.read(self.process.stdout.fileno(), 65536).decode() if ready else ""
        self.printed += chunk
        return chunk


@contextmanager
def program(tmp_path: Path, *words: str, **variables: str) -> Iterator[Program]:
    """`telefonie WORDS`, in a folder of its own, without the variables of whoever runs the tests."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith("TELEFONIE_")}
    environment |= {"PYTHONPATH": str(ROOT / "src"), **variables}
    stderr = tmp_path / f"stderr-{time.monotonic_ns()}"
    with stderr.open("w") as errors:
        process = subprocess.Popen(  # noqa: S603 - our own words, no shell
            [sys.executable, "-m", "telefonie", *words],
            cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=errors,
        )  # fmt: skip
    with process:
        try:
            yield Program(process, stderr)
        finally:
            process.kill()
