"""The only module that does to rooms what customers do, from outside: through the door of the engine."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from telefonie.core.accounts import Account
from telefonie.core.attending import Invitation, Opening, Participant, Steering
from telefonie.core.meeting import Meeting
from telefonie.core.recordings import Recording, Trigger
from telefonie.core.room import Fact, Room
from telefonie.engine.ports import Once, Reply
from telefonie.store import rooms
from tests.support.world import FACE, HUMAN, ORDER, World

ROOMS: Final = "https://customer.test/rooms"
QUIET: Final = replace(ORDER, report_url=None)


def word_room(meeting: Meeting) -> Reply:
    state = meeting.state
    assert isinstance(state, Room)
    told = {"id": meeting.id, "name": meeting.name, "status": state.status, "count": len(state.members)}
    return Reply(200, json.dumps(told))


def word_member(participant: Participant) -> Reply:
    return Reply(200, json.dumps(asdict(participant)))


def word_recording(recording: Recording) -> Reply:
    return Reply(200, json.dumps({"id": recording.id, "status": recording.status}))


@dataclass(slots=True)
class Desk:
    """One customer who looks after rooms."""

    world: World
    account: Account
    face: str = FACE

    async def open(self, name: str = "", once: Once | None = None, **opening: Any) -> dict[str, Any]:
        """Make a room."""
        wish = Opening(name, **{"report_url": ROOMS, **opening})
        room_id = f"{next(self.world.ids):08x}-0000-4000-9000-000000000000"
        door = self.world.engine.conferences
        return _read(await door.open(self.account, self.face, wish, room_id, word_room, once))

    async def invite(self, room: str, to: str = HUMAN, once: Once | None = None, **more: Any) -> str:
        """Call somebody in; the call's id."""
        order = replace(QUIET, callee=to, **more.pop("order", {}))
        call_id = f"{next(self.world.ids):08x}-0000-4000-8000-000000000000"
        door, wish = self.world.engine.conferences, Invitation(order, **more)
        reply = await door.invite(self.account, self.face, room, wish, call_id, word_member, once)
        return str(_read(reply)["call_id"])

    async def steer(self, room: str, call: str, **steering: Any) -> dict[str, Any]:
        """Change how somebody takes part."""
        door, wish = self.world.engine.conferences, Steering(**steering)
        return _read(await door.steer(self.account.id, self.face, room, call, wish, word_member))

    async def remove(self, room: str, call: str) -> None:
        assert (
            await self.world.engine.conferences.remove(self.account.id, self.face, room, call)
        ).status == 204

    async def close(self, room: str) -> dict[str, Any]:
        door = self.world.engine.conferences
        return _read(await door.close(self.account.id, self.face, room, word_room))

    async def announce(self, room: str, url: str) -> dict[str, Any]:
        door = self.world.engine.conferences
        return _read(await door.announce(self.account.id, self.face, room, url, "POST", word_room))

    async def record(self, room: str, recording: str, trigger: Trigger) -> dict[str, Any]:
        """Pause the recording of this room, or let it go on."""
        door = self.world.engine.conferences
        wish = (self.account.id, self.face, room, recording, trigger, word_recording)
        return _read(await door.steer_recording(*wish))

    async def tape(self, recording: str, trigger: Trigger) -> dict[str, Any]:
        """The same at the door to recordings, which knows whose it is."""
        door = self.world.engine.recordings
        return _read(await door.steer(self.account.id, self.face, recording, trigger, word_recording))

    # -- what can be seen --

    async def room(self, room: str) -> Room:
        state = (await self.world.engine.conferences.room(self.account.id, self.face, room)).state
        assert isinstance(state, Room)
        return state

    async def there(self, room: str) -> dict[str, bool]:
        """Who is in or on the way, and whether he is in."""
        door = self.world.engine.conferences
        found = await door.participants(self.account.id, self.face, room)
        return {each.call_id: each.joined for each in found}

    async def facts(self, room: str) -> list[Fact]:
        return await self.world.wire.read(lambda conn: rooms.facts(conn, room))

    async def did(self, room: str) -> list[str]:
        """What happened, and why."""
        return [f"{each.did} {each.why}".strip() for each in await self.facts(room)]

    def letters(self, room: str) -> list[dict[str, Any]]:
        """What the customer was told of it and of its recording, in the order in which it came."""
        return [each for each in self.world.customer.bodies() if each.get("room") == room]

    def told(self, room: str) -> list[str]:
        """The same, in brief."""
        return [each.get("did") or each["status"] for each in self.letters(room)]


def _read(reply: Reply) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(reply.body)
    return found
