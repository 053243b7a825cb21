"""The only module that puts messages before rooms and queues, and sends on what they reply."""

from __future__ import annotations

from collections.abc import Sequence

from telefonie.core import meetings
from telefonie.core.derive import derived
from telefonie.core.meetings import ToMeeting, place_of
from telefonie.store import messages
from telefonie.store.connect import lock_places
from telefonie.store.messages import Address, Message
from telefonie.store.unit import Unit


def take(unit: Unit, told: Sequence[Address], now: int | None) -> list[Message]:
    """What these are told, with the rooms and queues that it is for; calls are locked already."""
    # Places are locked before what is told there is taken, so that no two processes make one room.
    lock_places(unit.conn, [each.subject for each in told if each.is_meeting])
    taken = messages.take(unit.conn, [each.subject for each in told], unit.wall, now)
    unit.meetings.load(place_of(each.account_id, each.content) for each in taken if each.to_meeting)
    return taken


def tell(unit: Unit, message: Message) -> None:
    """Tell a room or queue something. Its replies go out at the same moment, by ids that follow from the message's."""
    content = message.content
    if not isinstance(content, ToMeeting):
        raise TypeError(f"{type(content).__name__} is not for a room or queue")
    place = place_of(message.account_id, content)
    change = meetings.apply(
        unit.meetings.find(place), content, place, derived(message.id, "meeting"), message.at
    )
    if change.meeting is not None:
        unit.meetings.save(change.meeting)
    for ordinal, (call_id, reply) in enumerate(change.replies):
        reply_id = derived(message.id, f"reply:{ordinal}")
        unit.post(Message(reply_id, message.account_id, call_id, False, message.at, reply))  # noqa: FBT003 - a call
