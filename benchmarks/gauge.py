"""The only module that looks at a process from outside: its memory and the processor time it took."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Memory:
    """In MB (10^6 bytes). PSS counts pages that are shared with others in part; None where it is not told."""

    rss: float
    pss: float | None


def memory(pid: int) -> Memory:
    """What a process holds."""
    rollup = _PROC / str(pid) / "smaps_rollup"
    if rollup.exists():
        rows = dict(line.split(":", 1) for line in rollup.read_text().splitlines()[1:])
        return Memory(*(int(rows[name].split()[0]) * 1024 / 1e6 for name in ("Rss", "Pss")))
    shown = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return Memory(int(shown.stdout) * 1024 / 1e6, None)


def peak(pid: int) -> float:
    """The most (RSS, MB) that a process ever held; where that is not told, what it holds now."""
    status = _PROC / str(pid) / "status"
    if not status.exists():
        return memory(pid).rss
    rows = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return int(rows["VmHWM"].split()[0]) * 1024 / 1e6


def processor_seconds(pid: int) -> float | None:
    """Processor time that a process has had so far, all threads together."""
    stat = _PROC / str(pid) / "stat"
    if not stat.exists():
        return None
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
