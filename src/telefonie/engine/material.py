"""The only module that knows what live sockets hear is composed of: journals, read on as they grow."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Final

from telefonie.core.call import Call
from telefonie.core.composing import HEARD, Journal, Takes, hears, needed
from telefonie.core.events import Actor, Event, Kind
from telefonie.core.room import Fact
from telefonie.store import happenings, reads
from telefonie.store.connect import Connection
from telefonie.store.happenings import Happened

LONG: Final = 400  # facts, from which on old sounds are forgotten
OLD_MS: Final = 120_000
_SOUNDS: Final = frozenset({Kind.SAID, Kind.PLAYED, Kind.PRESSED, Kind.KEYS_SENT, Kind.FETCHED})
_KINDS: Final = frozenset(each.value for each in HEARD)


class Material:
    """What has happened to calls that somebody here listens on, to whom they are connected with, in their rooms."""

    def __init__(self) -> None:
        self._calls: dict[str, Journal] = {}
        self._rooms: dict[str, list[Fact]] = {}
        self._known: dict[str, int] = {}
        self._needs: dict[str, frozenset[str]] = {}
        self._changed: set[str] = set()  # since somebody was told of it
        self._moved: set[str] = set()  # the same, by more than what they say themselves

    def partners(self, call_id: str) -> list[Call]:
        """Who may hear this call, as far as is known: whom it hears itself."""
        return [self._calls[each].call for each in self._needs.get(call_id, ()) if each in self._calls]

    def refresh(self, conn: Connection, listening: Collection[str]) -> dict[str, Takes]:
        """Read on. Answers what those of these calls hear that may hear something else now."""
        wanted = set(listening)
        grown = dict(self._known)
        while True:
            for each in wanted - self._known.keys():
                self._begin(conn, each)
                grown[each] = -1
            for fact in happenings.since(conn, grown):
                if self._take(fact):
                    self._changed.add(fact.subject)
                    if not (fact.kind == Kind.PLAYED and fact.actor == Actor.FAR_END):
                        self._moved.add(fact.subject)
            needs = {each: self._needed(each) for each in listening}
            wanted = set(listening).union(*needs.values())
            grown = {}
            if wanted <= self._known.keys():
                break
        touched = [
            each
            for each in listening
            if each in self._moved
            or needs[each] != self._needs.get(each)
            or not self._changed.isdisjoint(needs[each])
        ]
        self._needs = needs
        self._changed, self._moved = set(), set()
        self._forget(self._known.keys() - wanted)
        return {each: hears(each, self._calls, self._rooms) for each in touched}

    def _needed(self, call_id: str) -> frozenset[str]:
        own = self._calls.get(call_id)
        rooms = () if own is None else own.rooms()
        return frozenset((*rooms, *needed(call_id, self._calls, self._rooms)))

    def _begin(self, conn: Connection, subject: str) -> None:
        """Somebody of whom nothing is known yet; what is no call is a room."""
        self._known[subject] = -1
        call = reads.known(conn, subject)
        if call is None:
            self._rooms[subject] = []
        else:
            self._calls[subject] = Journal(call, [])

    def _take(self, happened: Happened) -> bool:
        """One fact more; whether anything can be heard of it."""
        subject = happened.subject
        self._known[subject] = happened.ordinal
        if subject in self._rooms:
            self._rooms[subject].append(happened.fact)
        elif happened.kind in _KINDS:
            self._calls[subject] = _with(self._calls[subject], happened.event)
        else:
            return False
        return True

    def _forget(self, gone: Iterable[str]) -> None:
        for each in tuple(gone):
            del self._known[each]
            self._calls.pop(each, None)
            self._rooms.pop(each, None)


def _with(journal: Journal, event: Event) -> Journal:
    events = [*journal.events, event]
    if len(events) > LONG:
        events = [each for each in events if each.kind not in _SOUNDS or each.at > event.at - OLD_MS]
    ended = event.at if event.kind is Kind.ENDED else journal.call.ended_at
    call = journal.call if ended == journal.call.ended_at else replace(journal.call, ended_at=ended)
    return Journal(call, events)
