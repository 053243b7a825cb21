"""The only module that says what is heard on either side of a recording: of a call, or of a room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from telefonie.core.composing.company import Announcement, Company, company
from telefonie.core.composing.journals import Journal
from telefonie.core.composing.lines import music, sent
from telefonie.core.composing.spans import ALWAYS, FOREVER, Spans, common, complement, inside, joined
from telefonie.core.composing.takes import Take, Takes, by, heard_in, settled
from telefonie.core.composing.voices import voice
from telefonie.core.events import Kind
from telefonie.core.phones import BEEP_MS
from telefonie.core.room import Fact
from telefonie.core.score import File, Key, Sounding, Tone, Words
from telefonie.core.transcripts import Speaker

Calls: TypeAlias = Mapping[str, Journal]
Rooms: TypeAlias = Mapping[str, Sequence[Fact]]
Sides: TypeAlias = tuple[Takes, Takes]
_ANNOUNCED: Final = (Words, File, Key)  # else it is a tone of the room's own, or music for one who is held


def of_call(call_id: str, calls: Calls, rooms: Rooms) -> Sides:
    """What its far end says, and what it hears."""
    own = calls.get(call_id)
    if own is None:
        return (), ()
    others = [*_partners(own, calls)]
    for room in own.rooms():
        others += _others(own.id, company(rooms.get(room, ())), calls)
    heard = (*sent(own), *heard_in(others, own.minding))
    return settled(voice(own)), settled((*heard_in(heard, own.listening), *music(own)))


def hears(call_id: str, calls: Calls, rooms: Rooms) -> Takes:
    """What its far end hears, as far as is known: what is under way ends when it would end by itself."""
    return of_call(call_id, calls, rooms)[1]


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
    if not connected:
        return ()  # the two were parted at the very moment at which they were connected
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
    return settled(first), settled((*rest, *_beeps(there), *_announced(there, calls)))


def _loud(loud: Mapping[str, Spans], calls: Calls, those: Iterable[str]) -> Iterator[Take]:
    for who in those:
        if who in calls:
            yield from heard_in(voice(calls[who]), loud.get(who, ()))


def _announced(there: Company, calls: Calls) -> Iterator[Take]:
    """What was announced to all, as one of them has heard it: whoever stays in longest."""
    stays = there.stays() if there.announcements else {}
    for each in there.announcements:
        moment = (each.at, each.at + 1)
        present = [who for who in stays if who in calls and inside(moment, stays[who])]
        until = {who: next(end for _, end in stays[who] if end > each.at) for who in present}
        if present:
            last = max(present, key=until.__getitem__)
            heard = _announcement(each, calls[last], until[last])
            yield from (replace(take, call_id="") for take in heard)


def _announcement(it: Announcement, journal: Journal, until: int) -> Takes:
    """What its document says on this call."""
    came = (
        event.at
        for event in journal.events
        if event.kind is Kind.FETCHED and event.at >= it.at and event.data.get("url") == it.url
    )
    since = next(came, until)
    takes = (
        each
        for each in sent(journal, interjected=False)
        if isinstance(each.sound, _ANNOUNCED) and since <= each.at < until
    )
    return heard_in(takes, common(((since, until),), journal.listening)) if since < until else ()


# -- what must be read for that --


def needed(call_id: str, calls: Calls, rooms: Rooms) -> Iterator[str]:
    """Whom a call may hear beside the platform, as far as is known: ids of calls."""
    own = calls.get(call_id)
    if own is not None:
        yield from own.partners()
        for room in own.rooms():
            yield from company(rooms.get(room, ())).heard_by(call_id)


def needed_in_room(room_id: str, rooms: Rooms) -> Iterator[str]:
    """Who may be heard in a room, or has heard what was announced there."""
    there = company(rooms.get(room_id, ()))
    yield from there.stays() if there.announcements else there.heard_by_all()
