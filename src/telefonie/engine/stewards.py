"""The only module that puts messages before rooms and queues, and sends on what they reply."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from telefonie.core import meetings
from telefonie.core.derive import derived
from telefonie.core.meetings import Change, Place, ToMeeting, place_of
from telefonie.engine.granting import note, worded_meeting
from telefonie.engine.ports import Faces
from telefonie.store import messages
from telefonie.store.connect import lock_places
from telefonie.store.messages import Address, Message, Told
from telefonie.store.unit import Unit


def take(
    unit: Unit,
    told: Sequence[Address],
    now: int | None,
    places: Iterable[Place] = (),
    rooms: Collection[str] = (),
    guarded: Collection[str] = (),
) -> list[Told]:
    """What these are told, with the rooms and queues that it is for; calls are locked already.

    Customers' decisions want rooms too, at places or by their ids, and letters want the lanes of rooms guarded:
    all are locked together, or two batches might wait for each other.
    """
    wanted = list(places)
    # Places are locked before what is told there is taken, so that no two processes make one room.
    named = {each.subject for each in wanted}
    lock_places(unit.conn, named.union(each.subject for each in told if each.is_meeting))
    taken = messages.take(unit.conn, [each.subject for each in told], unit.wall, now)
    wanted += [place for each in taken if each.to_meeting and (place := _place(each)) is not None]
    unit.meetings.load(wanted, rooms, guarded)
    return taken


def _place(told: Told) -> Place | None:
    """Whom this is for; None if it cannot be read, which shows when it is told."""
    try:
        return place_of(told.account_id, told.content)
    except Exception:  # noqa: BLE001 - whatever it is, it is this message's alone
        return None


def tell(unit: Unit, faces: Faces, message: Told) -> None:
    """Tell a room or queue something. Its replies go out at the same moment, by ids that follow from the message's."""
    content = message.content
    if not isinstance(content, ToMeeting):
        raise TypeError(f"{type(content).__name__} is not for a room or queue")
    place = place_of(message.account_id, content)
    change = meetings.apply(
        unit.meetings.find(place), content, place, derived(message.id, "meeting"), message.at
    )
    note(unit, [*worded_meeting(faces, change), *replies(message.account_id, change, message.id, message.at)])


def replies(account_id: str, change: Change, source: str, at: int) -> list[Message]:
    """What a room or queue tells calls, by ids that follow from what made it do so."""
    return [
        Message(derived(source, f"reply:{ordinal}"), account_id, call_id, False, at, reply)  # noqa: FBT003 - a call
        for ordinal, (call_id, reply) in enumerate(change.replies)
    ]
