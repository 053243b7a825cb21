"""The only module that opens the sockets of ringing calls, and tells calls what became of theirs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import Final

from telefonie.core.call import Call, Status
from telefonie.core.calls import ENDED
from telefonie.core.clocks import Clock
from telefonie.core.commands import Closed, Opened, Unopened
from telefonie.core.derive import derived
from telefonie.core.errors import Refused
from telefonie.core.events import Actor
from telefonie.engine.applications import Applications
from telefonie.engine.clips import Clips
from telefonie.engine.committer import Committer
from telefonie.engine.conversations import Conversation, Ears, pace_of
from telefonie.engine.decisions import Tell
from telefonie.engine.letters import Fault
from telefonie.engine.ports import Faces, Reply, Talker
from telefonie.engine.questions import CODES
from telefonie.engine.streaming import Codec, Line, Sockets
from telefonie.engine.streaming import Unopened as NotOpen
from telefonie.flow.commands import Command
from telefonie.flow.legs import Change
from telefonie.store import clocks, reads
from telefonie.store.connect import Connection, Store
from telefonie.store.streams import Held

AT_ONCE: Final = 64
_LOST: Final = "the process that held the socket is gone"
_MUTE: Final = "This API does not talk with programs at sockets."


class Openings:
    """Opens so many sockets at once."""

    def __init__(
        self, store: Store, committer: Committer, faces: Faces, applications: Applications, sockets: Sockets
    ) -> None:
        self._store = store
        self._committer = committer
        self._faces = faces
        self._applications = applications
        self._sockets = sockets
        self.most = AT_ONCE

    async def open(self, held: Held, clips: Clips, wake: Callable[[], None]) -> Conversation | None:
        """The socket of a call that was taken in hand, open. None: there is none any more."""
        call = await self._store.read(partial(reads.known, call_id=held.call_id))
        if call is None or call.status in ENDED:
            return None
        if call.status is Status.TALKING:  # who held it is dead, and nobody can know what was said meanwhile
            await self.tell(call, Closed(_LOST, Actor.PLATFORM))
            return None
        return await self._opened(held, call, clips, wake)

    async def close(self) -> None:
        """No more are opened, and none is left."""
        await self._sockets.close()

    async def tell(self, call: Call, command: Command) -> Call | None:
        """Tell a call; as it stands then. None: it does not want to hear of it any more."""
        told: list[Call] = []

        def word(change: Change) -> Reply:
            told.append(change.leg.call)
            return Reply(204)

        try:
            await self._committer.ask(Tell(call.account_id, None, call.id, command, word))
        except Refused:
            return None
        return told[-1]

    async def _opened(
        self, held: Held, call: Call, clips: Clips, wake: Callable[[], None]
    ) -> Conversation | None:
        try:
            codec = await self._codec(call)
            ears = Ears(codec.rate, wake)
            clock = await self._store.read(partial(_clock, account_id=call.account_id))
            line = await self._sockets.open(codec, ears, pace_of(clock))
        except NotOpen as failed:
            refused = failed.fault is not Fault.TIMEOUT
            await self.tell(call, Unopened(CODES[failed.fault], failed.reason, refused))
            return None
        answered = await self._answered(call, line)
        if answered is None:
            return None
        leg = Conversation(held, answered, codec.rate, line, ears, clips)
        leg.follow(clock)
        line.begin()
        return leg

    async def _answered(self, call: Call, line: Line) -> Call | None:
        """The program is there; if nobody wants it any more, it is let go at once."""
        try:
            answered = await self.tell(call, Opened())
        except BaseException:
            await asyncio.shield(line.close())
            raise
        if answered is None:
            await line.close()
        return answered

    async def _codec(self, call: Call) -> Codec:
        face = self._faces.get(call.face)
        if not isinstance(face, Talker):
            raise NotOpen(Fault.CONNECT, _MUTE)
        order = call.order
        known = None if order.application is None else await self._applications.known(order.application)
        application = None if known is None else known.application
        return face.codec(call, application, int(time.time()), derived(call.id, "handshake"))


def _clock(conn: Connection, account_id: str) -> Clock:
    row = clocks.peek(conn, account_id)
    if row is None:
        raise NotOpen(Fault.CONNECT, "The account is gone.")
    return clocks.clock_of(row)
