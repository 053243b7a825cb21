"""The only door to what recordings consist of: composed when first asked for, and kept once they are over."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TypeAlias

from telefonie.core.composing import Journal, Sentence, compose, transcript, wanted
from telefonie.core.recordings import Recording
from telefonie.core.room import Fact
from telefonie.core.score import Score
from telefonie.engine import settling
from telefonie.store import meetings, recordings
from telefonie.store.connect import Connection, Store
from telefonie.store.journals import journals

_Material: TypeAlias = tuple[dict[str, Journal], dict[str, list[Fact]]]


class Scores:
    """Scores and transcripts. Whoever removes journals asks for the scores first: later nobody can compose them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def score(self, recording: Recording) -> Score:
        """What it consists of; of one that goes on nothing is told yet."""
        kept = await self._store.read(partial(recordings.score, recording_id=recording.id))
        if kept is not None:
            return kept
        calls, rooms = await self._settled(recording)
        composed = await asyncio.to_thread(compose, recording, calls, rooms)
        if not recording.live:
            keep = partial(recordings.keep_score, recording_id=recording.id, composed=composed)
            await self._store.write(keep)
        return composed

    async def _settled(self, recording: Recording) -> _Material:
        """All that it is composed of, once nothing more is to come."""
        found: list[_Material] = []

        async def look() -> bool:
            material, whole = await self._store.read(partial(_all, it=recording))
            found[:] = [material]
            return whole

        await settling.until(look)
        return found[0]

    async def lines(self, recording: Recording) -> tuple[Sentence, ...]:
        """Who says what on it, from when to when."""
        return transcript(await self.score(recording))


def _all(conn: Connection, it: Recording) -> tuple[_Material, bool]:
    """What there is, and whether nothing more is to come. That is looked at first, or it might come in between."""
    before = _material(conn, it)
    if it.until is None or settling.settled(conn, (each.call for each in before[0].values()), it.until):
        return _material(conn, it) if _has_programs(before) else before, True
    return before, False


def _has_programs(material: _Material) -> bool:
    return any(each.call.order.socket is not None for each in material[0].values())


def _material(conn: Connection, it: Recording) -> _Material:
    """Everything that it is composed of. A call that is gone is asked for once, and leaves silence."""
    calls: dict[str, Journal] = {}
    rooms: dict[str, list[Fact]] = {}
    asked: set[str] = set()
    if it.until is None:
        return calls, rooms
    while True:
        needs = wanted(it, calls, rooms)
        missing = needs.calls - asked
        if not missing and not needs.rooms:
            return calls, rooms
        asked |= missing
        calls |= journals(conn, it.account_id, missing, it.until)
        rooms |= {each: meetings.facts(conn, each) for each in needs.rooms}
