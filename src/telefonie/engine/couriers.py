"""The only module that tells calls, rooms and queues what they were told: once each, in order, never lost for a fault."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from telefonie.core import clocks
from telefonie.core.clocks import Clock
from telefonie.core.commands import Wake
from telefonie.engine import stewards
from telefonie.engine.granting import save
from telefonie.engine.ports import Faces
from telefonie.flow import legs
from telefonie.flow.commands import Receive
from telefonie.store import messages
from telefonie.store.messages import Told
from telefonie.store.unit import Unit

MINUTE_MS: Final = 60_000


def in_a_minute(clock: Clock, wall: int) -> int:
    """The account's time a minute from now, by the wall where its clock runs."""
    return clock.at + MINUTE_MS if clock.stands else clocks.now(clock, wall + MINUTE_MS)


def deliver(unit: Unit, faces: Faces, taken: Sequence[Told]) -> tuple[int, list[tuple[str, Exception]]]:
    """Tell them what was taken for them, each at its own moment; answers how many there were, and what went
    wrong with whom.

    What cannot be told now is told in a minute, and whatever follows it waits with it.
    """
    waiting = messages.put_off(unit.conn, {each.subject for each in taken})
    faults: list[tuple[str, Exception]] = []
    for message in taken:
        clock = unit.clocks.get(message.account_id)
        if clock is None:  # the account is gone, and its calls with it
            continue
        if message.subject not in waiting:
            try:
                _tell(unit, faces, message)
            except Exception as broken:  # noqa: BLE001 - whatever it is, it is this call's alone
                faults.append((message.subject, broken))
                waiting[message.subject] = in_a_minute(clock, unit.wall)
        if message.subject in waiting:
            unit.put_off(message, waiting[message.subject])
    return len(taken), faults


def _tell(unit: Unit, faces: Faces, message: Told) -> None:
    if message.to_meeting:
        stewards.tell(unit, faces, message)
        return
    if message.subject in unit.broken:
        raise unit.broken[message.subject][1]
    leg = unit.calls.get(message.subject)
    if leg is None:  # wiped by a reset, after the message was sent
        return
    if message.at > leg.call.touched_at:
        # What was planned for an earlier moment comes first; what for this very one, afterwards.
        save(unit, faces, legs.apply(leg, Wake(), message.at - 1))
    save(unit, faces, legs.apply(unit.calls[message.subject], Receive(message.content), message.at))
