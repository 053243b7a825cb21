"""The only module that measures lines to programs in real time: how late frames are, and what they cost."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from contextlib import ExitStack
from typing import Any, Final
from urllib.request import Request, urlopen

from benchmarks import gauge, servers
from benchmarks.processes import Process
from benchmarks.report import Aim, Rounds, paired, rounds
from benchmarks.world import SQLITE, World
from tests.support.tokens import token

LATE_MS: Final = 5.0  # of 99 frames in 100, with a hundred lines
LINES: Final = (100, 200)
PLACES: Final = ("quiet", "echo")
WAYS: Final = ("ours", "sleeping", "timer")
_LONG_SECONDS: Final = 8.0
_SHORT_SECONDS: Final = 3.0
_PART_SECONDS: Final = 60.0
_ENOUGH: Final = 0.97
_LOOK_SECONDS: Final = 0.1
_SETTLE_SECONDS: Final = 3.0
_TOLD: Final = (
    "Good morning. You are a program, and you will be told so again and again until somebody hangs up."
)


def run(world: World) -> None:
    """Lines to a program in a process of its own that listens, or says what it hears."""
    world.report.part("streams", "lines to programs at 16 kHz in real time, a frame every 20 ms each way")
    world.report.note(
        "a sleeping loop: for each line a task that sends a frame and sleeps, on the same client"
    )
    world.report.note(
        "a bare timer: nothing is sent, 500 times a second it is looked how late the loop wakes"
    )
    with ExitStack() as stack:
        listener = servers.other("listener", world.folder)
        stack.callback(listener.stop)
        sender = servers.helper("lines", world.folder)
        stack.callback(sender.stop)
        for count in LINES:
            for place in PLACES:
                _lines(world, sender, listener, count, place)
        _frames(world, sender, listener)
        _served(world, listener)


def _lines(world: World, sender: Process, listener: servers.Server, count: int, place: str) -> None:
    seconds = _SHORT_SECONDS if world.size.rounds <= 2 else _LONG_SECONDS
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for turn in world.turns(f"streams: {count} lines, {place}", _PART_SECONDS):
        first = turn % len(WAYS)
        for way in WAYS[first:] + WAYS[:first]:
            listener.process.ask(wish="reset")
            told = sender.ask(
                within=seconds + 60, way=way, url=_url(listener, place), legs=count, seconds=seconds
            )
            told["there"] = listener.process.ask(wish="tell")
            if way != "timer":
                _check(world, way, told, count, seconds)
            found[way].append(told)
    _tell(world, f"{count} lines, {_WHO[place]}", found, count)


_WHO: Final = {"quiet": "a program that listens", "echo": "a program that says what it hears"}


def _tell(world: World, label: str, found: dict[str, list[dict[str, Any]]], count: int) -> None:
    report = world.report
    aim = Aim(LATE_MS, at_least=False) if count == LINES[0] else None
    ours, sleeping, timer = (found[way] for way in WAYS)
    more = f"p50 {_late(ours, 'p50').text('ms')}, worst {_late(ours, 'max').text('ms')}"
    report.figure(f"{label}: frames leave late, p99", _late(ours, "p99"), "ms", more, aim)
    for name, other in (("a sleeping loop", sleeping), ("a bare timer", timer)):
        more = f"p50 {_late(other, 'p50').text('ms')}, worst {_late(other, 'max').text('ms')}"
        report.figure(f"{label}: {name}, p99", _late(other, "p99"), "ms", more)
    report.ratio(
        f"{label}: late, p99, ours / a sleeping loop", paired(_late(ours, "p99"), _late(sleeping, "p99"))
    )
    report.ratio(f"{label}: late, p99, ours / a bare timer", paired(_late(ours, "p99"), _late(timer, "p99")))
    for name, other in (("ours", ours), ("a sleeping loop", sleeping)):
        apart = rounds([each["there"]["apart"]["p99"] for each in other])
        worst = rounds([each["there"]["apart"]["max"] for each in other])
        report.figure(
            f"{label}: come less or more than 20 ms apart, p99, {name}",
            apart,
            "ms",
            f"worst {worst.text('ms')}",
        )
    both = _share(ours), _share(sleeping)
    report.pair(f"{label}: of a processor, ours / a sleeping loop", both, "%", paired(*both), None)


def _frames(world: World, sender: Process, listener: servers.Server) -> None:
    """What one frame costs: paced by us, and sent as fast as it goes without any pace."""
    ours: list[float] = []
    bare: list[float] = []
    for _ in world.turns("streams: what a frame costs", _PART_SECONDS):
        for way, into in (("ours", ours), ("flooding", bare)):
            listener.process.ask(wish="reset")
            told = sender.ask(
                within=90, way=way, url=_url(listener, "quiet"), legs=LINES[0], seconds=_SHORT_SECONDS
            )
            into.append(told["cpu"] / told["frames"] * 1e6)
    both = rounds(ours), rounds(bare)
    world.report.pair("processor time for a frame, ours / sent without pace", both, "µs", paired(*both), None)


def _served(world: World, listener: servers.Server) -> None:
    """Through a whole server: each program is a leg of a call, and is talked to without end."""
    seconds = _SHORT_SECONDS if world.size.rounds <= 2 else _LONG_SECONDS
    used: list[float] = []
    told: list[dict[str, Any]] = []
    punctual: list[float] = []
    with world.serving(SQLITE) as server:
        _place(server, _url(listener, "quiet"), LINES[0])
        while listener.process.ask(wish="reset")["lines"] < LINES[0]:
            time.sleep(_LOOK_SECONDS)
        time.sleep(_SETTLE_SECONDS)
        for _ in world.turns(f"streams: {LINES[0]} legs of calls", _PART_SECONDS):
            listener.process.ask(wish="reset")
            frames = _punctual(server)
            before, began = gauge.processor_seconds(server.process.pid) or 0.0, time.monotonic()
            time.sleep(seconds)
            after, took = gauge.processor_seconds(server.process.pid) or 0.0, time.monotonic() - began
            told.append(listener.process.ask(wish="tell"))
            used.append((after - before) / took * 100)
            left = _punctual(server)
            punctual.append((left[0] - frames[0]) / max(1.0, left[1] - frames[1]) * 100)
    label = f"{LINES[0]} legs of calls that are talked to"
    report = world.report
    for which, what in (
        ("apart", "come less or more than 20 ms apart"),
        ("behind", "come later than the soonest"),
    ):
        middle, worst = (rounds([each[which][name] for each in told]) for name in ("p50", "max"))
        more = f"p50 {middle.text('ms')}, worst {worst.text('ms')}"
        report.figure(f"{label}: {what}, p99", rounds([each[which]["p99"] for each in told]), "ms", more)
    aim = Aim(99.0, at_least=True)
    report.figure(f"{label}: leave less than {LATE_MS:g} ms late", rounds(punctual), "%", aim=aim)
    report.figure(f"{label}: of a processor, the whole server", rounds(used), "%")


def _punctual(server: servers.Server) -> tuple[float, float]:
    """How many frames have left at most five milliseconds late, and how many in all, by the server's figures."""
    with urlopen(f"http://127.0.0.1:{server.port}/metrics", timeout=30) as answer:
        shown = dict(line.rsplit(" ", 1) for line in answer.read().decode().splitlines() if line[:1] != "#")
    name = "telefonie_frame_late_seconds"
    return float(shown[f'{name}_bucket{{le="{LATE_MS / 1000}"}}']), float(shown[f"{name}_count"])


def _place(server: servers.Server, url: str, count: int) -> None:
    """So many calls to a program, by an application of their own."""
    made = server.send(
        "POST", "/v1/simulator/applications", {"name": "bench", "event_url": "http://127.0.0.1:9/"}
    )
    bearer = token(made["id"], time.time(), private=made["keys"]["private_key"], claim="application_id")
    order = {
        "to": [{"type": "websocket", "uri": url, "content-type": "audio/l16;rate=16000"}],
        "from": {"type": "phone", "number": "31207654321"},
        "ncco": [{"action": "talk", "text": _TOLD, "loop": 0}],
    }
    for _ in range(count):
        request = Request(
            f"http://127.0.0.1:{server.port}/v1/calls", json.dumps(order).encode(), method="POST"
        )
        request.add_header("Authorization", f"Bearer {bearer}")
        request.add_header("Content-Type", "application/json")
        with urlopen(request, timeout=30) as answer:
            answer.read()


def _url(listener: servers.Server, place: str) -> str:
    return f"ws://127.0.0.1:{listener.port}/{place}"


def _late(told: list[dict[str, Any]], which: str) -> Rounds:
    return rounds([each["late"][which] for each in told])


def _share(told: list[dict[str, Any]]) -> Rounds:
    return rounds([each["cpu"] / each["seconds"] * 100 for each in told])


def _check(world: World, way: str, told: dict[str, Any], count: int, seconds: float) -> None:
    """Late is one thing; a machine that cannot keep up at all measures nothing but itself."""
    due = count * seconds * 50
    if told["frames"] < _ENOUGH * due:
        world.report.note(f"{way}: {told['frames']} of {due:.0f} frames were sent: this machine is too busy")
