"""The only module that keeps rooms and queues without a store, for calls that are played: `play.meet = Halls()`."""

from __future__ import annotations

from collections.abc import Iterable

from telefonie.core import meetings
from telefonie.core.derive import derived
from telefonie.core.meetings import Meeting
from telefonie.core.messages import Message
from telefonie.flow.effects import Post


class Halls:
    """All meetings of one account, by where messages to them lie."""

    def __init__(self) -> None:
        self.found: dict[str, Meeting] = {}
        self._count = 0

    def __call__(self, sent: Post) -> Iterable[tuple[str, Message]]:
        """A message to a room or queue, and what it answers to whom."""
        place = meetings.place_of(sent.call.account_id, sent.message)
        meeting = self.found.get(place.subject)
        if place.id:
            meeting = next((each for each in self.found.values() if each.id == place.id), None)
        self._count += 1
        new_id = derived(sent.call.account_id, f"meeting:{self._count}")
        change = meetings.apply(meeting, sent.message, place, new_id, sent.at)  # type: ignore[arg-type]
        if change.meeting is not None:
            self.found[meetings.Place(place.account_id, place.kind, change.meeting.name).subject] = (
                change.meeting
            )
        return change.replies
