"""The only door at which an account that has limits is told to wait."""

from __future__ import annotations

from collections.abc import Callable

from telefonie.core.accounts import Account
from telefonie.core.errors import TooMany
from telefonie.core.limits import Kind, most
from telefonie.store import limits
from telefonie.store.connect import Connection, Store, wall


class Limits:
    """The limits of all accounts. It counts by the wall's time, since it is servers that they protect."""

    def __init__(self, store: Store, wall: Callable[[Connection], int] = wall) -> None:
        self._store = store
        self._wall = wall

    async def take(self, account: Account, kind: Kind) -> None:
        """Let one more pass, or raise TooMany. Where the account has no such limit, nothing is asked or written."""
        if most(account.settings, kind) is None:
            return
        wait = await self._store.write(lambda conn: limits.take(conn, account, kind, self._wall(conn)))
        if wait:
            raise TooMany(kind.value, -(-wait // 1000))
