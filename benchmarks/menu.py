"""The only module that measures a menu of three levels: a scripted caller, twelve documents, one transfer."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from benchmarks.processes import Broken
from benchmarks.report import Aim, rounds
from benchmarks.servers import CLOCK, Server
from benchmarks.world import World
from tests.flow.test_menu import run as run_by_rules
from tests.support.menu import CALLER, SAID, menu
from tests.support.shop import Shop, a_shop

OURS: Final = "+3197010280"
TIMES: Final = 10  # in one round
SECONDS: Final = 20
AIM: Final = Aim(50.0, at_least=False)


def run(world: World) -> None:
    """By hand-moved time, one menu after the other: from the advance to its answer."""
    world.report.part(
        "menu", "a call through a menu of three levels in manual time: 33 s, 12 requests, 81 events"
    )
    _by_the_rules(world)
    with _customer() as shop:
        for store in world.stores:
            with world.serving(store) as server:
                _on(world, store, server, shop)


def _by_the_rules(world: World) -> None:
    """The same story without a store and without HTTP: what the rules themselves cost."""
    run_by_rules()
    took = []
    for _ in world.turns("menu: by the rules alone", SECONDS):
        began = time.perf_counter()
        for _ in range(TIMES):
            run_by_rules()
        took.append(1000 * (time.perf_counter() - began) / TIMES)
    world.report.figure("by the rules alone: one menu after another", rounds(took), "ms", aim=AIM)


def _on(world: World, store: str, server: Server, shop: Shop) -> None:
    server.send("PATCH", CLOCK, {"mode": "manual"})
    server.send("POST", "/v1/numbers", {"number": OURS, "voice_url": shop.at("/menu")})
    _menu(server)  # the first time documents are read and connections made
    took = [
        1000 * sum(_menu(server) for _ in range(TIMES)) / TIMES
        for _ in world.turns(f"menu: telefonie on {store}", SECONDS)
    ]
    world.report.figure(f"telefonie on {store}: one menu after another", rounds(took), "ms", aim=AIM)


def _menu(server: Server) -> float:
    given = {"from": "+31612345678", "to": OURS, "script": CALLER}
    call = server.send("POST", "/v1/simulator/inbound-calls", given)["id"]
    began = time.perf_counter()
    server.send("POST", f"{CLOCK}/advance", {"until": "idle"})
    took = time.perf_counter() - began
    told = server.send("GET", f"/v1/simulator/calls/{call}/timeline")["entries"]
    said = [each["text"] for each in told if each["type"] == "said" and each["actor"] == "platform"]
    if said != SAID:
        raise Broken(f"the menu did not say what it should: {said}")
    return took


@contextmanager
def _customer() -> Iterator[Shop]:
    """The customer's server, in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    serving = a_shop(menu())
    try:
        yield asyncio.run_coroutine_threadsafe(serving.__aenter__(), loop).result(10)
    finally:
        asyncio.run_coroutine_threadsafe(serving.__aexit__(None, None, None), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
