"""The only module that holds a meeting for core's tests: told and asked one thing after the other, as the engine does."""

from __future__ import annotations

from typing import Any, Final

from telefonie.core import meetings
from telefonie.core.attending import Opening, Wish
from telefonie.core.bulletins import Effect
from telefonie.core.effects import KeepRecording, NotifyRecording, NotifyRoom
from telefonie.core.meetings import Change, Meeting, Place
from telefonie.core.messages import Enter, Exit, Message, RoomSaid
from telefonie.core.recordings import Recording
from telefonie.core.room import Fact, Member, Room, packed, unpacked

LOBBY: Final = Place("a1", meetings.Kind.ROOM, "lobby")
URL: Final = "https://customer.test/rooms"


def enter(call: str, **more: Any) -> Enter:
    """A call comes, under a ticket of its own."""
    return Enter(call, int(more.pop("ticket", 7)), "lobby", "plain", currency="USD", **more)


def guest(call: str, **more: Any) -> Member:
    """Somebody who is called in."""
    return Member(call, 0, 0, **more)


class Hall:
    """The room of one name, and all that ever came of it."""

    def __init__(self, **opening: Any) -> None:
        self.meeting: Meeting | None = None
        self.now = 1_000
        self.facts: list[Fact] = []
        self.effects: list[Effect] = []
        self.replies: list[tuple[str, Message]] = []
        self._made = 0
        if opening:
            self.take(
                meetings.open_room("a1", "plain", Opening("lobby", **opening), self.next_id(), self.now)
            )

    def next_id(self) -> str:
        self._made += 1
        return f"{self._made:08x}-0000-4000-9000-000000000000"

    @property
    def room(self) -> Room:
        """As it went through the store."""
        assert self.meeting is not None
        assert isinstance(self.meeting.state, Room)
        assert unpacked(packed(self.meeting.state)) == self.meeting.state
        return self.meeting.state

    def tell(self, message: Enter | Exit | RoomSaid, after: int = 1) -> list[tuple[str, Message]]:
        """A call says something; what is replied to whom."""
        self.now += after
        return self.take(meetings.apply(self.meeting, message, LOBBY, self.next_id(), self.now))

    def wish(self, wish: Wish, after: int = 1) -> list[tuple[str, Message]]:
        """A customer wishes something."""
        assert self.meeting is not None
        self.now += after
        return self.take(meetings.decide(self.meeting, wish, self.now))

    def take(self, change: Change) -> list[tuple[str, Message]]:
        self.meeting = change.meeting
        self.facts += change.facts
        self.effects += change.effects
        self.replies += change.replies
        return list(change.replies)

    # -- what can be seen --

    @property
    def inside(self) -> list[str]:
        return [each.call for each in self.room.members]

    @property
    def expected(self) -> list[str]:
        return [each.call for each in self.room.guests]

    @property
    def did(self) -> list[str]:
        return [" ".join(filter(None, (each.did, each.by, each.why))) for each in self.facts]

    @property
    def told(self) -> list[str]:
        """What customers are told, in order."""
        return [_word(each) for each in self.effects if not isinstance(each, KeepRecording)]

    @property
    def letters(self) -> list[NotifyRoom]:
        return [each for each in self.effects if isinstance(each, NotifyRoom)]

    @property
    def news(self) -> list[NotifyRecording]:
        return [each for each in self.effects if isinstance(each, NotifyRecording)]

    @property
    def kept(self) -> list[Recording]:
        return [each.recording for each in self.effects if isinstance(each, KeepRecording)]


def _word(effect: Effect) -> str:
    match effect:
        case NotifyRoom(fact=fact):
            return f"{fact.did} {fact.by}".strip()
        case NotifyRecording(news=news):
            return f"recording {news}"
        case KeepRecording():
            return ""
