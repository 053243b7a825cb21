"""The only module that prints: progress while it runs, figures as they come, and all ratios at the end."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

_WIDTH: Final = 70


@dataclass(frozen=True, slots=True)
class Rounds:
    """The same thing measured several times."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def text(self, unit: str) -> str:
        """The median, and how far the rounds lie apart."""
        shown = f"{_number(self.median)} {unit}".rstrip()
        if len(self.values) == 1:
            return shown
        return f"{shown}  ({_number(min(self.values))} to {_number(max(self.values))})"


def rounds(values: Sequence[float]) -> Rounds:
    """What the rounds gave, in their order."""
    return Rounds(tuple(values))


def paired(ours: Rounds, others: Rounds) -> Rounds:
    """Round by round, since what disturbs a machine disturbs both halves of a round."""
    return Rounds(tuple(a / b for a, b in zip(ours.values, others.values, strict=True)))


@dataclass(frozen=True, slots=True)
class Aim:
    """What a ratio or figure is meant to be."""

    value: float
    at_least: bool

    def judged(self, value: float) -> str:
        """Whether it is."""
        met = value >= self.value if self.at_least else value <= self.value
        bound = "at least" if self.at_least else "at most"
        return f"meant: {bound} {self.value:g}: {'reached' if met else 'FALLS SHORT'}"


@dataclass(slots=True)
class Report:
    """All that was measured."""

    began: float = field(default_factory=time.monotonic)
    _summary: list[str] = field(default_factory=list)
    _kept: list[dict[str, Any]] = field(default_factory=list)
    _part: str = ""

    def progress(self, text: str) -> None:
        """What is being done now."""
        print(f"[{time.monotonic() - self.began:5.0f} s] {text}", file=sys.stderr, flush=True)

    def part(self, name: str, what: str) -> None:
        """A chapter begins."""
        self._part = name
        print(f"\n== {name}: {what}", flush=True)

    def note(self, text: str) -> None:
        """Something to know about the figures beside it."""
        print(f"   {text}", flush=True)

    def figure(self, label: str, measured: Rounds, unit: str, more: str = "", aim: Aim | None = None) -> None:
        """Raw figures; one that has an aim of its own stands in the summary too."""
        judged = aim.judged(measured.median) if aim else ""
        text = f"{measured.text(unit):<34} {more}".rstrip()
        print(f"   {label:<{_WIDTH}} {text}", flush=True)
        if aim:
            self._conclude(label, f"{measured.text(unit)}  {judged}")
        self._keep(label, measured, unit, aim)

    def ratio(self, label: str, measured: Rounds, aim: Aim | None = None) -> None:
        """What it all is for."""
        text = measured.text("") + (f"  {aim.judged(measured.median)}" if aim else "")
        print(f"   {'= ' + label:<{_WIDTH}} {text}", flush=True)
        self._conclude(label, text)
        self._keep(label, measured, "ratio", aim)

    def pair(
        self, label: str, both: tuple[Rounds, Rounds], unit: str, ratio: Rounds, aim: Aim | None
    ) -> None:
        """Two figures and their ratio in one line."""
        raw = " / ".join(_number(each.median) for each in both)
        text = f"{raw} {unit} = {ratio.text('')}" + (f"  {aim.judged(ratio.median)}" if aim else "")
        print(f"   {label:<{_WIDTH}} {text}", flush=True)
        self._conclude(label, text)
        self._keep(label, both[0], unit, None)
        self._keep(label, both[1], unit, None)
        self._keep(label, ratio, "ratio", aim)

    def _conclude(self, label: str, text: str) -> None:
        self._summary.append(f"   {f'{self._part}: {label}':<{_WIDTH + 10}} {text}")

    def finish(self) -> None:
        """The ratios once more, together."""
        print("\n== all ratios: medians of rounds, in parentheses the lowest and the highest")
        print("\n".join(self._summary))
        print(f"\ntook {time.monotonic() - self.began:.0f} s", flush=True)

    def save(self, path: Path) -> None:
        """Everything for machines."""
        path.write_text(json.dumps(self._kept, indent=1) + "\n")

    def _keep(self, label: str, measured: Rounds, unit: str, aim: Aim | None) -> None:
        self._kept.append(
            {
                "part": self._part,
                "label": label,
                "unit": unit,
                "median": measured.median,
                "rounds": measured.values,
                "aim": aim and aim.value,
            }
        )


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
