"""The only door to rooms for those who are not in them: open one, call somebody in, steer, ask about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from telefonie.core.accounts import Account
from telefonie.core.attending import (
    Announce,
    Close,
    Invitation,
    Opening,
    Participant,
    Remove,
    Steer,
    Steering,
    SteerRecording,
    Wish,
    participant,
)
from telefonie.core.call import Call, Status
from telefonie.core.errors import Unknown
from telefonie.core.meeting import Meeting
from telefonie.core.recordings import Recording, Trigger
from telefonie.core.room import Member, Room
from telefonie.engine.committer import Committer
from telefonie.engine.decisions import OpenRoom, Place, TellRoom
from telefonie.engine.firsts import Firsts
from telefonie.engine.ports import Once, Reply
from telefonie.store import rooms
from telefonie.store.connect import Connection, Store
from telefonie.store.rooms import RoomPage, RoomQuery

WordRoom: TypeAlias = Callable[[Meeting], Reply]
WordMember: TypeAlias = Callable[[Participant], Reply]
GONE = Reply(204)


class Conferences:
    """Everything that changes goes through the committer; questions go to the store at once."""

    def __init__(self, store: Store, committer: Committer) -> None:
        self._store = store
        self._committer = committer
        self._firsts = Firsts(committer)

    # -- rooms --

    async def open(
        self,
        account: Account,
        face: str,
        opening: Opening,
        room_id: str,
        word: WordRoom,
        once: Once | None = None,
    ) -> Reply:
        """Make a room before anybody comes, once for each key."""
        return await self._firsts.ask(OpenRoom(account, face, opening, room_id, word, once))

    async def page(self, account_id: str, query: RoomQuery) -> RoomPage:
        """A page of rooms."""
        return await self._store.read(partial(rooms.page, account_id=account_id, query=query))

    async def room(self, account_id: str, face: str | None, room_id: str) -> Meeting:
        """One room as it stands, live or over."""
        return await self._store.read(partial(rooms.room, account_id=account_id, room_id=room_id, face=face))

    async def close(self, account_id: str, face: str, room_id: str, word: WordRoom) -> Reply:
        """End a room, whoever is in it."""
        return await self._tell(account_id, face, room_id, Close(), word)

    async def announce(
        self, account_id: str, face: str, room_id: str, url: str, method: str, word: WordRoom
    ) -> Reply:
        """Let all who are in hear what a document says."""
        return await self._tell(account_id, face, room_id, Announce(url, method), word)

    # -- those who are in --

    async def participants(self, account_id: str, face: str | None, room_id: str) -> list[Participant]:
        """Who is in, or on the way, newest first."""

        def both(conn: Connection) -> list[Participant]:
            return rooms.participants(conn, rooms.room(conn, account_id, room_id, face))

        return await self._store.read(both)

    async def participant(self, account_id: str, face: str | None, room_id: str, call_id: str) -> Participant:
        """One of them."""
        for each in await self.participants(account_id, face, room_id):
            if each.call_id == call_id:
                return each
        raise Unknown("participant", call_id)

    async def invite(
        self,
        account: Account,
        face: str,
        room_id: str,
        invitation: Invitation,
        call_id: str,
        word: WordMember,
        once: Once | None = None,
    ) -> Reply:
        """Call somebody, who comes into the room when he answers; once for each key."""
        guest = _guest(call_id, invitation)

        def word_call(call: Call) -> Reply:
            return word(participant(room_id, replace(guest, call=call.id), call.status, joined=False))

        order = replace(invitation.order, room_id=room_id, document=None, document_url=None)
        return await self._firsts.ask(Place(account, face, order, call_id, word_call, once, guest=guest))

    async def steer(
        self, account_id: str, face: str, room_id: str, call_id: str, steering: Steering, word: WordMember
    ) -> Reply:
        """Change how somebody takes part."""

        def word_member(meeting: Meeting, status: Status | None) -> Reply:
            return word(_participant(meeting, call_id, status))

        wish = Steer(call_id, steering)
        return await self._ask(TellRoom(account_id, face, room_id, wish, word_member, call_id))

    async def remove(self, account_id: str, face: str, room_id: str, call_id: str) -> Reply:
        """Let somebody leave the room; one who still rings is not called any more."""
        return await self._tell(account_id, face, room_id, Remove(call_id), lambda _: GONE)

    # -- the recording --

    async def steer_recording(
        self,
        account_id: str,
        face: str | None,
        room_id: str,
        recording_id: str,
        trigger: Trigger,
        word: Callable[[Recording], Reply],
        *,
        skips: bool = False,
    ) -> Reply:
        """Pause the recording of a room, or let it go on."""

        def word_it(meeting: Meeting) -> Reply:
            assert isinstance(meeting.state, Room) and meeting.state.recording is not None  # noqa: PT018, S101 - else it was refused
            return word(meeting.state.recording)

        return await self._tell(
            account_id, face, room_id, SteerRecording(recording_id, trigger, skips), word_it
        )

    # -- asking --

    async def _tell(
        self, account_id: str, face: str | None, room_id: str, wish: Wish, word: WordRoom
    ) -> Reply:
        return await self._ask(TellRoom(account_id, face, room_id, wish, lambda meeting, _: word(meeting)))

    async def _ask(self, asked: TellRoom) -> Reply:
        reply = await self._committer.ask(asked)
        assert isinstance(reply, Reply)  # noqa: S101 - what these are answered with
        return reply


def _guest(call_id: str, invitation: Invitation) -> Member:
    return Member(
        call_id,
        0,
        0,
        invitation.label,
        invitation.starts,
        invitation.ends,
        invitation.muted,
        beep=invitation.beep,
        heard_by=(invitation.coach,) if invitation.coach else None,
        held=invitation.held,
    )


def _participant(meeting: Meeting, call_id: str, status: Status | None) -> Participant:
    state = meeting.state
    assert isinstance(state, Room)  # noqa: S101 - nothing else can be steered
    member = state.member(call_id)
    found = member or state.guest(call_id)
    assert found is not None  # noqa: S101 - or the room has refused
    return participant(meeting.id, found, status or Status.TALKING, joined=member is not None)
