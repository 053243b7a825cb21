"""The only module that words a clock and its advance."""

from __future__ import annotations

from telefonie.engine.timekeeper import Advance, ClockView
from telefonie.web.fields import iso

Json = dict[str, object]


def clock(view: ClockView) -> Json:
    """A clock, and what it is waiting for."""
    worded: Json = {
        "mode": view.clock.mode.value,
        "speed": view.clock.speed,
        "now": iso(view.now),
        "pending": view.pending,
    }
    if view.next_due is not None:
        worded["next_due"] = iso(view.next_due)
    if view.advancing is not None:
        worded["advance"] = advance(view.advancing)
    return worded


def advance(progress: Advance) -> Json:
    """How far an advance has come, and where it is going if it is not there yet."""
    worded: Json = {
        "now": iso(progress.now),
        "advanced_seconds": progress.advanced_ms / 1000,
        "fired": progress.fired,
        "requests": progress.requests,
        "pending": progress.pending,
    }
    if progress.next_due is not None:
        worded["next_due"] = iso(progress.next_due)
    if not progress.done and progress.target is None:
        worded["until"] = "idle"
    elif not progress.done and progress.target is not None:
        worded["target"] = iso(progress.target)
    return worded
