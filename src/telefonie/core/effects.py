"""The only module that names what a decision may wish of the world: plain data, granted by others."""

from __future__ import annotations

from dataclasses import dataclass

from telefonie.core.call import Call
from telefonie.core.events import Event


@dataclass(frozen=True, slots=True)
class Notify:
    """Tell the customer about this event, after everything told before it."""

    event: Event
    sequence: int  # counts what was told about this call, from 0
    call: Call  # as it stood right after the event


Effect = Notify
