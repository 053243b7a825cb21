"""The only module that says what is heard on either side of a recording: of a call, or of a room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from telefonie.core.composing.company import BEEP_MS, Company, company
from telefonie.core.composing.journals import Journal
from telefonie.core.composing.lines import music, sent
from telefonie.core.composing.spans import ALWAYS, FOREVER, Spans, common, complement, joined
from telefonie.core.composing.takes import Take, Takes, by, heard_in, settled
from telefonie.core.composing.voices import voice
from telefonie.core.rooms import Fact
from telefonie.core.score import Sounding, Tone
from telefonie.core.transcripts import Speaker

Calls: TypeAlias = Mapping[str, Journal]
Rooms: TypeAlias = Mapping[str, Sequence[Fact]]
Sides: TypeAlias = tuple[Takes, Takes]


def of_call(call_id: str, calls: Calls, rooms: Rooms) -> Sides:
    """What its far end says, and what it hears."""
    own = calls.get(call_id)
    if own is None:
        return (), ()
    heard = [*sent(own), *_partners(own, calls)]
    for room in own.rooms():
        heard += _others(own.id, company(rooms.get(room, ())), calls)
    return settled(voice(own)), settled((*heard_in(heard, own.listening), *music(own)))


def _partners(own: Journal, calls: Calls) -> Iterator[Take]:
    """Whom it is connected with."""
    for partner, spans in own.partners().items():
        if partner in calls:
            theirs = calls[partner].partners().get(own.id, ALWAYS)
            yield from by(
                heard_in(voice(calls[partner]), common(spans, _until_parted(theirs))), Speaker.OTHER
            )


def _until_parted(connected: Spans) -> Spans:
    """Who has parted is heard no more, also if the other learns of it later."""
    again = (*(start for start, _ in connected[1:]), FOREVER)
    return complement(joined((end, start) for (_, end), start in zip(connected, again, strict=True)))


def _others(listener: str, there: Company, calls: Calls) -> Iterator[Take]:
    """Whom it hears in a room, and with which tones they come and go. Its own tone stands in its journal."""
    for who, spans in there.heard_by(listener).items():
        if who in calls:
            yield from by(heard_in(voice(calls[who]), spans), Speaker.OTHER)
    yield from heard_in(_beeps(there, listener), there.listening(listener))


def _beeps(there: Company, unless: str = "") -> Iterator[Take]:
    for beep in there.beeps:
        if beep.by != unless:
            end = beep.at + BEEP_MS
            yield Take(beep.at, beep.at, end, Sounding(Tone.BEEP), Speaker.PLATFORM, "")


def of_room(room_id: str, calls: Calls, rooms: Rooms) -> Sides:
    """What whoever came first says, and all else that is heard in the room."""
    there = company(rooms.get(room_id, ()))
    loud = there.heard_by_all()
    first = _loud(loud, calls, [there.first])
    rest = _loud(loud, calls, (who for who in loud if who != there.first))
    return settled(first), settled((*rest, *_beeps(there)))


def _loud(loud: Mapping[str, Spans], calls: Calls, those: Iterable[str]) -> Iterator[Take]:
    for who in those:
        if who in calls:
            yield from heard_in(voice(calls[who]), loud.get(who, ()))


def needed(call_id: str, calls: Calls, rooms: Rooms) -> Iterator[str]:
    """Whom a call may hear beside the platform, as far as is known: ids of calls."""
    own = calls.get(call_id)
    if own is not None:
        yield from own.partners()
        for room in own.rooms():
            yield from company(rooms.get(room, ())).heard_by(call_id)


def needed_in_room(room_id: str, rooms: Rooms) -> Iterator[str]:
    """Who may be heard in a room."""
    yield from company(rooms.get(room_id, ())).heard_by_all()
