"""The only module that measures lines to programs in real time: how late frames are, and what they cost."""

from __future__ import annotations

from collections import defaultdict
from contextlib import ExitStack
from typing import Any, Final

from benchmarks import servers
from benchmarks.processes import Broken, Process
from benchmarks.report import Aim, Rounds, paired, rounds
from benchmarks.world import World

LATE_MS: Final = 5.0  # of 99 frames in 100, with a hundred lines
LINES: Final = (100, 200)
PLACES: Final = ("quiet", "echo")
WAYS: Final = ("ours", "sleeping", "timer")
_LONG_SECONDS: Final = 8.0
_SHORT_SECONDS: Final = 3.0
_PART_SECONDS: Final = 60.0


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


def _lines(world: World, sender: Process, listener: servers.Server, count: int, place: str) -> None:
    seconds = _SHORT_SECONDS if world.size.rounds <= 2 else _LONG_SECONDS
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for _ in world.turns(f"streams: {count} lines, {place}", _PART_SECONDS):
        for way in WAYS:
            listener.process.ask(wish="reset")
            told = sender.ask(
                within=seconds + 60, way=way, url=_url(listener, place), legs=count, seconds=seconds
            )
            told["there"] = listener.process.ask(wish="tell")
            if way != "timer":
                _check(told, count, seconds)
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
    ours, bare = [], []
    for _ in world.turns("streams: what a frame costs", _PART_SECONDS):
        for way, into in (("ours", ours), ("flooding", bare)):
            listener.process.ask(wish="reset")
            told = sender.ask(
                within=90, way=way, url=_url(listener, "quiet"), legs=LINES[0], seconds=_SHORT_SECONDS
            )
            into.append(told["cpu"] / told["frames"] * 1e6)
    both = rounds(ours), rounds(bare)
    world.report.pair("processor time for a frame, ours / sent without pace", both, "µs", paired(*both), None)


def _url(listener: servers.Server, place: str) -> str:
    return f"ws://127.0.0.1:{listener.port}/{place}"


def _late(told: list[dict[str, Any]], which: str) -> Rounds:
    return rounds([each["late"][which] for each in told])


def _share(told: list[dict[str, Any]]) -> Rounds:
    return rounds([each["cpu"] / each["seconds"] * 100 for each in told])


def _check(told: dict[str, Any], count: int, seconds: float) -> None:
    """Late is one thing, left out another."""
    due = count * seconds * 50
    if told["frames"] < 0.97 * due:
        raise Broken(f"lines: {told['frames']} of {due:.0f} frames were sent")
