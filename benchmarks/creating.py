"""The only module that measures the creation of calls, and the memory of a server that holds many."""

from __future__ import annotations

import time
from collections import defaultdict
from contextlib import ExitStack
from typing import Final

from benchmarks import gauge, servers
from benchmarks.report import Aim, paired, rounds
from benchmarks.servers import CALLS, Server
from benchmarks.world import World, orders

NO_STORE: Final = "the same application without a store"
BARE: Final = "bare FastAPI route, same models"
PRISM: Final = "prism, static mock, as it starts"
SILENT: Final = "prism, static mock, its log silenced"
AIMS: Final = {NO_STORE: 0.6, BARE: 0.5, PRISM: 1.5, SILENT: None}
REST_SECONDS: Final = 1.0
ROUNDS_SECONDS: Final = 70
FILLING_SECONDS: Final = 25
FILLING_STEP: Final = 10_000
Key = tuple[str, int]


def run(world: World) -> None:
    """Rounds in turn over all servers, each alone under load while the others rest."""
    world.report.part("creating", "POST /v1/voice/calls over HTTP, clocks standing, every answer 201")
    with ExitStack() as stack:
        contenders = _start(world, stack)
        rates: dict[Key, list[float]] = defaultdict(list)
        costs: dict[Key, list[float]] = defaultdict(list)
        slow: dict[Key, list[float]] = defaultdict(list)
        world.report.progress("creating: warming up")
        for server in contenders.values():  # above all the one that compiles while it runs
            world.load(server, "POST", [CALLS], 201, bodies=orders())
        for _ in world.turns("creating", ROUNDS_SECONDS):
            for connections in world.size.connections:
                for name, server in contenders.items():
                    before = gauge.processor_seconds(server.process.pid)
                    came = world.load(server, "POST", [CALLS], 201, bodies=orders(), connections=connections)
                    after = gauge.processor_seconds(server.process.pid)
                    rates[name, connections].append(came["rate"])
                    slow[name, connections].append(came["p99_ms"])
                    if before is not None and after is not None:
                        costs[name, connections].append((after - before) * 1e6 / came["answered"])
        for connections in world.size.connections:
            _tell(world, connections, list(contenders), rates, costs, slow)
        _memory(world, {name: contenders[name] for name in map(_ours, world.stores)})


def _ours(store: str) -> str:
    return f"telefonie on {store}"


def _start(world: World, stack: ExitStack) -> dict[str, Server]:
    found = {
        _ours(store): stack.enter_context(world.serving(store, "--clock", "manual")) for store in world.stores
    }
    for name, program in ((NO_STORE, "storeless"), (BARE, "bare")):
        found[name] = servers.other(program, world.folder)
        stack.callback(found[name].stop)
    if world.prism is None:
        world.report.note("left out: prism, since npm is missing here or could not install it")
        return found
    for name, level in ((PRISM, "info"), (SILENT, "silent")):
        found[name] = servers.prism(world.prism, world.folder, level)
        stack.callback(found[name].stop)
    return found


def _tell(
    world: World,
    connections: int,
    names: list[str],
    rates: dict[Key, list[float]],
    costs: dict[Key, list[float]],
    slow: dict[Key, list[float]],
) -> None:
    report = world.report
    report.note(f"-- {connections} connections")
    for name in names:
        at = (name, connections)
        more = f"99% within {rounds(slow[at]).median:.0f} ms"
        if costs[at]:
            more += f", {rounds(costs[at]).median:.0f} us of processor each"
        report.figure(f"{name}, {connections}", rounds(rates[at]), "calls/s", more)
    for store in map(_ours, world.stores):
        mine = rounds(rates[store, connections])
        for name in names:
            if name in AIMS:
                aim = AIMS[name]
                ratio = paired(mine, rounds(rates[name, connections]))
                report.ratio(
                    f"{store} / {name}, {connections}", ratio, Aim(aim, at_least=True) if aim else None
                )


def _held(server: Server) -> int:
    total: int = server.send("GET", f"{CALLS}?page_size=1&status=queued")["total"]
    return total


def _memory(world: World, mine: dict[str, Server]) -> None:
    """These servers hold thousands of live calls by now: fill them up."""
    for name, server in mine.items():
        world.report.progress(f"creating: {name} gets as many calls as make {world.size.live:,}")
        deadline = time.monotonic() + FILLING_SECONDS
        while (held := _held(server)) < world.size.live and time.monotonic() < deadline:
            world.place(server, min(FILLING_STEP, world.size.live - held))
        time.sleep(REST_SECONDS)
        present = gauge.memory(server.process.pid)
        more = f"PSS {present.pss:.0f} MB" if present.pss is not None else ""
        world.report.figure(
            f"{name}, memory (RSS) with {held:,} live calls", rounds([present.rss]), "MB", more
        )
