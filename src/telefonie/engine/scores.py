"""The only door to what recordings consist of: composed when first asked for, and kept once they are over."""

from __future__ import annotations

import asyncio
from functools import partial

from telefonie.core.composing import Journal, Sentence, compose, transcript, wanted
from telefonie.core.recordings import Recording
from telefonie.core.room import Fact
from telefonie.core.score import Score
from telefonie.store import meetings, recordings
from telefonie.store.connect import Connection, Store
from telefonie.store.journals import journals


class Scores:
    """Scores and transcripts. Whoever removes journals asks for the scores first: later nobody can compose them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def score(self, recording: Recording) -> Score:
        """What it consists of; of one that goes on nothing is told yet."""
        kept = await self._store.read(partial(recordings.score, recording_id=recording.id))
        if kept is not None:
            return kept
        calls, rooms = await self._store.read(partial(_material, it=recording))
        composed = await asyncio.to_thread(compose, recording, calls, rooms)
        if not recording.live:
            keep = partial(recordings.keep_score, recording_id=recording.id, composed=composed)
            await self._store.write(keep)
        return composed

    async def lines(self, recording: Recording) -> tuple[Sentence, ...]:
        """Who says what on it, from when to when."""
        return transcript(await self.score(recording))


def _material(conn: Connection, it: Recording) -> tuple[dict[str, Journal], dict[str, list[Fact]]]:
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
