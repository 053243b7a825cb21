"""The only module that tells calls something as another call would: a committed message, to be told later."""

from __future__ import annotations

from itertools import count
from typing import Final

from sqlalchemy import Connection

from telefonie.core import clocks as rules
from telefonie.core.accounts import Account
from telefonie.core.events import Kind
from telefonie.core.messages import Message as Content
from telefonie.core.messages import Overhear
from telefonie.store import clocks, messages
from telefonie.store.connect import wall
from telefonie.store.messages import Message
from tests.support.world import World

_NUMBERS: Final = count(1)


async def post(world: World, to: str, *contents: Content, account: Account | None = None) -> None:
    """Messages as of a decision that was taken a moment ago, and about which nobody has been told."""
    account_id = (account or world.account).id

    def write(conn: Connection) -> None:
        row = clocks.peek(conn, account_id)
        assert row is not None
        clock = clocks.clock_of(row)
        now = rules.now(clock, wall(conn))
        sent = [Message(f"by-hand-{next(_NUMBERS)}", account_id, to, False, now, each) for each in contents]  # noqa: FBT003 - to a call
        messages.write(conn, lambda _, due: rules.wall_of(clock, due), sent)

    await world.wire.write(write)


def words(text: str) -> Overhear:
    """What a far end said that is connected with the call."""
    return Overhear("somebody", 0, text, "en-US", 500)


async def overheard(world: World, call: str, account: Account | None = None) -> list[str]:
    """What its far end heard of others."""
    journal = await world.journal(call, account)
    return [str(each.data["text"]) for each in journal if each.kind is Kind.OVERHEARD]


async def untold(world: World) -> int:
    """How many messages are still to be told."""
    [(number,)] = await world.sql("SELECT count(*) FROM jobs WHERE crew >= 2")
    return int(number)
