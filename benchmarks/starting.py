"""The only module that measures how soon a server answers after its start, and its memory at rest."""

from __future__ import annotations

import time
from collections import defaultdict
from pathlib import Path
from typing import Final

from benchmarks import gauge, servers
from benchmarks.report import Aim, paired, rounds
from benchmarks.servers import CALLS
from benchmarks.world import World

READY_SECONDS: Final = 1.5
REST_MB: Final = 120.0
REST_SECONDS: Final = 1.0
BARE: Final = "bare FastAPI route"


def run(world: World) -> None:
    """From the start of the process to the end of its first answer; each way in turn."""
    world.report.part("starting", "from the start of the process to the first answer; memory at rest")
    took: dict[str, list[float]] = defaultdict(list)
    existing = {store: world.fresh(store) for store in world.stores}
    for where in existing.values():  # makes the store, and compiles what was never compiled
        _first_answer(world, where)
    for turn in range(world.size.starts):
        world.report.progress(f"starting: round {turn + 1} of {world.size.starts}")
        for store, old in existing.items():
            new = world.fresh(store)
            took[f"telefonie on {store}, new store"].append(_first_answer(world, new))
            world.forget(new)
            took[f"telefonie on {store}, existing store"].append(_first_answer(world, old))
        took[BARE].append(_bare(world))
    for name, seconds in took.items():
        aim = Aim(READY_SECONDS, at_least=False) if name != BARE else None
        world.report.figure(f"{name}, ready after", rounds(seconds), "s", aim=aim)
    for store, old in existing.items():
        mine = rounds(took[f"telefonie on {store}, existing store"])
        world.report.ratio(f"telefonie on {store}, existing store / {BARE}", paired(mine, rounds(took[BARE])))
        _rest(world, store, old)
        world.forget(old)


def _rest(world: World, store: str, where: Path | str) -> None:
    held: list[gauge.Memory] = []
    _first_answer(world, where, held)
    more = f"PSS {held[0].pss:.0f} MB" if held[0].pss is not None else ""
    aim = Aim(REST_MB, at_least=False)
    label = f"telefonie on {store}, memory (RSS) at rest"
    world.report.figure(label, rounds([held[0].rss]), "MB", more, aim)


def _first_answer(world: World, where: Path | str, held: list[gauge.Memory] | None = None) -> float:
    began = time.perf_counter()
    server = world.start(where)
    try:
        server.send("GET", f"{CALLS}?page_size=1")
        took = time.perf_counter() - began
        if held is not None:
            time.sleep(REST_SECONDS)
            held.append(gauge.memory(server.process.pid))
    finally:
        server.stop()
    return took


def _bare(world: World) -> float:
    began = time.perf_counter()
    server = servers.other("bare", world.folder)
    try:
        server.send("GET", "/openapi.json")
        return time.perf_counter() - began
    finally:
        server.stop()
