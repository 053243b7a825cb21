"""The only module that speaks with SDKs in processes of their own: a line for a call, a line for what came of it."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Client:
    """What an SDK is set up with."""

    host: str
    application: str
    key: str
    package: str = ""


@dataclass(eq=False)
class Threw(Exception):
    """What an SDK throws: the name of the class, the status where it has one, and what it says."""

    name: str
    status: int | None
    said: str


@dataclass(frozen=True, slots=True)
class Driver:
    """A process with an SDK."""

    process: subprocess.Popen[bytes]

    async def call(self, client: Client, method: str, *given: object) -> Any:
        """What a method gives."""
        return await asyncio.to_thread(self._call, {"client": asdict(client), "do": method, "with": given})

    def _call(self, asked: Mapping[str, object]) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(asked).encode() + b"\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"the driver ended with {self.process.wait(10)}"
        came = json.loads(line)
        if "threw" in came:
            raise Threw(came["threw"], came.get("status"), came["said"])
        return base64.b64decode(came["bytes"]) if "bytes" in came else came["gave"]


@dataclass(frozen=True, slots=True)
class Sdk:
    """An SDK that is set up: its methods are asked by their names."""

    driver: Driver
    client: Client

    async def __call__(self, method: str, *given: object) -> Any:
        return await self.driver.call(self.client, method, *given)


@contextmanager
def driving(*command: str | Path, folder: Path, **variables: str) -> Iterator[Driver]:
    """A driver, as long as it is needed. What it says beside its answers goes to a file in the folder."""
    words = [str(each) for each in command]
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(  # noqa: S603 - our own arguments, no shell
            words, cwd=folder, env=os.environ | variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=said,
        )  # fmt: skip
    with process:
        yield Driver(process)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(10) == 0, (folder / "said").read_text()
