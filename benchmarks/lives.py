"""The only module that measures whole lives of calls, and the delivery of what is told about them."""

from __future__ import annotations

import time
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

from benchmarks import servers
from benchmarks.processes import Broken, Process
from benchmarks.report import Aim, paired, rounds
from benchmarks.servers import CALLS, CLOCK, Server
from benchmarks.world import World

SPEED: Final = 50.0  # a life of 13 s takes 0.26 s: what is measured is the server, not the waiting
LOOK_SECONDS: Final = 0.05
PATIENCE: Final = 150
EVENTS: Final = 4
AIM: Final = Aim(0.6, at_least=True)
SECONDS: Final = 35
SILENT: Final = "whole lives, no callbacks"
TOLD: Final = f"whole lives, {EVENTS} callbacks each"
DELIVERED: Final = "delivering, clock let go"
ADVANCED: Final = "delivering, clock advanced"
BARE: Final = "bare loop, same HTTP client and bodies"
POSTMAN: Final = "bare loop of the server's postman (signs, takes receipts)"


@dataclass(frozen=True, slots=True)
class Post:
    """Who receives, and who posts without a server."""

    receiver: Process
    url: str
    poster: Process

    def expect(self, count: int) -> None:
        self.receiver.ask(wish="reset", count=count)

    def arrived(self) -> float:
        """When the last one was in; looks whether all came, once and in order."""
        last: float = self.receiver.ask(within=PATIENCE + 10, wish="await", patience=PATIENCE)["last"]
        return last

    def look(self, calls: int) -> None:
        seen = self.receiver.ask(wish="look")
        wanted = {"calls": calls, "events": EVENTS * calls, "twice": 0, "disordered": 0}
        if seen != wanted:
            raise Broken(f"the callbacks that came were not those that were due: {seen}, not {wanted}")


def run(world: World) -> None:
    """All ways in turn, round after round, each from an empty account."""
    count = world.size.lives
    world.report.part(
        "lives", f"{count:,} calls from their creation to their end; {EVENTS * count:,} callbacks"
    )
    with ExitStack() as stack:
        receiver = stack.enter_context(servers.helper("receiver", world.folder))
        port = receiver.ask(wish="port")["port"]
        poster = stack.enter_context(servers.helper("poster", world.folder))
        post = Post(receiver, f"http://127.0.0.1:{port}/callbacks", poster)
        for store in world.stores:
            with world.serving(store) as server:
                _on(world, f"telefonie on {store}", server, post, count)


def _on(world: World, name: str, server: Server, post: Post, count: int) -> None:
    ways = {SILENT: _silent, TOLD: _told, DELIVERED: _delivered, ADVANCED: _advanced}
    rates: dict[str, list[float]] = defaultdict(list)
    for _ in world.turns(f"lives: {name}", SECONDS):
        for what, way in ways.items():
            server.send("POST", "/v1/simulator/reset")
            rates[what].append(count / way(world, server, post, count))
        for what in (BARE, POSTMAN):
            post.expect(EVENTS * count)
            came = post.poster.ask(
                within=PATIENCE, url=post.url, count=EVENTS * count, postman=what == POSTMAN
            )
            rates[what].append(came["rate"])
    report = world.report
    report.figure(f"{name}: {SILENT}", rounds(rates[SILENT]), "lives/s")
    report.figure(f"{name}: {TOLD}", rounds(rates[TOLD]), "lives/s")
    for what in (DELIVERED, ADVANCED):
        report.figure(f"{name}: {what}", rounds([EVENTS * each for each in rates[what]]), "callbacks/s")
    for what in (BARE, POSTMAN):
        report.figure(what, rounds(rates[what]), "callbacks/s")
    for what in (DELIVERED, ADVANCED, TOLD):
        mine = rounds([EVENTS * each for each in rates[what]])
        aim = AIM if what == DELIVERED else None
        report.ratio(f"{name}: {what} / bare loop", paired(mine, rounds(rates[BARE])), aim)


def _let_go(server: Server) -> None:
    server.send("PATCH", CLOCK, {"mode": "realtime", "speed": SPEED})


def _silent(world: World, server: Server, _post: Post, count: int) -> float:
    _let_go(server)
    began = world.place(server, count)["began"]
    deadline = time.perf_counter() + PATIENCE
    while server.send("GET", f"{CALLS}?status=completed&page_size=1")["total"] < count:
        if time.perf_counter() > deadline:
            raise Broken("the calls did not end in time")
        time.sleep(LOOK_SECONDS)
    return time.perf_counter() - float(began)


def _told(world: World, server: Server, post: Post, count: int) -> float:
    _let_go(server)
    post.expect(EVENTS * count)
    began = world.place(server, count, post.url)["began"]
    took = post.arrived() - float(began)
    post.look(count)
    return took


def _delivered(world: World, server: Server, post: Post, count: int) -> float:
    server.send("PATCH", CLOCK, {"mode": "manual"})
    world.place(server, count, post.url)
    post.expect(EVENTS * count)
    began = time.perf_counter()
    _let_go(server)
    took = post.arrived() - began
    post.look(count)
    return took


def _advanced(world: World, server: Server, post: Post, count: int) -> float:
    server.send("PATCH", CLOCK, {"mode": "manual"})
    world.place(server, count, post.url)
    post.expect(EVENTS * count)
    began = time.perf_counter()
    came = server.send("POST", f"{CLOCK}/advance", {"until": "idle"})
    took = time.perf_counter() - began
    if came["pending"]:
        raise Broken(f"the advance is not done: {came}")
    post.look(count)
    return took
