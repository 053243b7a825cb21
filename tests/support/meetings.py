"""The only module that keeps rooms and queues for `Play`, in memory: calls of one play really meet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from telefonie.core import meetings
from telefonie.core.attending import Opening, Wish
from telefonie.core.bulletins import Effect
from telefonie.core.meetings import Kind, Meeting, ToMeeting, place_of
from telefonie.core.messages import Message, packed, unpacked
from telefonie.core.rooms import Fact
from telefonie.engine.post import complete
from telefonie.flow.commands import Receive
from telefonie.flow.effects import Post
from tests.support.play import Play


class Meetings:
    """All rooms and queues, by id, and what happened in rooms."""

    def __init__(self) -> None:
        self.all: dict[str, Meeting] = {}
        self.facts: list[Fact] = []
        self.rooms: dict[str, list[Fact]] = {}  # the same, by room
        self.effects: list[Effect] = []

    def __call__(self, sent: Post) -> Iterable[tuple[str, Message]]:
        """What is replied to whom."""
        content = unpacked(packed(complete(sent.message)))
        assert isinstance(content, ToMeeting)
        place = place_of(sent.call.account_id, content)
        found = self.all.get(place.id) if place.id else self.find(place.kind, place.name)
        change = meetings.apply(found, content, place, f"{place.kind}-{len(self.all) + 1}", sent.at)
        return self._take(change)

    def _take(self, change: meetings.Change) -> Iterable[tuple[str, Message]]:
        if change.meeting is not None:
            self.all[change.meeting.id] = change.meeting
        self.facts += change.facts
        if change.facts and change.meeting is not None:
            self.rooms.setdefault(change.meeting.id, []).extend(change.facts)
        self.effects += change.effects
        return change.replies

    def open(self, play: Play, **opening: Any) -> str:
        """A customer opens a room; its id."""
        room_id = f"room-{len(self.all) + 1}"
        self._take(meetings.open_room("a1", "plain", Opening(**opening), room_id, play.now))
        return room_id

    def wish(self, play: Play, room_id: str, wish: Wish) -> None:
        """A customer wishes something of a room; its calls hear of it at once."""
        for to, message in self._take(meetings.decide(self.all[room_id], wish, play.now)):
            play.tell(to, Receive(unpacked(packed(message))))

    def find(self, kind: Kind, name: str) -> Meeting | None:
        """The live one of that name."""
        same = (each for each in self.all.values() if each.live and (each.kind, each.name) == (kind, name))
        return next(same, None)

    @property
    def did(self) -> list[str]:
        """What happened in rooms, in order."""
        return [f"{each.did} {each.why}".strip() for each in self.facts]


def meeting_play(pages: dict[str, object] | None = None) -> tuple[Play, Meetings]:
    """A play whose calls can meet."""
    play, meetings = Play(pages), Meetings()  # type: ignore[arg-type]
    play.meet = meetings
    return play, meetings
