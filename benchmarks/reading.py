"""The only module that measures reading and listing with few and with many calls stored."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.report import Aim, paired, rounds
from benchmarks.seeding import FACE, seed
from benchmarks.servers import CALLS
from benchmarks.storeless import Homebody
from benchmarks.world import World
from telefonie.core.call import Direction, Status
from telefonie.engine.house import Engine
from telefonie.store.opening import open_store
from telefonie.store.reads import CallQuery

FEW: Final = 1_000
PAGE: Final = 50
HTTP_SECONDS: Final = 30
SAME_PAGE: Final = 6
AIM: Final = Aim(1.3, at_least=False)
ONE, FIRST, SAME, MIDDLE = "reading a call", "first page", f"page {SAME_PAGE}", "the middle page"
_AIMED: Final = {ONE, FIRST}
_TIMES: Final = {ONE: 150, FIRST: 60, SAME: 60, MIDDLE: 10}


@dataclass(frozen=True, slots=True)
class Stored:
    """A store that holds `count` calls."""

    where: Path | str
    count: int
    ids: list[str]
    matches: int

    def page(self, what: str) -> int:
        """The number of the page that is meant."""
        return {FIRST: 1, SAME: SAME_PAGE, MIDDLE: max(1, self.matches // PAGE // 2)}[what]


def run(world: World) -> None:
    """On each store: the same questions to a small and a large one in turn, inside and over HTTP."""
    few, many = FEW, world.size.stored
    world.report.part(
        "reading", f"completed outbound calls by status and direction, {PAGE} a page, exact total"
    )
    world.report.note(f"microseconds for each answer with {many:,} calls stored, with {few:,}, and the ratio")
    for store in world.stores:
        found = {}
        for count in (few, many):
            world.report.progress(f"reading: {count:,} calls are put into {store}")
            found[count] = _filled(world, store, count)
        world.report.progress(f"reading: asking the engine on {store}")
        took = asyncio.run(_inside(world, found))
        _tell(world, f"{store}, engine", found, took)
        took = _over_http(world, store, found)
        _tell(world, f"{store}, HTTP", found, took)
        for each in found.values():
            world.forget(each.where)


def _filled(world: World, store: str, count: int) -> Stored:
    where = world.fresh(store)
    began = time.monotonic()

    def tell(done: int) -> None:
        if done == count and done > FEW:
            world.report.progress(
                f"reading: {done:,} calls put into {store} in {time.monotonic() - began:.0f} s"
            )

    ids = asyncio.run(seed(where, count, tell))
    matches = asyncio.run(_matches(where))
    return Stored(where, count, ids, matches)


def _query(page: int) -> CallQuery:
    return CallQuery(FACE, Status.COMPLETED, Direction.OUTBOUND, page=page, size=PAGE)


def _engine(where: Path | str) -> Engine:
    return Engine(open_store(where), {}, Homebody())


async def _matches(where: Path | str) -> int:
    engine = _engine(where)
    await engine.start()
    try:
        account = (await engine.registry.accounts(1, 1))[0][0]
        return (await engine.switchboard.calls(account.id, _query(1))).total
    finally:
        await engine.stop()


Took = Mapping[tuple[str, int], list[float]]


async def _inside(world: World, found: Mapping[int, Stored]) -> Took:
    """Microseconds for each question, asked one after the other."""
    engines = {count: _engine(each.where) for count, each in found.items()}
    try:
        for engine in engines.values():
            await engine.start()
        accounts = {n: (await each.registry.accounts(1, 1))[0][0].id for n, each in engines.items()}
        asked = {
            (what, n): _question(engines[n], accounts[n], found[n], what) for what in _TIMES for n in found
        }
        await _ask_all(asked)  # warms up
        took: dict[tuple[str, int], list[float]] = defaultdict(list)
        for _ in range(world.size.rounds):
            for question, each in (await _ask_all(asked)).items():
                took[question].append(each)
        return took
    finally:
        for engine in engines.values():
            await engine.stop()


Ask = Callable[[int], Awaitable[object]]


async def _ask_all(asked: Mapping[tuple[str, int], Ask]) -> dict[tuple[str, int], float]:
    took = {}
    for (what, stored), ask in asked.items():
        began = time.perf_counter()
        for n in range(_TIMES[what]):
            await ask(n)
        took[what, stored] = (time.perf_counter() - began) * 1e6 / _TIMES[what]
    return took


def _question(engine: Engine, account: str, stored: Stored, what: str) -> Ask:
    board = engine.switchboard
    if what == ONE:
        return lambda n: board.call(account, FACE, stored.ids[n * 37 % len(stored.ids)])
    query = _query(stored.page(what))
    return lambda _: board.calls(account, query)


def _over_http(world: World, store: str, found: Mapping[int, Stored]) -> Took:
    """Microseconds for each answer, sixteen clients asking at once."""
    running = {count: world.start(each.where) for count, each in found.items()}
    took: dict[tuple[str, int], list[float]] = defaultdict(list)
    pace: dict[str, Any] = {"connections": 16, "seconds": world.size.seconds / 3, "warmup": 0.15}
    try:
        for _ in world.turns(f"reading on {store} over HTTP", HTTP_SECONDS):
            for what in _TIMES:
                for count, server in running.items():
                    came = world.load(server, "GET", _paths(found[count], what), 200, **pace)
                    took[what, count].append(1e6 / came["rate"])
    finally:
        for server in running.values():
            server.stop()
    return took


def _paths(stored: Stored, what: str) -> list[str]:
    if what == ONE:
        return [f"{CALLS}/{each}" for each in stored.ids]
    page = stored.page(what)
    return [f"{CALLS}?status=completed&direction=outbound&page={page}&page_size={PAGE}"]


def _tell(world: World, where: str, found: Mapping[int, Stored], took: Took) -> None:
    few, many = sorted(found)
    for what in _TIMES:
        each = [rounds(took[what, count]) for count in (few, many)]
        note = f" ({found[few].page(what)} or {found[many].page(what):,})" if what == MIDDLE else ""
        aim = AIM if what in _AIMED else None
        ratio = paired(each[1], each[0])
        world.report.pair(f"{where}: {what}{note}", (each[1], each[0]), "us", ratio, aim)
