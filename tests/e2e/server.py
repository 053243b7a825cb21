"""The only module that starts, kills and stops real servers: processes as `telefonie serve` makes them."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Final

from tests.e2e.nursery import Cradle, bear
from tests.support.project import ROOT

UP_WITHIN: Final = 30.0
LOOK: Final = 0.01


class NotUp(AssertionError):
    """A process did not come to what was expected of it; the text is what it said."""


async def until(holds: Callable[[], bool], seconds: float, what: Callable[[], str] | str) -> None:
    """Look again and again, to a deadline."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while not holds():
        if loop.time() > deadline:
            raise NotUp(f"not within {seconds:g} s: {what if isinstance(what, str) else what()}")
        await asyncio.sleep(LOOK)


class Program:
    """One run after the other of the same command, each in a process group of its own."""

    def __init__(self, folder: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._arguments = arguments
        self._environment = dict(environment or {})
        self._process: ForkServerProcess | None = None
        self.runs = 0

    def spawn(self) -> None:
        """Begin a run; it is not up yet."""
        assert self._process is None, "the last run is still there"
        self.runs += 1
        # Nothing of the surroundings may set up what is tested.
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TELEFONIE_")}
        paths = [str(ROOT / "src"), *filter(None, [clean.get("PYTHONPATH")])]
        environment = clean | {"PYTHONPATH": os.pathsep.join(paths)} | self._environment
        for each in (self._out, self._err):
            each.touch()  # to be looked into before the first word
        self._process = bear(Cradle(self._arguments, environment, self._folder, self._out, self._err))

    async def says(self, pattern: str, seconds: float = UP_WITHIN) -> re.Match[str]:
        """Wait for a line of its output."""

        def look() -> bool:
            assert self.code is None, f"ended with {self.code}: {self.told}"
            return re.search(pattern, self.output, re.MULTILINE) is not None

        await until(look, seconds, lambda: f"{pattern!r} in {self.told}")
        found = re.search(pattern, self.output, re.MULTILINE)
        assert found is not None
        return found

    async def ends(self, seconds: float) -> int:
        """Wait for the end of the run; its exit code."""
        await until(
            lambda: self.code is not None, seconds, lambda: f"the end of {self._arguments}: {self.told}"
        )
        code = self.code
        assert code is not None
        self.kill()
        return code

    @property
    def pid(self) -> int:
        """Of this run."""
        assert self._process is not None
        assert self._process.pid is not None
        return self._process.pid

    def signal(self, number: signal.Signals) -> None:
        """Tell the process, and leave it to it what to do."""
        os.kill(self.pid, number)

    def kill(self) -> None:
        """SIGKILL, for it and for all that it started. Whoever is dead already stays so."""
        if self._process is not None:
            self._process.kill()  # alone in its group, or not yet in one
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            self._process.join()
            self._process.close()
            self._process = None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.is_alive()

    @property
    def code(self) -> int | None:
        assert self._process is not None
        return self._process.exitcode

    @property
    def output(self) -> str:
        """What this run has printed so far."""
        return self._out.read_text("utf-8", "replace")

    @property
    def log(self) -> str:
        """What this run has logged so far."""
        return self._err.read_text("utf-8", "replace")

    @property
    def told(self) -> str:
        """The end of all that it said, for people."""
        return f"{self.output[-1000:]}\n{self.log[-3000:]}"

    @property
    def _out(self) -> Path:
        return self._folder / f"{self.runs}.out"

    @property
    def _err(self) -> Path:
        return self._folder / f"{self.runs}.err"


class Server(Program):
    """`telefonie serve` on a free port."""

    def __init__(self, folder: Path, *options: str, environment: Mapping[str, str] | None = None) -> None:
        super().__init__(folder, "serve", "--port", "0", *options, environment=environment)
        self.url = ""  # of the present run, once it is up

    async def start(self) -> str:
        """Begin a run, and wait until it serves; its address."""
        self.spawn()
        return await self.up()

    async def up(self) -> str:
        """Wait until the run serves; its address."""
        self.url = (await self.says(r"^Telefonie listens on (\S+)$"))[1]
        return self.url

    def printed(self, name: str) -> str:
        """What the greeting says under a name."""
        found = re.search(rf"^  {name} +(\S+)", self.output, re.MULTILINE)
        assert found is not None, self.told
        return found[1]

    async def stop(self, seconds: float = 30.0) -> int:
        """SIGTERM; the exit code."""
        self.signal(signal.SIGTERM)
        return await self.ends(seconds)

    def kill(self) -> None:
        super().kill()
        self.url = ""
