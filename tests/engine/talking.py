"""A world whose calls may have programs at their far ends, and the calls that most tests about them need."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from telefonie.core.applications import Application
from telefonie.core.call import Call
from telefonie.core.events import Event, Kind
from telefonie.core.phones import Behaviour
from telefonie.core.sockets import Socket
from telefonie.engine.house import Options
from telefonie.engine.media import Blob, Unkept
from telefonie.media.folder import Folder
from telefonie.store.reads import CallQuery
from tests.support.programs import FakeLine, PlainCodec, Programs, Voices
from tests.support.targets import Target
from tests.support.world import FACE, PlainFace, World, a_world

URI: Final = "wss://bot.test/one"
BOT: Final[dict[str, Any]] = {"type": "websocket", "uri": URI, "content-type": "audio/l16;rate=8000"}
SOMEBODY: Final = "+31201234567"


class TalkingFace(PlainFace):
    """One whose calls may have programs at their far ends."""

    def codec(self, call: Call, application: Application | None, wall_s: int, jti: str) -> PlainCodec:  # noqa: ARG002
        assert call.order.socket is not None
        return PlainCodec(call.order.socket.uri, call.order.socket.rate)


class Place(Folder):
    """Where files are kept, until the process that keeps them is dead."""

    dead = False

    async def put(self, key: str, file: Path) -> Blob:
        if self.dead:
            raise Unkept("the process is dead")
        return await super().put(key, file)


@dataclass(eq=False)
class Bots:
    """A world, its sockets, and the voice of whoever is heard there."""

    world: World
    programs: Programs
    voices: Voices  # what is heard live
    studio: Voices  # and on recordings
    folder: Place

    @property
    def line(self) -> FakeLine:
        return self.programs.line

    async def connected(self, script: tuple[dict[str, object], ...] = (), **options: Any) -> tuple[str, str]:
        """A call that is connected with a program, and the leg to that; both talk."""
        document = [{"action": "connect", "endpoint": [BOT], **options}, {"action": "talk", "text": "Next"}]
        call = await self.calling(document, script)
        await self.world.pass_time(4)
        return call, await self.leg_of(call)

    async def calling(
        self, document: list[dict[str, Any]], script: tuple[dict[str, object], ...] = (), **order: Any
    ) -> str:
        """Somebody is called and has this document."""
        phone = Behaviour(greeting="", script=script, hangs_up_after=None)
        return await self.world.call(SOMEBODY, document=json.dumps(document), phone=phone, **order)

    async def leg_of(self, call_id: str) -> str:
        """The last leg that a call dialled."""
        query = CallQuery(parent_id=call_id)
        page = await self.world.engine.switchboard.calls(self.world.account.id, query)
        return page.calls[0].id

    async def facts(self, call_id: str, kind: Kind) -> list[Event]:
        return [each for each in await self.world.journal(call_id) if each.kind is kind]

    async def said(self, call_id: str) -> list[tuple[int, int]]:
        """What its program was heard to say: from when to when, in milliseconds after the answer."""
        call = await self.world.look(call_id)
        assert call.answered_at is not None
        found = []
        for each in await self.facts(call_id, Kind.PLAYED):
            data: Any = each.data
            start = each.at - data["ago"] - call.answered_at
            found.append((start, start + data["ms"]))
        return found


@asynccontextmanager
async def a_world_with_bots(target: Target, tmp_path: Path) -> AsyncIterator[Bots]:
    """A world in which sockets open."""
    programs, voices, studio, folder = Programs(), Voices(), Voices(), Place(tmp_path / "media", "local")
    options = Options(sockets=programs, voices=voices, studio=studio, blobs=folder)
    async with a_world(target, options, {FACE: TalkingFace(), "other": PlainFace()}) as world:
        programs.ring = world.news.ring
        yield Bots(world, programs, voices, studio, folder)


def socket(uri: str = URI) -> Socket:
    return Socket(uri, 8_000)
