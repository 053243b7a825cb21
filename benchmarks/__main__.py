"""`python -m benchmarks`: everything in one go on loopback; nothing is left behind but a cache in .venv."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import asyncpg

from benchmarks import creating, day, lives, menu, reading, rendering, servers, starting, streams
from benchmarks.processes import Broken
from benchmarks.report import Report
from benchmarks.world import FULL, QUICK, World
from telefonie import __version__
from tests.support.postgres import NoPostgres, running

PARTS: Final[Mapping[str, Callable[[World], None]]] = {
    "creating": creating.run,
    "reading": reading.run,
    "lives": lives.run,
    "menu": menu.run,
    "starting": starting.run,
    "day": day.run,
    "rendering": rendering.run,
    "streams": streams.run,
}


def _words() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="short rounds and small stores: a first impression"
    )
    parser.add_argument(
        "--only", action="append", choices=PARTS, metavar="NAME", help=f"of {', '.join(PARTS)}"
    )
    parser.add_argument("--no-postgres", action="store_true", help="on SQLite alone")
    parser.add_argument("--postgres", metavar="URL", help="a Postgres that is there already")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures to a file, too")
    return parser.parse_args()


@contextmanager
def _postgres(words: argparse.Namespace, report: Report) -> Iterator[str | None]:
    """The address of a Postgres that syncs as it does in earnest; None without one."""
    if words.no_postgres or words.postgres:
        yield words.postgres
        return
    report.progress("starting a Postgres of our own")
    with ExitStack() as stack:
        try:
            url = stack.enter_context(running(fsync=True))
        except NoPostgres as missing:
            report.note(f"left out: Postgres, since {missing}")
            url = None
        yield url


def _here(postgres: str | None) -> str:
    version = asyncio.run(_version(postgres)) if postgres else "none"
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    parts = (
        f"Telefonie {__version__}",
        f"Python {platform.python_version()}",
        f"{platform.system()} with {os.cpu_count()} processors",
        f"SQLite {sqlite3.sqlite_version} (synchronous=FULL)",
        f"Postgres {version}",
        f"load before: {load}",
    )
    return "; ".join(parts)


async def _version(url: str) -> str:
    connection = await asyncpg.connect(url)
    try:
        version, fsync = [await connection.fetchval(f"SHOW {name}") for name in ("server_version", "fsync")]
        return f"{version} (fsync={fsync})"
    finally:
        await connection.close()


def _measure(words: argparse.Namespace, report: Report) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="telefonie-bench-")))
        postgres = stack.enter_context(_postgres(words, report))
        print(_here(postgres), flush=True)
        wanted = [name for name in PARTS if not words.only or name in words.only]
        if "creating" in wanted:
            report.progress("looking for prism (installed by npm the first time)")
        prism = servers.prism_program() if "creating" in wanted else None
        generator = stack.enter_context(servers.helper("generator", folder))
        world = World(report, QUICK if words.quick else FULL, folder, postgres, prism, generator)
        stack.callback(world.close)
        for name in wanted:
            PARTS[name](world)
    report.finish()
    if words.json:
        report.save(words.json)


def main() -> int:
    """The exit code: 1 when something answered wrongly. Short figures are no failure, they are told."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that everything is put away
    try:
        _measure(_words(), Report())
    except Broken as broken:
        print(f"benchmarks: {broken}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
