"""The only door to SIP trunks: set them up, and ask which one a call from outside comes through."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from telefonie.core.errors import Unfit, Unknown
from telefonie.core.trunks import Trunk, domain_of, is_sip
from telefonie.store import trunks
from telefonie.store.connect import Connection, Store


class Trunks:
    """The trunks of all accounts."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def page(self, account_id: str, page: int, size: int) -> tuple[list[Trunk], int]:
        """An account's trunks, newest first, and how many there are."""
        return await self._store.read(partial(trunks.page, account_id=account_id, number=page, size=size))

    async def trunk(self, account_id: str, trunk_id: str) -> Trunk:
        """One of them."""
        return await self._store.read(partial(trunks.one, account_id=account_id, trunk_id=trunk_id))

    async def add(self, trunk: Trunk) -> Trunk:
        """A new one."""
        return await self._store.write(partial(trunks.add, trunk=trunk))

    async def change(self, account_id: str, trunk_id: str, over: Callable[[Trunk], Trunk]) -> Trunk:
        """Make of a trunk what `over` says, as it stands then."""

        def change(conn: Connection) -> Trunk:
            return trunks.change(conn, over(trunks.one(conn, account_id, trunk_id)))

        return await self._store.write(change)

    async def remove(self, account_id: str, trunk_id: str) -> None:
        """Give one up. Calls under way go on."""
        await self._store.write(partial(trunks.remove, account_id=account_id, trunk_id=trunk_id))

    async def admit(
        self, account_id: str, trunk_id: str | None, caller: str, callee: str, source: str | None
    ) -> Trunk | None:
        """Through which trunk somebody calls: the one that is named, else by the domains of both addresses.

        Raises Unfit where a SIP server would turn the call away. `source` None: an address that is let in.
        """
        if not (trunk_id or is_sip(caller) or is_sip(callee)):
            return None
        trunk = await self._store.read(lambda conn: _find(conn, account_id, trunk_id, caller, callee))
        if trunk is None:
            if is_sip(callee):
                raise Unfit("to", f"{domain_of(callee)} is the domain of none of the account's trunks")
            return None
        if not trunk.active:
            raise Unfit("trunk", f"the trunk to {trunk.domain} is disabled")
        if source is not None and not trunk.admits(source):
            raise Unfit("source_address", f"{source} is not among the allowed addresses of the trunk")
        return trunk


def _find(conn: Connection, account_id: str, trunk_id: str | None, caller: str, callee: str) -> Trunk | None:
    if trunk_id is not None:
        try:
            return trunks.one(conn, account_id, trunk_id)
        except Unknown as unknown:
            raise Unfit("trunk", "is not the id of one of the account's trunks") from unknown
    found = (trunks.of_address(conn, account_id, each) for each in (callee, caller))
    return next((each for each in found if each is not None), None)
