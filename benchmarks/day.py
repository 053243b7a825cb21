"""The only module that measures how fast a day passes on a clock that is moved by hand."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack
from typing import Final

from benchmarks import servers
from benchmarks.lives import EVENTS, Post
from benchmarks.report import rounds
from benchmarks.servers import CALLS, CLOCK, Server
from benchmarks.world import World, orders

COUNT: Final = 1_000
AS_ONE: Final = 16  # calls that are placed together; fewer are placed one after the other
DAY: Final = 86_400.0
PACES: Final = {24: "hour by hour", 240: "in 240 advances"}


def run(world: World) -> None:
    """The calls placed in so many bundles over the day, with an advance after each bundle."""
    events = EVENTS * COUNT
    world.report.part("day", f"{COUNT:,} calls with {events:,} callbacks in a day that passes by advance")
    with ExitStack() as stack:
        receiver = stack.enter_context(servers.helper("receiver", world.folder))
        post = Post(receiver, f"http://127.0.0.1:{receiver.ask(wish='port')['port']}/callbacks", receiver)
        for store in world.stores:
            server = stack.enter_context(world.serving(store, "--clock", "manual"))
            for bundles, pace in list(PACES.items())[: world.size.paces]:
                world.report.progress(f"day: {store}, {pace}")
                placing, advancing = _pass(world, server, post, bundles)
                label = f"telefonie on {store}, {pace}"
                took = placing + advancing
                world.report.figure(
                    label, rounds([took]), "s", f"creating {placing:.1f} s, advancing {advancing:.1f} s"
                )
                world.report.ratio(f"{label}: the day / the time it took", rounds([DAY / took]))


def _pass(world: World, server: Server, post: Post, bundles: int) -> tuple[float, float]:
    """Seconds spent on creating, and on advancing."""
    server.send("POST", "/v1/simulator/reset")
    post.expect(EVENTS * COUNT)
    placing = advancing = 0.0
    bodies = [json.loads(each) for each in orders(post.url)]
    for n in range(bundles):
        began = time.perf_counter()
        first, end = COUNT * n // bundles, COUNT * (n + 1) // bundles
        if end - first < AS_ONE:
            for each in bodies[first:end]:
                server.send("POST", CALLS, each)
        else:
            world.place(server, end - first, post.url)
        placed = time.perf_counter()
        server.send("POST", f"{CLOCK}/advance", {"seconds": DAY / bundles})
        placing += placed - began
        advancing += time.perf_counter() - placed
    post.look(COUNT)
    return placing, advancing
