"""The only module that says who is told of what happened in a room, and when a room is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from telefonie.core import recordings
from telefonie.core.attending import SteerRecording
from telefonie.core.derive import part_id
from telefonie.core.effects import KeepRecording, Lane, NotifyRecording, NotifyRoom
from telefonie.core.errors import Illegal, Unknown
from telefonie.core.hall import Happened
from telefonie.core.meeting import Meeting
from telefonie.core.phones import BEEP_MS
from telefonie.core.recordings import News, Recording, Source, Trigger
from telefonie.core.recordings import Status as Taped
from telefonie.core.room import Did, Fact, Room, Status
from telefonie.core.rooms import sounding

Effect: TypeAlias = KeepRecording | NotifyRecording | NotifyRoom
BEEPS: Final = {Did.JOINED: ("both", "enter"), Did.STARTED: ("both", "enter"), Did.LEFT: ("both", "exit")}
NEWS: Final = {Trigger.PAUSE: News.PAUSED, Trigger.RESUME: News.RESUMED}


@dataclass(frozen=True, slots=True)
class Published:
    """A meeting with its facts numbered, and what is wished of the world."""

    meeting: Meeting
    facts: tuple[Fact, ...] = ()
    effects: tuple[Effect, ...] = ()


class Gazette:
    """What is told of one decision about a room, in the room's lane."""

    def __init__(self, meeting: Meeting, room: Room, currency: str = "") -> None:
        self._meeting = meeting
        self._room = room  # as it is in the end, but for what is counted here
        self._currency = currency
        self._facts: list[Fact] = []
        self._effects: list[Effect] = []

    def published(self) -> Published:
        """All of it."""
        meeting = replace(self._meeting, state=self._room)
        return Published(meeting, tuple(self._facts), tuple(self._effects))

    def add(self, each: Happened) -> None:
        """One fact, told if the customer wants to hear of such, and what it means for the recording."""
        room, terms = self._room, self._room.terms
        fact = replace(each.fact, ordinal=room.events)
        self._facts.append(fact)
        self._room = replace(room, events=room.events + 1)
        if terms.report_url is not None and fact.did in terms.report_on:
            shown = replace(self._meeting, state=each.room)
            lane, url, method = self._lane(), terms.report_url, terms.report_method
            told = NotifyRoom(fact, room.reports, shown, each.member, lane, url, method)
            self._effects.append(told)
            self._room = replace(self._room, reports=room.reports + 1)
        self._record(each, fact)

    def _lane(self) -> Lane:
        """The next place in it."""
        place = self._room.told
        self._room = replace(self._room, told=place + 1)
        return Lane(self._meeting.account_id, self._meeting.face, self._meeting.id, place)

    # -- the recording --

    def _record(self, each: Happened, fact: Fact) -> None:
        if fact.did is Did.STARTED and self._room.terms.record:
            self._begin(fact)
        if _beeps(each):
            self._room = sounding(self._room, fact.at, BEEP_MS)
        if fact.did is Did.ENDED and self._room.recording is not None:
            kept = _kept(self._room, self._room.recording, fact.at)
            over = recordings.finish(self._room.recording, kept, "room_ended")
            self._keep(over, News.COMPLETED if over.status is Taped.COMPLETED else News.FAILED, fact.at)

    def _begin(self, fact: Fact) -> None:
        meeting, terms = self._meeting, self._room.terms
        own = terms.recording_url is not None
        begun = Recording(
            part_id(meeting.id, "recording", "1"),
            meeting.account_id,
            meeting.face,
            fact.by,
            Source.ROOM,
            fact.at,
            self._currency,
            meeting.id,
            channels=terms.channels,
            trim=terms.trim,
            url=terms.recording_url or terms.report_url,
            method=terms.recording_method if own else terms.report_method,
            on=terms.recording_on if own else recordings.USUAL,
            application=terms.application,
            conversation=terms.conversation,
        )
        self._keep(begun, News.STARTED, fact.at)

    def steer(self, wish: SteerRecording, now: int) -> None:
        """Pause the recording, or let it go on. It ends with the room, and not before."""
        it = self._room.recording
        if it is None or it.id != wish.id:
            raise Unknown("recording", wish.id)
        match wish.trigger:
            case Trigger.PAUSE:
                it = recordings.pause(it, now, skips=wish.skips)
            case Trigger.RESUME:
                it = recordings.resume(it, now)
            case Trigger.FINISH | Trigger.FAIL:
                raise Illegal("recording", it.status, "be stopped: that of a conference ends with it")
        self._keep(it, NEWS[wish.trigger], now)

    def _keep(self, it: Recording, news: News, at: int) -> None:
        told = it.url is not None and news in it.on
        after = replace(it, reports=it.reports + 1) if told else it
        if told:
            self._effects.append(NotifyRecording(news, at, it.reports, it, self._lane()))
        self._effects.append(KeepRecording(after))
        self._room = replace(self._room, recording=after)


def _beeps(each: Happened) -> bool:
    """Whether a tone is heard in the room: of one who comes or goes, and at its start of all who are there."""
    did, member = each.fact.did, each.member
    if each.room.status is not Status.STARTED or did not in BEEPS or not each.fact.data.get("joined", True):
        return False
    heard = each.room.members if member is None else (member,)
    return any(one.beep in BEEPS[did] for one in heard)


def _kept(room: Room, it: Recording, now: int) -> tuple[int, int]:
    """From when to when it reaches, once silence was cut off."""
    if not it.trim:
        return it.since, now
    start, until = room.sound or (it.since, it.since)
    return max(start, it.since), min(until, now)


def publish(meeting: Meeting, room: Room, happened: Sequence[Happened], currency: str = "") -> Published:
    """A room as it has become, and what is told of that. `currency`: of what a recording costs."""
    gazette = Gazette(meeting, room, currency)
    for each in happened:
        gazette.add(each)
    return gazette.published()


def steered(meeting: Meeting, wish: SteerRecording, now: int) -> Published:
    """What becomes of a room's recording."""
    room = meeting.state
    if not isinstance(room, Room) or room.status is Status.WAITING:
        raise Unknown("recording", wish.id)
    gazette = Gazette(meeting, room)
    gazette.steer(wish, now)
    return gazette.published()
