"""The only module that writes a call's facts down, with what they change and who is to be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from telefonie.core.call import Call
from telefonie.core.effects import Effect, Notify
from telefonie.core.events import Actor, Event, Kind


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision came to: the call as it is now, what happened, what is wished."""

    call: Call
    events: tuple[Event, ...] = ()
    effects: tuple[Effect, ...] = ()


def note(call: Call, kind: Kind, actor: Actor, data: Mapping[str, object], now: int) -> Change:
    """A fact that changes no state."""
    return record(call, kind, actor, data, max(now, call.touched_at))


def record(
    call: Call,
    kind: Kind,
    actor: Actor,
    data: Mapping[str, object],
    now: int,
    *,
    quiet: bool = False,
    aloud: bool = False,
    **changes: Any,
) -> Change:
    """Write a fact down with what it changes, and wish it told if the customer asked to hear of such.

    `quiet`: somebody else tells it. `aloud`: it is told, though facts of its kind are usually told otherwise.
    """
    wished = aloud or kind in call.order.report_on
    told = call.order.report_url is not None and wished and not quiet
    sequence, place = call.reports, call.told
    event = Event(call.events, now, kind, actor, data)
    # All at once: a copy of a call costs more than everything else here.
    counted: dict[str, Any] = {"events": call.events + 1, "reports": sequence + told, "told": place + told}
    call = replace(call, touched_at=now, **counted, **changes)
    return Change(call, (event,), (Notify(event, sequence, call, place),) if told else ())


def and_also(change: Change, kind: Kind, actor: Actor, data: Mapping[str, object]) -> Change:
    """A further fact of the same moment."""
    more = record(change.call, kind, actor, data, change.call.touched_at)
    return Change(more.call, change.events + more.events, change.effects + more.effects)
