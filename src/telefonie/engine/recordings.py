"""The only door to recordings: start one, steer one, ask about them, delete one that is over."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from telefonie.core.effects import KeepRecording
from telefonie.core.errors import Illegal
from telefonie.core.recordings import WISHES, Recording, Trigger, Wanted
from telefonie.engine.committer import Committer
from telefonie.engine.conferences import Conferences
from telefonie.engine.decisions import Tell
from telefonie.engine.firsts import Firsts
from telefonie.engine.ports import Chore, Once, Reply, no_chore
from telefonie.flow.commands import StartRecording, SteerRecording
from telefonie.flow.legs import Change
from telefonie.store import recordings
from telefonie.store.connect import Store
from telefonie.store.recordings import RecordingPage, RecordingQuery

Wording: TypeAlias = Callable[[Recording], Reply]

__all__ = ["RecordingPage", "RecordingQuery", "Recordings", "Wanted", "Wording"]


class Recordings:
    """Recordings of calls and rooms. `face` None: of whichever face the call was."""

    def __init__(self, store: Store, committer: Committer, rooms: Conferences) -> None:
        self._store = store
        self._rooms = rooms
        self._firsts = Firsts(committer)
        self.clear: Chore = no_chore  # set by the house

    async def page(self, account_id: str, query: RecordingQuery) -> RecordingPage:
        """A page of recordings, newest first."""
        return await self._store.read(partial(recordings.page, account_id=account_id, query=query))

    async def recording(self, account_id: str, face: str | None, recording_id: str) -> Recording:
        """One recording as it stands."""
        one = partial(recordings.one, account_id=account_id, face=face, recording_id=recording_id)
        return await self._store.read(one)

    async def start(
        self,
        account_id: str,
        face: str | None,
        call_id: str,
        wanted: Wanted,
        word: Wording,
        once: Once | None = None,
    ) -> Reply:
        """Record a call that is under way, from now on."""

        def worded(change: Change) -> Reply:
            return word(_kept(change)[-1])

        asked = Tell(account_id, face, call_id, StartRecording(wanted), worded, once=once)
        return await self._firsts.ask(asked)

    async def steer(
        self,
        account_id: str,
        face: str | None,
        recording_id: str,
        trigger: Trigger,
        word: Wording,
        *,
        skips: bool = False,
    ) -> Reply:
        """Pause it, let it go on, finish it. `skips`: a pause leaves nothing behind, not even silence."""
        it = await self.recording(account_id, face, recording_id)
        if not it.live:
            raise Illegal("recording", it.status, WISHES[trigger])
        if it.room_id is not None:
            steered = self._rooms.steer_recording
            return await steered(account_id, it.face, it.room_id, recording_id, trigger, word, skips=skips)

        def worded(change: Change) -> Reply:
            return word([each for each in _kept(change) if each.id == recording_id][-1])

        command = SteerRecording(recording_id, trigger, skips)
        return await self._firsts.ask(Tell(account_id, face, it.call_id, command, worded))

    async def delete(self, account_id: str, face: str | None, recording_id: str) -> None:
        """Remove one that is over, and its sound."""
        gone = partial(recordings.delete, account_id=account_id, face=face, recording_id=recording_id)
        await self._store.write(gone)
        await self.clear(account_id)


def _kept(change: Change) -> list[Recording]:
    return [each.recording for each in change.effects if isinstance(each, KeepRecording)]
