"""The only door to calls: place one, tell one something, ask about them."""

from __future__ import annotations

from functools import partial

from telefonie.core.accounts import Account
from telefonie.core.call import Call, Order
from telefonie.core.clocks import Clock, Mode
from telefonie.core.errors import Unknown
from telefonie.core.events import Event
from telefonie.core.phones import Step
from telefonie.engine.committer import Committer
from telefonie.engine.decisions import Place, Tell
from telefonie.engine.firsts import Firsts
from telefonie.engine.ports import Chore, Once, Reply, Wording, no_chore
from telefonie.flow.commands import Command
from telefonie.store import clocks, people, reads
from telefonie.store.codec import load
from telefonie.store.connect import Connection, Store, wall
from telefonie.store.reads import CallPage, CallQuery


class Switchboard:
    """Everything that changes goes through the committer; questions go to the store at once."""

    def __init__(self, store: Store, committer: Committer) -> None:
        self._store = store
        self._firsts = Firsts(committer)
        self.clear: Chore = no_chore  # set by the house

    async def place(
        self, account: Account, face: str, order: Order, call_id: str, word: Wording, once: Once | None
    ) -> Reply:
        """Place a call, once for each key."""
        return await self._firsts.ask(Place(account, face, order, call_id, word, once))

    async def arrive(
        self,
        account: Account,
        order: Order,
        call_id: str,
        word: Wording,
        once: Once | None = None,
        *,
        script: tuple[Step, ...] | None = None,
        caller: str = "",
    ) -> Reply:
        """Let somebody call one of the account's numbers, whose record says what happens then.

        `script` is what they do instead of what their phone would; `caller` who they are, if the order
        must not show it.
        """
        asked = Place(account, "", order, call_id, word, once, inbound=True, script=script, caller=caller)
        return await self._firsts.ask(asked)

    async def tell(
        self,
        account_id: str,
        face: str | None,
        call_id: str,
        command: Command,
        word: Wording,
        ignored: tuple[str, ...] = (),
    ) -> Reply:
        """Tell a call something. `face` None: whichever face it was made on."""
        told = Tell(account_id, face, call_id, command, lambda change: word(change.leg.call), ignored)
        return await self._firsts.ask(told)

    async def call(self, account_id: str, face: str | None, call_id: str) -> Call:
        """One call as it stands."""
        return await self._store.read(partial(reads.call, account_id=account_id, face=face, call_id=call_id))

    async def calls(self, account_id: str, query: CallQuery) -> CallPage:
        """A page of calls."""
        return await self._store.read(partial(reads.page, account_id=account_id, query=query))

    async def journal(self, account_id: str, call_id: str) -> tuple[Call, list[Event]]:
        """A call, and everything that happened to it."""

        def both(conn: Connection) -> tuple[Call, list[Event]]:
            return reads.call(conn, account_id, None, call_id), reads.journal(conn, call_id)

        return await self._store.read(both)

    async def reset(self, account_id: str) -> None:
        """An account as it was when it was new: no calls, no phones, no deliveries, its first clock."""
        await self._store.write(partial(_reset, account_id=account_id))
        await self.clear(
            account_id
        )  # with a seed, ids come again: nobody may find the sound of an earlier life


def _reset(conn: Connection, account_id: str) -> None:
    row = clocks.lock_one(conn, account_id)
    if row is None:
        raise Unknown("account", account_id)
    people.wipe(conn, account_id)
    origin, now = load(row.origin), wall(conn)
    at = now if origin["at"] is None else origin["at"]
    clocks.restore(conn, Clock(account_id, Mode(origin["mode"]), origin["speed"], now, at))
