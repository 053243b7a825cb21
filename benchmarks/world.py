"""The only module that says what every part may use: stores, helpers, a folder, and how long to take."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import asyncpg

from benchmarks import servers
from benchmarks.processes import Process
from benchmarks.report import Report
from benchmarks.servers import CALLS, KEY, Server
from tests.support.databases import at

SQLITE: Final = "SQLite"
POSTGRES: Final = "Postgres"
FEWEST: Final = 2  # rounds, however slow it is


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything."""

    rounds: int
    seconds: float  # of one round of load
    warmup: float
    connections: tuple[int, ...]
    stored: int  # the large store
    live: int
    lives: int
    starts: int
    paces: int  # in which a day passes


FULL: Final = Size(5, 1.5, 0.3, (32, 128), 1_000_000, 100_000, 2_000, 5, 2)
QUICK: Final = Size(2, 0.4, 0.1, (32,), 50_000, 4_000, 200, 1, 1)


@dataclass(slots=True)
class World:
    """What there is to measure with."""

    report: Report
    size: Size
    folder: Path
    postgres: str | None
    prism: Path | None
    generator: Process
    databases: list[str] = field(default_factory=list)

    @property
    def stores(self) -> tuple[str, ...]:
        """On what."""
        return (SQLITE,) if self.postgres is None else (SQLITE, POSTGRES)

    def turns(self, what: str, seconds: float) -> Iterator[int]:
        """The rounds of a measurement, fewer of them when they take longer than they should."""
        began = time.monotonic()
        for turn in range(self.size.rounds):
            if turn >= FEWEST and time.monotonic() - began > seconds:
                self.report.note(f"only {turn} rounds of {what}: this machine is slow or busy")
                return
            self.report.progress(f"{what}: round {turn + 1} of {self.size.rounds}")
            yield turn

    def fresh(self, store: str) -> Path | str:
        """A new, empty store: a folder or an address."""
        name = f"telefonie_bench_{secrets.token_hex(6)}"
        if store == SQLITE:
            return self.folder / name
        assert self.postgres is not None
        asyncio.run(_order(self.postgres, f"CREATE DATABASE {name} TEMPLATE template0"))
        self.databases.append(name)
        return at(self.postgres, name)

    def forget(self, where: Path | str) -> None:
        """A store that is not needed any more."""
        if isinstance(where, Path):
            shutil.rmtree(where, ignore_errors=True)
        elif self.postgres is not None:
            name = where.rpartition("/")[2]
            asyncio.run(_order(self.postgres, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            self.databases.remove(name)

    def close(self) -> None:
        """The databases that are still there, on a server that may be somebody else's."""
        for name in list(self.databases):
            self.forget(f"/{name}")

    def start(self, where: Path | str, *options: str) -> Server:
        """Our server on a store."""
        if isinstance(where, Path):
            return servers.ours("telefonie", self.folder, ["--data", str(where), *options])
        env = {"TELEFONIE_DATABASE_URL": where}
        return servers.ours("telefonie", self.folder, options, env)

    @contextmanager
    def serving(self, store: str, *options: str) -> Iterator[Server]:
        """Our server on a store of its own, gone afterwards."""
        with ExitStack() as stack:
            where = self.fresh(store)
            stack.callback(self.forget, where)
            server = self.start(where, *options)
            stack.callback(server.stop)
            yield server

    def load(self, server: Server, method: str, paths: list[str], expect: int, **more: Any) -> dict[str, Any]:
        """One round of load on a server; by default for as long as a round takes."""
        asked: dict[str, Any] = {"seconds": self.size.seconds, "warmup": self.size.warmup, "connections": 32}
        asked |= {"headers": {"X-API-Key": KEY}, "expect": expect, "method": method, "port": server.port}
        asked |= {"paths": [path.removeprefix(server.prefix) for path in paths], **more}
        return self.generator.ask(within=asked.get("patience", 60) + 30, **asked)

    def place(self, server: Server, count: int, report_to: str | None = None) -> dict[str, Any]:
        """So many calls over HTTP, as fast as they are taken."""
        bodies = orders(report_to)
        return self.load(
            server, "POST", [CALLS], 201, count=count, bodies=bodies, connections=64, patience=180
        )


def orders(report_to: str | None = None) -> list[str]:
    """Bodies that create calls to a thousand different numbers."""
    told = f',"status_callback":"{report_to}"' if report_to else ""
    return [f'{{"from":"+31201234567","to":"+3120{2_000_000 + n}"{told}}}' for n in range(1000)]


async def _order(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
